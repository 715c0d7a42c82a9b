package attacks_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/login"
	"github.com/seed-a13ee279/picket/picket/middleware"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// world has a wallet with nothing on ethereum and, on polygon, three tokens of a contract with the same address.
type world struct {
	api    *mock.Server
	client *picket.Client
	wallet *mock.Wallet
	rich   *picket.AuthResponse // the wallet's login on polygon, which has proven its tokens
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{api: mock.Start(t), wallet: mock.NewEthereumWallet(t)}
	var err error
	if w.client, err = picket.New(w.api.SecretKey, picket.WithBaseURL(w.api.URL), picket.WithMaxRetries(0)); err != nil {
		t.Fatal(err)
	}
	w.wallet.Chain = "polygon"
	w.api.SetBalance("polygon", w.wallet.Address, mock.Contract(contract), "3")
	request := w.wallet.AuthRequest(t, w.client)
	request.Requirements = &holders
	if w.rich, err = w.client.Auth(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) verifier(t *testing.T) *accesstoken.Verifier {
	t.Helper()
	keys, err := accesstoken.DiscoverKeys(w.api.URL)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(w.api.ID, keys, accesstoken.WithClock(w.api.Now))
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func (w *world) auth(t *testing.T, validator middleware.Validator) *middleware.Authenticator {
	t.Helper()
	auth, err := middleware.New(validator)
	if err != nil {
		t.Fatal(err)
	}
	return auth
}

// atGate sends the user of polygon to a gate of ethereum.
func (w *world) atGate(t *testing.T, validator middleware.Validator) error {
	t.Helper()
	gate, err := w.auth(t, validator).Gate("ethereum", holders)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+string(w.rich.AccessToken))
	recorder := httptest.NewRecorder()
	gate(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(recorder, r)
	return status(recorder.Code)
}

func (w *world) logins(t *testing.T) *oauth.Logins {
	t.Helper()
	logins, err := oauth.New(w.api.PublishableKey, origin+"/callback")
	if err != nil {
		t.Fatal(err)
	}
	return logins
}

func loginKeys(t *testing.T) login.Keys {
	t.Helper()
	keys, err := login.ParseKeys("00070e151c232a31383f464d545b626970777e858c939aa1a8afb6bdc4cbd2d9")
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func (w *world) site(t *testing.T) *login.Site {
	t.Helper()
	site, err := login.New(w.client, origin, loginKeys(t), login.WithClock(w.api.Now))
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// signedElsewhere is a login with a message that the wallet signed for another site.
func (w *world) signedElsewhere(t *testing.T) picket.AuthRequest {
	t.Helper()
	w.wallet.Domain = "evil.example"
	return w.wallet.AuthRequest(t, w.client)
}

func (w *world) control(path string) string {
	return strings.TrimSuffix(w.api.URL, "/api/v1") + "/_mock" + path
}

// post returns the status as an error.
func (w *world) post(t *testing.T, url, body string, header http.Header) error {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(w.api.SecretKey, "")
	r.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		r.Header[name] = values
	}
	r.Host = header.Get("Host")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return status(response.StatusCode)
}

// answered lets a client ask whether a wallet owns a token, of a server with the given answer.
func answered(t *testing.T, body string) error {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	client, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.TokenOwnership(t.Context(), "ethereum", contract, picket.TokenOwnershipRequest{ContractAddress: contract})
	return err
}

// answerOf posts to a handler of a site, from a page of an origin: the site's own when none is named.
func answerOf(handler http.HandlerFunc, body, from string) error {
	r := httptest.NewRequest(http.MethodPost, origin+"/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if from == "" {
		from = origin
	}
	r.Header.Set("Origin", from)
	recorder := httptest.NewRecorder()
	handler(recorder, r)
	return status(recorder.Code)
}
