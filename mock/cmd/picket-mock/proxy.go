package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/serve"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// violationsPath is where the proxy tells what it found; what else is under /_mock/ it passes on.
const violationsPath = "/_mock/violations"

func runProxy(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("picket-mock proxy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(stderr, `picket-mock proxy stands between a client and a server of the Picket API. It passes every request on and every answer
back as they are, and holds both against the contract of the API, openapi.yaml. So you see where they part while your
program runs: start it, and give your client the base URL that its first line ends with.

usage: picket-mock proxy -target URL [flags]

It prints a line for each violation: the time, the direction, the operation, the JSON pointer or the name of the header,
what is wrong, and the place in openapi.yaml. It never prints a value, so no key, token or signature. GET %s
returns all that was found as JSON. SIGINT and SIGTERM stop it; then it prints a summary.

The exit status is 0 when there was no violation, 3 when there was one, 1 when it could not run, 2 for a mistake in the
arguments.

`, violationsPath)
		flags.PrintDefaults()
	}
	target := flags.String("target", "", "the base `URL` of the server that requests go to, such as https://picketapi.com/api/v1; required")
	addr := flags.String("addr", "127.0.0.1:4010", "`host:port` to listen on; port 0 is any free one")
	insecure := flags.Bool("insecure-http", false, "let the target be http on another host, where everyone on the way can read keys and tokens")
	maxBody := flags.Int64("max-body", contract.DefaultMaxBodyBytes, "how many `bytes` of a body are checked; larger ones are passed on and noted")
	var controlHosts []string
	flags.Func("control-host", "a further host `name`, such as that of a container, by which what is under /_mock/ may be called, besides localhost and IP addresses; may be repeated", func(name string) error {
		controlHosts = append(controlHosts, name)
		return nil
	})
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	if *target == "" {
		_, _ = fmt.Fprintln(stderr, "picket-mock proxy: -target is required: the base URL of the server that requests go to")
		return exitUsage
	}
	lines := &lineWriter{w: stdout}
	options := []contract.Option{
		contract.WithMaxBodyBytes(*maxBody),
		contract.WithOnViolation(func(v contract.Violation) { lines.print(v.String()) }),
		contract.WithOnUnchecked(func(u contract.Unchecked) {
			lines.print(fmt.Sprintf("%s %s: not checked: %s", u.Direction, u.Operation, u.Reason))
		}),
	}
	for _, name := range controlHosts {
		options = append(options, contract.WithControlHost(name))
	}
	if *insecure {
		options = append(options, contract.WithInsecureHTTP())
	}
	proxy, err := contract.NewProxy(*target, nil, options...)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v\n", err)
		return exitUsage
	}
	defer proxy.CloseIdleConnections()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v; -addr 127.0.0.1:0 takes any free port\n", err)
		return exitFailed
	}
	_, _ = fmt.Fprintf(stdout, "picket-mock passes on to %s what it gets at %s\n", *target, baseURL(listener))
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == violationsPath && guard.Check(r, controlHosts) == nil { // else the proxy refuses it
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(proxy.Findings()) // the client is gone
			return
		}
		proxy.ServeHTTP(w, r)
	})
	if err := serve.Until(ctx, listener, handler, limits.DefaultMaxConnections); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v\n", err)
		return exitFailed
	}
	found := proxy.Findings()
	_, _ = fmt.Fprintf(stdout, "requests: %d, violations: %d, bodies not checked: %d\n", found.Exchanges, found.ViolationCount, found.UncheckedCount)
	if found.ViolationCount > 0 {
		return exitViolations
	}
	return exitStopped
}

// lineWriter prints lines of requests that are answered at the same time.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lineWriter) print(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = fmt.Fprintf(l.w, "%s %s\n", time.Now().UTC().Format(time.RFC3339), text)
}

// parse parses the flags of a command that has no other arguments. It returns the exit status when the command is not to run.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) (status int, ok bool) {
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped, false
	case err != nil:
		return exitUsage, false
	case flags.NArg() > 0:
		// It is not told which: it may be a key.
		_, _ = fmt.Fprintf(stderr, "%s: argument %d is not a flag; there are no others (see -help)\n", flags.Name(), len(args)-flags.NArg()+1)
		return exitUsage, false
	}
	return exitStopped, true
}

// baseURL returns the base URL of the API for what is served on a listener.
func baseURL(listener net.Listener) string {
	return "http://" + listener.Addr().String() + spec.BasePath
}
