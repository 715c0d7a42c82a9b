package picket

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// Option is an option of New. A CallOption is one, too. A nil option is an error of New, and so is one with a value that makes
// no sense.
type Option interface{ apply(*settings) error }

var errNilOption = errors.New("an option is nil")

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

// CallOption is an option of a call, the last arguments of the client's methods. Given to New, it is an option of every call of
// the client; one that is given to a method comes after it. A nil option, or one with a value that makes no sense, is
// ErrInvalidArgument, and an error of New.
type CallOption func(*callSettings) error

func (o CallOption) apply(s *settings) error {
	if err := o.change(&s.call); err != nil {
		return err
	}
	if s.call.info != nil {
		return errors.New("WithResponseInfo: it is for one call; give it to the method, not to New")
	}
	return nil
}

func (o CallOption) change(s *callSettings) error {
	if o == nil {
		return errNilOption
	}
	return o(s)
}

type settings struct {
	baseURL          string
	baseURLSource    string // where it is from, in front of errors about it
	insecureHTTP     check.InsecureHTTP
	httpHint         string // what else allows http, in an error about it, with a verb for the host
	httpClient       *http.Client
	log              logFunc
	userAgent        string
	maxResponseBytes int64
	call             callSettings
}

type callSettings struct {
	timeout          time.Duration
	maxRetries       int
	minWait, maxWait time.Duration
	chain            string           // that the user must be on; empty for any
	origin           site             // of the site that logs in; nil for any
	now              func() time.Time // for the age of a login, and for when a rate limit ends
	info             *ResponseInfo    // to be filled; nil for none
	repeatable       bool             // that a request of Do may be repeated
}

// WithBaseURL calls another server than DefaultBaseURL, such as that of package mock. A slash at the end makes no difference. The
// URL must be https, unless its host is this machine: localhost or a loopback address (see package loopback).
func WithBaseURL(baseURL string) Option {
	return option(func(s *settings) error {
		s.baseURL, s.baseURLSource = baseURL, ""
		return nil
	})
}

// WithInsecureHTTP also allows a base URL that is http on another machine. Everyone between the client and the server can then
// read the API key, access tokens and signatures. Off by default.
func WithInsecureHTTP() Option {
	return option(func(s *settings) error {
		s.insecureHTTP.Everywhere = true
		return nil
	})
}

// WithHTTPClient sends requests through client, with its transport, cookies and timeout. Its redirect policy is not used, because
// no redirect is followed; client itself is not changed. The default is a new http.Client, which uses http.DefaultTransport.
func WithHTTPClient(client *http.Client) Option {
	return option(func(s *settings) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		s.httpClient = client
		return nil
	})
}

// WithLogger writes one line for each call to logger: the operation, the status, the duration and the number of tries, and for a
// failure the code, the error and the request ID. Successes, refusals and calls that the caller cancelled are logged at Info;
// failures that may pass, such as no response, 429, 5xx and timeouts, at Warn. No line has a key, token or signature in it. By
// default nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		s.log = logger.LogAttrs
		return nil
	})
}

// WithUserAgent puts product, such as "shop/1.4", in front of the User-Agent, which by default is "picket-client-go/" and Version.
func WithUserAgent(product string) Option {
	return option(func(s *settings) error {
		if strings.TrimSpace(product) == "" || strings.ContainsFunc(product, unicode.IsControl) {
			return fmt.Errorf("WithUserAgent: %q is empty or has a control character in it", product)
		}
		s.userAgent = product + " " + s.userAgent
		return nil
	})
}

// WithMaxResponseBytes bounds the size of a response, in bytes after decompression. A larger one is ErrUnexpectedResponse. The
// default is 1 MiB.
func WithMaxResponseBytes(n int64) Option {
	return option(func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not above 0", n)
		}
		s.maxResponseBytes = n
		return nil
	})
}

// WithTimeout bounds the time of a call, from its start to the last byte of the response, with all retries. If the context of the
// call has a deadline, the sooner of the two counts. The default is 30 seconds; 0 leaves only the context's deadline. When the
// time is up, errors.Is(err, context.DeadlineExceeded) is true.
func WithTimeout(timeout time.Duration) CallOption {
	return func(s *callSettings) error {
		if timeout < 0 {
			return fmt.Errorf("WithTimeout: %v is negative", timeout)
		}
		s.timeout = timeout
		return nil
	}
}

// WithMaxRetries bounds how often a call is repeated after its first try failed. The default is 2; 0 turns retries off. The
// package documentation says which failures are retried.
func WithMaxRetries(n int) CallOption {
	return func(s *callSettings) error {
		if n < 0 {
			return fmt.Errorf("WithMaxRetries: %d is negative", n)
		}
		s.maxRetries = n
		return nil
	}
}

// WithRetryWait sets how long to wait before a retry: shortest before the first, and twice as long each time after that, up to
// longest. Up to half of a wait is left out at random. When the server sends Retry-After (RFC 9110 section 10.2.3), the client
// waits that long instead, also up to longest. The defaults are 500 milliseconds and 30 seconds.
func WithRetryWait(shortest, longest time.Duration) CallOption {
	return func(s *callSettings) error {
		if shortest < 0 || longest < shortest {
			return fmt.Errorf("WithRetryWait: %v and %v are not a shortest and a longest wait", shortest, longest)
		}
		s.minWait, s.maxWait = shortest, longest
		return nil
	}
}
