package verify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// ErrUnreachable means that no server answers at the base URL.
var ErrUnreachable = errors.New("the server cannot be reached")

// run is one run of all checks, which run one after the other.
type run struct {
	project // that of the secret key

	base    string
	set     settings
	api     *spec.Contract
	http    *http.Client // checks what goes to the base URL against the contract
	control *control     // nil if the server is not picket-mock
	made    []string     // the IDs of the projects that were made for checks
	report  *Report

	counting bool // the checks are counted, and do not run
	total    int  // how many checks there are

	accessToken picket.Secret // of a wallet that logged in, once one did

	mu    sync.Mutex
	found []contract.Violation // in the current check
}

func newRun(baseURL, secretKey string, options []Option) (*run, error) {
	set, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	r := &run{base: strings.TrimSuffix(baseURL, "/"), set: set, report: &Report{}}
	base, err := url.Parse(r.base)
	switch {
	case err != nil || base.Host == "" || base.User != nil:
		return nil, errors.New("the base URL must be like https://picketapi.com/api/v1")
	case !strings.HasPrefix(secretKey, "sk_"):
		return nil, errors.New("the secret key must begin with sk_")
	}
	api, err := spec.API()
	if err != nil {
		return nil, err
	}
	if r.api, err = api.At(base.EscapedPath()); err != nil {
		return nil, err
	}
	r.http = r.checking(r.api.Base())
	r.project = project{secretKey: secretKey, publishableKey: set.publishableKey, domain: set.domain}
	r.client, err = r.connect(r.secretKey)
	return r, err
}

// checking returns an HTTP client that follows no redirect, and checks what it sends and receives against the contract at a base path.
func (r *run) checking(basePath string) *http.Client {
	options := []contract.Option{contract.WithBasePath(basePath), contract.WithOnViolation(func(v contract.Violation) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !slices.Contains(r.found, v) {
			r.found = append(r.found, v)
		}
	})}
	if r.set.observer != nil {
		options = append(options, contract.WithObserver(r.set.observer))
	}
	return &http.Client{Transport: contract.NewTransport(r.set.transport, options...), CheckRedirect: followNone}
}

func followNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// connect returns a client whose calls are checked against the contract.
func (r *run) connect(key string) (*picket.Client, error) {
	return picket.New(key, picket.WithBaseURL(r.base), picket.WithHTTPClient(r.http))
}

// reach finds out whether there is a server, whether it knows the keys, and whether it is picket-mock.
func (r *run) reach(ctx context.Context) error {
	plain := &http.Client{Transport: r.set.transport, CheckRedirect: followNone, Timeout: r.set.timeout}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/chains", nil)
	if err != nil {
		return err
	}
	request.SetBasicAuth(r.secretKey, "")
	response, err := plain.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	_ = response.Body.Close()
	switch response.StatusCode {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return fmt.Errorf("GET %s/chains is answered with %s; the base URL must be that of the API, such as http://127.0.0.1:4010/api/v1", request.URL.Host+strings.TrimSuffix(request.URL.Path, "/chains"), response.Status)
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("GET /chains is answered with %s; the server has no project with this secret key", response.Status)
	}
	for _, given := range []struct{ kind, key string }{{"secret", r.secretKey}, {"publishable", r.publishableKey}} {
		if given.key == "" {
			continue
		}
		if err := r.isKnown(ctx, plain, given.kind, given.key); err != nil {
			return err
		}
	}
	beside := request.URL.Scheme + "://" + request.URL.Host + "/_mock"
	c := &control{url: cmp.Or(strings.TrimSuffix(r.set.controlURL, "/"), beside), http: plain}
	err = c.answers(ctx)
	if err == nil {
		r.domains, err = c.allowedDomains(ctx, r.secretKey)
	}
	switch {
	case err == nil:
		r.control = c
	case r.set.controlURL != "":
		return fmt.Errorf("picket-mock does not answer at the control URL: %w", err)
	}
	return nil
}

// isKnown asks for an operation that needs a key and writes nothing, because a server may let anyone read the chains. The token in the
// request is none, so a key that is known is answered with another error.
func (r *run) isKnown(ctx context.Context, client *http.Client, kind, key string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/auth/validate", strings.NewReader(`{"accessToken":"none"}`))
	if err != nil {
		return err
	}
	request.SetBasicAuth(key, "")
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	var refusal struct{ Code picket.ErrorCode }
	_ = json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&refusal) // without a code, the status says it
	if response.StatusCode == http.StatusUnauthorized || refusal.Code == picket.CodeAPIKeyInvalid {
		return fmt.Errorf("POST /auth/validate is answered with %s; the server has no project with this %s key", response.Status, kind)
	}
	return nil
}
