package accesstoken

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// VerifierOption changes what NewVerifier and NewVerifierForProjects make.
type VerifierOption interface{ applyToVerifier(*verifierSettings) error }

// KeysOption changes what DiscoverKeys and RemoteKeys make.
type KeysOption interface{ applyToKeys(*keysSettings) error }

// Option is an option for verifiers as well as for keys.
type Option interface {
	VerifierOption
	KeysOption
}

type verifierOption func(*verifierSettings) error

func (o verifierOption) applyToVerifier(s *verifierSettings) error { return o(s) }

type keysOption func(*keysSettings) error

func (o keysOption) applyToKeys(s *keysSettings) error { return o(s) }

type clock func() time.Time

func (c clock) check() error {
	if c == nil {
		return errors.New("WithClock: the clock is nil")
	}
	return nil
}

func (c clock) applyToVerifier(s *verifierSettings) error {
	s.now = c
	return c.check()
}

func (c clock) applyToKeys(s *keysSettings) error {
	s.now = c
	return c.check()
}

// WithClock sets the clock, for tests: of a verifier, which compares it with the dates in tokens, or of keys, which it tells
// how old they are. Give it to both if the test's clock moves by hours. It must be safe for concurrent use.
//
// The default is time.Now. For keys that means the monotonic clock: setting the machine's clock changes nothing. Another clock
// may jump; keys that were fetched in its future are fetched again.
func WithClock(now func() time.Time) Option { return clock(now) }

type verifierSettings struct {
	issuers      []string
	skipAudience bool
	leeway       time.Duration
	maxLifetime  time.Duration
	now          func() time.Time
}

func newVerifierSettings(options []VerifierOption) (verifierSettings, error) {
	s := verifierSettings{
		// The values of iss in Picket's documentation: in a sample, in a table, and as the OpenID issuer.
		issuers:     []string{"picketapi.com", "https://picketapi.com", "https://picketapi.com/api/v1"},
		leeway:      30 * time.Second,
		maxLifetime: 24 * time.Hour, // Picket documents 12
		now:         time.Now,
	}
	for _, option := range options {
		if option == nil {
			return s, errors.New("accesstoken: an option is nil")
		}
		if err := option.applyToVerifier(&s); err != nil {
			return s, fmt.Errorf("accesstoken: %w", err)
		}
	}
	return s, nil
}

// WithIssuers sets which values of iss are accepted. They are compared exactly, and replace the default: picketapi.com,
// https://picketapi.com and https://picketapi.com/api/v1.
func WithIssuers(issuers ...string) VerifierOption {
	return verifierOption(func(s *verifierSettings) error {
		if len(issuers) == 0 || slices.Contains(issuers, "") {
			return errors.New("WithIssuers: there is no issuer, or an empty one")
		}
		s.issuers = slices.Clone(issuers)
		return nil
	})
}

// WithInsecureSkipAudience accepts the access tokens of every project. Anyone who has a Picket project can then log in as any
// wallet that ever logged in there, with the token that they received. It is for services that compare the Audience of the
// claims with the right project themselves; for a known set of projects, use NewVerifierForProjects instead. The project ID of
// NewVerifier must be empty with it.
func WithInsecureSkipAudience() VerifierOption {
	return verifierOption(func(s *verifierSettings) error {
		s.skipAudience = true
		return nil
	})
}

// WithLeeway sets how far apart the clocks of Picket and of this machine may be, from 0 to 10 minutes: a token is accepted for
// that long after exp, and before iat and nbf. The default is 30 seconds.
func WithLeeway(leeway time.Duration) VerifierOption {
	return verifierOption(func(s *verifierSettings) error {
		const most = 10 * time.Minute
		if leeway < 0 || leeway > most {
			return fmt.Errorf("WithLeeway: %v is not between 0 and %v", leeway, most)
		}
		s.leeway = leeway
		return nil
	})
}

// WithMaxLifetime sets the longest lifetime of a token, from iat to exp, in seconds; a fraction of a second does not count. A
// token that was made to live longer is refused, however recent it is. The default is 24 hours.
func WithMaxLifetime(lifetime time.Duration) VerifierOption {
	return verifierOption(func(s *verifierSettings) error {
		if lifetime < time.Second {
			return fmt.Errorf("WithMaxLifetime: %v is less than a second", lifetime)
		}
		s.maxLifetime = lifetime
		return nil
	})
}

