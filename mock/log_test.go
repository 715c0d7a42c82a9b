package mock_test

import (
	"bytes"
	stdcmp "cmp"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// lockedBuffer takes the lines of a log.
type lockedBuffer struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	written chan struct{} // gets something for each line; may be nil
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.written <- struct{}{}:
	default: // nobody counts
	}
	return b.buf.Write(p)
}

// line is a line of the log.
type line struct {
	Level, Msg, Method, Path, Operation, Project, Fault string
	Status                                              int
	Violations                                          []string
}

// lines returns what was logged since it was called last. The server writes a line after the client has the answer, so the caller
// stops the server first.
func (b *lockedBuffer) lines(t *testing.T) (lines []line) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for text := range strings.Lines(b.buf.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		lines = append(lines, l)
	}
	return lines
}

func TestALineIsLoggedForEachRequest(t *testing.T) {
	log := lockedBuffer{written: make(chan struct{}, 100)}
	var id string
	t.Run("requests", func(t *testing.T) { // when it ends, the server has stopped
		srv := mock.Start(t, mock.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
		id = srv.ID
		send(t, srv, srv.SecretKey, "GET", "/chains?a=hunter2", "")
		post(t, srv, "/auth/nonce", `{"wallet_address":"`+someAddress+`"}`)
		send(t, srv, "", "GET", "/nothing", "")
		srv.InjectFault(mock.Fault{Kind: mock.FaultEmpty, Operation: "nonce", Count: 1})
		_, _ = http.Post(srv.URL+"/auth/nonce", "application/json", strings.NewReader(`{}`)) //nolint:bodyclose // there is no response
		control(t, srv, "", "GET", "/health", "", nil)
		send(t, srv, "", "GET", "/../evil?secret=hunter2", "")
		send(t, srv, "", "OPTIONS", "/chains", "", "Origin", "https://shop.example", "Access-Control-Request-Method", "GET")
		for range 7 { // also that of the request whose connection the mock gave up, for which the server does not wait
			<-log.written
		}
	})
	got := log.lines(t)
	want := []line{
		{Level: "INFO", Msg: "request", Method: "GET", Path: "/api/v1/chains", Operation: "chains", Project: id, Status: 200},
		{Level: "WARN", Msg: "request", Method: "POST", Path: "/api/v1/auth/nonce", Operation: "nonce", Project: id, Status: 400, Violations: []string{"wallet_address", "walletAddress is required"}},
		{Level: "WARN", Msg: "request", Method: "GET", Path: "/api/v1/nothing", Project: id, Status: 404, Violations: []string{"there is no"}},
		{Level: "INFO", Msg: "request", Method: "POST", Path: "/api/v1/auth/nonce", Operation: "nonce", Project: id, Fault: "empty"},
		{Level: "INFO", Msg: "request", Method: "GET", Path: "/_mock/health", Operation: "getHealth", Project: id, Status: 200},
		{Level: "WARN", Msg: "request", Method: "GET", Path: "/api/v1/../evil", Project: id, Status: 404, Violations: []string{"there is no"}},
		{Level: "INFO", Msg: "request", Method: "OPTIONS", Path: "/api/v1/chains", Status: 204},
	}
	// A line follows its answer, so those of connections that follow each other may be the other way round.
	byRequest := func(a, b line) int {
		return stdcmp.Or(strings.Compare(a.Path+a.Method, b.Path+b.Method), strings.Compare(a.Fault, b.Fault))
	}
	slices.SortFunc(got, byRequest)
	slices.SortFunc(want, byRequest)
	for i := range got {
		for j, violation := range got[i].Violations {
			if i < len(want) && j < len(want[i].Violations) && strings.Contains(violation, want[i].Violations[j]) {
				got[i].Violations[j] = want[i].Violations[j]
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(log.buf.String(), "hunter2") || strings.Contains(log.buf.String(), mock.DefaultSecretKey) {
		t.Error("a secret is in the log")
	}
}

// TestNoSecretOfALoginIsLogged goes through logins of both kinds, right and wrong, and looks for what the client sent and got.
func TestNoSecretOfALoginIsLogged(t *testing.T) {
	var log lockedBuffer
	var secrets []string
	t.Run("logins", func(t *testing.T) {
		srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
		client := newClient(t, srv, srv.SecretKey)
		wallet := mock.NewEthereumWallet(t)
		request := wallet.AuthRequest(t, client)
		auth, err := client.Auth(ctx, request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Auth(ctx, request); err == nil {
			t.Error("a nonce works twice")
		}
		query := authorizeQuery(srv.Project)
		code := newCode(t, srv, query)
		token, err := client.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: code, RedirectURI: redirectURI, CodeVerifier: verifier})
		if err != nil {
			t.Fatal(err)
		}
		send(t, srv, "", "GET", "/oauth2/userinfo?access_token="+url.QueryEscape(string(auth.AccessToken)), "", "Authorization", "Bearer "+string(auth.AccessToken))
		send(t, srv, "", "GET", "/"+srv.SecretKey+"/"+url.PathEscape(string(auth.AccessToken)), "")
		secrets = []string{srv.SecretKey, string(request.Signature), string(auth.AccessToken), string(token.AccessToken), string(code), verifier, query.Get("state")}
	})
	if got := log.lines(t); len(got) < 8 {
		t.Errorf("%d lines", len(got))
	}
	for _, secret := range secrets {
		if secret == "" || strings.Contains(log.buf.String(), secret) || strings.Contains(log.buf.String(), url.QueryEscape(secret)) {
			t.Errorf("%q is in the log", secret)
		}
	}
}
