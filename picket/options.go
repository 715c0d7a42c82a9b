package picket

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Option changes what New makes. A CallOption is one, too.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

// CallOption changes a call, as the last argument of the client's methods. Given to New, it changes every call of the
// client.
type CallOption func(*callSettings) error

func (o CallOption) apply(s *settings) error { return o.change(&s.call) }

func (o CallOption) change(s *callSettings) error {
	if o == nil {
		return errors.New("an option is nil")
	}
	return o(s)
}

type settings struct {
	baseURL          string
	baseURLSource    string // in front of errors about it
	insecureHTTP     bool
	httpClient       *http.Client
	logger           *slog.Logger
	userAgent        string
	maxResponseBytes int64
	call             callSettings
}

type callSettings struct {
	timeout          time.Duration
	maxRetries       int
	minWait, maxWait time.Duration
	chain            string           // that the user must be on; empty for any
	origin           *origin          // of the site that logs in; nil for any
	now              func() time.Time // for the age of a login
}

// WithBaseURL calls another server than DefaultBaseURL, such as the mock server of package mock. A slash at the end
// makes no difference. It must be https, unless the host is this machine, as package loopback tells it: localhost or a
// loopback address.
func WithBaseURL(baseURL string) Option {
	return option(func(s *settings) error {
		s.baseURL, s.baseURLSource = baseURL, ""
		return nil
	})
}

// WithInsecureHTTP also allows a base URL that is http. The API key, access tokens and signatures then travel where
// everyone on the way can read them. Off by default.
func WithInsecureHTTP() Option {
	return option(func(s *settings) error {
		s.insecureHTTP = true
		return nil
	})
}

// WithHTTPClient calls through client, which stays as it is: its transport, cookies and timeout are used, and its
// redirect policy is not, because the client never follows a redirect. The default is a client of its own on
// http.DefaultTransport.
func WithHTTPClient(client *http.Client) Option {
	return option(func(s *settings) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		s.httpClient = client
		return nil
	})
}

// WithLogger writes one line for each call to logger: the operation, the status, how long it took and how many tries, and
// for a failure the code and the error. A success and a refusal are Info, and so is a call that its caller cancelled; what a
// retry may heal, such as no response, 429, 5xx and a timeout, is Warn. No line has a key, token or signature in it. By
// default nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		s.logger = logger
		return nil
	})
}

// WithUserAgent puts product, such as "shop/1.4", in front of the User-Agent that is sent. By default it is
// "picket-client-go/" and Version.
func WithUserAgent(product string) Option {
	return option(func(s *settings) error {
		if strings.TrimSpace(product) == "" || strings.ContainsFunc(product, unicode.IsControl) {
			return fmt.Errorf("WithUserAgent: %q is empty or has a control character in it", product)
		}
		s.userAgent = product + " " + s.userAgent
		return nil
	})
}

// WithMaxResponseBytes bounds the size of a response, after decompression. A larger one is an error. The default is
// DefaultMaxResponseBytes.
func WithMaxResponseBytes(n int64) Option {
	return option(func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not above 0", n)
		}
		s.maxResponseBytes = n
		return nil
	})
}

// WithTimeout bounds a call, from its start to the last byte of the response, retries included. A deadline of the call's
// context that is sooner bounds it as well: the shorter of the two wins. The default is DefaultTimeout; 0 means no bound but
// the context's. errors.Is(err, context.DeadlineExceeded) tells that the time was up.
func WithTimeout(timeout time.Duration) CallOption {
	return func(s *callSettings) error {
		if timeout < 0 {
			return fmt.Errorf("WithTimeout: %v is negative", timeout)
		}
		s.timeout = timeout
		return nil
	}
}

// WithMaxRetries bounds how often a call is repeated after its first try failed. The default is DefaultMaxRetries; 0 turns
// retries off. The package documentation says which failures are retried.
func WithMaxRetries(n int) CallOption {
	return func(s *callSettings) error {
		if n < 0 {
			return fmt.Errorf("WithMaxRetries: %d is negative", n)
		}
		s.maxRetries = n
		return nil
	}
}

// WithRetryWait sets how long to wait before a retry: shortest before the first, twice as long each time after that, at
// most longest. Up to a half is left off at random. A Retry-After of the server's (RFC 9110 section 10.2.3) is obeyed
// instead, also up to longest. The defaults are DefaultMinRetryWait and DefaultMaxRetryWait.
func WithRetryWait(shortest, longest time.Duration) CallOption {
	return func(s *callSettings) error {
		if shortest < 0 || longest < shortest {
			return fmt.Errorf("WithRetryWait: %v and %v are not a shortest and a longest wait", shortest, longest)
		}
		s.minWait, s.maxWait = shortest, longest
		return nil
	}
}
