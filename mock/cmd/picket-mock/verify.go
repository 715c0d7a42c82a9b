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

	"github.com/seed-a13ee279/picket/mock/verify"
	"github.com/seed-a13ee279/picket/picket"
)

// envPublishableKey holds the publishable key, beside picket.EnvAPIKey for the secret one.
const envPublishableKey = "PICKET_PUBLISHABLE_KEY"

func runVerify(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("picket-mock verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprintf(stderr, `picket-mock verify tells whether a server keeps the contract of the Picket API, openapi.yaml: picket-mock, a staging server
or the API itself. It logs wallets in that it makes for this, on Ethereum, Polygon and Solana, opens gates and is refused at
others, goes through OAuth 2.0 and OpenID Connect, and holds each request and each answer against the contract.

usage: picket-mock verify -base-url URL -secret-key KEY [-publishable-key KEY] [flags]

It prints a line for each check: pass, FAIL or skip, what has to be so, and why it is not. Below a check stands how answers
broke the contract: the operation, the JSON pointer, what is wrong, and the place in openapi.yaml. What needs balances or a
clock that can be set is skipped where no picket-mock answers. It never prints a key, token or signature.

The keys are better in the environment, as %s and %s, than in the list of processes. A flag comes
before the environment, where the base URL may be as well, as %s.

The exit status is 0 when no check failed, 1 when one did or the server cannot be reached, 2 for a mistake in the arguments.

`, picket.EnvAPIKey, envPublishableKey, picket.EnvBaseURL)
		flags.PrintDefaults()
	}
	// The keys are no defaults of their flags, which -help prints.
	var config verify.Config
	flags.StringVar(&config.BaseURL, "base-url", "", "the base `URL` of the server, such as http://127.0.0.1:4010/api/v1; required")
	flags.StringVar(&config.SecretKey, "secret-key", "", "a project's secret API `key`; required")
	flags.StringVar(&config.PublishableKey, "publishable-key", "", "the same project's publishable API `key`; most of OAuth 2.0 is skipped without it, but for picket-mock")
	flags.StringVar(&config.RedirectURI, "redirect-uri", "", "a `URI` that the project allows OAuth 2.0 to answer to; what needs one is skipped without it, but for picket-mock")
	flags.StringVar(&config.ControlURL, "control-url", "", "the `URL` where picket-mock is told what to do, if that is not /_mock beside the API")
	flags.Func("skip", "a `regexp` of the names of checks that are to be skipped", func(expression string) (err error) {
		config.Skip, err = regexp.Compile(expression)
		return err
	})
	if status, ok := parse(flags, args, stderr); !ok {
		return status
	}
	config.BaseURL = cmp.Or(config.BaseURL, os.Getenv(picket.EnvBaseURL))
	config.SecretKey = cmp.Or(config.SecretKey, os.Getenv(picket.EnvAPIKey))
	config.PublishableKey = cmp.Or(config.PublishableKey, os.Getenv(envPublishableKey))
	switch {
	case config.BaseURL == "":
		_, _ = fmt.Fprintf(stderr, "picket-mock verify: -base-url is required, or %s\n", picket.EnvBaseURL)
		return exitUsage
	case config.SecretKey == "":
		_, _ = fmt.Fprintf(stderr, "picket-mock verify: -secret-key is required, or %s\n", picket.EnvAPIKey)
		return exitUsage
	}
	report, err := verify.Run(ctx, config)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "picket-mock", err)
		if errors.Is(err, verify.ErrUnreachable) {
			return exitFailed
		}
		return exitUsage
	}
	_, _ = report.WriteTo(stdout)
	if report.Count(verify.Fail) > 0 {
		return exitFailed
	}
	return exitStopped
}
