package diff

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A report is what changed, and what follows from it.
type report struct {
	since       string // the revision
	parts       []part
	advice      string // what to do; empty when nothing changed, or something breaks that is not announced
	unannounced error  // an *UnannouncedError, or nil
	withoutGo   error  // why the Go API is not among the parts; then nobody knows whether programs continue to work
}

func (r *report) changes() []Change {
	var all []Change
	for _, p := range r.parts {
		all = append(all, p.changes...)
	}
	return all
}

// A part is what changed in one of the things that are compared.
type part struct {
	heading string
	changes []Change
}

func verdict(changes []Change) string {
	switch {
	case len(changes) == 0:
		return "no change"
	case slices.ContainsFunc(changes, func(c Change) bool { return c.Breaking }):
		return "breaking"
	}
	return "compatible"
}

func (r *report) writeText(w io.Writer) {
	without := ""
	if r.withoutGo != nil {
		without = ", without the Go API"
	}
	fmt.Fprintf(w, "Since %s%s: %s\n", r.since, without, verdict(r.changes()))
	for _, p := range r.parts {
		fmt.Fprintf(w, "\n%s: %s\n", p.heading, verdict(p.changes))
		for _, l := range linesOf(p.changes) {
			mark := "compatible"
			if l.breaking {
				mark = "breaking"
			}
			fmt.Fprintf(w, "  %-10s  %s: %s\n", mark, strings.Join(l.names, ", "), l.text)
		}
	}
	switch {
	case r.withoutGo != nil:
	case r.advice != "":
		fmt.Fprintf(w, "\n%s\n", r.advice)
	default:
		fmt.Fprintln(w)
	}
}
