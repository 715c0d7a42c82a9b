package learn

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/seed-a13ee279/picket/mock/internal/markdown"
)

// WriteDiff writes the proposals as a diff of the file with the given name, and then the contradictions.
func (r *Result) WriteDiff(w io.Writer, name string, inMarkdown bool) error {
	diff, err := r.Diff(name)
	if err != nil {
		return err
	}
	var text strings.Builder
	switch {
	case len(r.Proposals)+len(r.Contradictions) == 0:
		text.WriteString("# what was observed is as the contract says; there is nothing to propose\n")
	case inMarkdown:
		r.markdown(&text, diff)
	default:
		fmt.Fprintf(&text, "# %s\n%s", amount(len(r.Proposals), "proposal", "proposals"), diff)
		r.list(&text, "# ")
	}
	_, err = io.WriteString(w, text.String())
	return err
}

func (r *Result) markdown(text *strings.Builder, diff string) {
	if len(r.Proposals) > 0 {
		text.WriteString("| proposal | seen in |\n|---|---|\n")
		for _, p := range r.Proposals {
			fmt.Fprintf(text, "| %s | %s |\n", markdown.Text(p.Says), markdown.Text(p.Evidence.String()))
		}
		fmt.Fprintf(text, "\n```diff\n%s```\n", diff)
	}
	if len(r.Contradictions) > 0 {
		text.WriteString("\nA person has to decide about these:\n\n")
		for _, c := range r.Contradictions {
			fmt.Fprintf(text, "- %s (%s), at %s\n", markdown.Text(c.Says), markdown.Text(c.Evidence.String()), markdown.Code(c.Place))
		}
	}
}

// WriteList writes a line for each proposal and each contradiction.
func (r *Result) WriteList(w io.Writer) error {
	var text strings.Builder
	for _, p := range r.Proposals {
		text.WriteString("changed: " + p.String() + "\n")
	}
	r.list(&text, "")
	if len(r.Proposals) > 0 {
		text.WriteString("next, make generate, make report and make diff say what follows from it\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func (r *Result) list(text *strings.Builder, prefix string) {
	for _, c := range r.Contradictions {
		fmt.Fprintf(text, "%sleft to you: %s (%s), at %s\n", prefix, c.Says, c.Evidence, c.Place)
	}
}

// WriteProvenance writes a line for each fact that the contract infers, and how many of them are confirmed.
func (r *Result) WriteProvenance(w io.Writer, inMarkdown bool) error {
	var text strings.Builder
	counts := map[State]int{}
	if inMarkdown {
		text.WriteString("| inferred | state | seen in |\n|---|---|---|\n")
	}
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, fact := range r.facts {
		counts[fact.State]++
		seen := fact.Reason
		if fact.Evidence.Count > 0 && fact.State == Confirmed {
			seen = fact.Evidence.String()
		}
		if inMarkdown {
			fmt.Fprintf(&text, "| %s | %s | %s |\n", markdown.Text(fact.Subject), fact.State, markdown.Text(seen))
			continue
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", fact.State, fact.Subject, seen) // to a builder: it cannot fail
	}
	_ = table.Flush()
	if inMarkdown {
		text.WriteString("\n")
	}
	fmt.Fprintf(&text, "%d inferred facts: %d confirmed, %d contradicted, %d not seen, %d not observable\n",
		len(r.facts), counts[Confirmed], counts[Contradicted], counts[NotSeen], counts[NotObservable])
	_, err := io.WriteString(w, text.String())
	return err
}

func amount[T int | int64](n T, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
