package middleware

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Option changes what New makes.
type Option interface {
	apply(*settings) error
}

// CacheOption changes what NewCache makes. It is also an Option, for the cache that New makes.
type CacheOption interface {
	Option
	applyCache(*cacheSettings) error
}

type settings struct {
	cookie       string
	realm        string
	logger       *slog.Logger
	errorHandler ErrorHandler
	cache        cacheSettings
}

type cacheSettings struct {
	lifetime time.Duration
	size     int
	timeout  time.Duration
	clock    func() time.Time
}

func defaultCacheSettings() cacheSettings {
	return cacheSettings{
		lifetime: DefaultCacheLifetime,
		size:     DefaultCacheSize,
		timeout:  DefaultCheckTimeout,
		clock:    time.Now,
	}
}

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

type cacheOption func(*cacheSettings) error

func (o cacheOption) apply(s *settings) error           { return o(&s.cache) }
func (o cacheOption) applyCache(s *cacheSettings) error { return o(s) }

// WithCookie also takes the access token from the cookie with this name, such as "__Host-session", when a request has
// no Bearer authorization. Read what the package comment says of cookies. By default no cookie is read.
func WithCookie(name string) Option {
	return option(func(s *settings) error {
		if !isCookieName(name) {
			return fmt.Errorf("WithCookie: %q is not the name of a cookie (RFC 6265 section 4.1.1)", name)
		}
		s.cookie = name
		return nil
	})
}

// isCookieName asks net/http, which writes no cookie that has a wrong name.
func isCookieName(name string) bool { return (&http.Cookie{Name: name}).String() != "" }

// WithRealm sets the realm that WWW-Authenticate names (RFC 9110 section 11.5): printable ASCII without quotation marks
// and backslashes. The default is "picket".
func WithRealm(realm string) Option {
	return option(func(s *settings) error {
		if realm == "" || strings.ContainsFunc(realm, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
			return fmt.Errorf("WithRealm: %q is empty, or has something else than printable ASCII, a quotation mark or a backslash in it", realm)
		}
		s.realm = realm
		return nil
	})
}

// WithLogger sets where the requests are reported that were refused because they could not be checked: one line at
// slog.LevelWarn for each, without secrets. Nothing else is logged. The default is slog.Default(), as it is when New is
// called.
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil; slog.New(slog.DiscardHandler) is one that is silent")
		}
		s.logger = logger
		return nil
	})
}

// ErrorHandler answers a request that is refused: with a page, or a redirect to the login.
//
// The status is 400, 401, 403 or 503, see the package comment. The error says why, for logs: it has no token in its
// text. WWW-Authenticate, Cache-Control and, for 503, Retry-After are set already. The protected handler does not run,
// whatever the ErrorHandler does; when it writes nothing, the answer is as without it.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, status int, err error)

// WithErrorHandler lets the application answer the requests that are refused. By default the answer is JSON in the
// shape of the API's own errors.
func WithErrorHandler(handler ErrorHandler) Option {
	return option(func(s *settings) error {
		if handler == nil {
			return errors.New("WithErrorHandler: the handler is nil")
		}
		s.errorHandler = handler
		return nil
	})
}

// WithCacheLifetime sets how long a token, or a success at a gate, is trusted without asking again. A short lifetime
// notices sooner that a token was revoked, or a balance is gone; a long one asks less. 0 asks with every request. The
// default is DefaultCacheLifetime. A token is never trusted past its exp.
func WithCacheLifetime(lifetime time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if lifetime < 0 {
			return fmt.Errorf("WithCacheLifetime: %v is negative", lifetime)
		}
		s.lifetime = lifetime
		return nil
	})
}

// WithCacheSize sets how many tokens and successes at gates are kept; one takes about 2 KiB. The default is
// DefaultCacheSize.
func WithCacheSize(n int) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if n < 1 {
			return fmt.Errorf("WithCacheSize: %d is not above 0", n)
		}
		s.size = n
		return nil
	})
}

// WithCheckTimeout sets how long one check of a token by the Validator may take. A request waits no longer, and no
// longer than its own context allows. The default is DefaultCheckTimeout.
func WithCheckTimeout(timeout time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if timeout <= 0 {
			return fmt.Errorf("WithCheckTimeout: %v is not above 0", timeout)
		}
		s.timeout = timeout
		return nil
	})
}

// WithClock sets what tells the time, for tests. It must be safe for concurrent use. The default is time.Now.
func WithClock(now func() time.Time) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.clock = now
		return nil
	})
}
