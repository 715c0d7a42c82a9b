package picket

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

const (
	// maxLoginAge is how old the message of a login may be, with WithOrigin. A nonce lives two minutes.
	maxLoginAge = 5 * time.Minute
	// maxLoginSkew is how far the clock of whoever made the message may be ahead of this machine's.
	maxLoginSkew = time.Minute
)

// WithOrigin accepts only logins whose message was made for one site. The site is an origin such as "https://example.com" or
// "http://localhost:3000", as browsers write it in location.origin. It must be https, or http on this machine.
//
// Auth then sends nothing unless the request's Context has the Domain and the URI of that origin, the ChainID and the
// ChainType of the request's chain, and an IssuedAt that is at most 5 minutes ago and at most one minute ahead. A login without
// a Context names no site and is refused, such as one with a message in the simple format or the password grant of
// ExchangeGrant.
// A login on a chain whose ChainID this package does not know is refused, too. Such errors are ErrInvalidArgument.
//
// This checks only what a login says about itself. The API may also accept a signature of the message in the simple format, which
// names no site, for a login whose Context names yours. A server whose logins come from browsers therefore has to make the
// message itself, take only the signature from the browser, and verify that the signature is of that message, as package login
// of this module does.
//
// By default no origin is checked, so a signature that a wallet made for another site can log somebody in; see Auth.
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

// WithClock uses now instead of time.Now for the age of a message (see WithOrigin) and for when a rate limit ends (see RateLimit).
// It is for tests.
func WithClock(now func() time.Time) Option {
	return option(func(s *settings) error {
		if now == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.call.now = now
		return nil
	})
}

// A login is what a request says about the message that a wallet signed to log in.
type login struct {
	chain   string
	context *SigningMessageContext // nil for a request that cannot have one
}

// checkLogin refuses a login on another chain or for another site than the options name.
func (s callSettings) checkLogin(l login) error {
	chain := cmp.Or(l.chain, defaultChain)
	if s.chain != "" && chain != s.chain {
		return fmt.Errorf("%w: the request is for %q, and WithChain asks for %q", ErrChainMismatch, chain, s.chain)
	}
	if s.origin == nil {
		return nil
	}
	return s.origin.check(chain, l.context, s.now())
}

// A site is an origin. It is an interface so that the checks are only in programs that use WithOrigin, with all that they need.
type site interface {
	check(chain string, context *SigningMessageContext, now time.Time) error
}

// An origin is a site (RFC 6454).
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

// shownURI returns a URI for an error. It does not show one that may hold a password.
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

// originHost is the form of a site's host, without its port. It allows no "*", because an origin names one site.
var originHost = check.Form{Pattern: `^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`}

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
	if !originHost.Match(host) || strings.HasSuffix(u.Host, ":") || (port != "" && strings.HasPrefix(port, "0")) {
		return nil, fmt.Errorf("the host %q is not one of letters, digits, dots and hyphens, with or without a port; write a name in another script as xn--…", u.Host)
	}
	return &o, nil
}
