package chaos_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket/middleware"
)

// guard is the middleware in front of a handler that says who came through.
type guard struct {
	name               string
	required, optional http.Handler
	gates              []http.Handler // one for each gate of the world
}

func (w *world) newGuard(name string, validator middleware.Validator) guard {
	auth, err := middleware.New(validator, middleware.WithClock(w.now.now), middleware.WithLogger(w.log),
		middleware.WithCheckTimeout(time.Second), middleware.WithCacheSize(64))
	if err != nil {
		w.t.Fatal(err)
	}
	hall := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		rw.(*visitors).user = user
		rw.WriteHeader(http.StatusNoContent)
	})
	g := guard{name: name, required: auth.Required(hall), optional: auth.Optional(hall)}
	for _, gate := range w.gates {
		wrap, err := auth.Gate(gate.requirements)
		if err != nil {
			w.t.Fatal(err)
		}
		g.gates = append(g.gates, wrap(hall))
	}
	return g
}

// visitors is a ResponseWriter that also keeps who reached the handler.
type visitors struct {
	*httptest.ResponseRecorder
	user *middleware.User
}

// visit sends a request through a guard.
func (u *user) visit() {
	g := u.guards[u.random.IntN(len(u.guards))]
	k := u.anyToken(u.random)
	name, handler, met := g.name+" required", g.required, true
	switch u.random.IntN(3) {
	case 0:
		name, handler = g.name+" optional", g.optional
	case 1:
		i := u.random.IntN(len(u.gates))
		name, handler, met = g.name+" gate", g.gates[i], u.gates[i].met(k.owner)
	}
	ctx, cancel := u.impatience()
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	request.Header.Set("Authorization", "Bearer "+string(k.text))
	answer := &visitors{ResponseRecorder: httptest.NewRecorder()}
	before := u.now.now()
	handler.ServeHTTP(answer, request)
	after := u.now.now()

	var refused error
	if answer.Code != http.StatusNoContent {
		refused = fmt.Errorf("%d", answer.Code)
	}
	u.tally.count(name, refused)
	checkText(u.t, "an answer", answer.Body.String()+fmt.Sprint(answer.Header()))
	switch {
	case refused == nil && (k.bad || k.expired(before) || !met):
		u.t.Errorf("%s: let through %s: the token is bad: %v, expired: %v, the gate is met: %v", name, k.owner.Address, k.bad, k.expired(before), met)
	case refused == nil:
		if diff := cmp.Diff(&middleware.User{AccessTokenPayload: k.claims, Token: k.text}, answer.user); diff != "" {
			u.t.Errorf("%s: somebody else came through (-want +got)\n%s", name, diff)
		}
	case answer.user != nil:
		u.t.Errorf("%s: the handler ran for a request that was refused", name)
	case answer.Code == http.StatusUnauthorized && !k.bad && !k.expired(after),
		answer.Code == http.StatusForbidden && met,
		answer.Code == http.StatusBadRequest && !k.bad:
		u.t.Errorf("%s: refused %s with %d, whose token is good and who meets the gate: %v", name, k.owner.Address, answer.Code, met)
	case answer.Code != http.StatusUnauthorized && answer.Code != http.StatusForbidden && answer.Code != http.StatusBadRequest && answer.Code != http.StatusServiceUnavailable:
		u.t.Errorf("%s: answered %d", name, answer.Code)
	}
}
