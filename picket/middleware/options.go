package middleware

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
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
	cookie             string
	session            Session
	realm              string
	logger             *slog.Logger
	errorHandler       ErrorHandler
	revalidateInterval time.Duration
	cache              cacheSettings
}

type cacheSettings struct {
	lifetime       time.Duration
	denialLifetime time.Duration
	bytes          int64
	timeout        time.Duration
	maxChecks      int
	random         func() float64
	clock          func() time.Time
	leeway         time.Duration
	ownTime        string // the option that set the clock or the leeway; empty when none did
}

func defaultSettings() settings {
	return settings{
		realm:              "picket",
		logger:             slog.Default(),
		revalidateInterval: time.Minute,
		cache:              defaultCacheSettings(),
	}
}

func defaultCacheSettings() cacheSettings {
	return cacheSettings{
		lifetime:       time.Minute,
		denialLifetime: 5 * time.Second,
		bytes:          32 << 20,
		timeout:        10 * time.Second,
		maxChecks:      256,
		random:         rand.Float64,
		clock:          time.Now,
		leeway:         30 * time.Second, // as in package accesstoken
	}
}

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

type cacheOption func(*cacheSettings) error

func (o cacheOption) apply(s *settings) error           { return o(&s.cache) }
func (o cacheOption) applyCache(s *cacheSettings) error { return o(s) }

// WithCookie also takes the access token from the cookie with this name, such as "__Host-session", if a request has no Bearer
// authorization. Read what the package comment says about cookies. It is for applications that set the cookie themselves;
// WithSession is for all others. Both at once are an error. By default no cookie is read.
func WithCookie(name string) Option {
	return option(func(s *settings) error {
		if !isCookieName(name) {
			return fmt.Errorf("WithCookie: %q is not the name of a cookie (RFC 6265 section 4.1.1)", name)
		}
		s.cookie = name
		return nil
	})
}

// isCookieName asks net/http, which does not write a cookie whose name is not valid.
func isCookieName(name string) bool { return (&http.Cookie{Name: name}).String() != "" }

// WithSession also takes the access token from the request's session, if the request has no Bearer authorization, and lets
// Revalidate put new tokens into it. By default there are no sessions.
func WithSession(session Session) Option {
	return option(func(s *settings) error {
		if isNil(session) {
			return errors.New("WithSession: the session is nil")
		}
		s.session = session
		return nil
	})
}

// WithRealm sets the realm in WWW-Authenticate (RFC 9110 section 11.5): printable ASCII without quotation marks and backslashes.
// The default is "picket".
func WithRealm(realm string) Option {
	return option(func(s *settings) error {
		if realm == "" || strings.ContainsFunc(realm, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
			return fmt.Errorf("WithRealm: %q is empty, or contains a quotation mark, a backslash or something that is not printable ASCII", realm)
		}
		s.realm = realm
		return nil
	})
}

// WithLogger sets the log for refused requests. Requests that are refused because of what was sent are logged at slog.LevelInfo.
// Requests that could not be checked are logged at slog.LevelWarn, and so is what an operator has to fix, such as a gate whose
// requirements the API refuses. A line has the reason, the gate, and the method and pattern of the request, and no secrets.
//
// The same reason is logged once a minute; the next line says how many were left out. A request whose client is gone is not
// logged. The default is slog.Default() at the time of the call of New.
func WithLogger(logger *slog.Logger) Option {
	return option(func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil; to log nothing, use slog.New(slog.DiscardHandler)")
		}
		s.logger = logger
		return nil
	})
}

// ErrorHandler answers a request that is refused, with a page or a redirect to the login for example.
//
// The status is 400, 401, 403 or 503, or 405, 429 or 500 with Revalidate; see the package comment. The error says why, for logs;
// its text does not contain the token. WWW-Authenticate, Cache-Control and, for 429 and 503, Retry-After are already set. The
// protected handler does not run, whatever the ErrorHandler does. If it writes a body without a status, or flushes, the status is
// the one that it was given. If it does nothing, the answer is the same as without it.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, status int, err error)

// WithErrorHandler lets the application answer requests that are refused. By default the answer is JSON in the form of the API's
// own errors.
func WithErrorHandler(handler ErrorHandler) Option {
	return option(func(s *settings) error {
		if handler == nil {
			return errors.New("WithErrorHandler: the handler is nil")
		}
		s.errorHandler = handler
		return nil
	})
}

