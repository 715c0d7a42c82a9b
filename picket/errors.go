package picket

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What went wrong where the API did not refuse a request itself. These are the package's own errors; the constants that begin
// with Code are the API's. Test for both with errors.Is.
var (
	// ErrInvalidArgument means that a request was not sent, because an argument is wrong: the API could only have refused or
	// misunderstood it. Compare CodeParameterInvalid and CodeOAuthInvalidRequest, with which the API refuses what it got.
	ErrInvalidArgument = errors.New("invalid argument")
	// ErrNoResponse means that no response arrived: the network failed, or the time was up. The cause is wrapped.
	ErrNoResponse = errors.New("no response")
	// ErrUnexpectedResponse means that a response arrived that the API's contract does not have: a redirect, a body
	// that broke off, is too large, is not JSON or not UTF-8, lacks a required property, or has a name twice or in another
	// case.
	ErrUnexpectedResponse = errors.New("unexpected response")
)

// ErrorCode is the code with which the API says why it refused a request. The API publishes only a part of its codes, so the
// set is open: errors.Is(err, picket.ErrorCode("another_code")) works for every code.
type ErrorCode string

// Error returns the code.
func (c ErrorCode) Error() string { return string(c) }

// The documented codes of the API, except those of the token endpoint. Test for them with errors.Is.
const (
	// CodeAccountExists: the account exists already.
	CodeAccountExists ErrorCode = "account_exists"
	// CodeAPIKeyInvalid: no project has this API key.
	CodeAPIKeyInvalid ErrorCode = "api_key_invalid"
	// CodeAuthenticationRequired: the request had no API key.
	CodeAuthenticationRequired ErrorCode = "authentication_required"
	// CodeParameterInvalid: a parameter is missing or wrong, a signature does not verify, or an access token is not valid. The
	// API says so; when this package notices a wrong argument itself, that is ErrInvalidArgument.
	CodeParameterInvalid ErrorCode = "parameter_invalid"
	// CodeResourceNotFound: the chain or the path does not exist.
	CodeResourceNotFound ErrorCode = "resource_not_found"
	// CodePermissionDenied: the wallet meets none of the requirements, or the API key is of the wrong kind.
	CodePermissionDenied ErrorCode = "permission_denied"
)

// The codes of the token endpoint, which Client.ExchangeGrant calls (RFC 6749 section 5.2). Test for them with errors.Is.
const (
	// CodeOAuthInvalidRequest: a parameter of the grant is missing or wrong. It is CodeParameterInvalid elsewhere.
	CodeOAuthInvalidRequest ErrorCode = "invalid_request"
	// CodeOAuthInvalidClient: the client could not be authenticated.
	CodeOAuthInvalidClient ErrorCode = "invalid_client"
	// CodeOAuthInvalidGrant: the code or signature is unknown, spent, expired, or was issued to another client.
	CodeOAuthInvalidGrant ErrorCode = "invalid_grant"
	// CodeOAuthUnauthorizedClient: the client may not use this grant.
	CodeOAuthUnauthorizedClient ErrorCode = "unauthorized_client"
	// CodeOAuthUnsupportedGrantType: the token endpoint does not know this grant.
	CodeOAuthUnsupportedGrantType ErrorCode = "unsupported_grant_type"
)

// Error says why a call failed; every error of a Client's methods is one. Its text has no API key, access token or signature in
// it, even when the server sent one back, encoded or with other characters in between. It is one line of bounded length without
// control and format characters, such as those that reverse the direction of a text.
type Error struct {
	// Operation is the call that failed, as openapi.yaml names it: "nonce", "auth" and so on. For Client.Do it is the method
	// and the path, such as "GET /chains".
	Operation string
	// StatusCode is the response's HTTP status. It is 0 when there was no response.
	StatusCode int
	// Code is the API's code. It is empty when the API gave none, or when the failure is not the API's.
	Code ErrorCode
	// Message says what went wrong, for people: the API's msg when there is one.
	Message string
	// RequestID is the response's X-Request-Id, which helps Picket's support to find the request. It is empty when the response
	// had none.
	RequestID string
	// Tries says how many times the client tried to send the request. It is 0 when an argument was invalid.
	Tries int
	// RetryAfter is how long the server asked to wait before the next try. It is 0 when it did not ask.
	RetryAfter time.Duration

	cause *hiddenError
}

// A hiddenError is used behind a pointer, so that package fmt does not print it with the value of an Error: a transport may have
// written a request into it.
type hiddenError struct{ error }

func because(err error) *hiddenError {
	if err == nil {
		return nil
	}
	return &hiddenError{err}
}

// noError is the text of a nil Error, as package fmt prints one.
const noError = "<nil>"

// Error returns one line: the operation, the status and code if there are any, the message, the request ID, and the number of
// tries when there was more than one.
func (e *Error) Error() string {
	if e == nil {
		return noError
	}
	var b strings.Builder
	b.WriteString("picket: " + e.Operation)
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, ": %d %s", e.StatusCode, http.StatusText(e.StatusCode))
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " (%s)", e.Code)
	}
	b.WriteString(": " + e.Message)
	if e.RequestID != "" {
		fmt.Fprintf(&b, " [request %s]", e.RequestID)
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, " [%d tries]", e.Tries)
	}
	return b.String()
}

// Format writes what Error returns, quoted for %q, whatever the verb. It does not print the cause, because a transport may have
// written a request into it.
func (e *Error) Format(f fmt.State, verb rune) {
	text := e.Error()
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

// Is reports whether target is the ErrorCode of e. For an error that the API sent without a code, the status decides: 400 counts
// as CodeParameterInvalid, 401 as CodeAuthenticationRequired, 403 as CodePermissionDenied and 404 as CodeResourceNotFound. The
// same statuses from something that is not the API, such as a proxy with an HTML page, do not count.
func (e *Error) Is(target error) bool {
	code, ok := target.(ErrorCode)
	if !ok || code == "" || e == nil {
		return false
	}
	if e.Code != "" || e.cause != nil {
		return code == e.Code
	}
	switch e.StatusCode {
	case http.StatusBadRequest:
		return code == CodeParameterInvalid
	case http.StatusUnauthorized:
		return code == CodeAuthenticationRequired
	case http.StatusForbidden:
		return code == CodePermissionDenied
	case http.StatusNotFound:
		return code == CodeResourceNotFound
	}
	return false
}

// Unwrap returns ErrInvalidArgument, ErrNoResponse or ErrUnexpectedResponse, with the cause behind it if there is one, such as
// context.DeadlineExceeded. That is behind it even when the context was given a cause of its own, which is there as well. For a
// user of another chain than that of WithChain it returns ErrChainMismatch, and for a refusal by the API nil.
func (e *Error) Unwrap() error {
	if e == nil || e.cause == nil {
		return nil
	}
	return e.cause.error
}
