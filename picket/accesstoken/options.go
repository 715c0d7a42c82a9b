package accesstoken

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	// DefaultLeeway is how far the clocks of Picket and of this machine may be apart.
	DefaultLeeway = 30 * time.Second
	// DefaultMaxLifetime is how long a token may live from iat to exp. Picket documents 12 hours.
	DefaultMaxLifetime = 24 * time.Hour

	maxLeeway = 10 * time.Minute
)

// defaultIssuers are the values of iss that Picket's documentation has: in a sample, in a table, and as the OpenID
// issuer.
func defaultIssuers() []string {
	return []string{"picketapi.com", "https://picketapi.com", "https://picketapi.com/api/v1"}
}

// VerifierOption changes what NewVerifier makes.
type VerifierOption func(*verifierSettings) error

type verifierSettings struct {
	issuers      []string
	skipAudience bool
	leeway       time.Duration
	maxLifetime  time.Duration
	now          func() time.Time
}

// WithIssuers sets the values of iss that are accepted, each compared exactly. They replace the default, which is
// picketapi.com, https://picketapi.com and https://picketapi.com/api/v1.
func WithIssuers(issuers ...string) VerifierOption {
	return func(s *verifierSettings) error {
		if len(issuers) == 0 || slices.Contains(issuers, "") {
			return errors.New("WithIssuers: there is no issuer, or an empty one")
		}
		s.issuers = slices.Clone(issuers)
		return nil
	}
}

// InsecureSkipAudience accepts the access tokens of every project. Whoever has a Picket project of their own can then
// log in as any wallet that ever logged in there, by using the token that they got. It is for services that serve many
// projects and compare the Audience of the claims with the right one themselves. The project ID of NewVerifier must be
// empty with it.
func InsecureSkipAudience() VerifierOption {
	return func(s *verifierSettings) error {
		s.skipAudience = true
		return nil
	}
}

// WithLeeway sets how far the clocks of Picket and of this machine may be apart, 0 to 10 minutes: a token is accepted
// for so long after exp, and before iat and nbf. The default is DefaultLeeway.
func WithLeeway(leeway time.Duration) VerifierOption {
	return func(s *verifierSettings) error {
		if leeway < 0 || leeway > maxLeeway {
			return fmt.Errorf("WithLeeway: %v is not within 0 and %v", leeway, maxLeeway)
		}
		s.leeway = leeway
		return nil
	}
}

// WithMaxLifetime sets how long a token may live, from iat to exp, in whole seconds. A token that was made to live
// longer is refused, however young it is. The default is DefaultMaxLifetime.
func WithMaxLifetime(lifetime time.Duration) VerifierOption {
	return func(s *verifierSettings) error {
		if lifetime < time.Second {
			return fmt.Errorf("WithMaxLifetime: %v is below a second", lifetime)
		}
		s.maxLifetime = lifetime
		return nil
	}
}

// WithClock sets what tells the time that the claims are compared with. The default is time.Now.
func WithClock(now func() time.Time) VerifierOption {
	return func(s *verifierSettings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.now = now
		return nil
	}
}

const (
	// DefaultRefreshInterval is how old fetched keys are when they are fetched again.
	DefaultRefreshInterval = time.Hour
	// DefaultKeyLifetime is how old fetched keys are when they are no longer used.
	DefaultKeyLifetime = 24 * time.Hour
	// DefaultFetchTimeout is how long a fetch of keys may take.
	DefaultFetchTimeout = 10 * time.Second
)

// KeysOption changes what DiscoverKeys and RemoteKeys make.
type KeysOption func(*keysSettings) error

type keysSettings struct {
	httpClient      *http.Client
	insecureHTTP    bool
	refreshInterval time.Duration
	lifetime        time.Duration
	timeout         time.Duration
	now             func() time.Time
}

// WithInsecureHTTP also allows URLs that are http and not of this machine. Anyone on the way can then put in keys of their
// own, and so log in as anybody: it is for tests in a private network. Off by default.
func WithInsecureHTTP() KeysOption {
	return func(s *keysSettings) error {
		s.insecureHTTP = true
		return nil
	}
}

// WithHTTPClient fetches through client, which stays as it is: its transport, cookies and timeout are used, and its
// redirect policy is not, because redirects are not followed. The default is a client of its own on
// http.DefaultTransport.
func WithHTTPClient(client *http.Client) KeysOption {
	return func(s *keysSettings) error {
		if client == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		s.httpClient = client
		return nil
	}
}

// WithRefreshInterval sets how old the keys are when a token makes them be fetched again. They serve on meanwhile, so
// that nobody waits. The default is DefaultRefreshInterval.
func WithRefreshInterval(interval time.Duration) KeysOption {
	return func(s *keysSettings) error {
		if interval <= 0 {
			return fmt.Errorf("WithRefreshInterval: %v is not above 0", interval)
		}
		s.refreshInterval = interval
		return nil
	}
}

// WithKeyLifetime sets how old the keys are when they are dropped, because no fetch has confirmed them for so long: a
// key that the issuer withdrew works no longer than that. It must be longer than the refresh interval, because it also
// is how long an outage of the issuer goes unnoticed. The default is DefaultKeyLifetime.
func WithKeyLifetime(lifetime time.Duration) KeysOption {
	return func(s *keysSettings) error {
		s.lifetime = lifetime
		return nil
	}
}

// WithFetchTimeout bounds a fetch of keys, with discovery. Callers whose context ends sooner wait no longer than that,
// and the fetch goes on without them. The default is DefaultFetchTimeout.
func WithFetchTimeout(timeout time.Duration) KeysOption {
	return func(s *keysSettings) error {
		if timeout <= 0 {
			return fmt.Errorf("WithFetchTimeout: %v is not above 0", timeout)
		}
		s.timeout = timeout
		return nil
	}
}

// WithKeysClock sets what tells the time that the age of keys is measured with. The default is time.Now, of which the
// monotonic clock counts: setting the machine's clock changes nothing. Another clock may jump; keys that are from its
// future are fetched again.
func WithKeysClock(now func() time.Time) KeysOption {
	return func(s *keysSettings) error {
		if now == nil {
			return errors.New("WithKeysClock: the clock is nil")
		}
		s.now = now
		return nil
	}
}
