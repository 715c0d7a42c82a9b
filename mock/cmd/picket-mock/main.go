// Command picket-mock is a mock of the Picket API, for tests of clients in any language.
//
// It listens on 127.0.0.1:4010 unless told otherwise, and prints the base URL and the API keys once it accepts
// connections. The first line that it prints ends with the base URL. SIGINT and SIGTERM stop it after the requests that
// are under way.
//
// "picket-mock verify" tells whether a server keeps the contract of the API, openapi.yaml. "picket-mock proxy" stands between a
// client and a server and tells what breaks it. Both say with -help what they take.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket"
)

// How the garbage is collected, unless GOMEMLIMIT and GOGC say otherwise. What clients can make the mock hold is bounded by package
// mock, and little at most times.
const (
	// memoryLimit is from where on garbage is collected more eagerly, in bytes.
	memoryLimit = 256 << 20
	// garbagePercent is how much garbage there may be for what is held: twice as much as by default, for half of the work.
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

// The exit statuses: 0 after a stop by a signal, or when all checks passed; 1 when the server could not run, or a check failed;
// 2 for a mistake in the arguments; 3 when the proxy found violations.
const (
	exitStopped = iota
	exitFailed
	exitUsage
	exitViolations
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "proxy":
			return runProxy(ctx, args[1:], stdout, stderr)
		case "verify":
			return runVerify(ctx, args[1:], stdout, stderr)
		}
	}
	return runMock(ctx, args, stdout, stderr)
}

func runMock(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("picket-mock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(stderr, `picket-mock is a mock of the Picket API.

usage: picket-mock [flags]           answer like the API
       picket-mock verify [flags]    check whether a server keeps the API's contract
       picket-mock proxy [flags]     pass requests on to a server, and tell what breaks the contract

`)
		flags.PrintDefaults()
	}
	addr := flags.String("addr", "127.0.0.1:4010", "`host:port` to listen on; port 0 is any free one")
	secretKey := flags.String("secret-key", mock.DefaultSecretKey, "the secret API `key`: sk_ and 32 hexadecimal digits")
	publishableKey := flags.String("publishable-key", mock.DefaultPublishableKey, "the publishable API `key`: pk_ and 32 hexadecimal digits")
	var redirectURIs []string
	flags.Func("redirect-uri", "a `URI` that /oauth2/authorize may answer to, compared exactly; may be repeated", func(uri string) error {
		redirectURIs = append(redirectURIs, uri)
		return nil
	})
	var domains, controlHosts []string
	flags.Func("allowed-domain", "a `domain`, such as localhost:3000, that logins must be for; may be repeated; without it, any site will do", func(domain string) error {
		domains = append(domains, domain)
		return nil
	})
	flags.Func("control-host", "a further host `name`, such as that of a container, by which what is under /_mock/ may be called, besides localhost and IP addresses; may be repeated", func(name string) error {
		controlHosts = append(controlHosts, name)
		return nil
	})
	format := flags.String("format", string(picket.MessageFormatSIWE), "the `format` of the messages that wallets sign: siwe or simple")
	statement := flags.String("statement", tenant.DefaultSettings().Statements[""], "the `sentence` that wallets show to their users")
	configFile := flags.String("config", "", "a YAML `file` with projects, keys, redirect URIs, wallets, balances, names and statements")
	seed := flags.Uint64("seed", 0, "what made-up answers are made from: a `number`")
	reusableNonces := flags.Bool("reusable-nonces", false, "let a nonce log in more than once while it lives")
	unknownProperties := flags.Bool("unknown-properties", false, "ignore properties of requests that the contract does not have, instead of refusing them")
	maxProjects := flags.Int("max-projects", limits.DefaultMaxProjects, "the `number` of projects that there may be")
	maxState := flags.Int("max-state-mib", limits.DefaultMaxStateBytes>>20, "the `MiB` that are kept at most of what is seeded and what happens, in all projects")
	maxConnections := flags.Int("max-connections", limits.DefaultMaxConnections, "the `number` of connections that there may be; then the one that is idle for the longest time is closed")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitStopped
		}
		return exitUsage
	}
	if flags.NArg() > 0 {
		_, _ = fmt.Fprintf(stderr, "picket-mock: \"%s\" is not a flag, and neither proxy nor verify, which come first (see -help)\n", names.Shown(flags.Arg(0)))
		return exitUsage
	}
	var options []mock.Option
	if *configFile != "" {
		text, err := os.ReadFile(*configFile)
		if err != nil {
			_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
			return exitUsage
		}
		options = append(options, mock.WithConfig(*configFile, text))
	}
	given := map[string]mock.Option{
		"secret-key":      mock.WithSecretKey(*secretKey),
		"publishable-key": mock.WithPublishableKey(*publishableKey),
		"format":          mock.WithFormat(picket.MessageFormat(*format)),
		"statement":       mock.WithStatement(*statement),
		"seed":            mock.WithSeed(*seed),
	}
	options = append(options, mock.WithMaxProjects(*maxProjects), mock.WithMaxStateBytes(int64(*maxState)<<20), mock.WithMaxConnections(*maxConnections))
	if *reusableNonces {
		options = append(options, mock.WithReusableNonces())
	}
	if *unknownProperties {
		options = append(options, mock.WithUnknownProperties())
	}
	for _, uri := range redirectURIs {
		options = append(options, mock.WithRedirectURI(uri))
	}
	for _, domain := range domains {
		options = append(options, mock.WithAllowedDomain(domain))
	}
	for _, name := range controlHosts {
		options = append(options, mock.WithControlHost(name))
	}
	flags.Visit(func(f *flag.Flag) { // the flags that were given win over the file
		if option := given[f.Name]; option != nil {
			options = append(options, option)
		}
	})
	server, err := mock.New(options...)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		return exitUsage
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v; -addr 127.0.0.1:0 takes any free port\n", err)
		return exitFailed
	}
	for _, project := range server.Projects() {
		for _, key := range []string{project.SecretKey, project.PublishableKey} {
			if !looksMadeUp(key) {
				_, _ = fmt.Fprintf(stderr, "picket-mock: warning: the key %s… could be a live one; tests need none\n", key[:5])
			}
		}
	}
	_, _ = fmt.Fprintf(stdout, "picket-mock answers at %s\nsecret key       %s\npublishable key  %s\n",
		baseURL(listener), server.SecretKey, server.PublishableKey)
	if err := server.Serve(ctx, listener); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		return exitFailed
	}
	return exitStopped
}
