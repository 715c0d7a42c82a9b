package mock

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// The keys of the default project, when no option sets others. They are made up, and look it.
const (
	DefaultSecretKey      = "sk_00000000000000000000000000000000"
	DefaultPublishableKey = "pk_00000000000000000000000000000000"
)

// DefaultMaxBodyBytes is how large a request's body may be, when no option sets another size: 1 MiB.
const DefaultMaxBodyBytes = 1 << 20

// Option changes what Start and New make.
type Option func(*settings) error

type settings struct {
	secretKey      string
	publishableKey string
	project        projectSettings // of the default project, and of those that are added
	maxBodyBytes   int64
	seed           uint64
	maxProjects    int
	maxStateBytes  int64
	maxConnections int
	controlHosts   []string
	limits         *limits // what the projects share; set once the options are known
	realTime       func() time.Time
	setUp          []func(*Server) error // is done with the server once it is made

	known       func(operation string) bool      // whether openapi.yaml has an operation
	fail        func(format string, args ...any) // stops a test that seeds the mock wrongly
	onViolation func(message string)             // is told when the mock breaks its contract
}

func (s *settings) setDefaults() {
	s.secretKey = DefaultSecretKey
	s.publishableKey = DefaultPublishableKey
	s.project.statements = defaultStatements()
	s.project.format = picket.MessageFormatSIWE
	s.maxBodyBytes = DefaultMaxBodyBytes
	s.maxProjects = DefaultMaxProjects
	s.maxStateBytes = DefaultMaxStateBytes
	s.maxConnections = DefaultMaxConnections
	s.realTime = time.Now
}

// apply changes the settings as the options say.
func (s *settings) apply(options []Option) error {
	for i, option := range options {
		if option == nil {
			return fmt.Errorf("mock: option %d is nil", i)
		}
		if err := option(s); err != nil {
			return err
		}
	}
	return nil
}

var (
	secretKeyForm      = regexp.MustCompile(`^sk_[0-9a-f]{32}$`)
	publishableKeyForm = regexp.MustCompile(`^pk_[0-9a-f]{32}$`)
)

// WithSecretKey sets the secret API key of the default project: sk_ and 32 lowercase hexadecimal digits. The default is
// DefaultSecretKey.
func WithSecretKey(key string) Option {
	return func(s *settings) error {
		if !secretKeyForm.MatchString(key) {
			return errors.New("mock: a secret key is sk_ and 32 lowercase hexadecimal digits")
		}
		s.secretKey = key
		return nil
	}
}

// WithPublishableKey sets the publishable API key of the default project: pk_ and 32 lowercase hexadecimal digits. The
// default is DefaultPublishableKey.
func WithPublishableKey(key string) Option {
	return func(s *settings) error {
		if !publishableKeyForm.MatchString(key) {
			return errors.New("mock: a publishable key is pk_ and 32 lowercase hexadecimal digits")
		}
		s.publishableKey = key
		return nil
	}
}

// WithRedirectURI lets /oauth2/authorize of the default project answer to a redirect URI: an absolute URI without fragment,
// such as http://localhost:3000/callback. It is compared to the letter, so that a trailing slash matters. The option may be
// repeated; by default there is none. Project.AllowRedirectURI does the same for any project.
func WithRedirectURI(uri string) Option {
	return func(s *settings) error {
		if err := checkRedirectURI(uri); err != nil {
			return fmt.Errorf("mock: WithRedirectURI: %w", err)
		}
		s.project.redirectURIs = append(slices.Clone(s.project.redirectURIs), uri)
		return nil
	}
}

// WithAllowedDomain lets only logins in the default project succeed whose message is for a domain: a host with its port, unless
// that is the scheme's own, such as localhost:3000 or shop.example. The option may be repeated; without it a message may name any
// site, or none, because what the API does is not known. Project.AllowDomain does the same for any project.
//
// A wallet signs for the site that its user sees, so a server that does not check the domain lets another site log in as its users.
// Once a domain is allowed, a login needs a context that names it, with a URI of the same host and port and the ID and type of
// the chain, and a signature of the message of the format siwe made from it; a signature of the simple message, which names no site,
// logs nobody in. All else is refused as a signature that does not verify is.
func WithAllowedDomain(domain string) Option {
	return func(s *settings) error {
		if err := checkAllowedDomain(domain); err != nil {
			return fmt.Errorf("mock: WithAllowedDomain: %w", err)
		}
		s.project.allowedDomains = append(slices.Clone(s.project.allowedDomains), domain)
		return nil
	}
}

