package middleware

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// refusal is why a request does not reach its handler, and the answer to it.
type refusal struct {
	status int
	code   picket.ErrorCode
	// challenge is the error of RFC 6750 section 3.1. It is empty if the token is not the reason, or if there was none.
	challenge string
	// message is for everyone. It is constant except for the chain of a gate, which is a slug.
	message string
	// cause is nil if there is no more to say. Its text, without the token, is reason.
	cause  error
	reason string
	// wait is for Retry-After, with 429 and 503; 0 if unknown.
	wait  time.Duration
	level slog.Level
}

func missing() *refusal {
	return &refusal{
		status:  http.StatusUnauthorized,
		code:    picket.CodeAuthenticationRequired,
		message: "authentication required: log in, or send an access token as Bearer authorization",
	}
}

func malformed(message string) *refusal {
	return &refusal{
		status:    http.StatusBadRequest,
		code:      picket.CodeOAuthInvalidRequest,
		challenge: "invalid_request",
		message:   message,
	}
}

func badToken(cause error, token string) *refusal {
	r := &refusal{
		status:    http.StatusUnauthorized,
		code:      "access_token_invalid",
		challenge: "invalid_token",
		message:   "the access token is malformed, forged, expired or for another project; log in again",
	}
	if errors.Is(cause, errClock) {
		r.level = slog.LevelWarn
	}
	return r.because(cause, token)
}

func denied(cause error, token string) *refusal {
	r := &refusal{
		status:    http.StatusForbidden,
		code:      picket.CodePermissionDenied,
		challenge: "insufficient_scope",
		message:   "the wallet does not meet the requirements",
	}
	return r.because(cause, token)
}

func otherChain(cause error, token string, gate *picket.Gate) *refusal {
	r := denied(cause, token)
	r.message = "the user logged in on another chain than this server takes" // as the error of a client with WithChain says
	if gate != nil {
		r.message = fmt.Sprintf("this gate is for users of %s, and the user logged in on another chain", gate.Chain())
	}
	return r
}

func unavailable(cause error, token string) *refusal {
	r := &refusal{
		status:  http.StatusServiceUnavailable,
		code:    "unavailable",
		message: "the access token could not be checked; try again later",
		level:   slog.LevelWarn,
	}
	var failure *picket.Error
	if errors.As(cause, &failure) {
		r.wait = failure.RetryAfter
	}
	return r.because(cause, token)
}

// gateRefused is the refusal at a gate whose requirements the API refuses: no user could pass it, and none is at fault.
func gateRefused(cause error, token string) *refusal {
	r := unavailable(cause, token)
	r.message = "the gate could not be checked; try again later"
	return r.because(fmt.Errorf("the API refuses the requirements of the gate; correct them where the gate is made: %w", cause), token)
}

// refusalOf returns what the error of a check means. The gate may be nil.
func refusalOf(err error, token string, gate *picket.Gate) *refusal {
	switch {
	case errors.Is(err, picket.ErrChainMismatch):
		return otherChain(err, token, gate)
	case gate != nil && errors.Is(err, picket.CodePermissionDenied):
		return denied(err, token)
	case refusesGate(err, gate):
		return gateRefused(err, token)
	case !isBadToken(err, gate):
		return unavailable(err, token)
	case !isToken68(token): // last, because a token that is known needs no such check
		return malformed("what was sent is not one access token: it contains a space, a comma or another character that no token has")
	}
	return badToken(err, token)
}

// because adds the cause. The errors of package picket never contain the token, but those of other Validators may.
func (r *refusal) because(cause error, token string) *refusal {
	r.cause, r.reason = cause, printable(cause.Error(), token)
	return r
}

func (r *refusal) Error() string {
	if r.reason == "" {
		return "middleware: " + r.message
	}
	return "middleware: " + r.message + ": " + r.reason
}

// Unwrap returns the code and the cause, for errors.Is.
func (r *refusal) Unwrap() []error {
	if r.cause == nil {
		return []error{r.code}
	}
	return []error{r.code, r.cause}
}

// retryAfter returns the number of seconds after which to try again: 5, unless another one is known.
func (r *refusal) retryAfter() string {
	if r.wait <= 0 {
		return "5"
	}
	return strconv.FormatFloat(math.Ceil(r.wait.Seconds()), 'f', 0, 64)
}

// refuse answers a request that does not reach its handler, and logs it.
func (a *Authenticator) refuse(w http.ResponseWriter, r *http.Request, d door, refused *refusal) {
	a.reporter.report(r, d, refused)
	refused.setHeader(w.Header(), a.settings.realm)
	if a.settings.errorHandler != nil {
		watched := &watchedWriter{ResponseWriter: w, status: refused.status}
		a.settings.errorHandler(watched, r, refused.status, refused)
		if watched.written {
			return
		}
		refused.setHeader(w.Header(), a.settings.realm) // it may have changed them
		w.Header().Del("Content-Length")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.status)
	body, _ := json.Marshal(types.Error{Code: string(refused.code), Msg: refused.message}) // two strings cannot fail
	_, _ = w.Write(body)
}

func (r *refusal) setHeader(header http.Header, realm string) {
	header.Set("Cache-Control", "no-store")
	switch {
	case r.status == http.StatusServiceUnavailable || r.status == http.StatusTooManyRequests:
		header.Set("Retry-After", r.retryAfter())
	case r.status == http.StatusMethodNotAllowed:
		header.Set("Allow", http.MethodPost)
	case r.challenge != "" || r.status == http.StatusUnauthorized:
		header.Set("WWW-Authenticate", r.authenticate(realm))
	}
}

// authenticate returns the value of WWW-Authenticate (RFC 6750 section 3).
func (r *refusal) authenticate(realm string) string {
	if r.challenge == "" {
		return fmt.Sprintf(`Bearer realm="%s"`, realm)
	}
	return fmt.Sprintf(`Bearer realm="%s", error="%s", error_description="%s"`, realm, r.challenge, r.message)
}
