package login

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

const (
	codeInvalid   = picket.CodeParameterInvalid
	codeSignature = picket.ErrorCode("signature_invalid")
	codeOver      = picket.ErrorCode("login_expired")
)

// refusal is why a request gets no 2xx, and the answer to it.
type refusal struct {
	status  int
	code    picket.ErrorCode
	message string // for the user's browser
	// event is the message in the log. It is empty if the refusal matters only to the client. Lines with the same event are of one
	// kind.
	event string
	level slog.Level // Info by default
	cause error
	// retryAfter is after how many seconds to try again.
	retryAfter string
}

func malformed(err error) *refusal {
	return &refusal{status: http.StatusBadRequest, code: codeInvalid, message: err.Error()}
}

func foreign(origin, got string) *refusal {
	return &refusal{
		status:  http.StatusForbidden,
		code:    "cross_origin",
		message: "this is only for pages of " + origin,
		event:   "picket: a request from another site's page was refused; if the page is this site's own, New was given another origin",
		level:   slog.LevelWarn,
		cause:   errors.New("its Origin is " + shorten(got) + ", and the site's is " + origin),
	}
}

// over is the answer to a login that has to begin again. A cause is logged, because an operator may need to know about it.
func over(cause error) *refusal {
	r := &refusal{status: http.StatusUnauthorized, code: codeOver, message: "this login has not begun in this browser, or it is over; log in again"}
	if cause != nil {
		r.event, r.level, r.cause = "picket: the API refused a signature; if it is good, its nonce was spent or had expired, or the API expects another message", slog.LevelWarn, cause
	}
	return r
}

func badSignature(chain string) *refusal {
	return &refusal{
		status:  http.StatusUnauthorized,
		code:    codeSignature,
		message: "the signature is not by this wallet over the message of this login; log in again",
		event:   "picket: a login was refused, because its signature does not verify; wallets that are contracts need WithInsecureSkipSignatureCheck",
		cause:   errors.New("on " + chain),
	}
}

func denied(message string) *refusal {
	return &refusal{status: http.StatusForbidden, code: picket.CodePermissionDenied, message: message}
}

// misconfigured is the answer when the server itself is at fault.
func misconfigured(what string, cause error) *refusal {
	return &refusal{
		status:  http.StatusInternalServerError,
		code:    "server_error",
		message: "something is wrong with this server; its log explains it",
		event:   "picket: " + what,
		level:   slog.LevelError,
		cause:   cause,
	}
}

// unavailable is the answer when the API or a store failed.
func unavailable(what string, cause error) *refusal {
	r := &refusal{
		status:     http.StatusServiceUnavailable,
		code:       "unavailable",
		message:    "this does not work at the moment; try again later",
		event:      "picket: " + what,
		level:      slog.LevelWarn,
		cause:      cause,
		retryAfter: "5",
	}
	var failure *picket.Error
	if errors.As(cause, &failure) && failure.RetryAfter > 0 {
		r.retryAfter = strconv.FormatFloat(math.Ceil(failure.RetryAfter.Seconds()), 'f', 0, 64)
	}
	return r
}

// ofStore is the answer when something could not be kept or found in the browser or in a store.
func ofStore(what string, err error) *refusal {
	if errors.Is(err, errStore) {
		return unavailable(what, err)
	}
	return misconfigured(what, err)
}

// ofAPI is the answer when a call of the API failed through no fault of the user.
func ofAPI(what string, err error) *refusal {
	var failure *picket.Error
	if errors.Is(err, picket.ErrNoResponse) || errors.Is(err, picket.ErrUnexpectedResponse) || !errors.As(err, &failure) || mayPass(failure.StatusCode) {
		return unavailable(what, err)
	}
	return misconfigured(what, err)
}

// mayPass reports whether a status means that the API, or the node of a chain that it asks (424), cannot answer at the moment.
func mayPass(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusFailedDependency, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// respond answers a request with what a step of the login returns, as JSON, or with 204 when that is nil.
func (s *Site) respond(w http.ResponseWriter, r *http.Request, step func() (any, *refusal)) {
	w.Header().Set("Cache-Control", "no-store")
	var (
		answer  any
		refused *refusal
		log     *log
	)
	if s.isMade() {
		log = s.log
		if refused = s.admit(r); refused == nil {
			answer, refused = step()
		}
	} else {
		log, refused = newLog(slog.Default(), time.Now), misconfigured("a login cannot work", errNotMade)
	}
	status := http.StatusOK
	switch {
	case refused != nil:
		log.report(r, refused)
		refused.setHeader(w.Header())
		status, answer = refused.status, types.Error{Code: string(refused.code), Msg: refused.message}
	case answer == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body, _ := json.Marshal(answer) // strings cannot fail
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (r *refusal) setHeader(header http.Header) {
	switch r.status {
	case http.StatusMethodNotAllowed:
		header.Set("Allow", http.MethodPost)
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", `Wallet realm="login"`) // which RFC 9110 section 15.5.2 requires
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", r.retryAfter)
	}
}
