package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// world is the page, and the mock that its script calls from another origin.
type world struct {
	*testing.T
	api    *mock.Server
	origin string
}

func newWorld(t *testing.T) world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	api := mock.Start(t, mock.WithRedirectURI(origin+"/"))
	page, err := newPage(config{api.URL, api.PublishableKey})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = page
	server.Start()
	t.Cleanup(server.Close)
	return world{t, api, origin}
}

// send sends a request as a page of the origin does. Redirects are not followed.
func (w world) send(method, address, body string, header ...string) (*http.Response, string) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), method, address, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("Origin", w.origin)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response, string(text)
}

// call is the function of the same name in the script: it needs a status of 200, and an answer that the page may read.
func (w world) call(method, path, body string, out any, header ...string) {
	w.Helper()
	response, text := w.send(method, w.api.URL+path, body, header...)
	if response.StatusCode != http.StatusOK || response.Header.Get("Access-Control-Allow-Origin") != "*" {
		w.Fatalf("%s: got %s with %v: %s", path, response.Status, response.Header, text)
	}
	if err := json.Unmarshal([]byte(text), out); err != nil {
		w.Fatal(err)
	}
}

func TestThePageGetsItsScriptAndItsConfiguration(t *testing.T) {
	w := newWorld(t)
	if _, page := w.send(http.MethodGet, w.origin+"/", ""); !strings.Contains(page, `src="app.js"`) {
		t.Errorf("the page is %s", page)
	}
	if response, _ := w.send(http.MethodGet, w.origin+"/app.js", ""); !strings.HasPrefix(response.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("the script is answered with %s and %v", response.Status, response.Header)
	}
	_, text := w.send(http.MethodGet, w.origin+"/config.json", "")
	if diff := cmp.Diff(`{"baseURL":"`+w.api.URL+`","publishableKey":"`+w.api.PublishableKey+`"}`, text); diff != "" {
		t.Error(diff)
	}
}

// A browser asks first whether a page may send these headers to another origin.
func TestTheAPIAllowsTheCallsOfTheScript(t *testing.T) {
	w := newWorld(t)
	_, script := w.send(http.MethodGet, w.origin+"/app.js", "")
	calls := regexp.MustCompile(`call\("(/[a-z0-9/]+)", (undefined)?`).FindAllStringSubmatch(script, -1)
	if len(calls) != 3 {
		t.Fatalf("the script has the calls %q", calls)
	}
	for _, match := range calls {
		method := http.MethodPost
		if match[2] == "undefined" {
			method = http.MethodGet
		}
		response, text := w.send(http.MethodOptions, w.api.URL+match[1], "",
			"Access-Control-Request-Method", method, "Access-Control-Request-Headers", "authorization,content-type")
		header := response.Header
		if response.StatusCode != http.StatusNoContent || header.Get("Access-Control-Allow-Origin") != "*" ||
			!strings.Contains(header.Get("Access-Control-Allow-Methods"), method) ||
			!strings.Contains(header.Get("Access-Control-Allow-Headers"), "Authorization, Content-Type") {
			t.Errorf("%s: got %s with %v: %s", match[1], response.Status, header, text)
		}
	}
}

// This does what the script does, and what its user does at the login page.
func TestAUserLogsInAndEntersTheClub(t *testing.T) {
	w := newWorld(t)
	wallet := w.api.TestWallets()[0]
	w.api.SetBalance("ethereum", wallet.Address, mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"), "3")

	const state, verifier = "8vYpWGm9r1z8u0VYd1fQeNfTQb4k7gq2s3xJ5cHnLmE", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {w.api.PublishableKey}, "redirect_uri": {w.origin + "/"}, "response_type": {"code"}, "state": {state}, "chain": {"ethereum"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}.Encode()
	if response, page := w.send(http.MethodGet, w.api.URL+"/oauth2/authorize?"+query, ""); response.StatusCode != http.StatusOK {
		t.Fatalf("got %s: %s", response.Status, page)
	}
	mockOrigin := strings.TrimSuffix(w.api.URL, "/api/v1")
	decision := url.Values{"decision": {"approve"}, "wallet": {wallet.Address}}.Encode()
	response, text := w.send(http.MethodPost, mockOrigin+"/_mock/authorize?"+query, decision,
		"Content-Type", "application/x-www-form-urlencoded", "Origin", mockOrigin) // the form is the mock's own
	back, err := response.Location()
	if err != nil || !strings.HasPrefix(back.String(), w.origin+"/?") || back.Query().Get("state") != state {
		t.Fatalf("got %s to %v: %s", response.Status, back, text)
	}

	var token struct {
		AccessToken string `json:"access_token"`
	}
	w.call(http.MethodPost, "/oauth2/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {w.api.PublishableKey}, "redirect_uri": {w.origin + "/"},
		"code": {back.Query().Get("code")}, "code_verifier": {verifier},
	}.Encode(), &token, "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")

	var user picket.UserInfo
	w.call(http.MethodGet, "/oauth2/userinfo", "", &user, "Authorization", "Bearer "+token.AccessToken)
	if user.DisplayAddress != wallet.Address {
		t.Errorf("%q is logged in", user.DisplayAddress)
	}

	var club picket.AuthResponse
	w.call(http.MethodPost, "/authz",
		`{"accessToken":"`+token.AccessToken+`","requirements":{"contractAddress":"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984","minTokenBalance":"3"},"revalidate":true}`,
		&club, "Content-Type", "application/json", "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(w.api.PublishableKey+":")))
	if club.User.WalletAddress != wallet.Address {
		t.Errorf("%q entered the club", club.User.WalletAddress)
	}
}
