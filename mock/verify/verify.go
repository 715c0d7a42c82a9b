package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// Config says which server is checked.
type Config struct {
	// BaseURL is the base URL of the API, such as https://picketapi.com/api/v1. It must be https, or on the loopback interface.
	BaseURL string
	// SecretKey is the secret API key of a project, for all but OAuth 2.0.
	SecretKey string
	// PublishableKey is the publishable API key of the same project, for OAuth 2.0. Without it these checks are skipped, but for
	// picket-mock, which is told to make a project.
	PublishableKey string
	// RedirectURI is one that the project allows. Without it the flows that need one are skipped, but for picket-mock, which is
	// told to allow one.
	RedirectURI string
	// ControlURL is where picket-mock is told what to do, such as http://127.0.0.1:4010/_mock. The default is /_mock beside the
	// API, if picket-mock answers there.
	ControlURL string
	// Skip names checks to be skipped: those whose name it matches. The default is none.
	Skip *regexp.Regexp
	// Transport sends the requests. The default is http.DefaultTransport.
	Transport http.RoundTripper
	// Timeout bounds each check. The default is a minute.
	Timeout time.Duration
}

// ErrUnreachable means that no server answers at the base URL.
var ErrUnreachable = errors.New("the server cannot be reached")

// Run checks a server. It fails when the configuration is not valid, or with ErrUnreachable; whatever else goes wrong is in the
// report.
func Run(ctx context.Context, config Config) (*Report, error) {
	if ctx == nil {
		return nil, errors.New("verify: the context is nil")
	}
	r, err := newRun(config)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if err := r.reach(ctx); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	r.chains(ctx)
	r.nonces(ctx)
	for _, chain := range []string{"ethereum", "polygon", "solana"} {
		r.logins(ctx, chain)
		if chain != "polygon" { // whose gates are those of every EVM chain
			r.gates(ctx, chain)
			r.ownership(ctx, chain)
		}
	}
	r.formats(ctx)
	r.expiry(ctx)
	r.oauth(ctx)
	r.operations(ctx)
	return r.report, nil
}

// run is one run of all checks, one after the other.
type run struct {
	base    string
	key     string // the secret key
	config  Config
	api     *spec.Contract
	http    *http.Client // holds against the contract what goes to the base URL
	client  *picket.Client
	control *control // nil when the server is no picket-mock
	report  *Report

	accessToken picket.Secret // of a wallet that is logged in, once there is one

	mu    sync.Mutex
	found []contract.Violation // in the current check
}

func newRun(config Config) (*run, error) {
	config.Timeout = cmp.Or(config.Timeout, time.Minute)
	r := &run{base: strings.TrimSuffix(config.BaseURL, "/"), key: config.SecretKey, config: config, report: &Report{}}
	base, err := url.Parse(r.base)
	switch {
	case err != nil || base.Host == "" || base.User != nil:
		return nil, errors.New("the base URL must be like https://picketapi.com/api/v1")
	case !strings.HasPrefix(r.key, "sk_"):
		return nil, errors.New("the secret key must begin with sk_")
	case config.PublishableKey != "" && !strings.HasPrefix(config.PublishableKey, "pk_"):
		return nil, errors.New("the publishable key must begin with pk_")
	}
	api, err := spec.API()
	if err != nil {
		return nil, err
	}
	if r.api, err = api.At(base.EscapedPath()); err != nil {
		return nil, err
	}
	r.http = r.checking(r.api.Base())
	r.client, err = r.connect(r.key)
	return r, err
}

// checking returns an HTTP client that follows no redirect, and checks what it sends and receives against the contract at a base path.
func (r *run) checking(basePath string) *http.Client {
	transport := contract.NewTransport(r.config.Transport, contract.WithBasePath(basePath), contract.WithOnViolation(func(v contract.Violation) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !slices.Contains(r.found, v) {
			r.found = append(r.found, v)
		}
	}))
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// connect returns a client whose calls are held against the contract.
func (r *run) connect(key string) (*picket.Client, error) {
	return picket.New(key, picket.WithBaseURL(r.base), picket.WithHTTPClient(r.http))
}

// reach looks whether there is a server, and whether it is picket-mock.
func (r *run) reach(ctx context.Context) error {
	plain := &http.Client{Transport: r.config.Transport, CheckRedirect: r.http.CheckRedirect, Timeout: r.config.Timeout}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/chains", nil)
	if err != nil {
		return err
	}
	response, err := plain.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	_ = response.Body.Close()
	c := &control{url: cmp.Or(strings.TrimSuffix(r.config.ControlURL, "/"), request.URL.Scheme+"://"+request.URL.Host+"/_mock"), http: plain}
	switch err := c.answers(ctx); {
	case err == nil:
		r.control = c
	case r.config.ControlURL != "":
		return fmt.Errorf("no picket-mock answers at the control URL: %w", err)
	}
	return nil
}

// skip is why a check is skipped.
type skip string

func (s skip) Error() string { return string(s) }

const needsMock = skip("needs picket-mock, to be set up")

// check runs a check. Requests and responses that break the contract make it fail.
func (r *run) check(ctx context.Context, name string, f func(context.Context) error) {
	r.judge(ctx, name, true, f)
}

// checkWrong runs a check whose request breaks the contract on purpose.
func (r *run) checkWrong(ctx context.Context, name string, f func(context.Context) error) {
	r.judge(ctx, name, false, f)
}

func (r *run) judge(ctx context.Context, name string, judgeRequests bool, f func(context.Context) error) {
	if r.config.Skip != nil && r.config.Skip.MatchString(name) {
		r.report.Checks = append(r.report.Checks, Check{Name: name, Result: Skip, Reason: "is to be skipped"})
		return
	}
	r.takeFound()
	limited, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	err := f(limited)
	found := r.takeFound()
	if !judgeRequests {
		found = slices.DeleteFunc(found, func(v contract.Violation) bool { return v.Direction == contract.Request })
	}
	check := Check{Name: name, Result: Pass, Violations: found}
	var skipped skip
	switch {
	case errors.As(err, &skipped):
		check.Result, check.Reason = Skip, skipped.Error()
	case err != nil:
		check.Result, check.Reason = Fail, names.Message(err.Error())
	case len(found) > 0:
		check.Result, check.Reason = Fail, "the contract is broken"
	}
	r.report.Checks = append(r.report.Checks, check)
}

func (r *run) takeFound() []contract.Violation {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.found
	r.found = nil
	return found
}

// refused returns nil when a call ended with the error that it should.
func refused(got error, want picket.ErrorCode) error {
	switch {
	case got == nil:
		return fmt.Errorf("it succeeded, and must be refused with %s", want)
	case !errors.Is(got, want):
		return fmt.Errorf("it must be refused with %s: %w", want, got)
	}
	return nil
}
