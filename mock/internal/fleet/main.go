// Command fleet says what a fleet of 1,000 servers, each with 10,000 requests a second, would ask of the Picket API and take of its own
// processors and memory: with tokens verified locally, with middleware.Remote and with middleware.Incremental, at the start, in an
// outage of an hour and when the signing key changes. It simulates some of the servers, with real verifiers and caches, one mock in the
// same process and a clock that it moves itself, and counts.
//
// Fetches of keys are counted with all 1,000 servers. Calls are scaled up: a simulated server stands for 1,000 divided by the number of
// simulated ones. A simulated user sends a request every second, and stands for 10,000 divided by the number of them on a server. Nothing else grows with the number of requests:
// a cache asks about a token once, however many requests it comes with. The peaks come out too high rather than too low, because
// chance evens out less among few users than among many.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

// command is how people run this program.
const command = "make fleet"

// The fleet that the figures are for.
const (
	fleetServers = 1000
	fleetUsers   = 10_000 // of each server, who send one request a second each
)

func main() {
	p := plan{}
	flag.IntVar(&p.servers, "servers", 100, "how many servers to simulate")
	flag.IntVar(&p.users, "users", 10, "how many users of each server to simulate, of whom every tenth needs a call at the gate")
	flag.IntVar(&p.rounds, "rounds", 3, "how often each cost is measured; the table has the medians")
	write := flag.Bool("write", false, "write the tables into "+figures.Document)
	flag.Parse()
	if flag.NArg() > 0 || p.servers < 1 || p.users < 1 || p.rounds < 1 {
		fmt.Fprintln(os.Stderr, "fleet: -servers, -users and -rounds must be 1 or more, and only flags are allowed (see -help)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, p, *write); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// A plan says how much is simulated and measured.
type plan struct{ servers, users, rounds int }

// program is the mock.TB of a program: it ends the program where a test would fail.
type program struct{}

func (program) Helper()                          {}
func (program) Cleanup(func())                   {}
func (p program) Errorf(format string, a ...any) { p.Fatalf(format, a...) }
func (program) Fatalf(format string, args ...any) { // the mock is in this process, so there is nothing to stop
	fmt.Fprintf(os.Stderr, "fleet: "+format+"\n", args...)
	os.Exit(1)
}

func run(ctx context.Context, p plan, write bool) error {
	tables := []figures.Table{callsTable(program{}, p), keysTable(program{})}
	costs, err := costsTables(ctx, p)
	if err != nil {
		return err
	}
	tables = append(tables, costs...)
	for _, t := range tables {
		if err := t.Print(os.Stdout); err != nil {
			return err
		}
	}
	if write {
		return figures.Write(figures.Document, command, tables, figures.Recorded(time.Now())+".")
	}
	return nil
}

// progress prints to stderr what is simulated or measured now.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
