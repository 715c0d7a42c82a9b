package learn

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// contextLines is how many lines a hunk has before and after a change.
const contextLines = 3

// Diff returns the proposals as a unified diff of a file with the given name, which git apply and patch understand. The heading of each
// hunk has what was seen. It is empty if there are none.
func (r *Result) Diff(name string) (string, error) {
	after, err := r.Apply()
	if err != nil {
		return "", err
	}
	before := string(r.text)
	unified, err := udiff.ToUnifiedDiff("a/"+name, "b/"+name, before, udiff.Lines(before, string(after)), contextLines)
	if err != nil || len(unified.Hunks) == 0 {
		return "", err
	}
	touched, err := r.touched()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintf(&text, "--- %s\n+++ %s\n", unified.From, unified.To)
	for _, hunk := range unified.Hunks {
		writeHunk(&text, hunk, func(first, last int) []string {
			var headings []string
			for i, proposal := range r.Proposals {
				for _, line := range touched[i] {
					if first <= line && line <= last {
						headings = append(headings, proposal.String())
						break
					}
				}
			}
			return headings
		})
	}
	return text.String(), nil
}

// String returns what was seen, and from what, in one line.
func (p Proposal) String() string { return p.Says + " (" + p.Evidence.String() + ")" }

// touched returns the lines of the contract that each proposal changes, or after which it adds something.
func (r *Result) touched() ([][]int, error) {
	lines := make([][]int, len(r.Proposals))
	for i, proposal := range r.Proposals {
		edited, err := yamledit.Parse(r.text)
		if err != nil {
			return nil, err
		}
		if err := proposal.edit(edited); err != nil {
			return nil, fmt.Errorf("%s: %w", proposal.Says, err)
		}
		for _, edit := range udiff.Lines(string(r.text), string(edited.Bytes())) {
			lines[i] = append(lines[i], 1+bytes.Count(r.text[:edit.Start], []byte("\n")))
		}
	}
	return lines, nil
}

func writeHunk(text *strings.Builder, hunk *udiff.Hunk, headings func(first, last int) []string) {
	var body strings.Builder
	from, to := 0, 0
	for _, line := range hunk.Lines {
		sign := " "
		switch line.Kind {
		case udiff.Delete:
			sign = "-"
			from++
		case udiff.Insert:
			sign = "+"
			to++
		default:
			from++
			to++
		}
		body.WriteString(sign + line.Content)
		if !strings.HasSuffix(line.Content, "\n") {
			body.WriteString("\n\\ No newline at end of file\n")
		}
	}
	heading := strings.Join(headings(hunk.FromLine, hunk.FromLine+from), "; ")
	fmt.Fprintf(text, "@@ -%d,%d +%d,%d @@ %s\n%s", hunk.FromLine, from, hunk.ToLine, to, heading, body.String())
}
