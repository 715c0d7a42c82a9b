package oauth

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// What can be wrong with a login, whatever the API answered. Test for them with errors.Is.
var (
	// ErrSession means that the session is empty, not whole, or not one that Begin makes: no login was begun in this browser,
	// it is over, or the session was not kept by MarshalBinary.
	ErrSession = errors.New("no login was begun here, or it is over")
	// ErrState means that the state is absent, repeated or not that of the session. The callback is not the answer to this
	// login: it is of another one, in another tab for example, or somebody made the browser call it (CSRF, RFC 6749 section
	// 10.12). Begin again.
	ErrState = errors.New("the state is not that of this login")
	// ErrCallback means that the callback has the right state, and is no answer that RFC 6749 section 4.1.2 knows: it has
	// neither a code nor an error, or both, or one of them twice.
	ErrCallback = errors.New("malformed callback")
)

// The codes with which the API refuses an authorization (RFC 6749 section 4.1.2.1), besides picket.CodeOAuthInvalidRequest and
// picket.CodeOAuthUnauthorizedClient. The set is open: errors.Is works for every picket.ErrorCode.
const (
	// ErrAccessDenied: the user said no, or the wallet meets none of the requirements.
	ErrAccessDenied picket.ErrorCode = "access_denied"
	// ErrUnsupportedResponseType: the API gives no codes.
	ErrUnsupportedResponseType picket.ErrorCode = "unsupported_response_type"
	// ErrInvalidScope: a scope is not known.
	ErrInvalidScope picket.ErrorCode = "invalid_scope"
	// ErrServerError: the API failed.
	ErrServerError picket.ErrorCode = "server_error"
	// ErrTemporarilyUnavailable: the API is overloaded or under maintenance.
	ErrTemporarilyUnavailable picket.ErrorCode = "temporarily_unavailable"
)

// Error is the API's refusal of an authorization. It came through the browser, so it says what the API, or the user, wants
// the server to believe; show it to nobody but this user.
type Error struct {
	// Code is the error's code, for programs.
	Code picket.ErrorCode
	// Description says what went wrong, for people. It is empty when the API gave none. It is one line, of at most 256
	// characters and an ellipsis.
	Description string
}

// Error returns the code and the description.
func (e *Error) Error() string {
	text := "oauth: the login was refused: " + string(e.Code)
	if e.Description != "" {
		text += ": " + e.Description
	}
	return text
}

// Unwrap returns the code.
func (e *Error) Unwrap() error { return e.Code }

const maxTextLength = 256

// scrub makes text from a callback fit for a log: one line, not long, without hidden characters and without the secrets.
func scrub(text string, secrets ...picket.Secret) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || check.IsInvisible(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	for _, secret := range secrets {
		text = echo(secret).ReplaceAllLiteralString(text, secret.String())
	}
	if runes := []rune(text); len(runes) > maxTextLength {
		text = string(runes[:maxTextLength]) + "…"
	}
	return text
}

// echo matches a secret with any of its characters percent-encoded, as in a form, however many times.
func echo(secret picket.Secret) *regexp.Regexp {
	var pattern strings.Builder
	pattern.WriteString("(?i)")
	for _, octet := range []byte(secret) {
		fmt.Fprintf(&pattern, "(?:%s|%%(?:25)*%02x)", regexp.QuoteMeta(string(octet)), octet)
	}
	return regexp.MustCompile(pattern.String())
}
