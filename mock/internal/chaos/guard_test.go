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

// guard is the middleware in front of a handler that records who came through.
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

// visitor is a ResponseWriter that also records who reached the handler, or why nobody did.
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

// visit is a request through a guard, and what is known of it.
type visit struct {
	name  string // of the call
	guard guard
	token token
	met   bool // the user meets the gate, or there is none
	gated bool

	before, after time.Time // when it was sent, and when it was answered
	answer        *visitor
}

// visit sends a request through a guard and compares what comes of it with what is known.
func (u *user) visit() {
	g, k := u.guards[u.random.IntN(len(u.guards))], u.anyToken()
	v := visit{name: g.name + " required", guard: g, token: k, met: true, answer: &visitor{ResponseRecorder: httptest.NewRecorder()}}
	handler := g.required
	switch u.random.IntN(3) {
	case 0:
		v.name, handler = g.name+" optional", g.optional
	case 1:
		i := u.anyGate(k.owner)
		v.name, handler, v.met, v.gated = g.name+" gate", g.gates[i], u.gates[i].met(k.owner), true
	}
	ctx, cancel := u.impatience()
	defer cancel()
	v.before = u.now.now()
	handler.ServeHTTP(v.answer, v.answer.request(ctx, string(k.text)))
	v.after = u.now.now()

	u.tally.count(v.name, v.answer.err)
	checkError(u.t, v.answer.err)
	checkText(u.t, "an answer", v.answer.Body.String()+fmt.Sprint(v.answer.Header()))
	if v.answer.Code == http.StatusNoContent {
		u.checkEntry(v)
	} else {
		u.checkRefusal(ctx, v)
	}
}

// checkEntry fails the test unless a request that was let through had to be.
func (u *user) checkEntry(v visit) {
	k := v.token
	expired, gone := k.expired(v.before, leeway), k.isGone(v.before, cacheLifetime)
	if k.bad || expired || !v.met || (v.guard.local && gone) {
		u.t.Errorf("%s: let through %s on %s: the token is bad: %v, expired: %v, of a key that is gone: %v, the gate is met: %v",
			v.name, k.owner.Address, k.owner.chain, k.bad, expired, gone, v.met)
		return
	}
	if diff := cmp.Diff(&middleware.User{AccessTokenPayload: k.claims, AccessToken: k.text}, v.answer.user); diff != "" || v.answer.err != nil {
		u.t.Errorf("%s: somebody else came through (-want +got)\n%s %v", v.name, diff, v.answer.err)
	}
}

// checkRefusal fails the test unless a request that was refused may have been, with this status.
func (u *user) checkRefusal(ctx context.Context, v visit) {
	k, refused := v.token, v.answer.err
	// The API and the verifier begin to refuse a token at different moments.
	mayBeExpired := k.expired(v.after, 0)
	if v.guard.local && !(v.gated && v.guard.asks) {
		mayBeExpired = k.expired(v.after, leeway)
	}
	mayBeBad := k.bad || mayBeExpired || (v.guard.local && k.isWithdrawn(v.after))
	switch status := v.answer.Code; {
	case v.answer.user != nil:
		u.t.Errorf("%s: the handler ran for a request that was refused", v.name)
	case status == http.StatusUnauthorized && mayBeBad, status == http.StatusForbidden && !v.met, status == http.StatusBadRequest && k.bad:
	case status == http.StatusForbidden && !v.guard.asks && errors.Is(refused, accesstoken.ErrUndecided):
	case status == http.StatusServiceUnavailable:
		u.couldNotBeChecked(ctx, v.name, refused)
	default:
		u.t.Errorf("%s: refused %s on %s with %d, although the token is good; meets the gate: %v; %v after it was issued: %v",
			v.name, k.owner.Address, k.owner.chain, status, v.met, v.after.Sub(k.claims.IssuedAt.Time()), refused)
	}
}

// couldNotBeChecked fails the test unless something kept the check from being made, other than another caller.
func (u *user) couldNotBeChecked(ctx context.Context, name string, err error) {
	var failure *picket.Error
	switch {
	case ctx.Err() != nil, errors.Is(err, accesstoken.ErrKeysUnavailable), errors.Is(err, context.DeadlineExceeded):
	case errors.As(err, &failure) && (errors.Is(err, picket.ErrNoResponse) || errors.Is(err, picket.ErrUnexpectedResponse) || isFault(failure.StatusCode)):
	default:
		u.t.Errorf("%s: could not be checked, although nothing failed: %v", name, err)
	}
	u.isNobodyElses(ctx, name, err)
}

// isNobodyElses fails the test when a call was cancelled by another caller than its own.
func (u *user) isNobodyElses(ctx context.Context, name string, err error) {
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		u.t.Errorf("%s: another caller's cancellation failed this one: %v", name, err)
	}
}
