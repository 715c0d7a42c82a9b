package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestARequestIsOneOfTheAPIDuringAnOutageToo(t *testing.T) {
	api := mock.Start(t)
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL)) // with retries
	if err != nil {
		t.Fatal(err)
	}
	user := mock.NewEthereumWallet(t).Login(t, client)
	api.InjectFault(mock.Fault{Operation: "validate", Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable})
	auth := newAuthenticator(t, middleware.Remote(client), middleware.WithClock(api.Now), silent())
	for name, handler := range map[string]http.Handler{"required": auth.Required(hello), "gate": newGate(t, auth, holders)(hello)} {
		before := len(api.Journal("validate"))
		if got := answerOf(handler, bearer(string(user.AccessToken))); got.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: got %+v", name, got)
		}
		if calls := len(api.Journal("validate")) - before; calls != 1 {
			t.Errorf("%s: the API was asked %d times", name, calls)
		}
	}
}

func TestAClientForOneChainRefusesUsersOfOthers(t *testing.T) {
	api := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	wallet.Chain = "polygon"
	user := wallet.Login(t, newClient(t, api))
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL), picket.WithChain("ethereum"))
	if err != nil {
		t.Fatal(err)
	}
	auth := newAuthenticator(t, middleware.Remote(client), middleware.WithClock(api.Now), silent())
	if got := answerOf(auth.Required(hello), bearer(string(user.AccessToken))); got.Status != http.StatusForbidden || !strings.Contains(got.Body, "another chain") {
		t.Errorf("got %+v", got)
	}
}

func TestATokenWithHundredsOfBalancesIsTaken(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewSolanaWallet(t)
	var mints []string
	for range 300 {
		mint := mock.NewSolanaWallet(t).Address
		mints = append(mints, mint)
		api.SetBalance("solana", wallet.Address, mock.Mint(mint), "1")
	}
	request := wallet.AuthRequest(t, client)
	request.Requirements = &picket.Requirements{TokenIDs: mints, MinTokenBalance: "300"}
	user, err := client.Auth(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	for name, validator := range map[string]middleware.Validator{"remote": middleware.Remote(client), "local": newVerifier(t, api)} {
		var options []middleware.Option
		if name == "remote" {
			options = append(options, middleware.WithClock(api.Now))
		}
		auth := newAuthenticator(t, validator, options...)
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+string(user.AccessToken))
		if got := answerOf(auth.Required(hello), r); got != let {
			t.Errorf("%s: a token of %d bytes: got %+v", name, len(user.AccessToken), got)
		}
	}
}

// plainSession is a Session that any print of it shows.
type plainSession struct{ token picket.Secret }

func (s plainSession) AccessToken(*http.Request) (picket.Secret, error)            { return s.token, nil }
func (plainSession) Renew(http.ResponseWriter, *http.Request, picket.Secret) error { return nil }

func TestNothingPrintsTheTokensOfACacheOrASession(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	cache, err := middleware.NewCache(middleware.Remote(client), middleware.WithClock(api.Now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Validate(t.Context(), token, nil); err != nil {
		t.Fatal(err)
	}
	auth := newAuthenticator(t, cache, middleware.WithSession(plainSession{token}))
	again, err := auth.Revalidate(client, "ethereum", holders)
	if err != nil {
		t.Fatal(err)
	}
	validators := []any{middleware.Remote(client), middleware.Incremental(cache, middleware.Remote(client)), again}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if text := fmt.Sprintf(verb, cache); text != "middleware.Cache" {
			t.Errorf("%s: %s", verb, text)
		}
		for _, value := range []any{auth, *auth} {
			if text := fmt.Sprintf(verb, value); text != "middleware.Authenticator" {
				t.Errorf("%s: %s", verb, text)
			}
		}
		for _, value := range append(validators, struct{ Auth any }{auth}, validators) {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, string(token)) || strings.Contains(text, api.SecretKey) || len(text) > 256 {
				t.Errorf("%s of a %T: %s", verb, value, text)
			}
		}
	}
}
