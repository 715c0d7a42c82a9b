package picket

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket/loopback"
)

const (
	// maxLoginAge is how long ago a message may have been made for a login, with WithOrigin. A nonce lives two minutes.
	maxLoginAge = 5 * time.Minute
	// maxLoginSkew is how far ahead of this machine's clock that of the message's maker may be, with WithOrigin.
	maxLoginSkew = time.Minute
)

// WithOrigin lets a wallet log in only with a message that was made for one site: its origin, such as "https://example.com" or
// "http://localhost:3000", as browsers write it in location.origin. It must be https, or http on this machine.
//
// Auth then sends nothing unless the request's Context has the Domain and the URI of that origin, the ChainID and the
// ChainType of the request's chain, and an IssuedAt that is at most maxLoginAge ago and at most maxLoginSkew ahead. A login
// without a Context names no site and is refused: that of a message in the format simple, and the password grant of Token.
// So is one on a chain whose ChainID this package does not know. What is refused is ErrInvalidArgument.
//
// This checks what a login says of itself. The API may take a signature of the message in the format simple as well, which
// names no site, for a login whose Context names yours. A server whose logins come from browsers therefore has to make the
// message itself, take nothing but the signature from the browser, and verify that the signature is of that message, as package
// login of this module does.
//
// By default no origin is checked, and a wallet that signed for another site can be logged in; see Auth.
func WithOrigin(site string) CallOption {
	return func(s *callSettings) error {
		o, err := parseOrigin(site)
		if err != nil {
			return fmt.Errorf("WithOrigin: %w", err)
		}
		s.origin = o
		return nil
	}
}

// WithClock tells the age of a message by now instead of time.Now, for WithOrigin; tests use it.
func WithClock(now func() time.Time) Option {
	return option(func(s *settings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.call.now = now
		return nil
	})
}

// A login is what a request that logs a wallet in says about the signature's message.
type login struct {
	chain   string
	context *SigningMessageContext // nil for a request that cannot have one
}

// checkLogin refuses a login on another chain or of another site than the ones that were asked for.
func (s callSettings) checkLogin(l login) error {
	chain := cmp.Or(l.chain, defaultChain)
	if s.chain != "" && chain != s.chain {
		return fmt.Errorf("%w: the request is for %q, and WithChain for %q", ErrChainMismatch, chain, s.chain)
	}
	if s.origin == nil {
		return nil
	}
	return s.origin.check(chain, l.context, s.now())
}

// An origin is a site, as RFC 6454 has it.
type origin struct {
	scheme string
	host   string // in lower case, with its port unless that is the scheme's default
}

func (o origin) String() string { return o.scheme + "://" + o.host }

// check refuses a login whose message was not made for the site, for the chain, and now.
func (o origin) check(chain string, context *SigningMessageContext, now time.Time) error {
	switch {
	case context == nil:
		return fmt.Errorf("the login carries no Context, so it names no site, and with WithOrigin it must be of %s", o)
	case *context == (SigningMessageContext{}):
		return fmt.Errorf("the Context is empty, so the login names no site, and with WithOrigin it must be of %s", o)
	case context.Domain != o.host:
		return fmt.Errorf("Context.Domain is %q, and with WithOrigin it must be %q; was the message signed for another site?", context.Domain, o.host)
	}
	if named, err := originOf(context.URI); err != nil || named != o {
		return fmt.Errorf("Context.URI is %q, and with WithOrigin it must be of %s; was the message signed for another site?", shownURI(context.URI), o)
	}
	known, ok := chains[chain]
	switch {
	case !ok:
		return fmt.Errorf("the ChainID of the chain %q is not known, so with WithOrigin nobody can log in on it", chain)
	case context.ChainID != known.id:
		return fmt.Errorf("Context.ChainID is %d, and that of the request's chain %s is %d", context.ChainID, chain, known.id)
	case cmp.Or(context.ChainType, ChainTypeEthereum) != known.family:
		return fmt.Errorf("Context.ChainType is %q, and that of the request's chain %s is %q", context.ChainType, chain, known.family)
	}
	if err := checkIssuedAt(context.IssuedAt); err != nil {
		return fmt.Errorf("the Context: %w", err)
	}
	issuedAt, err := time.Parse(time.RFC3339, strings.ToUpper(context.IssuedAt))
	switch age := now.Sub(issuedAt); {
	case err != nil:
		return errors.New("Context.IssuedAt is not a time")
	case age > maxLoginAge:
		return fmt.Errorf("Context.IssuedAt is %s, which is more than %v ago", context.IssuedAt, maxLoginAge)
	case age < -maxLoginSkew:
		return fmt.Errorf("Context.IssuedAt is %s, which is more than %v ahead; compare the clocks", context.IssuedAt, maxLoginSkew)
	}
	return nil
}

// shownURI is a URI for an error: one that may hold a password is not shown.
func shownURI(uri string) string {
	if strings.Contains(uri, "@") {
		return "[with a user]"
	}
	return uri
}

// originOf returns the origin of an absolute URI that names no user.
func originOf(uri string) (origin, error) {
	if err := checkURI(uri); err != nil {
		return origin{}, err
	}
	u, err := url.Parse(uri)
	if err != nil {
		return origin{}, errors.New("URI is not a URI")
	}
	return origin{u.Scheme, hostOf(u)}, nil
}

// hostOf returns the host of a URL as browsers write it in location.host.
func hostOf(u *url.URL) string {
	host, port := strings.ToLower(u.Host), u.Port()
	if defaults := map[string]string{"https": "443", "http": "80"}; port == defaults[u.Scheme] {
		return strings.TrimSuffix(strings.TrimSuffix(host, port), ":")
	}
	return host
}

// originHost is what a site's host is made of, without its port. A "*" is none: an origin names one site.
var originHost = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

func parseOrigin(text string) (*origin, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("not an origin, which is a scheme and a host, such as https://example.com or http://localhost:3000")
	case u.User != nil:
		return nil, errors.New("an origin names no user")
	case u.Path != "" || u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return nil, fmt.Errorf("an origin has no path, no slash at its end, no query and no fragment; write %s", origin{u.Scheme, hostOf(u)})
	case u.Scheme == "http" && !loopback.Is(u.Hostname()):
		return nil, fmt.Errorf("%q is not https, so whoever is on the way can be the site", text)
	}
	o := origin{u.Scheme, hostOf(u)}
	host, port := o.host, u.Port()
	if h, _, err := net.SplitHostPort(o.host); err == nil {
		host = h
	}
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && ip.Is6() && ip.Zone() == "" {
		host = "v6"
	}
	if !originHost.MatchString(host) || strings.HasSuffix(u.Host, ":") || (port != "" && strings.HasPrefix(port, "0")) {
		return nil, fmt.Errorf("the host %q is not one of letters, digits, dots and hyphens, with or without a port; write a name in another script as xn--…", u.Host)
	}
	return &o, nil
}
