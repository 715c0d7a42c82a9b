package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
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
		noToken, badToken, denied, otherChain, severalHeaders, severalCookies, emptyCookie, emptyBearer, noSpace, noScheme, noToken68,
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
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a copy alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.Copy(w, strings.NewReader("<p>log in"))
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a string alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a flush alone", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			w.(http.Flusher).Flush()
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", ""}},
		{"with a flush of the controller", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", ""}},
		{"with a flush and a body", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			w.Header().Set("Content-Type", "text/html")
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, "<p>log in")
		}, answer{401, "text/html", "no-store", noToken.Challenge, "", "<p>log in"}},
		{"with a connection of its own", func(w http.ResponseWriter, _ *http.Request, _ int, _ error) {
			connection, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(connection, "HTTP/1.1 402 Payment Required\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
			_ = connection.Close()
		}, answer{402, "", "", "", "", "no"}},
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
		{"no token", nil, get(nil), 401, picket.CodeAuthenticationRequired, "middleware: authentication required: log in, or send an access token as Bearer authorization"},
		{"malformed", nil, bearer(""), 400, picket.CodeOAuthInvalidRequest, "middleware: the Authorization header has no access token after Bearer"},
		{"bad", always(nil, picket.CodeParameterInvalid), bearer(token), 401, picket.CodeParameterInvalid,
			"middleware: the access token is malformed, forged, expired or for another project; log in again: parameter_invalid"},
		{"denied", func(_ context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
			if gate == nil {
				return claims(), nil
			}
			return nil, picket.CodePermissionDenied
		}, bearer(token), 403, picket.CodePermissionDenied, "middleware: the wallet does not meet the requirements: permission_denied"},
		{"on another chain", always(&picket.AccessTokenPayload{Chain: "polygon", ExpiresAt: claims().ExpiresAt}, nil), bearer(token), 403, picket.ErrChainMismatch,
			"middleware: this gate is for users of ethereum, and the user logged in on another chain: middleware: permission_denied: the user logged in on another chain"},
		{"at a gate that the API refuses", always(nil, api400("no token")), bearer(token), 503, picket.CodeParameterInvalid,
			"middleware: the gate could not be checked; try again later: the API refuses the requirements of the gate; correct them where the gate is made: it: picket: validate: 400 Bad Request (parameter_invalid): no token"},
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
