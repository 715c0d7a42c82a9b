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

// What can be wrong with a login by redirect, whatever the API answered, for errors.Is.
var (
	// ErrNoPendingLogin means that the pending login is empty, incomplete, or not one that Begin makes: no login has begun in
	// this browser, it is over, or it was not kept with MarshalBinary.
	ErrNoPendingLogin = errors.New("no login has begun in this browser, or it is over")
	// ErrState means that the state is missing, repeated or not that of the pending login. The callback does not belong to this
	// login: it belongs to another one, in another tab for example, or somebody made the browser call it (CSRF, RFC 6749 section
	// 10.12). Begin again.
	ErrState = errors.New("the state is not that of this login")
	// ErrIssuer means that the callback is not from the server that the login was sent to, by its iss (RFC 9207): somebody mixes up
	// servers, or the API is reached by a name that it does not know. Browser and server have to reach it by the same name, or its
	// OpenID configuration has to have the name that browsers use.
	ErrIssuer = errors.New("the callback is not from the server of this login")
	// ErrCallback means that the callback has the right state, but is not an answer according to RFC 6749 section 4.1.2: it has
	// neither a code nor an error, or both, or one of them twice.
	ErrCallback = errors.New("malformed callback")
)

// The codes with which the API refuses an authorization (RFC 6749 section 4.1.2.1), besides picket.CodeOAuthInvalidRequest and
// picket.CodeOAuthUnauthorizedClient. There may be others: errors.Is works for every picket.ErrorCode.
const (
	// CodeAccessDenied: the user said no, or the wallet meets none of the requirements.
	CodeAccessDenied picket.ErrorCode = "access_denied"
	// CodeServerError: the API failed.
	CodeServerError picket.ErrorCode = "server_error"
	// CodeTemporarilyUnavailable: the API is overloaded or under maintenance.
	CodeTemporarilyUnavailable picket.ErrorCode = "temporarily_unavailable"
)

// Error is the API's refusal of an authorization. It came through the browser, so the user may have made it up; show it to nobody
// but this user.
type Error struct {
	// Code is the error's code, for programs.
	Code picket.ErrorCode
	// Description says what went wrong, for people. It is empty if the API gave none. It is one line of at most 256 characters
	// and an ellipsis.
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

// scrub makes text from a callback safe for a log: one short line without hidden characters and without the secrets.
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

// echo matches a secret, also if some of its characters are percent-encoded, as in a form, however many times.
func echo(secret picket.Secret) *regexp.Regexp {
	var pattern strings.Builder
	pattern.WriteString("(?i)")
	for _, octet := range []byte(secret) {
		fmt.Fprintf(&pattern, "(?:%s|%%(?:25)*%02x)", regexp.QuoteMeta(string(octet)), octet)
	}
	return regexp.MustCompile(pattern.String())
}