// WithControlHost lets what is under /_mock/, the control API and the login page's decision, be called by a further host name, such
// as that of a container; it may be repeated. By default the Host of such a request must be localhost or an IP address, because a
// web page can make other names lead here. Requests by pages of other origins are refused in any case.
func WithControlHost(name string) Option {
	return func(s *settings) error {
		if err := guard.CheckHost(name); err != nil {
			return fmt.Errorf("mock: WithControlHost: %w", err)
		}
		s.controlHosts = append(slices.Clone(s.controlHosts), name)
		return nil
	}
}

// WithFormat sets the format of the messages that wallets sign. The default is picket.MessageFormatSIWE.
func WithFormat(format picket.MessageFormat) Option {
	return func(s *settings) error {
		if !format.Valid() {
			return fmt.Errorf(`mock: WithFormat: there is no format "%s"`, names.Shown(string(format)))
		}
		s.project.format = format
		return nil
	}
}

// WithStatement sets the sentence that wallets show to their users, one line, in every language. The default is
// DefaultStatement, and its translations.
func WithStatement(statement string) Option {
	return WithStatements(map[string]string{"": statement})
}

// WithStatements sets the sentence that wallets show to their users, one line, by language: a BCP 47 tag, or "" for the
// language of those that are not in the map. A request for pt-BR gets that of pt-BR, else of pt, else of "".
func WithStatements(statements map[string]string) Option {
	return func(s *settings) error {
		checked, err := checkStatements(statements)
		if err != nil {
			return fmt.Errorf("mock: WithStatements: %w", err)
		}
		s.project.statements = checked
		return nil
	}
}

// WithReusableNonces lets a nonce log in as often as it is used while it lives. By default the first successful login
// spends it.
func WithReusableNonces() Option {
	return func(s *settings) error {
		s.project.reusableNonces = true
		return nil
	}
}

// WithUnknownProperties lets requests have properties that the contract does not have, and ignores them. By default they
// are refused, because a server that ignores a misspelt requirement lets everyone in.
func WithUnknownProperties() Option {
	return func(s *settings) error {
		s.project.allowUnknown = true
		return nil
	}
}

// WithMaxBodyBytes bounds the size of a request's body; a larger one is answered with 413, and so is one with more than
// 20,000 values. The default is DefaultMaxBodyBytes.
func WithMaxBodyBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("mock: WithMaxBodyBytes: %d is not above 0", n)
		}
		s.maxBodyBytes = n
		return nil
	}
}

// WithSeed sets what the answers are made from that openapi.yaml has neither a behaviour of the mock nor an example for. The
// same request gets the same answer from every server with the same seed. The default is 0.
func WithSeed(seed uint64) Option {
	return func(s *settings) error {
		s.seed = seed
		return nil
	}
}

// WithMaxProjects bounds how many projects the server has, the default one included; another is refused with 429. The
// default is DefaultMaxProjects.
func WithMaxProjects(n int) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("mock: WithMaxProjects: %d is not above 0", n)
		}
		s.maxProjects = n
		return nil
	}
}

// WithMaxStateBytes bounds, about, how much the server keeps of what was seeded and what happened, in all projects: nonces,
// codes, balances, names, keys, faults, redirect URIs and settings. What needs more is refused with 429, but for the 16 KiB
// that each project has for itself. The default is DefaultMaxStateBytes. The journals have bounds of their own; see JournalSize.
func WithMaxStateBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("mock: WithMaxStateBytes: %d is not above 0", n)
		}
		s.maxStateBytes = n
		return nil
	}
}

// WithMaxConnections bounds how many connections Serve has open. To take in another, it closes the one on which nothing
// began for the longest time. The default is DefaultMaxConnections.
func WithMaxConnections(n int) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("mock: WithMaxConnections: %d is not above 0", n)
		}
		s.maxConnections = n
		return nil
	}
}

// WithClock sets what tells the time that projects start from; Advance adds to it. The default is time.Now.
func WithClock(now func() time.Time) Option {
	return func(s *settings) error {
		if now == nil {
			return errors.New("mock: WithClock: the clock is nil")
		}
		s.realTime = now
		return nil
	}
}

func panicf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
