package middleware_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/seed-a13ee279/picket/picket/middleware"
)

// answer is what a request is answered, as far as this package decides it.
type answer struct {
	Status                               int
	ContentType, CacheControl, Challenge string
	RetryAfter, Body                     string
}

// let is the answer of hello to a user.
var let = answer{Status: http.StatusOK, ContentType: "text/plain; charset=utf-8", Body: "hello"}

func refusal(status int, code, message, challenge string) answer {
	a := answer{
		Status:       status,
		ContentType:  "application/json",
		CacheControl: "no-store",
		Body:         fmt.Sprintf(`{"code":"%s","msg":"%s"}`, code, message),
	}
	switch {
	case status == http.StatusServiceUnavailable:
		a.RetryAfter = "5"
	case code == "method_not_allowed" || code == "too_many_requests" || message == "the request comes from another origin":
	case challenge == "":
		a.Challenge = `Bearer realm="picket"`
	default:
		a.Challenge = fmt.Sprintf(`Bearer realm="picket", error="%s", error_description="%s"`, challenge, message)
	}
	return a
}

func malformed(message string) answer {
	return refusal(http.StatusBadRequest, "invalid_request", message, "invalid_request")
}

var (
	noToken     = refusal(http.StatusUnauthorized, "authentication_required", "authentication required: log in, or send an access token as Bearer authorization", "")
	badToken    = refusal(http.StatusUnauthorized, "access_token_invalid", "the access token is malformed, forged, expired or for another project; log in again", "invalid_token")
	denied      = refusal(http.StatusForbidden, "permission_denied", "the wallet does not meet the requirements", "insufficient_scope")
	otherChain  = refusedTo("ethereum")
	gateRefused = refusal(http.StatusServiceUnavailable, "unavailable", "the gate could not be checked; try again later", "")
	unavailable = refusal(http.StatusServiceUnavailable, "unavailable", "the access token could not be checked; try again later", "")

	severalHeaders = malformed("there are several Authorization headers; send one")
	severalCookies = malformed("there are several cookies with the access token; send one")
	emptyCookie    = malformed("the cookie for the access token is empty")
	emptyBearer    = malformed("the Authorization header has no access token after Bearer")
	noSpace        = malformed("the Authorization header has no space after Bearer")
	noScheme       = malformed("the Authorization header has no scheme; send Bearer, a space and the access token")
	noToken68      = malformed("what was sent is not one access token: it contains a space, a comma or another character that no token has")
)

// hello is a protected handler. It says hello, or who is there to see when that is wrong.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if _, ok := middleware.UserFromContext(r.Context()); !ok {
		_, _ = io.WriteString(w, "nobody")
		return
	}
	_, _ = io.WriteString(w, "hello")
})

func answerOf(handler http.Handler, r *http.Request) answer {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return read(w.Result())
}

func read(response *http.Response) answer {
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return answer{
		Status:       response.StatusCode,
		ContentType:  response.Header.Get("Content-Type"),
		CacheControl: response.Header.Get("Cache-Control"),
		Challenge:    response.Header.Get("WWW-Authenticate"),
		RetryAfter:   response.Header.Get("Retry-After"),
		Body:         string(body),
	}
}

func get(header http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	return r
}

func bearer(token string) *http.Request {
	return get(http.Header{"Authorization": {"Bearer " + token}})
}

// silent takes the log of what could not be checked.
func silent() middleware.Option { return middleware.WithLogger(slog.New(slog.DiscardHandler)) }

// refusedTo is the answer to a user of another chain, at a gate of the chain.
func refusedTo(chain string) answer {
	return refusal(http.StatusForbidden, "permission_denied", "this gate is for users of "+chain+", and the user logged in on another chain", "insufficient_scope")
}
