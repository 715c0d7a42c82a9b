package accesstoken

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
)

// The reasons why a token is not accepted, for errors.Is. No error is both ErrInvalid and ErrKeysUnavailable.
var (
	// ErrInvalid means that the token is bad: malformed, forged, expired, or for another project. The error is also a
	// picket.CodeParameterInvalid.
	ErrInvalid = errors.New("invalid access token")
	// ErrExpired means that the token was good until it expired. The error is also an ErrInvalid.
	ErrExpired = errors.New("expired access token")
	// ErrKeysUnavailable means that the token could not be checked: the keys could not be fetched, or too many tokens of unknown
	// keys came for them to be fetched again for each, or the context ended before they were there. The token may be good.
	ErrKeysUnavailable = errors.New("keys unavailable")
	// ErrUndecided means that the balances in the token show neither that the requirements are met nor that they are not. Ask the
	// API with Client.Authz, which knows. The error is also a picket.CodePermissionDenied.
	ErrUndecided = errors.New("undecided requirements")
)

// failure is an error that only matches the errors it lists. Its cause is only in its text, so that no error of an HTTP client
// can be mistaken for a verdict on a token.
type failure struct {
	text string
	is   []error
}

func (f *failure) Error() string   { return "accesstoken: " + f.text }
func (f *failure) Unwrap() []error { return f.is }

func invalid(why string) error {
	return &failure{"invalid access token: " + why, []error{ErrInvalid, picket.CodeParameterInvalid}}
}

// forged is the error for a token whose signature no key verifies. What its claims say does not matter then.
func forged() error {
	return invalid("its signature does not verify: it was altered, or made with another key")
}

func expired() error {
	return &failure{"invalid access token: it expired", []error{ErrExpired, ErrInvalid, picket.CodeParameterInvalid}}
}

func unavailable(cause error) error {
	return &failure{fmt.Sprintf("the keys are not available, so the token could not be checked: %v", cause), []error{ErrKeysUnavailable}}
}

func notLoaded(cause error) error {
	return &failure{fmt.Sprintf("the keys could not be loaded: %v", cause), []error{ErrKeysUnavailable}}
}

// gaveUp is the error of a caller whose context ended while it waited for keys, to do what it says.
func gaveUp(ctx context.Context, what string) error {
	reason := context.Canceled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		reason = context.DeadlineExceeded
	}
	return &failure{
		fmt.Sprintf("%s, because waiting for the keys ended: %v", what, reason),
		[]error{ErrKeysUnavailable, reason},
	}
}
