// Command bench measures the client, the checks of tokens and the mock, each beside a yardstick that does the same work in the
// same run, and what of the mock grows with what. It prints tables and, when it measured everything with no flag given, writes them
// into mock/FIGURES.md. It fails when something cannot be measured, but not when a goal is missed, because machines are noisy.
//
// Figures are the medians of rounds in which ours and the yardstick take turns. Of servers it compares the processor time that their
// process takes for a call: how many calls a second they answer depends as much on the client, which shares the machine, and on
// whatever else runs there. All other times need a quiet machine. Only Linux tells the processor time of another process.
//
// Where Node.js or npm is missing, the table says so instead of Prism's figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

// command is how people run this program.
const command = "make bench"

func main() {
	p := plan{cold: true}
	flag.IntVar(&p.rounds, "rounds", 8, "how often each figure is taken; the table has the medians")
	flag.DurationVar(&p.benchTime, "time", 300*time.Millisecond, "how long calls are made, or a Go benchmark runs, in a round")
	flag.IntVar(&p.requests, "requests", 1_000_000, "how many `requests` to send before the mock's memory is measured; it is also measured after half of them")
	flag.BoolFunc("quick", "a short run: -rounds 3 -time 200ms -requests 50000, and no program is built with an empty cache; flags after it change that", func(string) error {
		p.rounds, p.benchTime, p.requests, p.cold = 3, 200*time.Millisecond, 50_000, false
		return nil
	})
	flag.StringVar(&p.raw, "raw", "", "a `file` for what the Go benchmarks print, to be read by golang.org/x/perf/cmd/benchstat: benchstat FILE\n"+
		"shows the spread of each, benchstat OLD NEW compares two runs; it needs 6 rounds or more")
	var chosen []measurement
	for _, m := range measurements() {
		flag.BoolFunc(m.name, "measure only "+m.about+", and what other flags like this one say", func(string) error {
			chosen = append(chosen, m)
			return nil
		})
	}
	flag.Parse()
	if flag.NArg() > 0 || p.rounds < 1 || p.requests < 2 {
		fmt.Fprintln(os.Stderr, "bench: -rounds must be 1 or more and -requests 2 or more, and only flags are allowed (see -help)")
		os.Exit(2)
	}
	if chosen == nil {
		chosen = measurements()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p.line = progress.Start(os.Stderr)
	err := run(ctx, p, chosen, flag.NFlag() == 0)
	p.line.Stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A measurement makes one table.
type measurement struct {
	name, about string
	columns     []string
	rows        func(ctx context.Context, p plan, dir string) ([][]string, error)
}

func measurements() []measurement {
	compared := []string{"", "here", "yardstick", "ratio", "goal", ""}
	return []measurement{
		{"calls", "what calls to the mock cost beside handlers that do no more than they must", compared, cells(scenarioRows)},
		{"programs", "the client, token checks and whole programs", compared, cells(goRows, processRows, sizeRows)},
		{"suite", "what a suite of tests pays for the mock", compared, cells(suiteRows)},
		{"growth", "what calls to the mock cost while its state grows", []string{"what grows, and the call", "cost", "ratio", "goal", ""}, growthRows},
	}
}

// cells returns the cells of rows of comparisons. With an error, it returns what there is.
func cells(of ...func(context.Context, plan, string) ([]row, error)) func(context.Context, plan, string) ([][]string, error) {
	return func(ctx context.Context, p plan, dir string) (all [][]string, err error) {
		for _, measure := range of {
			rows, err := measure(ctx, p, dir)
			for _, r := range rows {
				all = append(all, []string{r.what, r.ours, r.yardstick, r.result, r.goal, r.verdict})
			}
			if err != nil {
				return all, err
			}
		}
		return all, nil
	}
}

// run prints a table for each measurement and writes them into the document, if that is wanted.
func run(ctx context.Context, p plan, chosen []measurement, write bool) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	recorded := circumstances()
	stdout := p.line.Writer(os.Stdout)
	var tables []figures.Table
	for _, m := range chosen {
		rows, err := m.rows(ctx, p, dir)
		t := figures.Table{Name: m.name, Columns: m.columns, Rows: rows}
		if err := errors.Join(err, t.Print(stdout)); err != nil {
			return err
		}
		tables = append(tables, t)
	}
	if !write {
		return nil
	}
	return figures.Write(figures.Document, command, tables, recorded)
}
