// Command cmd makes every small change to openapi.yaml that matters, one at a time, and lists those that no test notices. It fails
// when there is one for which survivors.yaml gives no reason. Run it at the root of the repository, as `make mutate` does; -help
// lists the flags.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/mutate"
	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// settings are what the flags say.
type settings struct {
	jobs, sample, seed int
	limit, timeout     time.Duration
	only               *regexp.Regexp
	list               bool
	stateFile          string
}

func parseFlags() (settings, error) {
	var s settings
	flag.IntVar(&s.jobs, "jobs", 2, "how many mutants to judge at the same time")
	flag.DurationVar(&s.limit, "time", 0, "begin no mutant after this time; 0 for no limit")
	flag.DurationVar(&s.timeout, "timeout", 5*time.Minute, "how long a mutant may take before it counts as hung")
	flag.IntVar(&s.sample, "sample", 0, "judge only so many mutants, chosen by -seed; 0 for all")
	flag.IntVar(&s.seed, "seed", 1, "the number that chooses the sample")
	only := flag.String("only", "", "judge only mutants whose ID matches this regular expression")
	flag.BoolVar(&s.list, "list", false, "print the IDs of the mutants that would be judged, and judge none")
	flag.StringVar(&s.stateFile, "state", "", "the file that keeps the results (default picket-mutate/results.jsonl in the user's cache folder)")
	flag.Parse()
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		return s, fmt.Errorf("-only: %w", err)
	}
	if s.stateFile == "" && !s.list {
		cache, err := os.UserCacheDir()
		if err != nil {
			return s, fmt.Errorf("%w; give a file with -state", err)
		}
		s.stateFile = filepath.Join(cache, "picket-mutate", "results.jsonl")
	}
	return s, nil
}

func run(ctx context.Context) error {
	s, err := parseFlags()
	if err != nil {
		return err
	}
	contract, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return fmt.Errorf("%w; run it at the root of the repository", err)
	}
	mutants, err := mutate.Mutants(contract)
	if err != nil {
		return err
	}
	mutants = slices.DeleteFunc(mutants, func(m mutate.Mutant) bool { return !s.only.MatchString(m.ID) })
	mutants = choose(mutants, s.sample, s.seed)
	if s.list {
		for _, m := range mutants {
			fmt.Println(m.ID)
		}
		return nil
	}
	return judge(ctx, s, contract, mutants)
}

// judge judges the mutants that were not judged before, and prints a report on all.
func judge(ctx context.Context, s settings, contract []byte, mutants []mutate.Mutant) error {
	reasonsText, err := os.ReadFile(mutate.SurvivorsFile)
	if err != nil {
		return err
	}
	reasons, err := mutate.ReadReasons(reasonsText)
	if err != nil {
		return err
	}
	stages, err := mutate.Stages(".")
	if err != nil {
		return err
	}
	repository, err := mutate.OpenRepository(".")
	if err != nil {
		return err
	}
	content, err := repository.Hash(mutate.SurvivorsFile)
	if err != nil {
		return err
	}
	state, err := mutate.OpenState(s.stateFile, content)
	if err != nil {
		return err
	}
	defer func() { _ = state.Close() }()
	line := progress.Start(os.Stderr)
	r := newRun(s, contract, mutants, stages, repository, state, line)
	ended := r.Do(ctx)
	line.Stop()
	unexplained := mutate.Report(os.Stdout, mutants, stages, state.Results(), reasons)
	switch {
	case errors.Is(ended, context.Canceled):
		return errors.New("interrupted; run the same command again to go on where it stopped")
	case ended != nil:
		return ended
	case unexplained > 0:
		return fmt.Errorf("%d mutants survived without a reason", unexplained)
	}
	return nil
}

// newRun returns a run of the mutants that have no result yet. It prints and keeps each result, and says on the line what is judged.
func newRun(s settings, contract []byte, mutants []mutate.Mutant, stages []mutate.Stage, repository *mutate.Repository, state *mutate.State,
	line *progress.Line) mutate.Run {
	known := state.Results()
	todo := slices.DeleteFunc(slices.Clone(mutants), func(m mutate.Mutant) bool { _, done := known[m.ID]; return done })
	_, trusted := known[mutate.Unmutated]
	judged := len(mutants) - len(todo)
	stdout := line.Writer(os.Stdout)
	fmt.Fprintf(stdout, "%d mutants, %d of them judged before\n", len(mutants), judged)
	r := mutate.Run{
		Contract: contract, Mutants: todo, Stages: stages, Jobs: s.jobs, Timeout: s.timeout, Trusted: trusted,
		Copy: func(ctx context.Context, dir string) error {
			line.Show("copying the repository", judged, len(mutants))
			if err := repository.Copy(dir); err != nil {
				return err
			}
			return mutate.Prepare(ctx, dir)
		},
		Begin: func(mutant string) { line.Show(mutant, judged, len(mutants)) },
		Record: func(result mutate.Result) error {
			if result.Mutant != mutate.Unmutated {
				judged++
			}
			fmt.Fprintf(stdout, "%d/%d %s: %s (%.1f s)\n", judged, len(mutants), result.Mutant, fate(result), result.Seconds)
			return state.Record(result)
		},
	}
	if s.limit > 0 {
		r.Until = time.Now().Add(s.limit)
	}
	return r
}

func fate(r mutate.Result) string {
	switch {
	case r.Survived() && r.Mutant == mutate.Unmutated:
		return "passes, as it must"
	case r.Survived():
		return "SURVIVED"
	case r.Hung:
		return "killed, hung in " + r.Stage
	case r.By != "":
		return "killed by " + r.Stage + ", " + r.By
	}
	return "killed by " + r.Stage
}

// choose returns as many mutants as asked for, in their order. Only its ID and the seed decide whether a mutant is chosen.
func choose(mutants []mutate.Mutant, sample, seed int) []mutate.Mutant {
	if sample <= 0 || sample >= len(mutants) {
		return mutants
	}
	rank := func(m mutate.Mutant) uint64 {
		hash := fnv.New64a()
		fmt.Fprintf(hash, "%d %s", seed, m.ID)
		return hash.Sum64()
	}
	ranked := slices.SortedFunc(slices.Values(mutants), func(a, b mutate.Mutant) int { return cmp.Compare(rank(a), rank(b)) })
	last := rank(ranked[sample-1])
	return slices.DeleteFunc(slices.Clone(mutants), func(m mutate.Mutant) bool { return rank(m) > last })
}
