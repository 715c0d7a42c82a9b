package mutate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// A Reason says why it does not matter that some mutants survive.
type Reason struct {
	mutants *regexp.Regexp
	text    string
}

// ReadReasons reads a list of patterns and reasons in YAML:
//
//   - mutants: 'schemas\.Error\..*: dropped'
//     reason: why it cannot matter
//
// A pattern is a regular expression for whole IDs.
func ReadReasons(text []byte) ([]Reason, error) {
	var entries []struct{ Mutants, Reason string }
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&entries); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the reasons of survivors: %w", err)
	}
	var reasons []Reason
	for i, entry := range entries {
		pattern, err := regexp.Compile("^(?:" + entry.Mutants + ")$")
		switch {
		case err != nil:
			return nil, fmt.Errorf("the reasons of survivors: entry %d: %w", i+1, err)
		case entry.Mutants == "" || entry.Reason == "":
			return nil, fmt.Errorf("the reasons of survivors: entry %d needs both mutants and reason", i+1)
		}
		reasons = append(reasons, Reason{pattern, entry.Reason})
	}
	return reasons, nil
}

// Matches reports whether the reason is for a mutant.
func (r Reason) Matches(id string) bool { return r.mutants.MatchString(id) }

// Report prints how many of the mutants were killed, and by which stage, and which survived, with the reasons why that cannot matter.
// It returns how many survivors have no reason.
func Report(w io.Writer, mutants []Mutant, stages []Stage, results map[string]Result, reasons []Reason) (unexplained int) {
	var judged []Result
	for _, mutant := range mutants {
		if result, ok := results[mutant.ID]; ok {
			judged = append(judged, result)
		}
	}
	fmt.Fprintf(w, "\n%d of %d mutants judged", len(judged), len(mutants))
	if len(judged) == 0 {
		fmt.Fprintln(w)
		return 0
	}
	reportKilled(w, judged, stages)
	explained := map[string]bool{}
	for _, reason := range reasons {
		for _, id := range reportReason(w, judged, reason) {
			explained[id] = true
		}
	}
	var open []string
	for _, result := range judged {
		if result.Survived() && !explained[result.Mutant] {
			open = append(open, result.Mutant)
		}
	}
	list(w, fmt.Sprintf("survived without a reason; write the test that notices the change, or the reason into %s:", SurvivorsFile), open)
	return len(open)
}

func reportKilled(w io.Writer, judged []Result, stages []Stage) {
	by, killed, hung, seconds := map[string]int{}, 0, 0, 0.0
	for _, result := range judged {
		seconds += result.Seconds
		if result.Survived() {
			continue
		}
		killed++
		by[result.Stage]++
		if result.Hung {
			hung++
		}
	}
	fmt.Fprintf(w, ", %.1f s each\n", seconds/float64(len(judged)))
	fmt.Fprintf(w, "killed: %d of %d, %.1f %%\n", killed, len(judged), 100*float64(killed)/float64(len(judged)))
	for _, stage := range stages {
		fmt.Fprintf(w, "  %5d by %s\n", by[stage.Name], stage.Name)
	}
	if hung > 0 {
		fmt.Fprintf(w, "  %5d of them hung\n", hung)
	}
}

// reportReason lists the mutants that a reason is for, and returns those that survived.
func reportReason(w io.Writer, judged []Result, reason Reason) (survivors []string) {
	var killed []string
	for _, result := range judged {
		switch {
		case !reason.Matches(result.Mutant):
		case result.Survived():
			survivors = append(survivors, result.Mutant)
		default:
			killed = append(killed, result.Mutant)
		}
	}
	list(w, "survived, and cannot matter: "+reason.text, survivors)
	list(w, fmt.Sprintf("killed, though %s says that they survive; remove their reason: %s", SurvivorsFile, reason.text), killed)
	return survivors
}

// list prints IDs under a heading, and nothing when there are none.
func list(w io.Writer, heading string, ids []string) {
	if len(ids) == 0 {
		return
	}
	fmt.Fprintln(w, heading)
	for _, id := range ids {
		fmt.Fprintf(w, "  %s\n", id)
	}
}

// SurvivorsFile is the file of the repository that has the reasons.
const SurvivorsFile = "mock/internal/mutate/survivors.yaml"
