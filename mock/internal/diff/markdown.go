package diff

import (
	"fmt"
	"io"

	"github.com/seed-a13ee279/picket/mock/internal/markdown"
)

// writeMarkdown writes a heading, how many changes break and how many do not, and a list of each.
func (r *report) writeMarkdown(w io.Writer) {
	headings := map[string]string{"no change": "No changes for users", "compatible": "Compatible changes", "breaking": "Breaking changes"}
	fmt.Fprintf(w, "## %s since %s\n\n", headings[verdict(r.changes())], markdown.Code(r.since))
	fmt.Fprintf(w, "| | breaking | compatible |\n|---|--:|--:|\n")
	for _, p := range r.parts {
		breaking, compatible := p.lines()
		fmt.Fprintf(w, "| %s | %d | %d |\n", markdown.Text(p.heading), len(breaking), len(compatible))
	}
	switch {
	case r.withoutGo != nil:
		fmt.Fprintf(w, "\n**Not complete:** %s\n", markdown.Text(r.withoutGo.Error()))
	case r.unannounced != nil:
		fmt.Fprintf(w, "\n**To do:** %s\n", markdown.Text(r.unannounced.Error()))
	case r.advice != "":
		fmt.Fprintf(w, "\n%s\n", markdown.Text(r.advice))
	}
	for _, p := range r.parts {
		breaking, compatible := p.lines()
		writeList(w, "Breaking in "+p.heading, breaking)
		writeList(w, "Compatible in "+p.heading, compatible)
	}
}

func (p part) lines() (breaking, compatible []line) {
	for _, l := range linesOf(p.changes) {
		if l.breaking {
			breaking = append(breaking, l)
		} else {
			compatible = append(compatible, l)
		}
	}
	return breaking, compatible
}

// writeList writes a list under a heading, or nothing if it is empty.
func writeList(w io.Writer, heading string, lines []line) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n### %s\n\n", markdown.Text(heading))
	for _, l := range lines {
		for i, name := range l.names {
			separator := ", "
			if i == 0 {
				separator = "- "
			}
			fmt.Fprint(w, separator, markdown.Code(name))
		}
		fmt.Fprintf(w, ": %s\n", markdown.Text(l.text))
	}
}
