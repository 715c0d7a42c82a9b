package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// Authenticator wraps handlers, so that only requests with a good access token reach them. It is safe for concurrent
// use.
type Authenticator struct {
	cache    *Cache
	settings settings
}

// New returns an Authenticator that checks tokens with a Validator. It remembers what is good in a Cache, which the
// options describe; a Validator that is a *Cache is used as that cache, so that net/http and others can share one.
//
// It fails when the Validator is nil, when an option is not valid, and when there is a CacheOption for a *Cache, which
// has its own.
func New(validator Validator, options ...Option) (*Authenticator, error) {
	s := settings{realm: "picket", logger: slog.Default(), cache: defaultCacheSettings()}
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
	if !shared || cache == nil {
		var err error
		if cache, err = newCache(validator, s.cache); err != nil {
			return nil, err
		}
	}
	return &Authenticator{cache, s}, nil
}

// Required returns a handler that lets those requests through to next that have a good access token, with the User in
// their context. It panics when next is nil, as http.Handle does.
func (a *Authenticator) Required(next http.Handler) http.Handler {
	return a.wrap(next, nil, false)
}

// Optional returns a handler that also lets requests through to next that have no access token; they have no User. A
// token that is there must be good: a bad one is refused, and one that cannot be checked as well. It panics when next
// is nil.
func (a *Authenticator) Optional(next http.Handler) http.Handler {
	return a.wrap(next, nil, true)
}

// Gate returns what wraps handlers that only users of a chain who meet the requirements may reach; it includes what Required
// does. See picket.NewGate for the chain and the requirements.
//
// Where the balances in the user's token meet the requirements, the gate opens without asking. These balances are as
// old as the token, up to 12 hours; where that is too old, ask with Client.Authz and Revalidate. Otherwise the
// Validator is asked: about a success again after the cache's lifetime, about a refusal each time.
//
// Errors: picket.ErrInvalidArgument for what picket.NewGate refuses.
func (a *Authenticator) Gate(chain string, requirements picket.Requirements) (func(next http.Handler) http.Handler, error) {
	g, err := picket.NewGate(chain, requirements)
	if err != nil {
		return nil, fmt.Errorf("middleware: %w", err)
	}
	return func(next http.Handler) http.Handler { return a.wrap(next, g, false) }, nil
}

func (a *Authenticator) wrap(next http.Handler, g *picket.Gate, optional bool) http.Handler {
	if next == nil {
		panic("middleware: the handler is nil")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, refused := a.authenticate(r, g)
		switch {
		case refused != nil:
			a.refuse(w, r, refused)
		case user == nil && !optional:
			a.refuse(w, r, missing())
		default:
			// Also without a user: what an outer handler may have put there is not this one's.
			next.ServeHTTP(w, r.WithContext(ContextWithUser(r.Context(), user)))
		}
	})
}

// authenticate returns who sent the request, or nil when it has no token. With a gate, the user may pass it.
func (a *Authenticator) authenticate(r *http.Request, g *picket.Gate) (*User, *refusal) {
	token, refused := a.accessToken(r)
	if token == "" || refused != nil {
		return nil, refused
	}
	e, err := a.cache.check(r.Context(), token, nil)
	switch {
	// Only here, because what is known was looked at before.
	case errors.Is(err, picket.ErrParameterInvalid) && !isToken68(token):
		return nil, malformed("what is sent is not one access token: it has a space, a comma or another character that no token has")
	case errors.Is(err, picket.ErrParameterInvalid):
		return nil, badToken(err, token)
	case err != nil:
		return nil, a.unavailable(r, err, token)
	}
	if g != nil {
		if refused := a.pass(r, e, g); refused != nil {
			return nil, refused
		}
	}
	return &User{cloneClaims(e.claims), picket.Secret(e.key.token)}, nil
}

// pass returns nil when the user of a good token may pass the gate.
func (a *Authenticator) pass(r *http.Request, e *entry, g *picket.Gate) *refusal {
	// What the token's balances do not decide is asked about; so is what they seem to refuse, or cannot be read.
	outcome, _ := g.EvaluateClaims(&e.claims)
	switch outcome {
	case picket.OutcomeMet:
		return nil
	case picket.OutcomeOtherChain:
		return denied(errOtherChain, e.key.token)
	}
	_, err := a.cache.check(r.Context(), e.key.token, g)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, picket.ErrPermissionDenied):
		return denied(err, e.key.token)
	case !errors.Is(err, picket.ErrParameterInvalid):
		return a.unavailable(r, err, e.key.token)
	}
	// Either the user's chain cannot have this gate, or the token, which was good a moment ago, is good no more.
	a.cache.forget(e.key)
	_, bad := a.cache.check(r.Context(), e.key.token, nil)
	switch {
	case errors.Is(bad, picket.ErrParameterInvalid):
		return badToken(bad, e.key.token)
	case bad != nil:
		return a.unavailable(r, bad, e.key.token)
	}
	return denied(err, e.key.token)
}

// unavailable reports that a request could not be checked, unless nobody waits for the answer any more.
func (a *Authenticator) unavailable(r *http.Request, err error, token string) *refusal {
	refused := unavailable(err, token)
	if !errors.Is(r.Context().Err(), context.Canceled) {
		a.settings.logger.LogAttrs(r.Context(), slog.LevelWarn, "picket: an access token could not be checked, and the request was refused",
			slog.String("method", r.Method), slog.String("pattern", r.Pattern), slog.String("error", refused.reason))
	}
	return refused
}
