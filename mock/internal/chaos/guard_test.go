package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// checkTimeout is how long a check of the middleware may take.
const checkTimeout = 2 * time.Second

// guard is the middleware in front of a handler that says who came through.
type guard struct {
	name               string
	local              bool // the verifier checks tokens, with the keys
	asks               bool // the API is asked about gates
	required, optional http.Handler
	gates              []http.Handler // one for each gate of the world
}

func (w *world) newGuard(g guard, validator middleware.Validator) guard {
	options := []middleware.Option{
		middleware.WithLogger(w.log), middleware.WithCheckTimeout(checkTimeout), middleware.WithCacheBytes(128 << 10), middleware.WithMaxChecks(maxChecks),
		middleware.WithErrorHandler(func(_ http.ResponseWriter, r *http.Request, _ int, err error) {
			r.Context().Value(visitorKey{}).(*visitor).err = err
		}),
	}
	if !g.local {
		options = append(options, middleware.WithClock(w.now.now))
	}
	auth, err := middleware.New(validator, options...)
	if err != nil {
		w.t.Fatal(err)
	}
	hall := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		r.Context().Value(visitorKey{}).(*visitor).user = user
		rw.WriteHeader(http.StatusNoContent)
	})
	g.required, g.optional = auth.Required(hall), auth.Optional(hall)
	for _, gate := range w.gates {
		wrap, err := auth.Gate(gate.chain, gate.requirements)
		if err != nil {
			w.t.Fatal(err)
		}
		g.gates = append(g.gates, wrap(hall))
	}
	return g
}

// visitor is a ResponseWriter that also keeps who reached the handler, or why nobody did.
type visitor struct {
	*httptest.ResponseRecorder
	user *middleware.User
	err  error
}

type visitorKey struct{}

func (v *visitor) request(ctx context.Context, token string) *http.Request {
	request := httptest.NewRequestWithContext(context.WithValue(ctx, visitorKey{}, v), http.MethodGet, "/", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	return request
}

// visit sends a request through a guard.
func (u *user) visit() {
	g := u.guards[u.random.IntN(len(u.guards))]
	k := u.anyToken()
	name, handler, met, gated := g.name+" required", g.required, true, false
	switch u.random.IntN(3) {
	case 0:
		name, handler = g.name+" optional", g.optional
	case 1:
		i := u.anyGate(k.owner)
		name, handler, met, gated = g.name+" gate", g.gates[i], u.gates[i].met(k.owner), true
	}
	ctx, cancel := u.impatience()
	defer cancel()
	answer := &visitor{ResponseRecorder: httptest.NewRecorder()}
	before := u.now.now()
	handler.ServeHTTP(answer, answer.request(ctx, string(k.text)))
	after := u.now.now()

	refused := answer.err
	u.tally.count(name, refused)
	checkError(u.t, refused)
	checkText(u.t, "an answer", answer.Body.String()+fmt.Sprint(answer.Header()))
	expired := k.expired(before, leeway)
	// The API and the verifier refuse a token from other moments on.
	mayBeExpired := k.expired(after, 0)
	if g.local && !(gated && g.asks) {
		mayBeExpired = k.expired(after, leeway)
	}
	mayBeBad := k.bad || mayBeExpired || (g.local && k.isWithdrawn(after))
	switch {
	case answer.Code == http.StatusNoContent && (k.bad || expired || !met || (g.local && k.isGone(before, cacheLifetime))):
		u.t.Errorf("%s: let through %s on %s: the token is bad: %v, expired: %v, of a key that is gone: %v, the gate is met: %v",
			name, k.owner.Address, k.owner.chain, k.bad, expired, k.isGone(before, cacheLifetime), met)
	case answer.Code == http.StatusNoContent:
		if diff := cmp.Diff(&middleware.User{AccessTokenPayload: k.claims, AccessToken: k.text}, answer.user); diff != "" || refused != nil {
			u.t.Errorf("%s: somebody else came through (-want +got)\n%s %v", name, diff, refused)
		}
	case answer.user != nil:
		u.t.Errorf("%s: the handler ran for a request that was refused", name)
	case answer.Code == http.StatusUnauthorized && mayBeBad, answer.Code == http.StatusForbidden && !met, answer.Code == http.StatusBadRequest && k.bad:
	case answer.Code == http.StatusForbidden && !g.asks && errors.Is(refused, accesstoken.ErrUndecided):
	case answer.Code == http.StatusServiceUnavailable:
		u.couldNotBeChecked(ctx, name, refused)
	default:
		u.t.Errorf("%s: refused %s on %s with %d, whose token is good and who meets the gate: %v; %v after it was issued: %v",
			name, k.owner.Address, k.owner.chain, answer.Code, met, after.Sub(k.claims.IssuedAt.Time()), refused)
	}
}

// couldNotBeChecked fails the test unless a check failed for a reason that is neither the token nor somebody else.
func (u *user) couldNotBeChecked(ctx context.Context, name string, err error) {
	var failure *picket.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, accesstoken.ErrKeysUnavailable), errors.Is(err, context.DeadlineExceeded):
	case errors.As(err, &failure) && (errors.Is(err, picket.ErrNoResponse) || errors.Is(err, picket.ErrUnexpectedResponse) || isFault(failure.StatusCode)):
	default:
		u.t.Errorf("%s: could not be checked, and nothing was in the way: %v", name, err)
	}
	u.isNobodyElses(ctx, name, err)
}

// isNobodyElses fails the test when a call was cancelled, and not by its own caller.
func (u *user) isNobodyElses(ctx context.Context, name string, err error) {
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		u.t.Errorf("%s: another caller's cancellation failed this one: %v", name, err)
	}
}
