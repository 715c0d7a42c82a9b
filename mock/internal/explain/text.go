package explain

import (
	"fmt"
	"strings"
)

// String returns the explanation as text of some lines.
func (e Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", e.Reason, e.Summary)
	if s := e.Signature; s != nil {
		quote(&b, "signed", s.Signed)
		quote(&b, "expected", s.Expected)
	}
	if g := e.Gate; g != nil {
		for _, step := range g.Steps {
			fmt.Fprintf(&b, "  %s %s: %s from %s, together %s\n", step.Kind, step.Token, step.Balance, step.Source, step.Sum)
		}
		if g.More > 0 {
			fmt.Fprintf(&b, "  and %d tokens more\n", g.More)
		}
		fmt.Fprintf(&b, "  total %s, needed %s\n", g.Total, g.Needed())
	}
	if t := e.Token; t != nil {
		for _, check := range t.Checks {
			verdict := "failed"
			if check.Passed {
				verdict = "passed"
			}
			fmt.Fprintf(&b, "  %s %s: %s\n", check.Name, verdict, check.Found)
		}
		if t.Claims != nil {
			fmt.Fprintf(&b, "  claims %s\n", t.Claims)
		}
	}
	return b.String()
}

// Needed returns what the total has to reach, in words.
func (g Gate) Needed() string {
	if atLeast, err := g.Minimum.Cmp("0"); err == nil && atLeast > 0 {
		return string(g.Minimum)
	}
	return "more than 0"
}

var _ fmt.Stringer = Explanation{}

func quote(b *strings.Builder, name, message string) {
	if message == "" {
		return
	}
	fmt.Fprintf(b, "  %s:\n", name)
	for line := range strings.SplitSeq(message, "\n") {
		fmt.Fprintf(b, "    | %s\n", line)
	}
}
