package middleware

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// Validator checks an access token and, when there is a gate, whether its user may pass it. It returns the token's claims. It
// must be safe for concurrent use.
//
// Its errors say what happened, to errors.Is:
//
//   - picket.CodeParameterInvalid: the token is bad. With a gate, a *picket.Error of the API that does not say "invalid access
//     token" is about the gate's requirements instead: the gate could not be checked.
//   - picket.CodePermissionDenied with a gate: the token's user may not pass it; with picket.ErrChainMismatch, because the user
//     is on another chain. A Cache and an Authenticator compare the chain themselves, too.
//   - Every other error: it could not be checked.
//
// A Validator that compares times with a clock of its own also has the methods Now() time.Time and Leeway() time.Duration, as
// the verifier of package accesstoken does. A Cache then uses that time, so that a token expires everywhere at once.
//
// Remote and Incremental make one; the verifier of package accesstoken is one.
type Validator interface {
	Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error)
}

// Remote returns a Validator that asks the API, with the client's Validate, once for each Validate of its own. What it asks
// depends on what the token says of itself: about the token only, when its claims decide about the gate, or else about the
// gate's token requirements as well, and never again: retries of the client are off. What it answers depends only on what the API says. A token that no access token of the
// API can be is refused without asking.
//
// Remote returns nil when client is nil; New and NewCache refuse that.
func Remote(client *picket.Client) Validator {
	if client == nil {
		return nil
	}
	return remote{client}
}

type remote struct{ client *picket.Client }

func (v remote) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if err := checkGate(gate); err != nil {
		return nil, err
	}
	said, err := unverified(string(token))
	if err != nil {
		return nil, err
	}
	if gate == nil || isDecided(said, gate) {
		claims, err := v.client.Validate(ctx, picket.ValidateRequest{AccessToken: token}, picket.WithMaxRetries(0)) // or an outage would make each request three of the API
		switch {
		case errors.Is(err, picket.CodeParameterInvalid):
			return nil, tokenError{err}
		case err != nil:
			return nil, err
		case gate != nil:
			return claims, settle(claims, gate)
		}
		return claims, nil
	}
	requirements, _ := gate.TokenRequirements()
	claims, err := v.client.Validate(ctx, picket.ValidateRequest{AccessToken: token, Requirements: &requirements}, picket.WithMaxRetries(0)) // or an outage would make each request three of the API
	if err != nil {
		return nil, err
	}
	return claims, checkChain(claims, gate)
}

// Incremental returns a Validator that checks tokens with local, which needs no network, and asks remote as seldom as
// can be. A gate is decided by picket.Gate.EvaluateClaims, from the balances that the token has proven; only where these do
// not decide is remote asked. A user whose proven balances do not suffice is refused without asking, as the API would
// refuse with the same token; after Client.Authz with Revalidate the user has a token with new balances.
//
// It returns nil when local or remote is nil; New and NewCache refuse that.
func Incremental(local, remote Validator) Validator {
	if isNil(local) || isNil(remote) {
		return nil
	}
	return incremental{local, remote}
}

type incremental struct{ local, remote Validator }

func (v incremental) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if err := checkGate(gate); err != nil {
		return nil, err
	}
	claims, err := v.local.Validate(ctx, token, nil)
	switch {
	case err != nil:
		return nil, err
	case claims == nil:
		return nil, errNoClaims
	case gate == nil:
		return claims, nil
	}
	outcome, _ := gate.EvaluateClaims(claims) // what cannot be added up is unknown
	switch outcome {
	case picket.OutcomeMet:
		return claims, nil
	case picket.OutcomeOtherChain:
		return nil, errOtherChain
	case picket.OutcomeNotMet:
		return nil, errNotMet
	}
	claims, err = v.remote.Validate(ctx, token, gate)
	switch {
	case err != nil:
		return nil, err
	case claims == nil:
		return nil, errNoClaims
	}
	return claims, checkChain(claims, gate)
}

