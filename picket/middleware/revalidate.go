package middleware

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// DefaultRevalidateInterval is how long it takes until the same wallet may ask again about the same gate.
const DefaultRevalidateInterval = time.Minute

// Revalidate returns a handler that lets users ask again about a gate: the API fetches their balances again, instead of trusting
// those in their token, and a user who meets the requirements by now gets a new token, which proves it. Mount it on a path of
// its own, for a button such as "I hold enough by now". The chain and the requirements are those of the gate.
//
// A request is a POST without a body that has an access token, as every other request of the user has. Its answer is JSON:
//
//   - 200: the new token is in the user's session, of WithSession, and the answer is {"user": …}. A request with Bearer
//     authorization gets it in the answer: {"accessToken": …, "user": …}.
//   - 403: the user still does not meet the requirements, is on another chain, or the request comes from another origin; see
//     http.CrossOriginProtection.
//   - 405: it is no POST.
//   - 429, with Retry-After: the wallet asked about the gate within the interval of WithRevalidateInterval.
//   - 500: the session cannot take the new token, because it is too long for a cookie, say; the log says more.
//   - 400, 401 and 503, as for every other request.
//
// A request causes no more than one request of the API, and a wallet no more than one in an interval, however many tokens it
// has, in whatever spelling of its address, and however many requests it sends or breaks off. (Where only the API can check
// tokens, a second one is possible for a wallet that sends a token which is not known yet at the same time as one that is.) The
// memory for that is bounded: after 65,536 wallets within an interval, others have to wait, too. Each process counts by itself.
//
// Errors: picket.ErrInvalidArgument for what picket.NewGate refuses, and for requirements that name no token: a list of wallets
// does not change by asking. It fails when client is nil, and for an Authenticator with WithCookie, because a cookie of the
// application's own cannot be given a new token.
func (a *Authenticator) Revalidate(client *picket.Client, chain string, requirements picket.Requirements) (http.Handler, error) {
	d, err := newDoor(chain, requirements)
	if err != nil {
		return nil, err
	}
	_, tokens := d.gate.TokenRequirements()
	switch {
	case client == nil:
		return nil, errors.New("middleware: Revalidate: the client is nil")
	case !tokens:
		return nil, fmt.Errorf("middleware: %w: Revalidate: the requirements name no token, so there are no balances to ask for again", picket.ErrInvalidArgument)
	case a.settings.cookie != "":
		return nil, errors.New("middleware: Revalidate: the new token cannot be handed to the cookie of WithCookie, which the application sets itself; use WithSession")
	}
	return &revalidation{a, client, d, d.gate.Requirements(), http.NewCrossOriginProtection()}, nil
}

type revalidation struct {
	auth         *Authenticator
	client       *picket.Client
	door         door
	requirements picket.Requirements
	origins      *http.CrossOriginProtection
}