// WithRevalidateInterval sets the shortest time until the handler of Revalidate asks the API about the same wallet and the same
// gate again. The default is 1 minute.
func WithRevalidateInterval(interval time.Duration) Option {
	return option(func(s *settings) error {
		if interval <= 0 {
			return fmt.Errorf("WithRevalidateInterval: %v is not above 0", interval)
		}
		s.revalidateInterval = interval
		return nil
	})
}

// WithCacheLifetime sets for how long a token, or a success at a gate, is trusted without asking again. With a short lifetime it
// is noticed sooner that a token was revoked or a balance spent; with a long one there are fewer checks. 0 asks with every request.
// A token is never trusted past its exp. The lifetime is shortened by up to a fifth; see WithJitter. The default is 1 minute.
func WithCacheLifetime(lifetime time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if lifetime < 0 {
			return fmt.Errorf("WithCacheLifetime: %v is negative", lifetime)
		}
		s.lifetime = lifetime
		return nil
	})
}

// WithDenialLifetime sets for how long a denial at a gate is remembered, for the token that was denied. 0 asks with every request,
// so that each request of a user who may not pass causes a call of the API. The time is shortened by up to a fifth; see WithJitter.
// The default is 5 seconds.
func WithDenialLifetime(lifetime time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if lifetime < 0 {
			return fmt.Errorf("WithDenialLifetime: %v is negative", lifetime)
		}
		s.denialLifetime = lifetime
		return nil
	})
}

// WithJitter sets the source of randomness, from 0 to 1, that keeps tokens which were checked at the same moment from being checked
// again at the same moment: after a start or an outage, all of a server's tokens would be, and those of all other servers. The
// lifetimes of what is remembered are shortened by this part of a fifth: with the default of 1 minute, a success is trusted for 48 to
// 60 seconds. They never get longer. It must be safe for concurrent use.
//
// The default is rand.Float64 of math/rand/v2. A function that returns 0 turns the jitter off, for tests.
func WithJitter(random func() float64) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if random == nil {
			return errors.New("WithJitter: the source of randomness is nil")
		}
		s.random = random
		return nil
	})
}

// WithCacheBytes sets how much memory the cache may take, estimated in bytes. A token takes about 2 KiB; one with 50 balances, which
// is 4 KB long, takes about 16 KiB. The default is 32 MiB.
func WithCacheBytes(n int64) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if n < 1 {
			return fmt.Errorf("WithCacheBytes: %d is not above 0", n)
		}
		s.bytes = n
		return nil
	})
}

// WithCheckTimeout limits how long one check of a token by the Validator may take, including the time that it waits for others to
// end. A request waits no longer than that, and no longer than its own context allows. The default is 10 seconds.
func WithCheckTimeout(timeout time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if timeout <= 0 {
			return fmt.Errorf("WithCheckTimeout: %v is not above 0", timeout)
		}
		s.timeout = timeout
		return nil
	})
}

// WithMaxChecks limits how many checks of tokens by the Validator may run at once. Others wait until one ends. The default is 256.
func WithMaxChecks(n int) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if n < 1 {
			return fmt.Errorf("WithMaxChecks: %d is not above 0", n)
		}
		s.maxChecks = n
		return nil
	})
}

// WithClock sets the clock, for tests. It must be safe for concurrent use. The default is time.Now. If the Validator has a clock of
// its own, as the verifier of package accesstoken does, that clock is used: set it there. This option is then an error.
func WithClock(now func() time.Time) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.clock, s.ownTime = now, "WithClock"
		return nil
	})
}

// WithLeeway sets how far apart the clocks of Picket and of this machine may be, from 0 to 10 minutes: a token that the Validator
// accepts is let through for that long after exp. The default is 30 seconds. If the Validator has a leeway of its own, as the
// verifier of package accesstoken does, that leeway is used: set it there. This option is then an error.
func WithLeeway(leeway time.Duration) CacheOption {
	return cacheOption(func(s *cacheSettings) error {
		const most = 10 * time.Minute
		if leeway < 0 || leeway > most {
			return fmt.Errorf("WithLeeway: %v is not between 0 and %v", leeway, most)
		}
		s.leeway, s.ownTime = leeway, "WithLeeway"
		return nil
	})
}
