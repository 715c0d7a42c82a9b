package middleware

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/seed-a13ee279/picket/picket"
)

// Validator checks an access token and, when there is a gate, whether its user may pass it. It returns the token's claims. It
// must be safe for concurrent use.
//
// Its errors say what happened, to errors.Is:
//
//   - picket.ErrParameterInvalid without a gate: the token is bad.
//   - picket.ErrPermissionDenied with a gate: the token's user may not pass it; with picket.ErrChainMismatch, because the user
//     is on another chain.
//   - Every other error: it could not be checked.
//
// Remote and Incremental make one; the verifier of package accesstoken is one.
type Validator interface {
	Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error)
}

type validatorFunc func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error)

func (f validatorFunc) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	return f(ctx, token, gate)
}

// Remote returns a Validator that asks the API, with the client's Validate. It returns nil when client is nil; New and
// NewCache refuse that.
func Remote(client *picket.Client) Validator {
	if client == nil {
		return nil
	}
	return validatorFunc(func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		request := picket.ValidateRequest{AccessToken: token}
		if gate == nil {
			return client.Validate(ctx, request)
		}
		requirements := gate.Requirements()
		request.Requirements = &requirements
		return client.Validate(ctx, request, picket.WithChain(gate.Chain()))
	})
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
	return validatorFunc(func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		claims, err := local.Validate(ctx, token, nil)
		switch {
		case err != nil:
			return nil, err
		case claims == nil:
			return nil, errNoClaims
		case gate == nil:
			return claims, nil
		}
		outcome, err := gate.EvaluateClaims(claims)
		switch {
		case err != nil:
			return nil, err
		case outcome == picket.OutcomeMet:
			return claims, nil
		case outcome == picket.OutcomeOtherChain:
			return nil, errOtherChain
		case outcome == picket.OutcomeNotMet:
			return nil, fmt.Errorf("middleware: %w: the balances that the access token has proven do not meet the requirements", picket.ErrPermissionDenied)
		}
		return remote.Validate(ctx, token, gate)
	})
}

var errOtherChain = fmt.Errorf("middleware: %w: %w", picket.ErrPermissionDenied, picket.ErrChainMismatch)

var errNoClaims = errors.New("middleware: the validator returned no claims and no error")

// isNil also finds a nil pointer in the interface, whose methods could only panic.
func isNil(v Validator) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map:
		return value.IsNil()
	}
	return false
}
