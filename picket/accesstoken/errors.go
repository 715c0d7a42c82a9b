package accesstoken

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
)

// Why a token is not accepted. Test for them with errors.Is. No error is both ErrInvalid and ErrKeysUnavailable.
var (
	// ErrInvalid means that the token is bad: malformed, forged, expired, or for another project. The error is a
	// picket.CodeParameterInvalid, too.
	ErrInvalid = errors.New("invalid access token")
	// ErrExpired means that the token was good until it expired. The error is an ErrInvalid, too.
	ErrExpired = errors.New("expired access token")
	// ErrKeysUnavailable means that the token could not be checked, because the keys could not be fetched, or not as often
	// as tokens of unknown keys came, or the context ended before they were. The token may be good.
	ErrKeysUnavailable = errors.New("keys unavailable")
	// ErrUndecided means that the balances in the token neither meet the requirements nor tell that they are not met;
	// the API, asked with Client.Authz, can tell. The error is a picket.CodePermissionDenied, too.
	ErrUndecided = errors.New("undecided requirements")
)

// failure is an error that is what it lists and nothing else. The error behind it is only in its text, so that
// whatever an HTTP client returns cannot pass for a verdict on a token.
type failure struct {
	text string
	is   []error
}

func (f *failure) Error() string   { return "accesstoken: " + f.text }
func (f *failure) Unwrap() []error { return f.is }

func invalid(why string) error {
	return &failure{"invalid access token: " + why, []error{ErrInvalid, picket.CodeParameterInvalid}}
}

// forged is about a token whose signature no key verifies. What its claims say is not worth telling.
func forged() error {
	return invalid("its signature does not verify: it was altered, or made with another key")
}

func expired() error {
	return &failure{"invalid access token: it expired", []error{ErrExpired, ErrInvalid, picket.CodeParameterInvalid}}
}

func unavailable(cause error) error {
	return &failure{fmt.Sprintf("the keys are not available, so the token could not be checked: %v", cause), []error{ErrKeysUnavailable}}
}

// gaveUp is the error of a caller whose context ended while it waited for keys.
func gaveUp(ctx context.Context) error {
	reason := context.Canceled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		reason = context.DeadlineExceeded
	}
	return &failure{
		fmt.Sprintf("the token could not be checked, waiting for the keys ended: %v", reason),
		[]error{ErrKeysUnavailable, reason},
	}
}
