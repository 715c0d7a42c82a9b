package learn

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// Diff returns the proposals as a unified diff of a file with the given name, which git apply and patch understand. The heading of each
// hunk says what was seen. It is empty if there are no proposals.
func (r *Result) Diff(name string) (string, error) {
	after, err := r.Apply()
	if err != nil {
		return "", err
	}
	unified := diff.Diff("a/"+name, r.text, "b/"+name, after)
	if unified == nil {
		return "", nil
	}
	touched, err := r.touched()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	line := 0 // of the contract
	for text.Len() == 0 || len(unified) > 0 {
		head, rest, _ := bytes.Cut(unified, []byte("\n@@ "))
		_, body, _ := bytes.Cut(head, []byte(" @@\n"))
		if text.Len() == 0 {
			_, head, _ = bytes.Cut(head, []byte("\n")) // the command that made the diff
			text.Write(head)
		} else {
			heading := r.heading(touched, line, line+fromLines(body))
			text.WriteString("\n@@ " + strings.Replace(string(head), " @@\n", " @@ "+heading+"\n", 1))
		}
		_, _ = fmt.Sscanf(string(rest), "-%d", &line)
		unified = rest
	}
	return text.String(), nil
}

// fromLines returns how many lines of the file before the change the body of a hunk has.
func fromLines(body []byte) int {
	n := 0
	for line := range bytes.Lines(body) {
		if line[0] != '+' {
			n++
		}
	}
	return n
}

// heading returns the proposals that touch some lines.
func (r *Result) heading(touched [][]int, first, end int) string {
	var all []string
	for i, proposal := range r.Proposals {
		for _, line := range touched[i] {
			if first <= line && line <= end { // what is added at the end of the file comes after its last line
				all = append(all, proposal.String())
				break
			}
		}
	}
	return strings.Join(all, "; ")
}

// touched returns the lines of the contract that each proposal changes, or before which it adds something.
func (r *Result) touched() ([][]int, error) {
	all := make([][]int, len(r.Proposals))
	for i, proposal := range r.Proposals {
		edited, err := yamledit.Parse(r.text)
		if err != nil {
			return nil, err
		}
		if err := proposal.edit(edited); err != nil {
			return nil, fmt.Errorf("%s: %w", proposal.Says, err)
		}
		line := 0
		for text := range bytes.Lines(diff.Diff("a", r.text, "b", edited.Bytes())) {
			switch {
			case bytes.HasPrefix(text, []byte("@@ ")):
				_, _ = fmt.Sscanf(string(text), "@@ -%d", &line)
			case line == 0: // the names of the files
			case text[0] == '+':
				all[i] = append(all[i], line)
			case text[0] == '-':
				all[i] = append(all[i], line)
				line++
			default:
				line++
			}
		}
	}
	return all, nil
}

// String returns what was seen, and from what, in one line.
func (p Proposal) String() string { return p.Says + " (" + p.Evidence.String() + ")" }
