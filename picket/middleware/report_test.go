package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// logTo writes a log without times.
func logTo(log *bytes.Buffer) middleware.Option {
	return middleware.WithLogger(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})))
}

func logLine(level string, status int, reason, more string) string {
	return fmt.Sprintf("level=%s msg=\"picket: a request was refused\" status=%d reason=%s method=GET pattern=\"GET /{$}\"%s\n", level, status, reason, more)
}

func TestRefusalsAreReportedWithAReason(t *testing.T) {
	gone, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the client is gone"))
	old := claims()
	old.ExpiresAt = 1
	onPolygon := claims()
	onPolygon.Chain = "polygon"
	const gate = ` gate="ethereum contractAddress=` + contract + ` minTokenBalance=3"`
	for _, c := range []struct {
		name string
		v    validator
		gate bool
		r    *http.Request
		want string
	}{
		{"let through", always(claims(), nil), false, bearer(token), ""},
		{"no token", always(claims(), nil), false, get(nil), logLine("INFO", 401, `"authentication required: log in, or send an access token as Bearer authorization"`, "")},
		{"malformed", always(claims(), nil), false, bearer(""), logLine("INFO", 400, `"the Authorization header has no access token after Bearer"`, "")},
		{"bad", always(nil, fmt.Errorf("its aud is not the project: %w", picket.CodeParameterInvalid)), false, bearer(token),
			logLine("INFO", 401, `"its aud is not the project: parameter_invalid"`, "")},
		{"denied", always(nil, picket.CodePermissionDenied), true, bearer(token), logLine("INFO", 403, "permission_denied", gate)},
		{"on another chain", always(onPolygon, nil), true, bearer(token),
			logLine("INFO", 403, `"middleware: permission_denied: the user logged in on another chain"`, gate)},
		{"at a gate that the API refuses", always(nil, api400("ethereum does not support token gating")), true, bearer(token),
			logLine("WARN", 503, `"the API refuses the requirements of the gate; correct them where the gate is made: it: picket: validate: 400 Bad Request (parameter_invalid): ethereum does not support token gating"`, gate)},
		{"expired by this clock", always(old, nil), false, bearer(token),
			logLine("WARN", 401, `"middleware: parameter_invalid: the validator accepted an access token that has expired according to the clock of this machine; is the clock right?"`, "")},
		{"could not be checked", always(nil, fmt.Errorf("%w: token=%s", picket.ErrNoResponse, token)), false, bearer(token),
			logLine("WARN", 503, `"no response: token=[redacted]"`, "")},
		{"a part of the token", always(nil, fmt.Errorf("%w: %s", picket.ErrNoResponse, token[:20])), false, bearer(token), logLine("WARN", 503, `"no response: [redacted]"`, "")},
		{"characters that are not printable", always(nil, errors.New("a\r\nlevel=INFO\x1b[31m\u202e\u200b\xff")), false, bearer(token), logLine("WARN", 503, `"a  level=INFO [31m   "`, "")},
		{"the client is gone", always(nil, picket.ErrNoResponse), false, bearer(token).WithContext(gone), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			auth := newAuthenticator(t, c.v, logTo(&log))
			handler := auth.Required(hello)
			if c.gate {
				handler = newGate(t, auth, holders)(hello)
			}
			mux := http.NewServeMux()
			mux.Handle("GET /{$}", handler)
			answerOf(mux, c.r)
			if diff := cmp.Diff(c.want, log.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAWrongProjectIDIsInTheLog(t *testing.T) {
	api := mock.Start(t)
	token := string(mock.NewEthereumWallet(t).Login(t, newClient(t, api)).AccessToken)
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier("123e4567-e89b-12d3-a456-426614174000", keys)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	auth := newAuthenticator(t, middleware.Incremental(verifier, middleware.Remote(newClient(t, api))), logTo(&log))
	for range 10 {
		if diff := cmp.Diff(badToken, answerOf(auth.Required(hello), bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "its aud is not the project") {
		t.Errorf("the log is %q", log.String())
	}
}

func TestAReasonIsReportedOnceInAMinute(t *testing.T) {
	now := time.Now()
	var log bytes.Buffer
	n := 0
	auth := newAuthenticator(t, validator(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
		n++
		return nil, &picket.Error{Operation: "validate", StatusCode: 400, Code: picket.CodeParameterInvalid, RequestID: fmt.Sprintf("%x-request", n), Message: fmt.Sprintf("invalid access token: it expired at 12:00:%02d", n)}
	}), logTo(&log), middleware.WithClock(func() time.Time { return now }))
	handler := auth.Required(hello)
	lines := func(when string, want ...string) {
		t.Helper()
		got := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
		log.Reset()
		if len(got) != len(want) {
			t.Fatalf("%s: got %q", when, got)
		}
		for i := range want {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%s: got %q, not %q", when, got, want)
			}
		}
	}
	for range 100 {
		answerOf(handler, bearer(token))
		answerOf(handler, get(nil))
	}
	lines("at first", "it expired at 12:00:01", "authentication required")
	now = now.Add(time.Minute)
	for range 100 {
		answerOf(handler, bearer(token))
	}
	lines("after a minute", "more=99")
	now = now.Add(-time.Hour)
	answerOf(handler, bearer(token))
	lines("when the clock went back", "more=99")
}

func TestManyReasonsCannotFloodTheLog(t *testing.T) {
	var log bytes.Buffer
	n := 0
	auth := newAuthenticator(t, validator(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
		n++
		if n == 5_000 {
			return nil, errors.New("the operator has to know")
		}
		return nil, fmt.Errorf("%w: %s", picket.CodeParameterInvalid, strings.Repeat(string(rune('a'+n%26))+string(rune('a'+n/26%26))+string(rune('a'+n/676)), 400))
	}), logTo(&log))
	handler := auth.Required(hello)
	for range 5_000 {
		r := bearer(token)
		r.Method = strings.Repeat("X", 10_000)
		answerOf(handler, r)
	}
	if lines := strings.Count(log.String(), "\n"); lines > 70 || log.Len() > 70_000 {
		t.Errorf("there are %d lines, of %d bytes", lines, log.Len())
	}
	if !strings.Contains(log.String(), "the operator has to know") {
		t.Error("what the operator has to know is lost among the rest")
	}
}

func TestTheLoggerSeesTheRequestsContext(t *testing.T) {
	type key struct{}
	seen := make(chan any, 1)
	auth := newAuthenticator(t, always(nil, picket.ErrNoResponse), middleware.WithLogger(slog.New(contextHandler{slog.DiscardHandler, func(ctx context.Context) { seen <- ctx.Value(key{}) }})))
	r := bearer(token)
	auth.Required(hello).ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), key{}, "trace")))
	if got := <-seen; got != "trace" {
		t.Errorf("got %v", got)
	}
}

type contextHandler struct {
	slog.Handler
	see func(context.Context)
}

func (contextHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h contextHandler) Handle(ctx context.Context, _ slog.Record) error {
	h.see(ctx)
	return nil
}
