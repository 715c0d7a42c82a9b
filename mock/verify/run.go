package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// run is one run of all checks, which run one after the other.
type run struct {
	project // that of the secret key

	base    string
	config  Config
	api     *spec.Contract
	http    *http.Client // checks what goes to the base URL against the contract
	control *control     // nil if the server is not picket-mock
	made    []string     // the IDs of the projects that were made for checks
	report  *Report

	accessToken picket.Secret // of a wallet that logged in, once one did

	mu    sync.Mutex
	found []contract.Violation // in the current check
}

func newRun(config Config) (*run, error) {
	config.Timeout = cmp.Or(config.Timeout, time.Minute)
	r := &run{base: strings.TrimSuffix(config.BaseURL, "/"), config: config, report: &Report{}}
	base, err := url.Parse(r.base)
	switch {
	case err != nil || base.Host == "" || base.User != nil:
		return nil, errors.New("the base URL must be like https://picketapi.com/api/v1")
	case !strings.HasPrefix(config.SecretKey, "sk_"):
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
	r.project = project{secretKey: config.SecretKey, publishableKey: config.PublishableKey}
	r.client, err = r.connect(r.secretKey)
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
	return &http.Client{Transport: transport, CheckRedirect: followNone}
}

func followNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// connect returns a client whose calls are checked against the contract.
func (r *run) connect(key string) (*picket.Client, error) {
	return picket.New(key, picket.WithBaseURL(r.base), picket.WithHTTPClient(r.http))
}

// reach finds out whether there is a server, and whether it is picket-mock.
func (r *run) reach(ctx context.Context) error {
	plain := &http.Client{Transport: r.config.Transport, CheckRedirect: followNone, Timeout: r.config.Timeout}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/chains", nil)
	if err != nil {
		return err
	}
	response, err := plain.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	_ = response.Body.Close()
	beside := request.URL.Scheme + "://" + request.URL.Host + "/_mock"
	c := &control{url: cmp.Or(strings.TrimSuffix(r.config.ControlURL, "/"), beside), http: plain}
	err = c.answers(ctx)
	if err == nil {
		r.domains, err = c.allowedDomains(ctx, r.secretKey)
	}
	switch {
	case err == nil:
		r.control = c
	case r.config.ControlURL != "":
		return fmt.Errorf("picket-mock does not answer at the control URL: %w", err)
	}
	return nil
}
