package mutate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// A Reason says why it cannot matter that some mutants survive.
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

// Matches says whether the reason is one for a mutant.
func (r Reason) Matches(id string) bool { return r.mutants.MatchString(id) }

// Report says of the results of mutants, in their order, how many were killed and by what, and who survived and why that
// cannot matter. It returns how many survivors have no reason.
func Report(w io.Writer, mutants []Mutant, stages []Stage, results map[string]Result, reasons []Reason) (unexplained int) {
	killed, hung, judged, seconds := map[string]int{}, 0, 0, 0.0
	var survivors []string
	for _, mutant := range mutants {
		result, ok := results[mutant.ID]
		if !ok {
			continue
		}
		judged++
		seconds += result.Seconds
		if result.Survived() {
			survivors = append(survivors, mutant.ID)
			continue
		}
		killed[result.Stage]++
		if result.Hung {
			hung++
		}
	}
	fmt.Fprintf(w, "\n%d of %d mutants judged", judged, len(mutants))
	if judged == 0 {
		fmt.Fprintln(w)
		return 0
	}
	fmt.Fprintf(w, ", %.1f s each\n", seconds/float64(judged))
	fmt.Fprintf(w, "killed: %d of %d, %.1f %%\n", judged-len(survivors), judged, 100*float64(judged-len(survivors))/float64(judged))
	for _, stage := range stages {
		fmt.Fprintf(w, "  %5d by %s\n", killed[stage.Name], stage.Name)
	}
	if hung > 0 {
		fmt.Fprintf(w, "  %5d of them hung\n", hung)
	}
	isSurvivor := func(id string) bool { return slices.Contains(survivors, id) }
	explained := map[string]bool{}
	for _, reason := range reasons {
		var alive, dead []string
		for _, mutant := range mutants {
			if _, judged := results[mutant.ID]; judged && reason.Matches(mutant.ID) {
				if isSurvivor(mutant.ID) {
					alive = append(alive, mutant.ID)
					explained[mutant.ID] = true
				} else {
					dead = append(dead, mutant.ID)
				}
			}
		}
		if len(alive) > 0 {
			fmt.Fprintf(w, "survived, and cannot matter: %s\n", reason.text)
			list(w, alive)
		}
		if len(dead) > 0 {
			fmt.Fprintf(w, "killed, though %s says that they survive; take their reason away: %s\n", SurvivorsFile, reason.text)
			list(w, dead)
		}
	}
	var open []string
	for _, id := range survivors {
		if !explained[id] {
			open = append(open, id)
		}
	}
	if len(open) > 0 {
		fmt.Fprintf(w, "survived without a reason; write the test that notices the change, or the reason into %s:\n", SurvivorsFile)
		list(w, open)
	}
	return len(open)
}

func list(w io.Writer, ids []string) {
	for _, id := range ids {
		fmt.Fprintf(w, "  %s\n", id)
	}
}

// SurvivorsFile is where the reasons are, in the repository.
const SurvivorsFile = "mock/internal/mutate/survivors.yaml"