func (v *revalidation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, refused := v.revalidate(w, r)
	if refused != nil {
		v.auth.refuse(w, r, v.door, refused)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// revalidate returns the body of the answer.
func (v *revalidation) revalidate(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if r.Method != http.MethodPost {
		return nil, &refusal{status: http.StatusMethodNotAllowed, code: "method_not_allowed", message: "the method is not allowed; use POST"}
	}
	if err := v.origins.Check(r); err != nil {
		refused := &refusal{status: http.StatusForbidden, code: picket.CodePermissionDenied, message: "the request comes from another origin"}
		return nil, refused.because(err, "")
	}
	token, ofSession, refused := v.auth.accessToken(r)
	switch {
	case refused != nil:
		return nil, refused
	case token == "":
		return nil, missing()
	}
	who, refused := v.identify(r.Context(), token)
	if refused != nil {
		return nil, refused
	}
	auth, refused := v.ask(r.Context(), token, who)
	if refused != nil {
		return nil, refused
	}
	v.auth.cache.forgetDenial(token, v.door.gate)
	if !ofSession {
		return encode(wire.Marshal(auth))
	}
	if err := v.auth.settings.session.Renew(w, r, auth.AccessToken); err != nil {
		return nil, notRenewed(err, string(auth.AccessToken))
	}
	return encode(json.Marshal(struct {
		User picket.AuthenticatedUser `json:"user"`
	}{auth.User}))
}

// notRenewed is about a session that could not be given the new token. Nothing is to be gained by trying again, unless a store
// failed.
func notRenewed(cause error, token string) *refusal {
	cause = fmt.Errorf("the session could not be given the new token: %w", cause)
	if !errors.Is(cause, picket.ErrInvalidArgument) {
		return unavailable(cause, token)
	}
	r := &refusal{status: http.StatusInternalServerError, code: "server_error", message: "the session cannot take the new token", level: slog.LevelWarn}
	return r.because(cause, token)
}

func encode(body []byte, err error) ([]byte, *refusal) {
	if err != nil {
		return nil, unavailable(err, "")
	}
	return body, nil
}

// asker is the user of a token: as it was verified, or as the token says and nobody knows yet.
type asker struct {
	wallet   string
	verified bool
}

// identify returns the user of a token without asking the API.
func (v *revalidation) identify(ctx context.Context, token string) (asker, *refusal) {
	cache, gate := v.auth.cache, v.door.gate
	claims, _, _ := cache.find(token, nil)
	if claims == nil && cache.local {
		var err error
		if claims, err = cache.check(ctx, token, nil); err != nil {
			return asker{}, refusalOf(err, token, nil)
		}
	}
	if claims != nil {
		if err := checkChain(claims, gate); err != nil {
			return asker{}, refusalOf(err, token, gate)
		}
		return asker{claims.WalletAddress, true}, nil
	}
	err := checkShape(token)
	var said *picket.AccessTokenPayload
	if err == nil {
		said, err = unverified(token)
	}
	switch {
	case err != nil:
		return asker{}, refusalOf(err, token, nil)
	case said == nil:
		return asker{}, refusalOf(errNoAccessToken, token, nil)
	case cache.isOverdue(said, cache.settings.clock()):
		return asker{}, refusalOf(errOverdue, token, nil)
	}
	return asker{said.WalletAddress, false}, nil
}

// ask asks the API, unless the wallet did so a moment ago.
//
// A wallet that only the token names is marked as such, so that nobody keeps users from asking whose tokens are verified. The
// mark stays when the API did not answer, or who asks could break off many requests.
func (v *revalidation) ask(ctx context.Context, token string, who asker) (*picket.AuthResponse, *refusal) {
	// In lower case, because a wallet may log in under several spellings of its address.
	wallet := v.door.gate.Key() + " " + strings.ToLower(who.wallet)
	said := "said " + wallet
	keys := []string{wallet}
	if !who.verified {
		keys = []string{said, wallet}
	}
	limits, now := v.auth.revalidations, v.auth.cache.settings.clock
	if wait := limits.take(now(), keys...); wait > 0 {
		return nil, &refusal{
			status: http.StatusTooManyRequests, code: "too_many_requests", wait: wait, level: slog.LevelInfo,
			message: "the balances of this wallet were asked for a moment ago; try again later",
		}
	}
	auth, err := v.authz(ctx, token)
	if !who.verified {
		switch {
		case err == nil, errors.Is(err, picket.CodePermissionDenied), errors.Is(err, picket.ErrChainMismatch):
			limits.move(now(), said, wallet)
		case isBadToken(err, v.door.gate):
			limits.move(now(), said, "")
		}
	}
	if err == nil {
		return auth, nil
	}
	refused := refusalOf(err, token, v.door.gate)
	refused.wait = max(refused.wait, limits.interval) // for 503
	return nil, refused
}

func (v *revalidation) authz(ctx context.Context, token string) (*picket.AuthResponse, error) {
	cache := v.auth.cache
	ctx, cancel := context.WithTimeout(ctx, cache.settings.timeout)
	defer cancel()
	if err := cache.takeSlot(ctx); err != nil {
		return nil, err
	}
	defer cache.freeSlot()
	return v.client.Authz(ctx,
		picket.AuthzRequest{AccessToken: picket.Secret(token), Requirements: v.requirements, Revalidate: true},
		picket.WithChain(v.door.gate.Chain()), picket.WithMaxRetries(0))
}
