package login_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// collector returns a wallet that holds one each of many tokens, and what requires all of them.
func collector(t *testing.T, srv *mock.Server, tokens int) (*mock.Wallet, picket.Requirements) {
	t.Helper()
	wallet := mock.NewSolanaWallet(t)
	var mints []string
	for range tokens {
		mint := mock.NewSolanaWallet(t).Address
		mints = append(mints, mint)
		srv.SetBalance("solana", wallet.Address, mock.Mint(mint), "1")
	}
	return wallet, picket.Requirements{TokenIDs: mints}
}

// TestASessionInAStoreTakesTheLongestTokens has one of more than 20 KB, which the middleware takes as well.
func TestASessionInAStoreTakesTheLongestTokens(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv)
	wallet, all := collector(t, srv, 300)
	site, err := login.New(client, origin, newKeys(t, aKey), login.WithClock(srv.Now), login.WithSessionStore(newSessionStore()))
	if err != nil {
		t.Fatal(err)
	}
	logins, err := site.Logins("solana", &all)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{site, srv, &lines{}, http.NewServeMux()}
	s.mux.HandleFunc("/login/solana/message", logins.Message)
	s.mux.HandleFunc("/login/solana/signature", logins.Signature)
	b := newBrowser(s)
	b.logIn(t, wallet)
	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(site), middleware.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	auth.Required(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(recorder, b.request("/me", ""))
	if recorder.Code != http.StatusOK {
		t.Errorf("the user is logged in, and gets %d %s", recorder.Code, recorder.Body)
	}
}

func TestATokenThatGrewTooLongForTheCookieIsTheServersFault(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv)
	wallet, all := collector(t, srv, 100)
	shop := newShop(t, srv)
	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(shop.Site), middleware.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	again, err := auth.Revalidate(client, "solana", all)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, origin+"/again", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: string(wallet.Login(t, client).AccessToken)})
	recorder := httptest.NewRecorder()
	again.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusInternalServerError || !strings.Contains(recorder.Body.String(), "cannot take the new token") || recorder.Header().Get("Set-Cookie") != "" {
		t.Errorf("got %d %s", recorder.Code, recorder.Body)
	}
}
