package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

const healthUsage = `picket-mock health checks whether a picket-mock is up and answers. It is for health checks of containers that have no curl.

usage: picket-mock health [flags]

It prints nothing if the mock is up. The exit status is 0 if it is up, 1 if it is not, and 2 for a mistake in the arguments.

`

// healthFlags are the flags of the health check.
type healthFlags struct {
	url, authority string
	timeout        time.Duration
}

func (f *healthFlags) set(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("picket-mock health", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, healthUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&f.url, "url", "http://127.0.0.1:4010", "the `URL` of the mock, with or without "+spec.BasePath)
	flags.StringVar(&f.authority, "ca", "", "the PEM `file` that the mock's -tls-ca wrote")
	flags.DurationVar(&f.timeout, "timeout", 3*time.Second, "how long to wait for the answer at most")
	return flags
}

// client returns what asks the mock.
func (f *healthFlags) client() (*http.Client, error) {
	if f.timeout <= 0 {
		return nil, errors.New("-timeout is not above 0")
	}
	transport := &http.Transport{DisableKeepAlives: true} // without the proxy of the environment: the mock is never behind it
	if f.authority != "" {
		text, err := os.ReadFile(f.authority)
		if err != nil {
			return nil, fmt.Errorf("-ca: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificate in PEM in it", f.authority)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: transport, Timeout: f.timeout}, nil
}

// endpoint returns the URL to ask.
func (f *healthFlags) endpoint() (string, error) {
	u, err := url.Parse(f.url)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return "", errors.New("-url is not like http://127.0.0.1:4010")
	}
	return strings.TrimSuffix(strings.TrimSuffix(f.url, "/"), spec.BasePath) + "/_mock/health", nil
}

func runHealth(ctx context.Context, args []string, stderr io.Writer) int {
	var given healthFlags
	if status, ok := parse(given.set(stderr), args, stderr); !ok {
		return status
	}
	endpoint, err := given.endpoint()
	var client *http.Client
	if err == nil {
		client, err = given.client()
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock health: %v\n", err)
		return exitUsage
	}
	if err := check(ctx, client, endpoint); err != nil {
		_, _ = fmt.Fprintf(stderr, "picket-mock health: the mock is not up: %v\n", err)
		return exitFailed
	}
	return exitStopped
}

func check(ctx context.Context, client *http.Client, endpoint string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1024))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || strings.TrimSpace(string(text)) != `{"status":"ok"}` {
		return fmt.Errorf("%s answers with %s, and not as a picket-mock does", endpoint, response.Status)
	}
	return nil
}
