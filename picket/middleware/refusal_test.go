package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestTheRealmIsNamed(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil), middleware.WithRealm("the club"))
	if got := answerOf(auth.Required(hello), get(nil)); got.Challenge != `Bearer realm="the club"` {
		t.Errorf("got %s", got.Challenge)
	}
}

// TestChallengesAreWellFormed checks them by the grammar of RFC 6750 section 3 and RFC 9110 section 11.2.
func TestChallengesAreWellFormed(t *testing.T) {
	form := regexp.MustCompile(`^Bearer realm="[^"\\]+"(, error="[a-z_]+", error_description="[\x20-\x21\x23-\x5B\x5D-\x7E]+")?$`)
	for _, a := range []answer{
		noToken, badToken, denied, severalHeaders, severalCookies, emptyCookie, emptyBearer, noSpace, noScheme, noToken68,
	} {
		if !form.MatchString(a.Challenge) {
			t.Errorf("%s", a.Challenge)
		}
	}
}

func TestHEADIsAnsweredAsGET(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	srv := httptest.NewServer(auth.Required(hello))
	defer srv.Close()
	response, err := http.Head(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || len(body) != 0 || response.StatusCode != http.StatusUnauthorized ||
		response.Header.Get("WWW-Authenticate") != noToken.Challenge || response.ContentLength != int64(len(noToken.Body)) {
		t.Errorf("got %v %v, %d bytes, %v", response.Status, response.Header, response.ContentLength, err)
	}
}

func TestAnErrorHandlerAnswers(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler middleware.ErrorHandler
		want    answer
	}{
		{"with a page", func(w http.ResponseWriter, _ *http.Request, status int, err error) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a body alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{200, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a redirect", func(w http.ResponseWriter, r *http.Request, _ int, _ error) {
			w.Header().Del("WWW-Authenticate")
			http.Redirect(w, r, "/login", http.StatusSeeOther)
		}, answer{303, "text/html; charset=utf-8", "no-store", "", "", "<a href=\"/login\">See Other</a>.\n\n"}},
		{"with nothing", func(http.ResponseWriter, *http.Request, int, error) {}, noToken},
		{"with headers alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			clear(w.Header())
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "1")
		}, noToken},
		{"with an early hint alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.WriteHeader(http.StatusEarlyHints)
		}, noToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, always(claims(), nil), middleware.WithErrorHandler(c.handler))
			srv := httptest.NewServer(auth.Required(hello)) // a recorder takes an early hint for the answer
			defer srv.Close()
			client := srv.Client()
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			response, err := client.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, read(response)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnErrorHandlerLearnsWhy(t *testing.T) {
	var status int
	var failure error
	why := middleware.WithErrorHandler(func(_ http.ResponseWriter, _ *http.Request, s int, err error) { status, failure = s, err })
	for _, c := range []struct {
		name   string
		v      validator
		r      *http.Request
		status int
		is     error
		text   string
	}{
		{"no token", nil, get(nil), 401, picket.ErrAuthenticationRequired, "middleware: authentication required: send an access token as Bearer authorization"},
		{"malformed", nil, bearer(""), 400, picket.ErrInvalidRequest, "middleware: the Authorization header has no access token after Bearer"},
		{"bad", always(nil, picket.ErrParameterInvalid), bearer(token), 401, picket.ErrParameterInvalid,
			"middleware: the access token is malformed, forged, expired or for another project; log in again: parameter_invalid"},
		{"denied", func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			if request.Requirements == nil {
				return claims(), nil
			}
			return nil, picket.ErrParameterInvalid
		}, bearer(token), 403, picket.ErrPermissionDenied, "middleware: the wallet does not meet the requirements: parameter_invalid"},
		{"unavailable", always(nil, fmt.Errorf("%w: Post \"?token=%s\"", context.DeadlineExceeded, token)), bearer(token), 503, context.DeadlineExceeded,
			`middleware: the access token could not be checked; try again later: context deadline exceeded: Post "?token=[redacted]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.v == nil {
				c.v = always(claims(), nil)
			}
			auth := newAuthenticator(t, c.v, why, silent())
			answerOf(newGate(t, auth, holders)(hello), c.r)
			if status != c.status || !errors.Is(failure, c.is) || failure.Error() != c.text {
				t.Errorf("got %d, %v", status, failure)
			}
		})
	}
}

func TestAnErrorHandlerCanControlTheConnection(t *testing.T) {
	srv := httptest.NewServer(newAuthenticator(t, always(claims(), nil), middleware.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, status int, _ error) {
		w.WriteHeader(status)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})).Required(hello))
	defer srv.Close()
	response, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s", response.Status)
	}
}

func TestOnlyWhatCouldNotBeCheckedIsLogged(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	failing := always(nil, fmt.Errorf("%w: token=%s", picket.ErrNoResponse, token))
	const line = `level=WARN msg="picket: an access token could not be checked, and the request was refused" method=GET pattern="GET /{$}" error="no response: token=[redacted]"` + "\n"
	for _, c := range []struct {
		name string
		v    validator
		r    *http.Request
		want string
	}{
		{"let through", always(claims(), nil), bearer(token), ""},
		{"no token", failing, get(nil), ""},
		{"malformed", failing, bearer(""), ""},
		{"bad", always(nil, picket.ErrParameterInvalid), bearer(token), ""},
		{"could not be checked", failing, bearer(token), line},
		{"the client is gone", failing, bearer(token).WithContext(gone), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}}))
			mux := http.NewServeMux()
			mux.Handle("GET /{$}", newAuthenticator(t, c.v, middleware.WithLogger(logger)).Required(hello))
			answerOf(mux, c.r)
			if diff := cmp.Diff(c.want, log.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
