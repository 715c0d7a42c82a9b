package middleware

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// Revalidate returns a handler that lets users ask again about a gate. The API fetches their balances again, instead of trusting
// those in their token, and a user who now meets the requirements gets a new token, which proves it. Mount it on a path of its own,
// for a button such as "I hold enough now". The chain and the requirements are those of the gate.
//
// A request is a POST without a body and with an access token, like every other request of the user. The answer is JSON:
//
//   - 200: with WithSession, the new token is in the user's session, and the answer is {"user": …}. A request with Bearer
//     authorization gets the token in the answer: {"accessToken": …, "user": …}.
//   - 401: there is no token, it is bad, or the session has ended meanwhile.
//   - 403: the user still does not meet the requirements, is on another chain, or the request comes from another origin; see
//     http.CrossOriginProtection.
//   - 405: the method is not POST.
//   - 429, with Retry-After: the wallet already asked about the gate within the interval of WithRevalidateInterval.
//   - 500: the session cannot take the new token, for example because it is too long for a cookie; the log says more.
//   - 400 and 503, as for every other request.
//
// A request causes at most one request of the API, and a wallet causes at most one per interval, however many tokens it has,
// however its address is spelled, and however many requests it sends or breaks off. (If only the API can check tokens, a second one
// is possible for a wallet that sends a token that is not known yet at the same time as one that is.) The memory for this is
// limited: after 65,536 wallets within an interval, others have to wait, too. Each process counts on its own.
//
// Errors: picket.ErrInvalidArgument for what picket.NewGate refuses, and for requirements that name no token, because asking does
// not change a list of wallets. Revalidate also fails when client is nil, and for an Authenticator with WithCookie, because this
// package cannot put a new token into the application's own cookie.
func (a *Authenticator) Revalidate(client *picket.Client, chain string, requirements picket.Requirements) (http.Handler, error) {
	if !a.isMade() {
		return nil, errNotMade
	}
	d, err := newDoor(chain, requirements)
	if err != nil {
		return nil, err
	}
	_, tokens := d.gate.TokenRequirements()
	switch {
	case client == nil:
		return nil, errors.New("middleware: Revalidate: the client is nil")
	case !tokens:
		return nil, fmt.Errorf("middleware: %w: Revalidate: the requirements name no token, so there are no balances to fetch again", picket.ErrInvalidArgument)
	case a.settings.cookie != "":
		return nil, errors.New("middleware: Revalidate: the new token cannot be put into the cookie of WithCookie, which the application sets itself; use WithSession")
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

// Format writes only what this is, whatever the verb, because the cache and the application's Session contain tokens.
func (*revalidation) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "middleware.Authenticator.Revalidate")
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

// notRenewed is the refusal when the session did not take the new token. Trying again helps only if a store failed.
func notRenewed(cause error, token string) *refusal {
	cause = fmt.Errorf("the session did not take the new token: %w", cause)
	switch {
	case errors.Is(cause, picket.CodeAuthenticationRequired):
		return missing().because(cause, token)
	case !errors.Is(cause, picket.ErrInvalidArgument):
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

// asker is the user of a token: verified, or only claimed by the token.
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
// A wallet that is only claimed by a token is marked as such, so that a forged token cannot keep users with verified tokens from
// asking. The mark stays if the API did not answer; otherwise a client could ask many times by breaking off its requests.
func (v *revalidation) ask(ctx context.Context, token string, who asker) (*picket.AuthResponse, *refusal) {
	// In lower case, because a wallet may log in with several spellings of its address.
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
