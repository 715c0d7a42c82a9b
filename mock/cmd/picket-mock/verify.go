package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/progress"
	"github.com/seed-a13ee279/picket/mock/internal/verifyreport"
	"github.com/seed-a13ee279/picket/mock/verify"
	"github.com/seed-a13ee279/picket/picket"
)

// envPublishableKey is the environment variable of the publishable key. That of the secret key is picket.EnvAPIKey.
const envPublishableKey = "PICKET_PUBLISHABLE_KEY"

const verifyUsage = `picket-mock verify checks whether a server keeps the contract of the Picket API, openapi.yaml. The server can be picket-mock, a
staging server or the API itself. verify makes wallets on Ethereum, Polygon and Solana and logs them in, tries gates that must
open and gates that must stay closed, goes through OAuth 2.0 and OpenID Connect, and checks each request and each response
against the contract.

usage: picket-mock verify -base-url URL -secret-key KEY [-publishable-key KEY] [flags]

It prints a line for each check: pass, FAIL or skip, what must be true, and why the check failed or was skipped. Indented lines
below it say how messages broke the contract: the operation, the JSON pointer, what is wrong, and the place in openapi.yaml.
Checks that need balances, or a clock that can be set, are skipped if the server is not picket-mock. verify never prints a key,
a token or a signature.

-o FORMAT prints another format: junit is JUnit XML, for CI; json is an object with all checks; html is a page. -o FORMAT=FILE
writes a file, besides what is printed, and may be repeated: -o junit=verify.xml -o html=verify.html. A file is valid, and says
what went wrong, even if no check could run.

The keys should be set in the environment, as ` + picket.EnvAPIKey + ` and ` + envPublishableKey + `, because flags show in the list
of processes. The base URL can be set there as well, as ` + picket.EnvBaseURL + `. Flags win over the environment.

The exit status is 0 if no check failed, 1 if one failed or the server cannot be reached, and 2 for a mistake in the arguments
or a secret key that the server does not know.

`

// verifyArguments are what the flags of verify say.
type verifyArguments struct {
	baseURL, secretKey, publishableKey string
	redirectURI, domain, controlURL    string
	observe                            string
	skip                               *regexp.Regexp
	outputs                            outputs
}

// flags returns the flag set that fills in the arguments. The keys are not defaults of their flags, because -help prints those.
func (a *verifyArguments) flags(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("picket-mock verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, verifyUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&a.baseURL, "base-url", "", "the base `URL` of the server, such as http://127.0.0.1:4010/api/v1; required")
	flags.StringVar(&a.secretKey, "secret-key", "", "the secret API `key` of a project; required")
	flags.StringVar(&a.publishableKey, "publishable-key", "", "the publishable API `key` of the same project; without it, most of OAuth 2.0 is skipped, except on picket-mock")
	flags.StringVar(&a.redirectURI, "redirect-uri", "", "a redirect `URI` that the project allows; without it, checks that need one are skipped, except on picket-mock")
	flags.StringVar(&a.domain, "domain", "", "the `domain` that wallets log in to, if the project allows only some; picket-mock is asked for one")
	flags.StringVar(&a.controlURL, "control-url", "", "the `URL` of picket-mock's control API, if it is not /_mock on the host of the base URL")
	flags.StringVar(&a.observe, "observe", "", observeUsage)
	flags.Var(&a.outputs, "o", "the `format` to print, text, junit, json or html, or FORMAT=FILE, to write a file; may be repeated (default text)")
	flags.Func("skip", "a `regexp` for the names of checks to skip", func(expression string) (err error) {
		a.skip, err = regexp.Compile(expression)
		return err
	})
	return flags
}

func (a *verifyArguments) options() []verify.Option {
	var options []verify.Option
	for _, given := range []struct {
		value  string
		option func(string) verify.Option
	}{
		{a.publishableKey, verify.WithPublishableKey},
		{a.redirectURI, verify.WithRedirectURI},
		{a.domain, verify.WithDomain},
		{a.controlURL, verify.WithControlURL},
	} {
		if given.value != "" {
			options = append(options, given.option(given.value))
		}
	}
	if a.skip != nil {
		options = append(options, verify.WithSkip(a.skip))
	}
	return options
}

func runVerify(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var a verifyArguments
	if status, ok := parse(a.flags(stderr), args, stderr); !ok {
		return status
	}
	a.baseURL = cmp.Or(a.baseURL, os.Getenv(picket.EnvBaseURL))
	a.secretKey = cmp.Or(a.secretKey, os.Getenv(picket.EnvAPIKey))
	a.publishableKey = cmp.Or(a.publishableKey, os.Getenv(envPublishableKey))

	run := verifyreport.Run{BaseURL: a.baseURL, Start: time.Now(), Err: errors.New("picket-mock verify did not come to its end")}
	if err := a.outputs.regular().writeFiles(run); err != nil { // before the run, so that no file stays of an earlier one
		_, _ = fmt.Fprintf(stderr, "picket-mock verify: -o: %v\n", err)
		return exitUsage
	}
	status := exitStopped
	run.Report, run.Err = a.run(ctx, stderr)
	run.Duration = time.Since(run.Start)
	switch {
	case errors.Is(run.Err, verify.ErrUnreachable):
		status = exitFailed
	case run.Err != nil:
		status = exitUsage
	case run.Report.Count(verify.Fail) > 0:
		status = exitFailed
	}
	if run.Err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock %v\n", run.Err)
	}
	if err := errors.Join(a.outputs.writeFiles(run), a.outputs.print(stdout, run)); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock verify: -o: %v\n", err)
		return max(status, exitFailed)
	}
	return status
}

// run runs the checks, and shows on a terminal which one.
func (a *verifyArguments) run(ctx context.Context, stderr io.Writer) (*verify.Report, error) {
	switch {
	case a.baseURL == "":
		return nil, fmt.Errorf("verify: -base-url or %s is required", picket.EnvBaseURL)
	case a.secretKey == "":
		return nil, fmt.Errorf("verify: -secret-key or %s is required", picket.EnvAPIKey)
	}
	observer, err := newObserver(a.observe)
	if err != nil {
		return nil, fmt.Errorf("verify: -observe: %w", err)
	}
	defer closeObserver(observer, stderr)
	line := progress.Start(stderr)
	defer line.Stop()
	line.Show("asking the server", 0, 0)
	options := append(a.options(), verify.WithProgress(line.Show))
	if observer != nil {
		options = append(options, verify.WithObserver(observer))
	}
	return verify.Run(ctx, a.baseURL, a.secretKey, options...)
}
