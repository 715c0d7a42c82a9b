package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// maxDocumentBytes is how large the issuer's documents may be, after decompression.
const maxDocumentBytes = 256 << 10

// DiscoverKeys returns the keys of an OpenID issuer: for Picket's, picket.DefaultBaseURL. They are fetched when the
// first token is to be verified: the issuer's configuration from {issuer}/.well-known/openid-configuration, and the
// keys from its jwks_uri (OpenID Connect Discovery 1.0 section 4).
//
// The issuer is an https URL, or http on this machine, without query and fragment, spelt as its configuration does; the
// same is true of jwks_uri, which may have a query. Redirects are not followed. Of the keys those count that are
// public, EC, on P-256, and for signatures with ES256; others are ignored.
//
// It fails when the URL or an option is not valid.
func DiscoverKeys(issuer string, options ...KeysOption) (Keys, error) {
	s, err := newKeysSettings(options)
	if err != nil {
		return nil, err
	}
	u, err := s.checkURL(issuer)
	if err != nil {
		return nil, fmt.Errorf("accesstoken: the issuer %w", err)
	}
	if u.RawQuery != "" || u.ForceQuery {
		return nil, fmt.Errorf("accesstoken: the issuer on %s has a query", u.Host)
	}
	return newRemoteKeys(s, func(ctx context.Context, client *http.Client) ([]key, error) {
		configured, err := discover(ctx, client, issuer)
		if err != nil {
			return nil, err
		}
		jwksURL, err := s.checkURL(configured)
		if err != nil {
			return nil, fmt.Errorf("the jwks_uri of the OpenID configuration %w", err)
		}
		return fetchKeys(ctx, client, jwksURL)
	}), nil
}

// RemoteKeys returns the keys of a JWK set at a URL (RFC 7517 section 5), without discovery; otherwise it is as
// DiscoverKeys.
func RemoteKeys(jwksURL string, options ...KeysOption) (Keys, error) {
	s, err := newKeysSettings(options)
	if err != nil {
		return nil, err
	}
	u, err := s.checkURL(jwksURL)
	if err != nil {
		return nil, fmt.Errorf("accesstoken: the URL of the keys %w", err)
	}
	return newRemoteKeys(s, func(ctx context.Context, client *http.Client) ([]key, error) {
		return fetchKeys(ctx, client, u)
	}), nil
}

func newRemoteKeys(s keysSettings, fetch func(context.Context, *http.Client) ([]key, error)) Keys {
	client := *s.httpClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &remoteKeys{
		keysSettings: s,
		fetch:        func(ctx context.Context) ([]key, error) { return fetch(ctx, &client) },
	}
}

func newKeysSettings(options []KeysOption) (keysSettings, error) {
	s := keysSettings{
		httpClient:      &http.Client{},
		refreshInterval: DefaultRefreshInterval,
		lifetime:        DefaultKeyLifetime,
		timeout:         DefaultFetchTimeout,
		now:             time.Now,
	}
	for _, option := range options {
		if option == nil {
			return s, errors.New("accesstoken: an option is nil")
		}
		if err := option(&s); err != nil {
			return s, fmt.Errorf("accesstoken: %w", err)
		}
	}
	if s.lifetime <= s.refreshInterval {
		return s, fmt.Errorf("accesstoken: the keys' lifetime, %v, is not longer than the refresh interval, %v", s.lifetime, s.refreshInterval)
	}
	return s, nil
}

// discover returns the jwks_uri of an issuer.
func discover(ctx context.Context, client *http.Client, issuer string) (string, error) {
	location, err := url.Parse(strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration")
	if err != nil {
		return "", errors.New("the issuer is not a URL")
	}
	text, err := get(ctx, client, location)
	if err != nil {
		return "", fmt.Errorf("the OpenID configuration: %w", err)
	}
	var configuration struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(text, &configuration); err != nil {
		return "", errors.New("the OpenID configuration is malformed JSON, or has something twice")
	}
	if configuration.Issuer != issuer {
		return "", fmt.Errorf("the OpenID configuration is of another issuer, %.200q; use exactly that URL if it is the right one", configuration.Issuer)
	}
	return configuration.JWKSURI, nil
}

func fetchKeys(ctx context.Context, client *http.Client, jwksURL *url.URL) ([]key, error) {
	text, err := get(ctx, client, jwksURL)
	if err != nil {
		return nil, fmt.Errorf("the keys: %w", err)
	}
	return parseJWKS(text)
}

func get(ctx context.Context, client *http.Client, location *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, location.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be asked", location.Host)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "picket-client-go/"+picket.Version)
	response, err := client.Do(request)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // without the URL, whose query may be secret
		}
		return nil, fmt.Errorf("%s does not answer: %w", location.Host, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers with status %d instead of 200", location.Host, response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxDocumentBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer of %s broke off: %w", location.Host, err)
	case len(text) > maxDocumentBytes:
		return nil, fmt.Errorf("the answer of %s is larger than %d bytes", location.Host, maxDocumentBytes)
	}
	return text, nil
}

// checkURL refuses a URL that keys cannot be trusted from. What it says of one goes after the name of the URL.
func (s keysSettings) checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("is not an absolute https URL")
	case u.User != nil:
		return nil, fmt.Errorf("on %s has a user or password in it", u.Host)
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, fmt.Errorf("on %s has a fragment", u.Host)
	case u.Scheme == "http" && !s.insecureHTTP && !loopback.Is(u.Hostname()):
		return nil, fmt.Errorf("on %s is not https, so that anyone on the way could put in keys of their own; where that cannot happen, WithInsecureHTTP allows it", u.Host)
	}
	return u, nil
}
