package middleware

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/generated"
	"github.com/seed-a13ee279/picket/picket"
)

// refusal is why a request does not reach its handler, and what it is answered.
type refusal struct {
	status int
	code   picket.ErrorCode
	// challenge is the error of RFC 6750 section 3.1. It is empty when there was no token, and when the token is not at
	// fault.
	challenge string
	// message is for everyone: it is constant.
	message string
	// cause is nil when there is no more to say. Its text, without the token, is reason.
	cause  error
	reason string
}

func missing() *refusal {
	return &refusal{
		status:  http.StatusUnauthorized,
		code:    picket.ErrAuthenticationRequired,
		message: "authentication required: send an access token as Bearer authorization",
	}
}

func malformed(message string) *refusal {
	return &refusal{
		status:    http.StatusBadRequest,
		code:      picket.ErrInvalidRequest,
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
	return r.because(cause, token)
}

func denied(cause error, token string) *refusal {
	r := &refusal{
		status:    http.StatusForbidden,
		code:      picket.ErrPermissionDenied,
		challenge: "insufficient_scope",
		message:   "the wallet does not meet the requirements",
	}
	return r.because(cause, token)
}

func unavailable(cause error, token string) *refusal {
	r := &refusal{
		status:  http.StatusServiceUnavailable,
		code:    "unavailable",
		message: "the access token could not be checked; try again later",
	}
	return r.because(cause, token)
}

// because adds the cause. The errors of package picket hold no token, but a Validator may be anyone's.
func (r *refusal) because(cause error, token string) *refusal {
	r.cause, r.reason = cause, strings.ReplaceAll(cause.Error(), token, "[redacted]")
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

// retryAfter returns when a request that could not be checked may come back, in seconds: when the API said, or else in 5.
func (r *refusal) retryAfter() string {
	var failure *picket.Error
	if errors.As(r.cause, &failure) && failure.RetryAfter > 0 {
		return strconv.FormatFloat(math.Ceil(failure.RetryAfter.Seconds()), 'f', 0, 64)
	}
	return "5"
}

// refuse answers a request that does not reach its handler.
func (a *Authenticator) refuse(w http.ResponseWriter, r *http.Request, refused *refusal) {
	refused.setHeader(w.Header(), a.settings.realm)
	if a.settings.errorHandler != nil {
		watched := &watchedWriter{ResponseWriter: w}
		a.settings.errorHandler(watched, r, refused.status, refused)
		if watched.written {
			return
		}
		refused.setHeader(w.Header(), a.settings.realm) // it may have changed them
		w.Header().Del("Content-Length")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.status)
	body, _ := json.Marshal(generated.Error{Code: string(refused.code), Msg: refused.message}) // two strings cannot fail
	_, _ = w.Write(body)
}

func (r *refusal) setHeader(header http.Header, realm string) {
	header.Set("Cache-Control", "no-store")
	if r.status == http.StatusServiceUnavailable {
		header.Set("Retry-After", r.retryAfter())
	} else {
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

// watchedWriter knows whether there is an answer.
type watchedWriter struct {
	http.ResponseWriter
	written bool
}

func (w *watchedWriter) WriteHeader(status int) {
	w.written = w.written || status >= 200 // those below are not the answer yet
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Write(data []byte) (int, error) {
	w.written = true
	return w.ResponseWriter.Write(data)
}

// Unwrap is for http.ResponseController.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
