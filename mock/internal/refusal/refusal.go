// Package refusal has the errors of the API: what a request is refused with, and how that is written. It is the bottom of the
// mock: every other room may return a refusal, and this one decides nothing about who is refused.
package refusal

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Error is a refusal in the API's own shape.
type Error struct {
	Status  int
	Code    picket.ErrorCode // may be empty
	Message string           // for people
	Why     *explain.Why     // may be nil: then the message says it all
}

// Because returns the refusal with what an explanation of it needs.
func (e *Error) Because(why *explain.Why) *Error {
	explained := *e
	explained.Why = why
	return &explained
}

// Explained returns how the refusal is explained.
func (e *Error) Explained() *explain.Why {
	if e.Why == nil {
		return explain.Known(explain.Explanation{Reason: explain.Other, Summary: e.Message})
	}
	return e.Why
}

func (e *Error) Error() string { return e.Message }

// New returns an error with a status and without a code.
func New(status int, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// InvalidParameter is a 400: something in the request is missing or wrong.
func InvalidParameter(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Code: picket.CodeParameterInvalid, Message: fmt.Sprintf(format, args...)}
}

// Invalid returns err as a 400, unless it is a refusal already. A nil error stays nil.
func Invalid(err error) error {
	var refused *Error
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return InvalidParameter("%v", err)
}

// TooLarge is a 413.
func TooLarge(format string, args ...any) *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: picket.CodeParameterInvalid, Message: fmt.Sprintf(format, args...)}
}

// NotAuthenticated is a 401 for a request without credentials.
func NotAuthenticated(message string) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: picket.CodeAuthenticationRequired, Message: message}
}

// InvalidKey is a 401 for a request whose API key is not good.
func InvalidKey(why string) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: picket.CodeAPIKeyInvalid, Message: "invalid project key: " + why}
}

// InvalidToken is a 401 for a request that is authorized by an access token, and the token is not good.
func InvalidToken(why string) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: picket.CodeParameterInvalid, Message: "invalid access token: " + why}
}

// PermissionDenied is a 403.
func PermissionDenied(format string, args ...any) *Error {
	return &Error{Status: http.StatusForbidden, Code: picket.CodePermissionDenied, Message: fmt.Sprintf(format, args...)}
}

// NotFound is a 404.
func NotFound(format string, args ...any) *Error {
	return &Error{Status: http.StatusNotFound, Code: picket.CodeResourceNotFound, Message: fmt.Sprintf(format, args...)}
}

// NotAcceptable is a 406: the answer has none of the media types that the request accepts.
func NotAcceptable(format string, args ...any) *Error {
	return &Error{Status: http.StatusNotAcceptable, Code: picket.CodeParameterInvalid, Message: fmt.Sprintf(format, args...)}
}

// UnsupportedMediaType is a 415: the mock cannot read a body of this kind.
func UnsupportedMediaType(format string, args ...any) *Error {
	return &Error{Status: http.StatusUnsupportedMediaType, Code: picket.CodeParameterInvalid, Message: fmt.Sprintf(format, args...)}
}

// TooMany is a 429: the mock has no room for it.
func TooMany(format string, args ...any) *Error {
	return New(http.StatusTooManyRequests, format, args...)
}

// Of returns err as a refusal. An error that is not one is an internal error.
func Of(err error) *Error {
	var refused *Error
	if errors.As(err, &refused) {
		return refused
	}
	return New(http.StatusInternalServerError, "internal server error: %s", names.Message(err.Error()))
}

// Write writes the refusal as the API does.
func (e *Error) Write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(types.Error{Code: string(e.Code), Msg: e.Message}) // fails only when the client is gone
}
