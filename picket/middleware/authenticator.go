package middleware

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// Authenticator wraps handlers, so that only requests with a good access token reach them. It is safe for concurrent
// use.
type Authenticator struct {
	cache         *Cache
	settings      settings
	reporter      *reporter
	revalidations *limiter
}

// New returns an Authenticator that checks tokens with a Validator. It remembers what was found in a Cache, which the
// options describe; a Validator that is a *Cache is used as that cache, so that net/http and others can share one.
//
// It fails when the Validator is nil, when an option is nil or not valid, when there is both a cookie and a session, when
// there is a CacheOption for a *Cache, which has its own, and when NewCache would.
func New(validator Validator, options ...Option) (*Authenticator, error) {
	s := defaultSettings()
	cache, shared := validator.(*Cache)
	for _, option := range options {
		if option == nil {
			return nil, errors.New("middleware: an option is nil")
		}
		if _, ok := option.(CacheOption); ok && shared {
			return nil, errors.New("middleware: the validator is a cache already; give the options of the cache to NewCache")
		}
		if err := option.apply(&s); err != nil {
			return nil, fmt.Errorf("middleware: %w", err)
		}
	}
	if s.cookie != "" && s.session != nil {
		return nil, errors.New("middleware: there are both WithCookie and WithSession, and a request has one session; leave one out")
	}
	if !shared || cache == nil || cache.validator == nil {
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

// Required returns a handler that lets those requests through to next that have a good access token, with the User in
// their context. It panics when next is nil, as http.Handle does.
func (a *Authenticator) Required(next http.Handler) http.Handler {
	return a.wrap(next, door{}, false)
}

// Optional returns a handler that also lets requests through to next that have no access token; they have no User. A
// token that is there must be good: a bad one is refused, and one that cannot be checked as well. It panics when next
// is nil.
func (a *Authenticator) Optional(next http.Handler) http.Handler {
	return a.wrap(next, door{}, true)
}

// Gate returns what wraps handlers that only users of a chain who meet the requirements may reach; it includes what Required
// does. See picket.NewGate for the chain and the requirements. Make a gate once, when the program starts: then a request
// costs the same for ten thousand allowed wallets as for one.
//
// A user of another chain is refused with 403, and an answer that says so, without asking the API. An allow list is decided
// from the token's claims. Where the balances in the user's token meet the requirements, the gate opens without asking; they
// are as old as the token, up to 12 hours, and where that is too old, ask with Client.Authz and Revalidate. Otherwise the
// Validator is asked: about a success again after the cache's lifetime, about a refusal after a few seconds.
//
// A balance that the token has proven to be too low keeps its user out for the token's life, although the wallet may hold
// enough by now: the API trusts it as long. Revalidate gives users a way to ask again.
//
// Errors: picket.ErrInvalidArgument for what picket.NewGate refuses.
func (a *Authenticator) Gate(chain string, requirements picket.Requirements) (func(next http.Handler) http.Handler, error) {
	d, err := newDoor(chain, requirements)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler { return a.wrap(next, d, false) }, nil
}

func (a *Authenticator) wrap(next http.Handler, d door, optional bool) http.Handler {
	if next == nil {
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
		// Also without a user: what an outer handler may have put there is not this one's.
		inner := r.WithContext(ContextWithUser(r.Context(), user))
		defer passBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// passBack gives the outer handlers what the inner ones left in a copy of their request: the pattern, for logs and metrics,
// and the form, whose files the server removes.
func passBack(outer, inner *http.Request) {
	outer.Pattern = inner.Pattern
	outer.Form, outer.PostForm, outer.MultipartForm = inner.Form, inner.PostForm, inner.MultipartForm
}

// authenticate returns who sent the request, or nil when it has no token. With a gate, the user may pass it.
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
