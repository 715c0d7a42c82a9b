package mock

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/picket"
)

// The keys and the ID of the default project, when no option sets others. They are made up, and look it.
const (
	DefaultSecretKey      = "sk_00000000000000000000000000000000"
	DefaultPublishableKey = "pk_00000000000000000000000000000000"
	DefaultProjectID      = "00000000-0000-4000-8000-000000000000"
)

// Option changes what Start, New and AddProject make.
type Option interface{ apply(*settings) error }

type option func(*settings) error

func (o option) apply(s *settings) error { return o(s) }

// settings is what options change.
type settings struct {
	project *tenant.Settings
	server  *serverSettings // nil for AddProject
}

type serverSettings struct {
	maxBodyBytes   int64
	seed           uint64
	observed       *observe.Log // nil to answer as the contract says
	maxProjects    int
	maxStateBytes  int64
	maxConnections int
	controlHosts   []string
	controlPages   map[string]http.Handler // by their names
	signingKey     *tokens.Key             // nil for the default one
	tokenIssuer    string
	names          address.Names
	clock          func() time.Time
	logger         *slog.Logger
	setUp          []func(*configured) error // is done once the server is made
	configFile     bool                      // whether the configuration is read from a file
}

func defaultSettings() (settings, *serverSettings) {
	project := tenant.DefaultSettings()
	project.ID, project.SecretKey, project.PublishableKey = DefaultProjectID, DefaultSecretKey, DefaultPublishableKey
	server := &serverSettings{
		maxBodyBytes:   limits.DefaultMaxBodyBytes,
		maxProjects:    limits.DefaultMaxProjects,
		maxStateBytes:  limits.DefaultMaxStateBytes,
		maxConnections: limits.DefaultMaxConnections,
		tokenIssuer:    tokens.DefaultIssuer,
		clock:          time.Now,
		logger:         slog.New(slog.DiscardHandler),
	}
	return settings{&project, server}, server
}

// settingsOf returns what options set.
func settingsOf(options []Option) (settings, *serverSettings, error) {
	given, set := defaultSettings()
	err := given.apply(options)
	if err == nil && set.signingKey == nil {
		set.signingKey, err = tokens.DefaultKey()
	}
	return given, set, err
}

func (s *settings) apply(options []Option) error {
	for i, option := range options {
		if option == nil {
			return fmt.Errorf("mock: option %d is nil", i)
		}
		if err := option.apply(s); err != nil {
			return err
		}
	}
	return nil
}

// ofProject is an option that changes what a project is set to do.
func ofProject(name string, set func(*tenant.Settings) error) Option {
	return option(func(s *settings) error {
		if err := set(s.project); err != nil {
			return fmt.Errorf("mock: %s: %w", name, err)
		}
		return nil
	})
}

func (s *serverSettings) setTokenIssuer(issuer string) error {
	if issuer == "" {
		return errors.New("the issuer is empty")
	}
	s.tokenIssuer = issuer
	return nil
}

// ofServer is an option that changes the server as a whole.
func ofServer(name string, set func(*serverSettings) error) Option {
	return option(func(s *settings) error {
		err := errors.New("the option is for Start and New; AddProject takes those that are about a project")
		if s.server != nil {
			err = set(s.server)
		}
		if err != nil {
			return fmt.Errorf("mock: %s: %w", name, err)
		}
		return nil
	})
}

// WithProjectID sets the ID of the project, the audience of its access tokens: a UUID in lower case. The default is DefaultProjectID
// for the default project, and a random one for others.
func WithProjectID(id string) Option {
	return ofProject("WithProjectID", func(s *tenant.Settings) error { return s.SetID(id) })
}

// WithIDTokenClaims adds claims to the ID tokens of the project, such as the groups that an application expects. Their values are
// what encoding/json can write. The claims that the mock gives every ID token itself, such as iss and sub, cannot be set. By default
// there are no others.
func WithIDTokenClaims(claims map[string]any) Option {
	return ofProject("WithIDTokenClaims", func(s *tenant.Settings) error { return s.SetIDTokenClaims(claims) })
}

// WithSecretKey sets the secret API key of the project: sk_ and 32 lowercase hexadecimal digits. The default is
// DefaultSecretKey for the default project, and a random one for others.
func WithSecretKey(key string) Option {
	return ofProject("WithSecretKey", func(s *tenant.Settings) error { return s.SetSecretKey(key) })
}

// WithPublishableKey sets the publishable API key of the project: pk_ and 32 lowercase hexadecimal digits. The default is
// DefaultPublishableKey for the default project, and a random one for others.
func WithPublishableKey(key string) Option {
	return ofProject("WithPublishableKey", func(s *tenant.Settings) error { return s.SetPublishableKey(key) })
}

// WithRedirectURI lets /oauth2/authorize of the project answer to a redirect URI: an absolute URI without fragment,
// such as http://localhost:3000/callback. It is compared exactly, so a trailing slash matters. The option may be
// repeated; by default there is none. Project.AllowRedirectURI does the same for any project.
func WithRedirectURI(uri string) Option {
	return ofProject("WithRedirectURI", func(s *tenant.Settings) error { return s.AddRedirectURI(uri) })
}

// WithAllowedDomain lets only logins in the project succeed whose message is for a domain: a host with its port, unless
// that is the scheme's own, such as localhost:3000 or shop.example. The option may be repeated; without it a message may name any
// site, or none, because what the API does is not known. Project.AllowDomain does the same for any project.
//
// A wallet signs for the site that its user sees, so a server that does not check the domain lets another site log in as its users.
// Once a domain is allowed, a login needs a context that names it, with a URI of the same host and port and the ID and type of
// the chain, and a signature of the message of the format siwe made from it. A signature of the simple message, which names no site,
// logs nobody in. Everything else is refused as a signature that does not verify is.
func WithAllowedDomain(domain string) Option {
	return ofProject("WithAllowedDomain", func(s *tenant.Settings) error { return s.AddAllowedDomain(domain) })
}

