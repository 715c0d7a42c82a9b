// Command cmd changes openapi.yaml in every small way that matters and tells which changes no test notices. It runs at the
// root of the repository, in which `make mutate` starts it; -help lists the flags. It fails when a change survives for which
// survivors.yaml gives no reason.
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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	jobs := flag.Int("jobs", 2, "how many mutants to judge at the same time")
	limit := flag.Duration("time", 0, "begin no mutant after this time; 0 for no limit")
	timeout := flag.Duration("timeout", 5*time.Minute, "how long a mutant may take before it counts as hung")
	sample := flag.Int("sample", 0, "judge only so many mutants, chosen by -seed; 0 for all")
	seed := flag.Int("seed", 1, "what the sample is chosen by")
	only := flag.String("only", "", "judge only mutants whose ID matches this regular expression")
	list := flag.Bool("list", false, "print the IDs of the mutants that would be judged, and judge none")
	stateFile := flag.String("state", "", "the file that keeps the results (default picket-mutate/results.jsonl in the user's cache folder)")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	contract, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return fmt.Errorf("%w; run it at the root of the repository", err)
	}
	mutants, err := mutate.Mutants(contract)
	if err != nil {
		return err
	}
	mutants = slices.DeleteFunc(mutants, func(m mutate.Mutant) bool { return !pattern.MatchString(m.ID) })
	mutants = choose(mutants, *sample, *seed)
	if *list {
		for _, m := range mutants {
			fmt.Println(m.ID)
		}
		return nil
	}
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
	if *stateFile == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("%w; give a file with -state", err)
		}
		*stateFile = filepath.Join(cache, "picket-mutate", "results.jsonl")
	}
	state, err := mutate.OpenState(*stateFile, content)
	if err != nil {
		return err
	}
	defer func() { _ = state.Close() }()

	known := state.Results()
	todo := slices.DeleteFunc(slices.Clone(mutants), func(m mutate.Mutant) bool { _, done := known[m.ID]; return done })
	_, trusted := known[mutate.Unmutated]
	fmt.Printf("%d mutants, %d of them judged before\n", len(mutants), len(mutants)-len(todo))
	judged := len(mutants) - len(todo)
	r := mutate.Run{
		Contract: contract, Mutants: todo, Stages: stages,
		Copy: func(ctx context.Context, dir string) error {
			if err := repository.Copy(dir); err != nil {
				return err
			}
			return mutate.Prepare(ctx, dir)
		},
		Jobs: *jobs, Timeout: *timeout, Trusted: trusted,
		Record: func(result mutate.Result) error {
			if result.Mutant != mutate.Unmutated {
				judged++
			}
			fmt.Printf("%d/%d %s: %s (%.1f s)\n", judged, len(mutants), result.Mutant, fate(result), result.Seconds)
			return state.Record(result)
		},
	}
	if *limit > 0 {
		r.Until = time.Now().Add(*limit)
	}
	ended := r.Do(ctx)
	unexplained := mutate.Report(os.Stdout, mutants, stages, state.Results(), reasons)
	switch {
	case errors.Is(ended, context.Canceled):
		return errors.New("interrupted; the same command goes on where it stopped")
	case ended != nil:
		return ended
	case unexplained > 0:
		return fmt.Errorf("%d mutants survived without a reason", unexplained)
	}
	return nil
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

// choose returns as many mutants as asked for, in their order. A mutant is chosen by its ID and the seed alone.
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
