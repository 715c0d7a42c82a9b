package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// Validator checks an access token and, if there is a gate, whether the token's user may pass it. It returns the token's claims. It
// must be safe for concurrent use. Remote and Incremental return one, and the verifier of package accesstoken is one.
//
// Its errors say, to errors.Is, what happened:
//
//   - picket.CodeParameterInvalid: the token is bad. With a gate, a *picket.Error of the API that does not say "invalid access
//     token" is about the gate's requirements instead: the gate could not be checked.
//   - picket.CodePermissionDenied with a gate: the token's user may not pass it. If it is also a picket.ErrChainMismatch, the user is
//     on another chain. A Cache and an Authenticator also compare the chain themselves.
//   - Every other error: the token or the gate could not be checked.
//
// A Validator that has a clock of its own also has the methods Now() time.Time and Leeway() time.Duration, like the verifier of
// package accesstoken. A Cache then uses that clock, so that a token expires everywhere at once.
type Validator interface {
	Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error)
}

// Remote returns a Validator that asks the API with the client's Validate, once for each call of its own, without retries. The
// unverified claims in the token decide what it asks: only about the token if the claims decide about the gate, and otherwise about
// the gate's token requirements as well. What it answers depends only on the API. A token that cannot be an access token of the API
// is refused without asking.
//
// Remote returns nil if client is nil, which New and NewCache refuse.
func Remote(client *picket.Client) Validator {
	if client == nil {
		return nil
	}
	return remote{client}
}

type remote struct{ client *picket.Client }

// Format writes only the name of the function, whatever the verb, because the client's transport may contain secrets.
func (remote) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "middleware.Remote") }

func (v remote) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if err := checkGate(gate); err != nil {
		return nil, err
	}
	said, err := reread(ctx, string(token))
	if err != nil {
		return nil, err
	}
	if gate == nil || isDecided(said, gate) {
		claims, err := v.client.Validate(ctx, picket.ValidateRequest{AccessToken: token}, picket.WithMaxRetries(0)) // with retries, each request would cause three of the API in an outage
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
	claims, err := v.client.Validate(ctx, picket.ValidateRequest{AccessToken: token, Requirements: &requirements}, picket.WithMaxRetries(0))
	if err != nil {
		return nil, err
	}
	return claims, checkChain(claims, gate)
}

// Incremental returns a Validator that checks tokens with local, which needs no network, and asks remote as rarely as possible.
// Gates are decided by picket.Gate.EvaluateClaims from the balances that the token has proven, and remote is asked only if these
// do not decide. A user whose proven balances are too low is refused without asking, because the API would refuse the same token,
// too. After Client.Authz with Revalidate the user has a token with new balances.
//
// It returns nil if local or remote is nil, which New and NewCache refuse.
func Incremental(local, remote Validator) Validator {
	if isNil(local) || isNil(remote) {
		return nil
	}
	return incremental{local, remote}
}

type incremental struct{ local, remote Validator }

// Format writes only the name of the function, whatever the verb, because one of the two may be a Cache, which contains tokens.
func (incremental) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "middleware.Incremental") }

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
	errUndecided  = errors.New("middleware: the API's claims differ from those in the access token itself, so nothing was asked about the gate")
	errNoGate     = fmt.Errorf("middleware: %w: the gate was not made by picket.NewGate", picket.ErrInvalidArgument)
)

// checkGate refuses a gate that picket.NewGate did not make. It accepts nil.
func checkGate(gate *picket.Gate) error {
	if gate != nil && gate.Key() == "" {
		return errNoGate
	}
	return nil
}

// checkChain checks claims that a Validator found good for a gate, because it may have forgotten to check their chain.
func checkChain(claims *picket.AccessTokenPayload, gate *picket.Gate) error {
	if gate != nil && !gate.IsFor(claims.Chain) {
		return errOtherChain
	}
	return nil
}

// decide decides about a gate from claims, if they are sufficient for that. A nil error lets the user pass.
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
	return false, nil // also if proven balances are too low: the API may know better
}

// settle is decide for when nothing more may be asked.
func settle(claims *picket.AccessTokenPayload, gate *picket.Gate) error {
	decided, err := decide(claims, gate)
	if !decided {
		return errUndecided
	}
	return err
}

// isDecided reports whether a token's unverified claims would decide about a gate, so that only the token needs to be checked. They
// may be nil.
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

// tokenError is the API's refusal of a request that contained only a token.
type tokenError struct{ error }

func (e tokenError) Unwrap() error { return e.error }

// isBadToken reports whether an error means that the token is bad, and not that the API refuses the requirements of the gate.
func isBadToken(err error, gate *picket.Gate) bool {
	var (
		about  tokenError
		answer *picket.Error
	)
	return errors.Is(err, picket.CodeParameterInvalid) &&
		(gate == nil || errors.As(err, &about) || !errors.As(err, &answer) || strings.Contains(strings.ToLower(answer.Message), "invalid access token"))
}

// refusesGate reports whether an error means that the API refuses the requirements of the gate, whoever the user is.
func refusesGate(err error, gate *picket.Gate) bool {
	return gate != nil && errors.Is(err, picket.CodeParameterInvalid) && !isBadToken(err, gate)
}

// timekeeper is a Validator that has a clock of its own.
type timekeeper interface {
	Now() time.Time
	Leeway() time.Duration
}

// timeOf returns the clock and the leeway of a Validator if it has them, and whether it checks tokens without asking the API.
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

// isNil also finds a nil pointer inside the interface, whose methods could only panic.
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
