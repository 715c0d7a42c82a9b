package picket

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Option changes what New makes.
type Option func(*settings) error

type settings struct {
	baseURL          string
	insecureHTTP     bool
	httpClient       *http.Client
	timeout          time.Duration
	userAgent        string
	maxResponseBytes int64
}

// WithBaseURL calls another server than DefaultBaseURL, such as the mock server of package mock. A slash at the end
// makes no difference. It must be https, unless the host is this machine: localhost or a loopback address.
func WithBaseURL(baseURL string) Option {
	return func(s *settings) error {
		s.baseURL = baseURL
		return nil
	}
}

// WithInsecureHTTP also allows a base URL that is http. The API key, access tokens and signatures then travel where
// everyone on the way can read them. Off by default.
func WithInsecureHTTP() Option {
	return func(s *settings) error {
		s.insecureHTTP = true
		return nil
	}
}

// WithHTTPClient calls through client, which stays as it is: its transport, cookies and timeout are used, and its
// redirect policy is not, because the client never follows a redirect. The default is a client of its own on
// http.DefaultTransport.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		s.httpClient = client
		return nil
	}
}

// WithTimeout bounds a call, from its start to the last byte of the response, when the call's context has no deadline
// of its own. The default is DefaultTimeout; 0 means no bound.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) error {
		if timeout < 0 {
			return fmt.Errorf("WithTimeout: %v is negative", timeout)
		}
		s.timeout = timeout
		return nil
	}
}

// WithUserAgent puts product, such as "shop/1.4", in front of the User-Agent that is sent. By default it is
// "picket-client-go/" and Version alone.
func WithUserAgent(product string) Option {
	return func(s *settings) error {
		if strings.TrimSpace(product) == "" || strings.ContainsFunc(product, unicode.IsControl) {
			return fmt.Errorf("WithUserAgent: %q is empty or has a control character in it", product)
		}
		s.userAgent = product + " " + s.userAgent
		return nil
	}
}

// WithMaxResponseBytes bounds the size of a response, after decompression. A larger one is an error. The default is
// DefaultMaxResponseBytes.
func WithMaxResponseBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not above 0", n)
		}
		s.maxResponseBytes = n
		return nil
	}
}
