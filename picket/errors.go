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

// What can go wrong besides a refusal by the API. Test for them with errors.Is.
var (
	// ErrInvalidArgument means that a request was not sent, because the API could only have refused or misunderstood it.
	ErrInvalidArgument = errors.New("invalid argument")
	// ErrNoResponse means that no response arrived: the network failed, or the time was up. The cause is wrapped.
	ErrNoResponse = errors.New("no response")
	// ErrUnexpectedResponse means that a response arrived that the API's contract does not have: a redirect, a body
	// that is cut off, too large, not JSON or not UTF-8, one without what is required, or one with a name twice or in another
	// case.
	ErrUnexpectedResponse = errors.New("unexpected response")
)

// ErrorCode is the code by which the API tells its errors apart. The published list of codes is not complete, so the
// set is open: errors.Is(err, picket.ErrorCode("another_code")) works for every code.
type ErrorCode string

// Error returns the code.
func (c ErrorCode) Error() string { return string(c) }

// The documented codes. Test for them with errors.Is.
const (
	// CodeAccountExists: the account exists already.
	CodeAccountExists ErrorCode = "account_exists"
	// CodeAPIKeyInvalid: no project has this API key.
	CodeAPIKeyInvalid ErrorCode = "api_key_invalid"
	// CodeAuthenticationRequired: the request had no API key.
	CodeAuthenticationRequired ErrorCode = "authentication_required"
	// CodeParameterInvalid: a parameter is missing or wrong, a signature does not verify, or an access token is not valid.
	CodeParameterInvalid ErrorCode = "parameter_invalid"
	// CodeResourceNotFound: there is no such chain, or no such path.
	CodeResourceNotFound ErrorCode = "resource_not_found"
	// CodePermissionDenied: the wallet meets none of the requirements, or the API key is of the wrong kind.
	CodePermissionDenied ErrorCode = "permission_denied"
)

// The codes of the token endpoint (RFC 6749 section 5.2).
const (
	// CodeOAuthInvalidRequest: a parameter of the grant is missing or wrong.
	CodeOAuthInvalidRequest ErrorCode = "invalid_request"
	// CodeOAuthInvalidClient: the client could not be authenticated.
	CodeOAuthInvalidClient ErrorCode = "invalid_client"
	// CodeOAuthInvalidGrant: the code or signature is not known, spent, expired or of another client.
	CodeOAuthInvalidGrant ErrorCode = "invalid_grant"
	// CodeOAuthUnauthorizedClient: the client may not use this grant.
	CodeOAuthUnauthorizedClient ErrorCode = "unauthorized_client"
	// CodeOAuthUnsupportedGrantType: there is no such grant.
	CodeOAuthUnsupportedGrantType ErrorCode = "unsupported_grant_type"
)

// Error is why a call failed; every error of a Client's methods is one. Its text holds no API key, access token or
// signature, also when the server sent one back, encoded or with other characters in it. It is one line of bounded length
// without control and format characters, such as those that turn the direction of a text.
type Error struct {
	// Operation is the call that failed, as openapi.yaml names it: "nonce", "auth" and so on.
	Operation string
	// StatusCode is the response's HTTP status. It is 0 when there was no response.
	StatusCode int
	// Code is the API's code. It is empty when the API gave none, or when the failure is not the API's.
	Code ErrorCode
	// Message says what went wrong, for people: the API's msg when there is one.
	Message string
	// RequestID is the response's X-Request-Id, to be named when asking Picket about it. It is empty when there was none.
	RequestID string
	// Tries is how often the request was sent, or tried to be. It is 0 when it was not, because an argument is invalid.
	Tries int
	// RetryAfter is how long the server asked to wait before the next try. It is 0 when it did not ask.
	RetryAfter time.Duration

	cause error
}

// Error returns one line: the operation, the status and code if there are any, the message, and the number of tries when
// there was more than one.
func (e *Error) Error() string {
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

// Format writes what Error returns, quoted for %q, whatever the verb: the cause stays unprinted, because a transport may
// have written a request into it.
func (e Error) Format(f fmt.State, verb rune) {
	text := e.Error()
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

// Is reports whether target is the ErrorCode of e. An error of the API without a code is told apart by its status: 400
// counts as CodeParameterInvalid, 401 as CodeAuthenticationRequired, 403 as CodePermissionDenied and 404 as
// CodeResourceNotFound. The same statuses of something that is not the API, such as a proxy's HTML page, do not.
func (e *Error) Is(target error) bool {
	code, ok := target.(ErrorCode)
	if !ok || code == "" {
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

// Unwrap returns ErrInvalidArgument, ErrNoResponse or ErrUnexpectedResponse, with the cause behind them if there is one:
// context.DeadlineExceeded, for example, also when the context has a cause of its own, which is behind them as well. It is
// ErrChainMismatch for a user of another chain than WithChain's. It returns nil for a refusal by the API.
func (e *Error) Unwrap() error { return e.cause }
