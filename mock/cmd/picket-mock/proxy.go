package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/serve"
)

// violationsPath returns what the proxy found. It forwards everything else under /_mock/.
const violationsPath = "/_mock/violations"

const proxyUsage = `picket-mock proxy stands between a client and a server of the Picket API. It forwards every request and every response
unchanged, and checks both against the contract of the API, openapi.yaml. This shows where they differ while your program
runs: start the proxy, and give your client the base URL at the end of the first line that it prints.

usage: picket-mock proxy -target URL [flags]

It prints a line for each violation: the time, the direction, the operation, the JSON pointer or the name of the header,
what is wrong, and the place in openapi.yaml. It never prints a value, and so never a key, a token or a signature. GET
` + violationsPath + ` returns all violations as JSON. SIGINT and SIGTERM stop the proxy, and then it prints a summary.

The exit status is 0 if there was no violation, 3 if there was one, 1 if the proxy could not run, and 2 for a mistake in
the arguments.

`

// proxyFlags are the flags of the proxy.
type proxyFlags struct {
	target, addr, observe string
	insecure              bool
	maxBody               int64
	hosts                 list
}

// set returns the flag set that fills in the flags.
func (f *proxyFlags) set(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("picket-mock proxy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, proxyUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&f.target, "target", "", "the base `URL` of the server to forward requests to, such as https://picketapi.com/api/v1; required")
	flags.StringVar(&f.addr, "addr", "127.0.0.1:4011", "the `host:port` to listen on; port 0 picks a free port")
	flags.BoolVar(&f.insecure, "insecure-http", false, "let the target be http on another host, where everyone on the way can read keys and tokens")
	flags.Int64Var(&f.maxBody, "max-body", contract.DefaultMaxBodyBytes, "how many `bytes` a body may have to be checked; larger ones are forwarded and reported as not checked")
	flags.StringVar(&f.observe, "observe", "", observeUsage)
	flags.Var(&f.hosts, "control-host", controlHostUsage)
	return flags
}

// observeUsage is the same for all commands that observe.
const observeUsage = "a `file` in which to note what messages look like, without their values, for picket-mock learn; it is continued if it exists"

// proxy returns the proxy that the flags describe, which prints what it finds.
func (f *proxyFlags) proxy(lines *lineWriter, observer *contract.Observer) (*contract.Proxy, error) {
	options := []contract.Option{
		contract.WithMaxBodyBytes(f.maxBody),
		contract.WithOnViolation(func(v contract.Violation) { lines.print(v.String()) }),
		contract.WithOnUnchecked(func(u contract.Unchecked) {
			lines.print(fmt.Sprintf("%s %s: not checked: %s", u.Direction, u.Operation, u.Reason))
		}),
	}
	for _, name := range f.hosts {
		options = append(options, contract.WithControlHost(name))
	}
	if f.insecure {
		options = append(options, contract.WithInsecureHTTP())
	}
	if observer != nil {
		options = append(options, contract.WithObserver(observer))
	}
	return contract.NewProxy(f.target, nil, options...)
}

// runProxy forwards requests until the context is done.
func runProxy(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var given proxyFlags
	if status, ok := parse(given.set(stderr), args, stderr); !ok {
		return status
	}
	if given.target == "" {
		_, _ = fmt.Fprintln(stderr, "picket-mock proxy: -target is required: the base URL of the server to forward requests to")
		return exitUsage
	}
	observer, err := newObserver(given.observe)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: -observe: %v\n", err)
		return exitUsage
	}
	defer closeObserver(observer, stderr)
	proxy, err := given.proxy(&lineWriter{w: stdout}, observer)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v\n", err)
		return exitUsage
	}
	defer proxy.CloseIdleConnections()
	listener, err := listen(given.addr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v\n", err)
		return exitOf(err)
	}
	_, _ = fmt.Fprintf(stdout, "picket-mock forwards requests to %s, and listens at %s\n", given.target, baseURL(listener, "http"))
	if err := serve.Until(ctx, listener, withFindings(proxy, given.hosts), limits.DefaultMaxConnections, nil); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock proxy: %v\n", err)
		if !errors.Is(err, serve.ErrCutOff) {
			return exitFailed
		}
	}
	found := proxy.Findings()
	_, _ = fmt.Fprintf(stdout, "requests: %d, violations: %d, bodies not checked: %d\n", found.Exchanges, found.ViolationCount, found.UncheckedCount)
	if found.ViolationCount > 0 {
		return exitViolations
	}
	return exitStopped
}

// withFindings answers what asks for the findings of the proxy, and leaves everything else to the proxy.
func withFindings(proxy *contract.Proxy, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The proxy refuses a request that the guard refuses.
		if r.Method == http.MethodGet && r.URL.Path == violationsPath && guard.Check(r, hosts, "") == nil {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(proxy.Findings()) // fails if the client is gone
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// lineWriter prints whole lines for requests that are answered at the same time.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lineWriter) print(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = fmt.Fprintf(l.w, "%s %s\n", time.Now().UTC().Format(time.RFC3339), text)
}

// parse parses the arguments of a command that takes only flags. If the command must not run, ok is false and status is the exit status.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) (status int, ok bool) {
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped, false
	case err != nil:
		return exitUsage, false
	case flags.NArg() > 0:
		// The argument is not shown, because it may be a key.
		_, _ = fmt.Fprintf(stderr, "%s: argument %d is not a flag, and there are no other arguments (see -help)\n", flags.Name(), len(args)-flags.NArg()+1)
		return exitUsage, false
	}
	return exitStopped, true
}

// newObserver returns an observer that writes to a file, or nil if there is no file.
func newObserver(file string) (*contract.Observer, error) {
	if file == "" {
		return nil, nil
	}
	return contract.NewObserver(file)
}

// closeObserver closes an observer, unless it is nil.
func closeObserver(observer *contract.Observer, stderr io.Writer) {
	if observer == nil {
		return
	}
	if err := observer.Close(); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: what was observed could not be written: %v\n", err)
	}
	if n := observer.Skipped(); n > 0 {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %d exchanges were not observed, because too many came at once\n", n)
	}
}
