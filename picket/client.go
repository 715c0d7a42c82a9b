package picket

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
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

// DefaultBaseURL is where the Picket API is.
const DefaultBaseURL = "https://picketapi.com/api/v1"

// The comments of the options state these defaults.
const (
	defaultTimeout          = 30 * time.Second
	defaultMaxRetries       = 2
	defaultMinRetryWait     = 500 * time.Millisecond
	defaultMaxRetryWait     = 30 * time.Second
	defaultMaxResponseBytes = 1 << 20
)

// Client calls the Picket API. It does not change once New has returned it, and is safe for concurrent use. It keeps the API key
// where printing the client does not show it.
type Client struct {
	api              *client.Client
	baseURL          string
	call             callSettings
	log              logFunc
	maxResponseBytes int64
	scrub            scrubber
}

// New returns a client that authorizes its calls with apiKey, which on servers is a secret key (sk_…). Without options it calls
// DefaultBaseURL.
//
// It fails when the key is empty or cannot be one: when it has a character that no key has, such as a space, an invisible
// character, or a colon, which HTTP Basic cannot carry in a username (RFC 7617 section 2); and when it is in quotes, the name of
// a variable, a whole line of a file, or a URL. It also fails when an option is nil or not valid. The error names the cause and
// does not show the key.
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
	s, err := settingsWith(options)
	if err != nil {
		return nil, err
	}
	baseURL, err := parseBaseURL(s.baseURL, s.insecureHTTP, s.httpHint)
	if err != nil {
		return nil, fmt.Errorf("%s%w", s.baseURLSource, err)
	}
	api, err := newAPI(baseURL, credentials, s)
	if err != nil {
		return nil, err
	}
	return &Client{
		api:              api,
		baseURL:          baseURL.String(),
		call:             s.call,
		log:              s.log,
		maxResponseBytes: s.maxResponseBytes,
	}, nil
}

func settingsWith(options []Option) (settings, error) {
	s := settings{
		baseURL:          DefaultBaseURL,
		httpClient:       &http.Client{},
		userAgent:        "picket-client-go/" + Version,
		maxResponseBytes: defaultMaxResponseBytes,
		call: callSettings{
			timeout:    defaultTimeout,
			maxRetries: defaultMaxRetries,
			minWait:    defaultMinRetryWait,
			maxWait:    defaultMaxRetryWait,
			now:        time.Now,
		},
	}
	for _, option := range options {
		if option == nil {
			return s, errNilOption
		}
		if err := option.apply(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// newAPI returns the generated client for a base URL.
func newAPI(baseURL *url.URL, credentials string, s settings) (*client.Client, error) {
	// The API redirects nothing, and a redirect that is not followed cannot take the key elsewhere.
	httpClient := *s.httpClient
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	// The generated client parses its server's URL for each request. A short one that is completed here is quicker.
	return client.NewClient("/",
		client.WithHTTPClient(&httpClient),
		client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			rebase(r.URL, baseURL)
			// Each request has values of its own, because a transport may change them.
			values := [...]string{"Basic " + credentials, s.userAgent, mediaTypeJSON}
			r.Header["Authorization"] = values[0:1:1]
			r.Header["User-Agent"] = values[1:2:2]
			r.Header["Accept"] = values[2:3:3]
			return nil
		}))
}

// BaseURL returns the URL that the client calls, without a slash at its end. It holds no secret: New takes no base URL with a
// user, a password or a query in it. It is empty for a client that New did not return.
func (c *Client) BaseURL() string {
	if c == nil {
		return ""
	}
	return c.baseURL
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
func parseBaseURL(base string, insecure check.InsecureHTTP, hint string) (*url.URL, error) {
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
	case u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		// It is not shown, because it may be a key.
		return nil, fmt.Errorf("the base URL is not an absolute https URL, such as %s; are the key and the base URL interchanged?", DefaultBaseURL)
	case u.User != nil:
		return nil, fmt.Errorf("the base URL of %s has a user or password in it; the API key belongs into New only", u.Host)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("the base URL of %s has a query or a fragment", u.Host)
	case u.Scheme == "http" && !insecure.Allows(u.Hostname()) && !loopback.Is(u.Hostname()):
		if hint != "" {
			hint = fmt.Sprintf(hint, u.Hostname())
		}
		return nil, fmt.Errorf("the base URL %q is not https, so the API key would travel in the clear; use https, or allow it with the option WithInsecureHTTP%s", u, hint)
	}
	return u, nil
}