var (
	errNoClaims   = errors.New("middleware: the validator returned no claims and no error")
	errOtherChain = fmt.Errorf("middleware: %w: %w", picket.CodePermissionDenied, picket.ErrChainMismatch)
	errNotMet     = fmt.Errorf("middleware: %w: the balances that the access token has proven do not meet the requirements", picket.CodePermissionDenied)
	errNotListed  = fmt.Errorf("middleware: %w: the wallet is not among the allowed wallets", picket.CodePermissionDenied)
	errUndecided  = errors.New("middleware: the access token's claims are others than it says itself, so that nothing was asked about the gate")
	errNoGate     = fmt.Errorf("middleware: %w: the gate is not one that picket.NewGate made", picket.ErrInvalidArgument)
)

// checkGate refuses a gate that names no chain. No gate at all is none to check.
func checkGate(gate *picket.Gate) error {
	if gate != nil && gate.Key() == "" {
		return errNoGate
	}
	return nil
}

// checkChain is for claims that a Validator found good for a gate, but whose chain it may have forgotten to look at.
func checkChain(claims *picket.AccessTokenPayload, gate *picket.Gate) error {
	if gate != nil && !gate.IsFor(claims.Chain) {
		return errOtherChain
	}
	return nil
}

// decide decides about a gate from claims, where they do: a nil error lets the user pass.
func decide(claims *picket.AccessTokenPayload, gate *picket.Gate) (decided bool, err error) {
	outcome, _ := gate.EvaluateClaims(claims)
	switch outcome {
	case picket.OutcomeMet:
		return true, nil
	case picket.OutcomeOtherChain:
		return true, errOtherChain
	case picket.OutcomeNotMet:
		if _, tokens := gate.TokenRequirements(); !tokens {
			return true, errNotListed
		}
	}
	return false, nil // also where proven balances do not suffice: the API may know better
}

// settle is decide where nothing more may be asked.
func settle(claims *picket.AccessTokenPayload, gate *picket.Gate) error {
	decided, err := decide(claims, gate)
	if !decided {
		return errUndecided
	}
	return err
}

// isDecided reports whether the claims that a token says it has would decide about a gate, so that the token is all there is
// to be checked. They may be nil.
func isDecided(said *picket.AccessTokenPayload, gate *picket.Gate) bool {
	if _, tokens := gate.TokenRequirements(); !tokens {
		return true
	}
	if said == nil {
		return false
	}
	decided, _ := decide(said, gate)
	return decided
}

// tokenError is an API's refusal of a request that had nothing but a token in it.
type tokenError struct{ error }

func (e tokenError) Unwrap() error { return e.error }

// isBadToken reports whether an error says that the token is bad, and not that the API refuses the requirements of the gate.
func isBadToken(err error, gate *picket.Gate) bool {
	var (
		about  tokenError
		answer *picket.Error
	)
	return errors.Is(err, picket.CodeParameterInvalid) &&
		(gate == nil || errors.As(err, &about) || !errors.As(err, &answer) || strings.Contains(strings.ToLower(answer.Message), "invalid access token"))
}

// refusesGate reports whether an error says that the API refuses the requirements of the gate, whoever the user is.
func refusesGate(err error, gate *picket.Gate) bool {
	return gate != nil && errors.Is(err, picket.CodeParameterInvalid) && !isBadToken(err, gate)
}

// timekeeper is a Validator that compares times itself.
type timekeeper interface {
	Now() time.Time
	Leeway() time.Duration
}

// timeOf returns the clock and the leeway of a Validator that has them, and whether it checks tokens without asking the API.
func timeOf(v Validator) (now func() time.Time, leeway time.Duration, local bool) {
	switch v := v.(type) {
	case *Cache:
		return v.settings.clock, v.settings.leeway, v.local
	case incremental:
		return timeOf(v.local)
	case timekeeper:
		return v.Now, v.Leeway(), true
	}
	return nil, 0, false
}

// isNil also finds a nil pointer in the interface, whose methods could only panic.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map:
		return value.IsNil()
	}
	return false
}
