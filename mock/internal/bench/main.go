// Command bench measures the client, the checks of tokens and the mock, each beside a yardstick that does the same work in the
// same run, and prints one table. It fails when something cannot be measured, but not when a goal is missed, because machines are
// noisy.
//
// Figures are the medians of rounds in which ours and the yardstick take turns. The yardstick of whole processes is Prism, which
// mocks the same openapi.yaml. Where Node.js or npm is missing, the table says so instead of Prism's figures.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

func main() {
	p := plan{}
	flag.IntVar(&p.rounds, "rounds", 8, "how often each figure is taken; the table has the medians")
	flag.DurationVar(&p.benchTime, "time", 300*time.Millisecond, "how long a Go benchmark runs in a round")
	flag.IntVar(&p.requests, "requests", 1_000_000, "how many `requests` to send before the mock's memory is measured; it is also measured after half of them")
	flag.BoolFunc("quick", "a short run: -rounds 3 -time 200ms -requests 50000; flags after it change that", func(string) error {
		p = plan{rounds: 3, benchTime: 200 * time.Millisecond, requests: 50_000}
		return nil
	})
	raw := flag.String("raw", "", "a `file` for what the Go benchmarks print, to be read by golang.org/x/perf/cmd/benchstat: benchstat FILE\n"+
		"shows the spread of each, benchstat OLD NEW compares two runs; it needs 6 rounds or more")
	flag.Parse()
	if flag.NArg() > 0 || p.rounds < 1 || p.requests < 2 {
		fmt.Fprintln(os.Stderr, "bench: -rounds must be 1 or more and -requests 2 or more, and only flags are allowed (see -help)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p.line = progress.Start(os.Stderr)
	err := run(ctx, p, *raw)
	p.line.Stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, p plan, raw string) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	stdout := p.line.Writer(os.Stdout)
	var output bytes.Buffer
	rows, err := goRows(ctx, p, dir, &output)
	if err != nil {
		return err
	}
	if raw != "" {
		if err := os.WriteFile(raw, output.Bytes(), 0o666); err != nil {
			return err
		}
	}
	for _, measure := range []func(context.Context, plan, string) ([]row, error){processRows, sizeRows} {
		more, err := measure(ctx, p, dir)
		if err != nil {
			return errors.Join(err, printTable(stdout, rows)) // what there is
		}
		rows = append(rows, more...)
	}
	return printTable(stdout, rows)
}
