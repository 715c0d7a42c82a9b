package tenant

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/picket"
)

// Settings is what a project is set to do.
type Settings struct {
	ID             string // a UUID; empty for a random one
	SecretKey      string
	PublishableKey string
	Statements     map[string]string // by BCP 47 tag in lower case; "" is for every other language
	Format         picket.MessageFormat
	ReusableNonces bool
	AllowUnknown   bool // properties that the contract does not have
	RedirectURIs   []string
	AllowedDomains []string // none for any
	IDTokenClaims  tokens.CustomClaims
}

// DefaultSettings are those of a project for which no option says otherwise.
func DefaultSettings() Settings {
	return Settings{Statements: defaultStatements(), Format: picket.MessageFormatSIWE}
}

// SetID sets the project's ID.
func (s *Settings) SetID(id string) error {
	if !idForm.MatchString(id) {
		return errors.New("a project ID is a UUID in lower case, such as 00000000-0000-4000-8000-000000000000")
	}
	s.ID = id
	return nil
}

// SetIDTokenClaims sets the claims that ID tokens have besides those of OpenID Connect.
func (s *Settings) SetIDTokenClaims(claims map[string]any) (err error) {
	s.IDTokenClaims, err = tokens.NewCustomClaims(claims)
	return err
}

// SetSecretKey sets the API key for servers.
func (s *Settings) SetSecretKey(key string) error {
	if !secretKeyForm.MatchString(key) {
		return errors.New("a secret key is sk_ and 32 lowercase hexadecimal digits")
	}
	s.SecretKey = key
	return nil
}

// SetPublishableKey sets the API key for browsers.
func (s *Settings) SetPublishableKey(key string) error {
	if !publishableKeyForm.MatchString(key) {
		return errors.New("a publishable key is pk_ and 32 lowercase hexadecimal digits")
	}
	s.PublishableKey = key
	return nil
}

// SetFormat sets the format of the messages that wallets sign.
func (s *Settings) SetFormat(format picket.MessageFormat) error {
	if !format.Valid() {
		return fmt.Errorf(`there is no format "%s"; it is siwe or simple`, names.Shown(string(format)))
	}
	s.Format = format
	return nil
}

// AddRedirectURI allows a redirect URI.
func (s *Settings) AddRedirectURI(uri string) error {
	if err := checkRedirectURI(uri); err != nil {
		return err
	}
	s.RedirectURIs = append(slices.Clone(s.RedirectURIs), uri)
	return nil
}

// AddAllowedDomain allows a domain.
func (s *Settings) AddAllowedDomain(domain string) error {
	if err := checkDomain(domain); err != nil {
		return err
	}
	s.AllowedDomains = append(slices.Clone(s.AllowedDomains), strings.ToLower(domain))
	return nil
}

// entries returns the texts of each entry of the settings, those of the statements only if the project has statements of its own.
func (s Settings) entries(ownStatements bool) [][]string {
	entries := [][]string{{string(s.IDTokenClaims)}}
	for _, text := range slices.Concat(s.RedirectURIs, s.AllowedDomains) {
		entries = append(entries, []string{text})
	}
	if ownStatements {
		for tag, statement := range s.Statements {
			entries = append(entries, []string{tag, statement})
		}
	}
	return entries
}

// AllowRedirectURI lets /oauth2/authorize answer to a redirect URI.
func (p *Project) AllowRedirectURI(uri string) error {
	if err := checkRedirectURI(uri); err != nil {
		return err
	}
	return p.State.RedirectURIs.Add(uri)
}

// checkRedirectURI refuses what cannot be a redirect URI (RFC 6749 section 3.1.2).
func checkRedirectURI(uri string) error {
	parsed, err := url.Parse(uri)
	switch {
	case err != nil || strings.ContainsFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the redirect URI is not a URI; percent-encode what is not ASCII")
	case parsed.Opaque != "" && parsed.Opaque[0] >= '0' && parsed.Opaque[0] <= '9': // what should be a host is taken for a scheme
		return fmt.Errorf("the redirect URI has no scheme; did you mean http://%s?", names.Answered(uri))
	case !parsed.IsAbs():
		return errors.New("the redirect URI is not absolute: it must begin with a scheme, such as http://localhost:3000/callback")
	case strings.Contains(uri, "#"):
		return errors.New("the redirect URI has a fragment, and must have none")
	case (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host == "":
		return errors.New("the redirect URI has no host")
	}
	return nil
}

// AllowDomain lets only logins succeed whose message is for an allowed domain.
func (p *Project) AllowDomain(domain string) error {
	if err := checkDomain(domain); err != nil {
		return err
	}
	return p.State.Domains.Add(strings.ToLower(domain))
}

// checkDomain refuses what cannot be the domain of a message (EIP-4361): a host with or without a port.
func checkDomain(domain string) error {
	u, err := url.Parse("https://" + domain)
	if err != nil || u.Host != domain || u.Hostname() == "" || strings.ContainsAny(domain, "@*%") || strings.HasSuffix(domain, ":") ||
		strings.ContainsFunc(domain, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf(`"%s" is not a domain: it must be a host with or without a port, such as shop.example or localhost:3000`, names.Answered(domain))
	}
	return nil
}
