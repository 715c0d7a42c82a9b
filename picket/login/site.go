package login

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// Site is a web site whose users log in with their wallets. It does not change once made and is safe for concurrent use.
type Site struct {
	client   *picket.Client
	origin   string
	host     string // with its port, if the origin has one: the domain of messages
	cookies  cookieJar
	pendings pendings
	sessions SessionStore // nil when the cookie holds the token
	foreign  *http.CrossOriginProtection
	log      *log
	settings settings
}

// Format writes no more than the site's origin, whatever the verb: a store of the application has tokens in it.
func (s *Site) Format(f fmt.State, _ rune) {
	if s != nil {
		_, _ = io.WriteString(f, "login.Site "+s.origin)
	}
}

// New returns the site at an origin, as browsers write it: scheme, host, and the port unless it is the scheme's own, such as
// "https://shop.example". Every message that a wallet signs names this origin, and requests of pages with another are refused.
// It must be https; see WithLoopbackHTTP for development.
//
// The client calls the API; its key may be either of the project's. The keys seal what a browser keeps of a login under way;
// every replica of the server needs the same.
//
// It fails when the client is nil, when the keys were not made by NewKeys or ParseKeys, when the origin is not one, and when an
// option is not valid.
func New(client *picket.Client, origin string, keys Keys, options ...Option) (*Site, error) {
	s := settings{logger: slog.Default(), now: time.Now}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("login: an option is nil")
		}
		if err := option(&s); err != nil {
			return nil, fmt.Errorf("login: %w", err)
		}
	}
	switch {
	case client == nil:
		return nil, errors.New("login: the client is nil")
	case keys.ciphers == nil:
		return nil, errors.New("login: there are no keys; NewKeys and ParseKeys make them")
	}
	u, err := parseOrigin(origin, s.loopbackHTTP)
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	foreign := http.NewCrossOriginProtection()
	if err := foreign.AddTrustedOrigin(origin); err != nil { // behind a proxy that changes Host
		return nil, fmt.Errorf("login: %w", err)
	}
	cookies := cookieJar{secure: u.Scheme == "https"}
	return &Site{
		client:   client,
		origin:   origin,
		host:     u.Host,
		cookies:  cookies,
		pendings: pendings{cookies: cookies, keys: keys, origin: origin, store: s.pendings, now: s.now},
		sessions: s.sessions,
		foreign:  foreign,
		log:      &log{logger: s.logger, now: s.now, kinds: map[string]*kind{}},
		settings: s,
	}, nil
}

var hostForm = regexp.MustCompile(`^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?$`)

func parseOrigin(origin string, loopbackHTTP bool) (*url.URL, error) {
	if origin == "" {
		return nil, errors.New("the origin is empty; it is the site's, such as https://shop.example")
	}
	if strings.ContainsFunc(origin, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"'`$<>\\", r) }) {
		return nil, fmt.Errorf("the origin %+q has a quotation mark, a space or another character in it that no origin has; write a domain beyond ASCII in its xn-- form", origin)
	}
	u, err := url.Parse(origin)
	if err != nil || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") || !hostForm.MatchString(strings.ToLower(u.Host)) { // it may hold a password
		return nil, errors.New("the origin is not scheme and host, such as https://shop.example")
	}
	host := strings.ToLower(u.Host)
	if u.Port() == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host = strings.TrimSuffix(strings.TrimSuffix(host, u.Port()), ":")
	}
	if written := u.Scheme + "://" + host; written != origin {
		return nil, fmt.Errorf("the origin %q is not as browsers write it; is it %s?", origin, written)
	}
	if u.Scheme == "http" && !(loopbackHTTP && loopback.Is(u.Hostname())) {
		if loopback.Is(u.Hostname()) {
			return nil, fmt.Errorf("the origin %q is http, which WithLoopbackHTTP allows on this machine", origin)
		}
		return nil, fmt.Errorf("the origin %q is http, so that everyone on the way could read the session; use https", origin)
	}
	return u, nil
}
