package login_test

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

var _ middleware.Session = (*login.Site)(nil)

// protect adds routes to a shop: for users, for holders on ethereum, and for those who have become holders.
func protect(t *testing.T, shop *shop) {
	t.Helper()
	client := newClient(t, shop.srv)
	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(shop), middleware.WithClock(shop.srv.Now), middleware.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	requirements := picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}
	gate, err := auth.Gate("ethereum", requirements)
	if err != nil {
		t.Fatal(err)
	}
	again, err := auth.Revalidate(client, "ethereum", requirements)
	if err != nil {
		t.Fatal(err)
	}
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	shop.mux.Handle("/me", auth.Required(ok))
	shop.mux.Handle("/club", gate(ok))
	shop.mux.Handle("/club/again", again)
}

func TestTheSessionOpensTheRoutesOfTheMiddleware(t *testing.T) {
	for name, options := range map[string][]login.Option{"cookie": nil, "store": {login.WithSessionStore(newSessionStore())}} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			shop := newShop(t, srv, options...)
			protect(t, shop)
			wallet := mock.NewEthereumWallet(t)
			srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "1")
			srv.SetBalance("polygon", wallet.Address, mock.Contract(contract), "1000")
			b := newBrowser(shop)
			visit := func(path string, want int) {
				t.Helper()
				if got := b.post(path, ""); got.status != want {
					t.Errorf("%s: got %d %s, want %d", path, got.status, got.body, want)
				}
			}
			visit("/me", http.StatusUnauthorized)
			b.logIn(t, wallet)
			visit("/me", http.StatusOK)
			visit("/club", http.StatusForbidden)
			srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
			before := b.token(t)
			visit("/club/again", http.StatusOK)
			if b.token(t) == before {
				t.Error("the session has the token of before")
			}
			visit("/club", http.StatusOK)

			wallet.Chain = "polygon"
			b.logIn(t, wallet)
			visit("/me", http.StatusOK)
			visit("/club", http.StatusForbidden)
			visit("/club/again", http.StatusForbidden)
			b.post("/logout", "")
			visit("/me", http.StatusUnauthorized)
		})
	}
}

func TestASessionThatIsNotClearIsA400AndOneThatCannotBeReadA503(t *testing.T) {
	store := newSessionStore()
	shop := newShop(t, mock.Start(t), login.WithSessionStore(store))
	protect(t, shop)
	b := newBrowser(shop)
	b.logIn(t, mock.NewEthereumWallet(t))
	r := b.request("/me", "")
	r.Header.Add("Cookie", sessionCookie+"=x")
	if got := b.do(r); got.status != http.StatusBadRequest || !strings.Contains(got.body, "invalid_request") {
		t.Errorf("several cookies: got %d %s", got.status, got.body)
	}
	store.err = errors.New("connection refused")
	if got := b.post("/me", ""); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("a store that is down: got %d %s", got.status, got.body)
	}
}
