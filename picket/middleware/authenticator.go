package middleware

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// Authenticator wraps handlers so that only requests with a good access token reach them. New makes one. It is safe for
// concurrent use. With a nil Authenticator, or its zero value, Required and Optional panic, and Gate and Revalidate fail.
type Authenticator struct {
	cache         *Cache
	settings      settings
	reporter      *reporter
	revalidations *limiter
}

// New returns an Authenticator that checks tokens with a Validator. It remembers the results in a Cache, which the CacheOptions
// configure. If the Validator is a *Cache, that is the cache, so that net/http and other servers can share one.
//
// New fails when the Validator is nil, when an option is nil or not valid, when WithCookie and WithSession are both given, when a
// CacheOption is given with a *Cache, which has its own options, and when NewCache would fail.
func New(validator Validator, options ...Option) (*Authenticator, error) {
	s := defaultSettings()
	cache, shared := validator.(*Cache)
	for _, option := range options {
		if option == nil {
			return nil, errors.New("middleware: an option is nil")
		}
		if _, ok := option.(CacheOption); ok && shared {
			return nil, errors.New("middleware: the validator is a cache already; give the options for the cache to NewCache")
		}
		if err := option.apply(&s); err != nil {
			return nil, fmt.Errorf("middleware: %w", err)
		}
	}
	if s.cookie != "" && s.session != nil {
		return nil, errors.New("middleware: WithCookie and WithSession are both given; leave one out")
	}
	if !shared || !cache.isMade() {
		var err error
		if cache, err = newCache(validator, s.cache); err != nil {
			return nil, err
		}
	}
	return &Authenticator{
		cache:         cache,
		settings:      s,
		reporter:      newReporter(s.logger, cache.settings.clock),
		revalidations: newLimiter(s.revalidateInterval),
	}, nil
}

// Format writes only the name of the type, whatever the verb, because the cache and the application's Session contain tokens.
func (a Authenticator) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "middleware.Authenticator")
}

var errNotMade = errors.New("middleware: the Authenticator was not made by New; was its error ignored?")

func (a *Authenticator) isMade() bool { return a != nil && a.cache != nil }

// Forget forgets everything that is known of an access token; see Cache.Forget. Call it when a user logs out.
func (a *Authenticator) Forget(token picket.Secret) {
	if a.isMade() {
		a.cache.Forget(token)
	}
}

// Required returns a handler that passes requests with a good access token on to next, with the User in their context. It
// panics when next is nil, as http.Handle does.
func (a *Authenticator) Required(next http.Handler) http.Handler {
	return a.wrap(next, door{}, false)
}

// Optional returns a handler that also passes requests without an access token on to next; they have no User. If there is a
// token, it must be good: a bad one is refused, and so is one that cannot be checked. It panics when next is nil.
func (a *Authenticator) Optional(next http.Handler) http.Handler {
	return a.wrap(next, door{}, true)
}

// Gate returns a function that wraps handlers, so that only users of the chain who meet the requirements reach them. It includes
// what Required does. See picket.NewGate for the chain and the requirements. Make a gate once, when the program starts: then a
// request costs the same for ten thousand allowed wallets as for one.
//
// A user of another chain is refused with a 403 that says so, without asking the API. An allow list is decided from the token's
// claims. If the balances in the user's token meet the requirements, the gate opens without asking; they are as old as the token,
// up to 12 hours. If that is too old for you, ask with Client.Authz and Revalidate. Otherwise the Validator is asked: again after
// the cache's lifetime if it let the user pass, and after a few seconds if it did not.
//
// A balance that the token has proven to be too low keeps its user out for as long as the token lives, even if the wallet holds
// enough by now, because the API trusts that balance as long. Revalidate gives users a way to ask again.
//
// Errors: picket.ErrInvalidArgument for what picket.NewGate refuses.
func (a *Authenticator) Gate(chain string, requirements picket.Requirements) (func(next http.Handler) http.Handler, error) {
	if !a.isMade() {
		return nil, errNotMade
	}
	d, err := newDoor(chain, requirements)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler { return a.wrap(next, d, false) }, nil
}

func (a *Authenticator) wrap(next http.Handler, d door, optional bool) http.Handler {
	switch { // mistakes in the program, which show when it starts
	case !a.isMade():
		panic(errNotMade.Error()) //nolint:forbidigo // as net/http panics on a nil handler
	case next == nil:
		panic("middleware: the handler is nil")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, refused := a.authenticate(r, d)
		switch {
		case refused != nil:
			a.refuse(w, r, d, refused)
			return
		case user == nil && !optional:
			a.refuse(w, r, d, missing())
			return
		}
		// Also without a user, because an outer handler may have put another one there.
		inner := r.WithContext(ContextWithUser(r.Context(), user))
		defer passBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// passBack gives outer handlers what the inner ones set in their copy of the request: the pattern, for logs and metrics, and the
// form, whose files the server removes.
func passBack(outer, inner *http.Request) {
	outer.Pattern = inner.Pattern
	outer.Form, outer.PostForm, outer.MultipartForm = inner.Form, inner.PostForm, inner.MultipartForm
}

// authenticate returns the user who sent the request, or nil when it has no token. If there is a gate, the user may pass it.
func (a *Authenticator) authenticate(r *http.Request, d door) (*User, *refusal) {
	token, _, refused := a.accessToken(r)
	if token == "" || refused != nil {
		return nil, refused
	}
	claims, err := a.cache.check(r.Context(), token, d.gate)
	if err != nil {
		return nil, refusalOf(err, token, d.gate)
	}
	return &User{cloneClaims(*claims), picket.Secret(token)}, nil
}