type keysSettings struct {
	httpClient      *http.Client
	insecureHTTP    check.InsecureHTTP
	refreshInterval time.Duration
	lifetime        time.Duration
	timeout         time.Duration
	random          func() float64
	now             func() time.Time
}

func newKeysSettings(options []KeysOption) (keysSettings, error) {
	s := keysSettings{
		httpClient:      &http.Client{},
		refreshInterval: time.Hour,
		lifetime:        24 * time.Hour,
		timeout:         10 * time.Second,
		random:          rand.Float64,
		now:             time.Now,
	}
	for _, option := range options {
		if option == nil {
			return s, errors.New("accesstoken: an option is nil")
		}
		if err := option.applyToKeys(&s); err != nil {
			return s, fmt.Errorf("accesstoken: %w", err)
		}
	}
	if s.lifetime <= s.refreshInterval {
		return s, fmt.Errorf("accesstoken: WithKeyLifetime: %v is not longer than the refresh interval, %v", s.lifetime, s.refreshInterval)
	}
	return s, nil
}

// WithInsecureHTTP also allows http URLs of other machines. Anyone on the way can then substitute their own keys, and so log in
// as anybody: it is for tests in a private network. Off by default.
func WithInsecureHTTP() KeysOption {
	return keysOption(func(s *keysSettings) error {
		s.insecureHTTP.Everywhere = true
		return nil
	})
}

// WithInsecureHTTPFromEnv allows what WithInsecureHTTP does on the hosts that the environment variable PICKET_INSECURE_HTTP_HOSTS
// names, if it is set; see picket.EnvInsecureHTTPHosts.
func WithInsecureHTTPFromEnv() KeysOption {
	return keysOption(func(s *keysSettings) error {
		insecure, err := check.InsecureHTTPFromEnv()
		if err != nil {
			return fmt.Errorf("WithInsecureHTTPFromEnv: %w", err)
		}
		s.insecureHTTP.Hosts = insecure.Hosts
		return nil
	})
}

// WithHTTPClient fetches keys with client, which is not changed. Its transport, cookies and timeout are used. Its redirect
// policy is not, because redirects are not followed. The default is a client of its own on http.DefaultTransport.
func WithHTTPClient(client *http.Client) KeysOption {
	return keysOption(func(s *keysSettings) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		s.httpClient = client
		return nil
	})
}

// WithRefreshInterval sets how old the keys are when a token causes them to be fetched again. The old ones are used meanwhile, so
// nobody waits. It is shortened by up to a fifth; see WithJitter. The default is 1 hour.
func WithRefreshInterval(interval time.Duration) KeysOption {
	return keysOption(func(s *keysSettings) error {
		if interval <= 0 {
			return fmt.Errorf("WithRefreshInterval: %v is not above 0", interval)
		}
		s.refreshInterval = interval
		return nil
	})
}

// WithKeyLifetime sets for how long keys are used that no later fetch has confirmed: a key that the issuer has withdrawn works no
// longer than that. It must be longer than the refresh interval, because it is also how long an outage of the issuer goes
// unnoticed. The default is 24 hours.
func WithKeyLifetime(lifetime time.Duration) KeysOption {
	return keysOption(func(s *keysSettings) error {
		s.lifetime = lifetime
		return nil
	})
}

// WithJitter sets the source of randomness, from 0 to 1, that keeps servers which started at the same moment, or noticed a new key at
// the same moment, from fetching the keys together from then on. The times until keys are fetched again, whether for a refresh or for
// tokens that no known key verifies, are shortened by this part of a fifth: with the default of 1 hour, keys are refreshed after 48 to
// 60 minutes. The lifetime of keys stays as it is. It must be safe for concurrent use.
//
// The default is rand.Float64 of math/rand/v2. A function that returns 0 turns the jitter off, for tests.
func WithJitter(random func() float64) KeysOption {
	return keysOption(func(s *keysSettings) error {
		if random == nil {
			return errors.New("WithJitter: the source of randomness is nil")
		}
		s.random = random
		return nil
	})
}

// WithFetchTimeout limits how long fetching the keys may take, discovery included. Callers whose context ends sooner stop
// waiting then, and the fetch goes on without them. The default is 10 seconds.
func WithFetchTimeout(timeout time.Duration) KeysOption {
	return keysOption(func(s *keysSettings) error {
		if timeout <= 0 {
			return fmt.Errorf("WithFetchTimeout: %v is not above 0", timeout)
		}
		s.timeout = timeout
		return nil
	})
}
