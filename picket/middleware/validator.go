package middleware

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/seed-a13ee279/picket/picket"
)

// Validator checks an access token and, when the request has Requirements, whether its user meets them. It returns the
// token's claims. It must be safe for concurrent use.
//
// Its errors say what happened, to errors.Is:
//
//   - picket.ErrParameterInvalid for a request without Requirements: the token is bad.
//   - picket.ErrPermissionDenied for a request with Requirements: the token's user does not meet them.
//   - Every other error: it could not be checked.
//
// Remote and Incremental make one; the verifier of package accesstoken is one.
type Validator interface {
	Validate(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error)
}

type validatorFunc func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error)

func (f validatorFunc) Validate(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
	return f(ctx, request)
}

// Remote returns a Validator that asks the API, with the client's Validate. It returns nil when client is nil; New and
// NewCache refuse that.
func Remote(client *picket.Client) Validator {
	if client == nil {
		return nil
	}
	return validatorFunc(func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		return client.Validate(ctx, request)
	})
}

// Incremental returns a Validator that checks tokens with local, which needs no network, and asks remote as seldom as
// can be. Requirements are decided by picket.Evaluate, from the balances that the token has proven; only where these do
// not decide is remote asked. A user whose proven balances do not suffice is refused without asking, as the API would
// refuse with the same token; after Client.Authz with Revalidate the user has a token with new balances.
//
// It returns nil when local or remote is nil; New and NewCache refuse that.
func Incremental(local, remote Validator) Validator {
	if isNil(local) || isNil(remote) {
		return nil
	}
	return validatorFunc(func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		claims, err := local.Validate(ctx, picket.ValidateRequest{AccessToken: request.AccessToken})
		switch {
		case err != nil:
			return nil, err
		case claims == nil:
			return nil, errNoClaims
		case request.Requirements == nil:
			return claims, nil
		}
		outcome, err := picket.Evaluate(claims.WalletAddress, claims.TokenBalances, *request.Requirements)
		switch {
		case err != nil:
			return nil, err
		case outcome == picket.OutcomeMet:
			return claims, nil
		case outcome == picket.OutcomeNotMet:
			return nil, fmt.Errorf("middleware: %w: the balances that the access token has proven do not meet the requirements", picket.ErrPermissionDenied)
		}
		return remote.Validate(ctx, request)
	})
}

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
