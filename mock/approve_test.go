package mock_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// shopWith starts a server whose users log in by redirect, and a browser for it. Whoever is logged in is greeted at /.
func shopWith(t *testing.T, srv *mock.Server, chain string, asked oauth.Parameters) (shop string, browser *http.Client) {
	t.Helper()
	var logins *oauth.Logins
	var pending oauth.PendingLogin
	client := newClient(t, srv, srv.SecretKey)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		login, err := logins.Begin(chain, asked)
		if err != nil {
			t.Error(err)
			return
		}
		pending = login.Pending
		http.SetCookie(w, &http.Cookie{Name: "browser", Value: "1", Path: "/"})
		http.Redirect(w, r, string(login.URL), http.StatusFound)
	})
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("browser"); err != nil {
			t.Error("the callback comes without the cookie of the login")
		}
		token, err := pending.Exchange(r.Context(), client, r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, "/?user="+url.QueryEscape(token.User.Chain+":"+token.User.WalletAddress), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, "hello, ", r.FormValue("user")) })
	mux.HandleFunc("GET /around", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/around", http.StatusFound) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	srv.AllowRedirectURI(server.URL + "/callback")
	var err error
	if logins, err = oauth.New(srv.PublishableKey, server.URL+"/callback", oauth.WithBaseURL(srv.URL)); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, &http.Client{Jar: jar}
}

func TestAWalletApprovesALoginByRedirect(t *testing.T) {
	srv := mock.Start(t, mock.WithAllowedDomain("shop.example"))
	ethereum, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	ethereum.Domain, solana.Domain = "shop.example", "shop.example"
	srv.SetBalance("polygon", ethereum.Address, mock.Contract(contract), "3")
	gate := func(minimum picket.Decimal) oauth.Parameters {
		return oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: contract, MinTokenBalance: minimum}}
	}
	for name, test := range map[string]struct {
		wallet *mock.Wallet
		chain  string
		asked  oauth.Parameters
		status int
		want   string
	}{
		"a login":                     {ethereum, "ethereum", oauth.Parameters{}, http.StatusOK, "hello, ethereum:" + ethereum.Address},
		"on the chain of the URL":     {ethereum, "polygon", oauth.Parameters{Locale: "fr"}, http.StatusOK, "hello, polygon:" + ethereum.Address},
		"on the chain of the wallet":  {solana, picket.AnyChain, oauth.Parameters{}, http.StatusOK, "hello, solana:" + solana.Address},
		"through a gate":              {ethereum, "polygon", gate("3"), http.StatusOK, "hello, polygon:" + ethereum.Address},
		"at a gate that stays closed": {ethereum, "polygon", gate("4"), http.StatusForbidden, "access_denied"},
	} {
		t.Run(name, func(t *testing.T) {
			shop, browser := shopWith(t, srv, test.chain, test.asked)
			response := test.wallet.Approve(t, browser, shop+"/login")
			text, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || !strings.Contains(string(text), test.want) {
				t.Errorf("got %s %s, %v", response.Status, text, err)
			}
		})
	}
}

func TestAnApprovalEndsWhereTheClientWantsIt(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := mock.NewEthereumWallet(t)
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	target := srv.URL + "/oauth2/authorize?" + authorizeQuery(srv.Project).Encode()
	location, err := wallet.Approve(t, stay, target).Location()
	if err != nil || !strings.HasPrefix(location.String(), redirectURI+"?") || location.Query().Get("code") == "" || location.Query().Get("state") != someState {
		t.Errorf("got %v, %v", location, err)
	}
}

func TestAnApprovalThatCannotBeStopsTheTest(t *testing.T) {
	srv := mock.Start(t)
	shop, browser := shopWith(t, srv, "ethereum", oauth.Parameters{})
	broken := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("the cable is cut") })}
	query := authorizeQuery(srv.Project)
	query.Set("state", "hunter2")
	authorization := srv.URL + "/oauth2/authorize?" + query.Encode()
	solana := url.Values{"client_id": {srv.PublishableKey}, "chain": {"solana"}}
	for name, test := range map[string]struct {
		client *http.Client
		url    string
		want   string
	}{
		"no URL":                    {browser, "http://[hunter2", "the URL of the login is not one"},
		"a page without a login":    {browser, shop + "/?state=hunter2", "does not lead to /oauth2/authorize: it ends at " + shop + "/, with 200 OK"},
		"no page":                   {browser, shop + "/nowhere", "with 404 Not Found"},
		"a circle":                  {browser, shop + "/around", "there are more than 10 redirects"},
		"no network":                {broken, shop + "/login?state=hunter2", "the cable is cut"},
		"no network to the login":   {broken, authorization, "the cable is cut"},
		"a chain of another family": {browser, srv.URL + "/oauth2/authorize?" + solana.Encode(), "walletAddress is not an address on solana"},
	} {
		t.Run(name, func(t *testing.T) {
			wallet := mock.NewEthereumWallet(t)
			said := fails(t, func(tb mock.TB) { wallet.Approve(tb, test.client, test.url) })
			if !strings.Contains(said, test.want) || strings.Contains(said, "hunter2") {
				t.Errorf("got %s", said)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
