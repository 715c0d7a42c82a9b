package picket

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/generated/client"
	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// Version is the version of this package, which it sends in the User-Agent.
const Version = "0.1.0"

const (
	// DefaultBaseURL is where the Picket API is.
	DefaultBaseURL = "https://picketapi.com/api/v1"
	// DefaultTimeout is how long a call may take.
	DefaultTimeout = 30 * time.Second
	// DefaultMaxRetries is how often a call is repeated.
	DefaultMaxRetries = 2
	// DefaultMinRetryWait is how long the first retry waits.
	DefaultMinRetryWait = 500 * time.Millisecond
	// DefaultMaxRetryWait is how long a retry waits at most.
	DefaultMaxRetryWait = 30 * time.Second
	// DefaultMaxResponseBytes is how large a response may be: 1 MiB.
	DefaultMaxResponseBytes = 1 << 20
)

// Client calls the Picket API. It does not change once made and is safe for concurrent use. It keeps the API key where
// no print of it can reach.
type Client struct {
	api              *client.Client
	call             callSettings
	logger           *slog.Logger
	maxResponseBytes int64
	scrub            scrubber
}

// New returns a client that authorizes its calls with apiKey, a secret key (sk_…) on servers. Without options it calls
// DefaultBaseURL.
//
// It fails when the key is empty, or cannot be one: when it has a character that no key has, such as a space, a colon, which
// HTTP Basic cannot carry in a username (RFC 7617 section 2), or an invisible one, when it is in quotes, the name of a
// variable, a whole line of a file, or a URL. It fails when an option is not valid. The error names the cause and does not
// show the key.
func New(apiKey string, options ...Option) (*Client, error) {
	if err := checkAPIKey(apiKey); err != nil {
		return nil, fmt.Errorf("picket: %w", err)
	}
	credentials := base64.StdEncoding.EncodeToString([]byte(apiKey + ":"))
	scrub := newScrubber(apiKey)
	client, err := newClient(credentials, options)
	if err != nil {
		return nil, errors.New("picket: " + scrub(err.Error())) // an option may hold the key by mistake
	}
	client.scrub = scrub
	return client, nil
}

func newClient(credentials string, options []Option) (*Client, error) {
	s := settings{
		baseURL:          DefaultBaseURL,
		httpClient:       &http.Client{},
		userAgent:        "picket-client-go/" + Version,
		maxResponseBytes: DefaultMaxResponseBytes,
		call: callSettings{
			timeout:    DefaultTimeout,
			maxRetries: DefaultMaxRetries,
			minWait:    DefaultMinRetryWait,
			maxWait:    DefaultMaxRetryWait,
			now:        time.Now,
		},
	}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("an option is nil")
		}
		if err := option.apply(&s); err != nil {
			return nil, err
		}
	}
	baseURL, err := parseBaseURL(s.baseURL, s.insecureHTTP)
	if err != nil {
		return nil, fmt.Errorf("%s%w", s.baseURLSource, err)
	}

	// The API redirects nothing, and a redirect that is not followed cannot take the key elsewhere.
	httpClient := *s.httpClient
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	// The generated client parses its server's URL for each request. A short one, completed here, is quicker.
	api, err := client.NewClient("/",
		client.WithHTTPClient(&httpClient),
		client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			rebase(r.URL, baseURL)
			// Of each request its own, because a transport may change them.
			values := [...]string{"Basic " + credentials, s.userAgent, mediaTypeJSON}
			r.Header["Authorization"] = values[0:1:1]
			r.Header["User-Agent"] = values[1:2:2]
			r.Header["Accept"] = values[2:3:3]
			return nil
		}))
	if err != nil {
		return nil, err
	}
	return &Client{
		api:              api,
		call:             s.call,
		logger:           s.logger,
		maxResponseBytes: s.maxResponseBytes,
	}, nil
}

// rebase moves a URL, which is a path, under a base.
func rebase(u, base *url.URL) {
	u.Scheme, u.Host = base.Scheme, base.Host
	if u.RawPath != "" || base.RawPath != "" {
		u.RawPath = base.EscapedPath() + u.EscapedPath()
	}
	u.Path = base.Path + u.Path
}

// parseBaseURL returns the base URL without a slash at its end.
func parseBaseURL(base string, insecureHTTP bool) (*url.URL, error) {
	if base != "" {
		if err := check.Setting("the base URL", base); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(strings.TrimRight(base, "/"))
	switch {
	case strings.Contains(base, " "):
		return nil, errors.New("the base URL has a space in it")
	case err != nil:
		return nil, errors.New("the base URL is not a URL") // err quotes it, and it may hold a password
	case u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		// It is not shown, because it may be a key.
		return nil, fmt.Errorf("the base URL is not an absolute https URL, such as %s; are the key and the base URL interchanged?", DefaultBaseURL)
	case u.User != nil:
		return nil, fmt.Errorf("the base URL of %s has a user or password in it; the API key belongs into New only", u.Host)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("the base URL of %s has a query or a fragment", u.Host)
	case u.Scheme == "http" && !insecureHTTP && !loopback.Is(u.Hostname()):
		return nil, fmt.Errorf("the base URL %q is not https, so the API key would travel in the clear; use https, or allow it with the option WithInsecureHTTP", u)
	}
	return u, nil
}
