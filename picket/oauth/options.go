package oauth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// Option changes what New makes.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

type settings struct {
	baseURL      string
	insecureHTTP check.InsecureHTTP
}

func newSettings(options []Option) (settings, error) {
	s := settings{baseURL: picket.DefaultBaseURL}
	for _, option := range options {
		if option == nil {
			return s, errors.New("an option is nil")
		}
		if err := option.apply(&s); err != nil {
			return s, err
		}
	}
	// Last, because WithInsecureHTTP may come after WithBaseURL.
	if err := checkURL("the base URL", s.baseURL, s.insecureHTTP); err != nil {
		return s, fmt.Errorf("WithBaseURL: %w", err)
	}
	if strings.Contains(s.baseURL, "?") {
		return s, errors.New("WithBaseURL: the base URL has a query, and must have none")
	}
	return s, nil
}

// WithBaseURL sets where the API is, as browsers reach it. It must be https, or http on this machine. A slash at the end makes no
// difference. The default is picket.DefaultBaseURL.
func WithBaseURL(baseURL string) Option {
	return option(func(s *settings) error {
		s.baseURL = baseURL
		return nil
	})
}

// WithInsecureHTTP also allows http URLs of other machines, as redirect URI and as base URL, for tests in a private network.
// Anyone on the way can then read codes. Off by default.
func WithInsecureHTTP() Option {
	return option(func(s *settings) error {
		s.insecureHTTP.Everywhere = true
		return nil
	})
}

// WithInsecureHTTPFromEnv allows what WithInsecureHTTP does on the hosts that the environment variable PICKET_INSECURE_HTTP_HOSTS
// names, if it is set; see picket.EnvInsecureHTTPHosts.
func WithInsecureHTTPFromEnv() Option {
	return option(func(s *settings) error {
		insecure, err := check.InsecureHTTPFromEnv()
		if err != nil {
			return fmt.Errorf("WithInsecureHTTPFromEnv: %w", err)
		}
		s.insecureHTTP.Hosts = insecure.Hosts
		return nil
	})
}
