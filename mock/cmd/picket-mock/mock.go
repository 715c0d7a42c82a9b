package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/dashboard"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/reference"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// runMock answers like the API until the context is done.
func runMock(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var given mockFlags
	flags := given.set(stderr)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitStopped
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "picket-mock: \"%s\" is neither a flag nor a command; the commands, which come first, are health, learn, proxy and verify (see -help)\n", names.Shown(flags.Arg(0)))
		return exitUsage
	}
	if given.version {
		_, _ = fmt.Fprintln(stdout, version())
		return exitStopped
	}
	logger, err := newLogger(stderr, given.log)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: -log: %v\n", err)
		return exitUsage
	}
	options, err := given.options(flags)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		return exitUsage
	}
	options = append(options, mock.WithLogger(logger), mock.WithControlPage(reference.Name, reference.Handler()),
		mock.WithControlPage("", dashboard.Page()), mock.WithControlPage(dashboard.Name, dashboard.Handler()))
	server, err := mock.New(options...)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %s\n", namingFlags(err))
		return exitUsage
	}
	secured, err := given.tls.config(given.certificateHosts())
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		return exitUsage
	}
	listener, err := listen(given.addr)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		return exitOf(err)
	}
	base := baseURL(listener, "http")
	if secured != nil {
		base, listener = baseURL(listener, "https"), tls.NewListener(listener, secured)
	}
	if given.configFile != "" {
		defer reloadOnHangup(server, logger)()
	}
	warnOfLiveKeys(server, stderr)
	_, _ = fmt.Fprintf(stdout, "picket-mock answers at %s\nsecret key       %s\npublishable key  %s\nproject ID       %s\nissuer           %s\nsigning key      %s\ndashboard        %s\nreference        %s\n",
		base, server.SecretKey, server.PublishableKey, server.ID, cmp.Or(server.Issuer(), base), server.SigningKeys()[0].ID, below(base, ""), below(base, reference.Name))
	if len(given.drift) > 0 {
		_, _ = fmt.Fprintf(stdout, "drift            %s\n", driftLine(server, base))
	}
	if err := server.Serve(ctx, listener); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock: %v\n", err)
		if !errors.Is(err, mock.ErrCutOff) { // clients that hang do not make it a failure to be stopped
			return exitFailed
		}
	}
	return exitStopped
}

// driftLine says how far the answers differ from the contract.
func driftLine(server *mock.Server, base string) string {
	list := below(base, "drift")
	switch n := len(server.Drift()); n {
	case 0:
		return "none: what was observed is as the contract says"
	case 1:
		return "1 difference from the contract, see " + list
	default:
		return fmt.Sprintf("%d differences from the contract, see %s", n, list)
	}
}

// below returns the URL of a name below /_mock/.
func below(base, name string) string {
	return strings.TrimSuffix(base, spec.BasePath) + controls.Path + "/" + name
}

var optionName = regexp.MustCompile(`^mock: With([A-Za-z]+): `)

// namingFlags returns an error's text with the name of the flag instead of that of the option that it sets.
func namingFlags(err error) string {
	text := strings.TrimPrefix(err.Error(), "mock: ")
	option := optionName.FindStringSubmatch(err.Error())
	if option == nil {
		return text
	}
	flag := strings.TrimPrefix(regexp.MustCompile(`[A-Z]`).ReplaceAllStringFunc(option[1], func(capital string) string { return "-" + strings.ToLower(capital) }), "-")
	switch flag {
	case "max-state-bytes":
		flag = "max-state-mib"
	case "config-file":
		flag = "config"
	}
	return "-" + strings.NewReplacer("redirect-u-r-i", "redirect-uri", "i-d", "id", "public-u-r-l", "public-url").Replace(flag) + ": " + strings.TrimPrefix(err.Error(), option[0])
}

func warnOfLiveKeys(server *mock.Server, stderr io.Writer) {
	for _, project := range server.Projects() {
		for _, key := range []string{project.SecretKey, project.PublishableKey} {
			if !looksMadeUp(key) {
				_, _ = fmt.Fprintf(stderr, "picket-mock: warning: the key %s… could be a live one; use a made-up key, which is all that tests need\n", key[:5])
			}
		}
	}
}
