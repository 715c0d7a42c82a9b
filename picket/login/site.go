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

// Site is a web site whose users log in with their wallets. New makes one. It does not change afterwards and is safe for
// concurrent use. The zero value logs nobody in: its handlers answer 500.
type Site struct {
	client   *picket.Client
	origin   string
	host     string // the domain in messages, with the port if the origin has one
	cookies  cookieJar
	pendings pendings
	sessions SessionStore // nil when the cookie holds the token
	foreign  *http.CrossOriginProtection
	log      *log
	settings settings
}

// Format writes only the site's origin, whatever the verb, because the application's stores contain tokens.
func (s Site) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "login.Site "+s.origin) }

var errNotMade = errors.New("the site was not made by New")

func (s *Site) isMade() bool { return s != nil && s.client != nil }

// New returns the site at an origin. The origin is written as browsers write it: scheme and host, and the port unless it is the
// default one of the scheme, such as "https://shop.example". Every message that a wallet signs names this origin, and requests
// from pages of another origin are refused. It must be https; see WithLoopbackHTTP for development.
//
// The client calls the API; its key may be the project's secret or publishable key. The keys seal what a browser keeps between
// the two steps of a login; every replica of the server needs the same keys.
//
// New fails when the client is nil, when the keys were not made by NewKeys or ParseKeys, when the origin is not valid, and when
// an option is nil or not valid.
func New(client *picket.Client, origin string, keys Keys, options ...Option) (*Site, error) {
	s := settings{logger: slog.Default(), now: time.Now}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("login: an option is nil")
		}
		if err := option.apply(&s); err != nil {
			return nil, fmt.Errorf("login: %w", err)
		}
	}
	switch {
	case client == nil:
		return nil, errors.New("login: the client is nil")
	case keys.ciphers == nil:
		return nil, errors.New("login: there are no keys; make them with NewKeys or ParseKeys")
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
		log:      newLog(s.logger, s.now),
		settings: s,
	}, nil
}

var hostForm = regexp.MustCompile(`^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?$`)

func parseOrigin(origin string, loopbackHTTP bool) (*url.URL, error) {
	if origin == "" {
		return nil, errors.New("the origin is empty; give the site's origin, such as https://shop.example")
	}
	if strings.ContainsFunc(origin, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"'`$<>\\", r) }) {
		return nil, fmt.Errorf("the origin %+q contains a quotation mark, a space or another character that no origin has; write a domain beyond ASCII in its xn-- form", origin)
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
			return nil, fmt.Errorf("the origin %q is http; to allow that on this machine, use WithLoopbackHTTP", origin)
		}
		return nil, fmt.Errorf("the origin %q is http, so anyone on the way could read the session; use https", origin)
	}
	return u, nil
}
