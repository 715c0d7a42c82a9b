package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// maxDocumentBytes is how large the issuer's documents may be, after decompression.
const maxDocumentBytes = 256 << 10

// DiscoverKeys returns the keys of an OpenID issuer. Picket's issuer is picket.DefaultBaseURL. The keys are fetched when Load is
// called or the first token is verified: the issuer's configuration from {issuer}/.well-known/openid-configuration, and the keys
// from its jwks_uri (OpenID Connect Discovery 1.0 section 4).
//
// The issuer is an https URL, or http on this machine, without query and fragment, spelled exactly as in its configuration. The
// jwks_uri must be such a URL, too, but may have a query. Redirects are not followed. Only public EC keys on P-256 for signatures
// with ES256 are used; others are ignored.
//
// DiscoverKeys fails when the URL is not valid, or an option is nil or not valid. Whether the URL is the right one shows in Load.
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

// RemoteKeys returns the keys of a JWK set at a URL (RFC 7517 section 5), without discovery. Otherwise it is like DiscoverKeys.
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
		return "", errors.New("the OpenID configuration is malformed JSON, or has a name twice")
	}
	if configuration.Issuer != issuer {
		return "", fmt.Errorf("the OpenID configuration is that of another issuer, %.200q; if that is the right one, use exactly this URL", configuration.Issuer)
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
		return nil, fmt.Errorf("no request can be made to %s", location.Host)
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

// checkURL refuses a URL whose keys cannot be trusted. Its error continues a sentence that begins with what the URL is.
func (s keysSettings) checkURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("is not an absolute https URL")
	case u.User != nil:
		return nil, fmt.Errorf("on %s contains a user or a password", u.Host)
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, fmt.Errorf("on %s has a fragment", u.Host)
	case u.Scheme == "http" && !s.insecureHTTP.Allows(u.Hostname()) && !loopback.Is(u.Hostname()):
		return nil, fmt.Errorf("on %s is not https, so anyone on the way could substitute their own keys; where that cannot happen, allow it with WithInsecureHTTP, or by %s with WithInsecureHTTPFromEnv", u.Host, check.EnvInsecureHTTPHosts)
	}
	return u, nil
}
