package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/natefinch/atomic"

	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

const learnUsage = `picket-mock learn proposes how openapi.yaml should change, so that it describes what was observed of an API. The files are those
that "picket-mock proxy -observe", "picket-mock verify -observe" and the option WithObserver of package contract write; several
are read as one.

usage: picket-mock learn [-contract openapi.yaml] [flags] FILE...

It prints a unified diff, which "git apply" understands. The heading of each hunk says what was seen, how often, in which
operations and when. -write changes the file instead, and leaves its comments, order and style as they are. What was merely
not seen is never removed. What contradicts the contract in a way that only a person can decide is listed at the end, in lines
that begin with #.

-provenance prints every fact that the contract only infers (x-provenance: inferred), and whether it is confirmed,
contradicted, not seen or not observable. With -write, the facts that are confirmed become observed in the contract.

The exit status is 0 if there is nothing to propose or if -write was given, 3 if there are proposals or contradictions, 1 if
the contract cannot be changed, and 2 for a mistake in the arguments or the files.

`

// learnFlags are the flags of learn.
type learnFlags struct {
	contract                    string
	write, provenance, markdown bool
}

func (f *learnFlags) set(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("picket-mock learn", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, learnUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&f.contract, "contract", "openapi.yaml", "the `file` with the contract")
	flags.BoolVar(&f.write, "write", false, "change the contract instead of printing a diff")
	flags.BoolVar(&f.provenance, "provenance", false, "print what was seen of the facts that the contract infers, instead of proposals")
	flags.BoolVar(&f.markdown, "markdown", false, "print Markdown, for a pull request")
	return flags
}

// runLearn compares files of observations with the contract.
func runLearn(args []string, stdout, stderr io.Writer) int {
	var given learnFlags
	flags := given.set(stderr)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped
	case err != nil:
		return exitUsage
	}
	fail := func(status int, err error) int {
		_, _ = fmt.Fprintf(stderr, "picket-mock learn: %v\n", err)
		return status
	}
	if flags.NArg() == 0 {
		return fail(exitUsage, errors.New("name at least one file of observations, such as one that picket-mock proxy -observe writes"))
	}
	for i, file := range flags.Args() {
		if strings.HasPrefix(file, "-") && file != "-" {
			return fail(exitUsage, fmt.Errorf("argument %d, %s, comes after a file, and flags come before files", len(args)-flags.NArg()+i+1, names.Shown(file)))
		}
	}
	line := progress.Start(stderr)
	defer line.Stop()
	stdout, stderr = line.Writer(stdout), line.Writer(stderr)
	seen, err := readObservations(flags.Args(), line)
	if err != nil {
		return fail(exitUsage, err)
	}
	contract, err := os.ReadFile(given.contract)
	if err != nil {
		return fail(exitUsage, fmt.Errorf("the contract: %w; -contract names its file", err))
	}
	line.Show("comparing with "+given.contract, 0, 0)
	result, err := learn.Learn(contract, seen)
	if err != nil {
		return fail(exitUsage, fmt.Errorf("%s: %w", given.contract, err))
	}
	if given.write {
		change := result.Apply
		if given.provenance {
			change = result.Raise
		}
		line.Show("changing "+given.contract, 0, 0)
		changed, err := change()
		if err == nil {
			err = atomic.WriteFile(given.contract, bytes.NewReader(changed))
		}
		if err != nil {
			return fail(exitFailed, fmt.Errorf("%s: %w", given.contract, err))
		}
	}
	if err := given.print(stdout, result); err != nil {
		return fail(exitFailed, fmt.Errorf("%s: %w", given.contract, err))
	}
	if !given.write && !given.provenance && len(result.Proposals)+len(result.Contradictions) > 0 {
		return exitViolations
	}
	return exitStopped
}

// print writes what follows from the observations.
func (f *learnFlags) print(w io.Writer, result *learn.Result) error {
	switch {
	case f.provenance:
		return result.WriteProvenance(w, f.markdown)
	case f.write:
		return result.WriteList(w)
	}
	return result.WriteDiff(w, filepath.ToSlash(f.contract), f.markdown)
}

// readObservations reads files as one.
func readObservations(files []string, line *progress.Line) (*observe.Log, error) {
	all, given := observe.New(), map[string]bool{}
	for i, file := range files {
		line.Show("reading "+file, i, len(files))
		if given[filepath.Clean(file)] {
			return nil, fmt.Errorf("%s is given twice, and would count twice", file)
		}
		given[filepath.Clean(file)] = true
		seen, err := observe.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all.Merge(seen)
	}
	return all, nil
}
