// Command picket-mock is a mock of the Picket API, for tests of clients in any language.
//
// It listens on 127.0.0.1:4010 by default, and prints the base URL and the API keys once it accepts connections. The first line
// that it prints ends with the base URL. It prints to stderr if it breaks its own contract or panics, which are bugs of the mock.
// SIGINT and SIGTERM stop it after it has answered the requests that are under way. SIGHUP has it read its configuration file again.
//
// With -drift FILE it answers as an API does that was observed to differ from the contract.
//
// "picket-mock health" checks whether a mock is up, for containers without curl. "picket-mock verify" checks whether a server keeps the
// contract of the API, openapi.yaml. "picket-mock proxy" stands between a client and a server, and reports where their messages break
// the contract. "picket-mock learn" proposes how openapi.yaml should change after what the two observed. Each command lists its flags
// with -help.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// The garbage collector's settings, unless GOMEMLIMIT and GOGC say otherwise. Package mock limits how much memory clients can make
// the mock use, and it mostly uses little.
const (
	// memoryLimit is above what size of the heap, in bytes, garbage is collected more often.
	memoryLimit = 256 << 20
	// garbagePercent allows twice as much garbage as Go does by default, which halves the work of the collector.
	garbagePercent = 200
)

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit statuses: 0 if a signal stopped the program, or no check failed; 1 if the server could not run, or a check failed; 2 for
// a mistake in the arguments; 3 if the proxy found violations, or learn has something to propose.
const (
	exitStopped = iota
	exitFailed
	exitUsage
	exitViolations
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "health":
			return runHealth(ctx, args[1:], stderr)
		case "proxy":
			return runProxy(ctx, args[1:], stdout, stderr)
		case "verify":
			return runVerify(ctx, args[1:], stdout, stderr)
		case "learn":
			return runLearn(args[1:], stdout, stderr)
		}
	}
	return runMock(ctx, args, stdout, stderr)
}
