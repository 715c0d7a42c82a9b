package verify

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
)

// Option is an option of Run. A nil or invalid option is an error of Run.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

type settings struct {
	publishableKey string
	redirectURI    string
	domain         string
	controlURL     string
	skip           *regexp.Regexp
	transport      http.RoundTripper
	observer       *contract.Observer
	progress       func(check string, done, total int)
	timeout        time.Duration
}

func newSettings(options []Option) (settings, error) {
	s := settings{transport: http.DefaultTransport, progress: func(string, int, int) {}, timeout: time.Minute}
	for i, option := range options {
		if option == nil {
			return s, fmt.Errorf("option %d is nil", i)
		}
		if err := option.apply(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// WithPublishableKey gives the publishable API key of the project whose secret key Run has, for OAuth 2.0. Without it, picket-mock is
// asked for a new project, and on any other server the checks that need the key are skipped.
func WithPublishableKey(key string) Option {
	return option(func(s *settings) error {
		if !strings.HasPrefix(key, "pk_") {
			return errors.New("WithPublishableKey: a publishable key begins with pk_")
		}
		s.publishableKey = key
		return nil
	})
}

// WithRedirectURI gives a redirect URI that the project allows. Without it, picket-mock is asked to allow one, and on any other server
// the checks that need one are skipped.
func WithRedirectURI(uri string) Option {
	return option(notEmpty("WithRedirectURI", uri, func(s *settings) { s.redirectURI = uri }))
}

// WithDomain sets the site that wallets log in to: a host with or without a port, such as shop.example. The default is
// localhost:3000, or a domain that the project allows if picket-mock says that it allows only some.
func WithDomain(domain string) Option {
	return option(notEmpty("WithDomain", domain, func(s *settings) { s.domain = domain }))
}

// WithControlURL gives the URL of picket-mock's control API, such as http://127.0.0.1:4010/_mock. The default is /_mock on the host of
// the base URL, if picket-mock answers there.
func WithControlURL(url string) Option {
	return option(notEmpty("WithControlURL", url, func(s *settings) { s.controlURL = url }))
}

func notEmpty(name, value string, set func(*settings)) func(*settings) error {
	return func(s *settings) error {
		if value == "" {
			return fmt.Errorf("%s: the text is empty", name)
		}
		set(s)
		return nil
	}
}

// WithSkip skips the checks whose name matches. By default no check is skipped.
func WithSkip(names *regexp.Regexp) Option {
	return option(func(s *settings) error {
		if names == nil {
			return errors.New("WithSkip: the expression is nil")
		}
		s.skip = names
		return nil
	})
}

// WithTransport sets what sends the requests. The default is http.DefaultTransport.
func WithTransport(transport http.RoundTripper) Option {
	return option(func(s *settings) error {
		if transport == nil {
			return errors.New("WithTransport: the transport is nil")
		}
		s.transport = transport
		return nil
	})
}

// WithObserver has an Observer note what messages look like. By default nothing is noted.
func WithObserver(observer *contract.Observer) Option {
	return option(func(s *settings) error {
		if observer == nil {
			return errors.New("WithObserver: the observer is nil")
		}
		s.observer = observer
		return nil
	})
}

// WithProgress has a function called with the name of each check before it runs or is skipped, with how many checks were before it, and
// with how many there are in all. By default nothing is called.
func WithProgress(f func(check string, done, total int)) Option {
	return option(func(s *settings) error {
		if f == nil {
			return errors.New("WithProgress: the function is nil")
		}
		s.progress = f
		return nil
	})
}

// WithTimeout limits how long each check may take. The default is a minute.
func WithTimeout(d time.Duration) Option {
	return option(func(s *settings) error {
		if d <= 0 {
			return fmt.Errorf("WithTimeout: %v is not above 0", d)
		}
		s.timeout = d
		return nil
	})
}