// WithFormat sets the format of the messages that wallets sign. The default is picket.MessageFormatSIWE.
func WithFormat(format picket.MessageFormat) Option {
	return ofProject("WithFormat", func(s *tenant.Settings) error { return s.SetFormat(format) })
}

// WithStatement sets the sentence that wallets show to their users, one line, in every language. The default is "Sign in with your
// wallet. This costs nothing and sends no transaction.", and its translations into some languages. Parsers of siwe messages refuse what
// EIP-4361's grammar does not have: everything outside ASCII, and quotation marks, percent signs and brackets such as <.
func WithStatement(statement string) Option {
	return ofProject("WithStatement", func(s *tenant.Settings) error { return s.SetStatements(map[string]string{"": statement}) })
}

// WithStatements sets the sentence that wallets show to their users, one line, by language: a BCP 47 tag, or "" for the
// languages that are not in the map. A request for pt-BR gets that of pt-BR, else of pt, else of "".
func WithStatements(statements map[string]string) Option {
	return ofProject("WithStatements", func(s *tenant.Settings) error { return s.SetStatements(statements) })
}

// WithReusableNonces lets a nonce log in as often as it is used while it lives. By default the first successful login
// spends it.
func WithReusableNonces() Option {
	return ofProject("WithReusableNonces", func(s *tenant.Settings) error {
		s.ReusableNonces = true
		return nil
	})
}

// WithUnknownProperties lets requests have properties, and names in the query, that the contract does not have, and ignores them. By
// default they are refused, because a server that ignores a misspelt requirement lets everyone in.
func WithUnknownProperties() Option {
	return ofProject("WithUnknownProperties", func(s *tenant.Settings) error {
		s.AllowUnknown = true
		return nil
	})
}

// WithControlHost lets what is under /_mock/, the control API and the login page's decision, be called by a further host name, such
// as that of a container; it may be repeated. By default the Host of such a request must be localhost or an IP address, because a
// web page can make other names lead here. Requests by pages of other origins are refused in any case.
func WithControlHost(name string) Option {
	return ofServer("WithControlHost", func(s *serverSettings) error {
		if err := guard.CheckHost(name); err != nil {
			return err
		}
		s.controlHosts = append(slices.Clone(s.controlHosts), name)
		return nil
	})
}

// WithMaxBodyBytes bounds the size of a request's body; a larger one is answered with 413, and so is one with more than
// 20,000 values. The default is 1 MiB.
func WithMaxBodyBytes(n int64) Option {
	return ofServer("WithMaxBodyBytes", func(s *serverSettings) error { return setAboveZero(&s.maxBodyBytes, n) })
}

// WithSeed sets what made-up answers are made from: those that openapi.yaml has neither a behaviour of the mock nor an example for.
// The same request gets the same answer from every server with the same seed. The default is 0.
func WithSeed(seed uint64) Option {
	return ofServer("WithSeed", func(s *serverSettings) error {
		s.seed = seed
		return nil
	})
}

// WithMaxProjects bounds how many projects the server has, the default one included; another is refused with 429. The
// default is 10,000.
func WithMaxProjects(n int) Option {
	return ofServer("WithMaxProjects", func(s *serverSettings) error { return setAboveZero(&s.maxProjects, n) })
}

// WithMaxStateBytes bounds, about, how much the server keeps of what was seeded and what happened, in all projects: nonces,
// codes, balances, names, keys, faults, redirect URIs and settings. What needs more is refused with 429, except for the 16 KiB
// that each project has for itself. A nonce counts as half a KiB. The default is 64 MiB. The journals have bounds of their own; see
// JournalSize.
func WithMaxStateBytes(n int64) Option {
	return ofServer("WithMaxStateBytes", func(s *serverSettings) error { return setAboveZero(&s.maxStateBytes, n) })
}

// WithMaxConnections bounds how many connections Serve has open. To take in another, it closes the one that has been without a
// new request for the longest time. The default is 1,024.
func WithMaxConnections(n int) Option {
	return ofServer("WithMaxConnections", func(s *serverSettings) error { return setAboveZero(&s.maxConnections, n) })
}

func setAboveZero[N int | int64](setting *N, n N) error {
	if n < 1 {
		return fmt.Errorf("%d is not above 0", n)
	}
	*setting = n
	return nil
}

// WithClock sets what tells the time that projects start from; Advance adds to it. The default is time.Now.
func WithClock(now func() time.Time) Option {
	return ofServer("WithClock", func(s *serverSettings) error {
		if now == nil {
			return errors.New("the clock is nil")
		}
		s.clock = now
		return nil
	})
}

// WithLogger sets where the server writes a line for each request: its method, path, operation and project, the status, the
// milliseconds that it took, and the fault that hit it. It is at Warn, with the violations, when the request or the answer broke the
// contract, and else at Info. The server also says there, at Error, that it broke its own contract or panicked while it answered, with
// the stack, and what net/http says of connections. No line has a key, a token, a signature, a code or the query of a URL. By
// default the server says what it broke only in the response and, by Start, to the test.
func WithLogger(logger *slog.Logger) Option {
	return ofServer("WithLogger", func(s *serverSettings) error {
		if logger == nil {
			return errors.New("the logger is nil")
		}
		s.logger = logger
		return nil
	})
}
