package login_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

func TestWalletsOfEveryFamilyLogIn(t *testing.T) {
	srv := mock.Start(t)
	polygon := mock.NewEthereumWallet(t)
	polygon.Chain = "polygon"
	for name, wallet := range map[string]*mock.Wallet{
		"ethereum": mock.NewEthereumWallet(t), "polygon": polygon, "solana": mock.NewSolanaWallet(t),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(newShop(t, srv))
			message := b.message(t, wallet)
			for _, line := range []string{"shop.example wants you to sign in", wallet.Address, "URI: https://shop.example", "Issued At: " + srv.Now().UTC().Format("2006-01-02T15:")} {
				if !strings.Contains(message, line) {
					t.Errorf("%q is not in the message\n%s", line, message)
				}
			}
			got := b.sign(wallet, message)
			var user map[string]string
			if err := json.Unmarshal([]byte(got.body), &user); err != nil || got.status != http.StatusOK {
				t.Fatalf("got %d %s\n%s", got.status, got.body, b.shop.log)
			}
			want := map[string]string{"chain": wallet.Chain, "walletAddress": wallet.Address, "displayAddress": wallet.Address}
			if diff := cmp.Diff(want, user); diff != "" {
				t.Error(diff)
			}
			if token := b.token(t); token == "" || strings.Contains(got.body, string(token)) {
				t.Error("the session has no token, or the answer shows it")
			}
			claims, err := newClient(t, srv).Validate(t.Context(), picket.ValidateRequest{AccessToken: b.token(t)})
			if err != nil || claims.WalletAddress != wallet.Address || claims.Chain != wallet.Chain {
				t.Errorf("got %v, %v", claims, err)
			}
			if b.cookies[pendingCookie] != "" {
				t.Error("the login under way is still there")
			}
			if got := b.post("/logout", ""); got.status != http.StatusNoContent || got.body != "" {
				t.Errorf("got %d %s", got.status, got.body)
			}
			b.wantNoSession(t)
			if len(b.cookies) != 0 {
				t.Errorf("cookies are left: %v", b.cookies)
			}
			if text := b.shop.log.String(); text != "" {
				t.Errorf("the log has %s", text)
			}
		})
	}
}

func TestTheSessionCookieLivesAsLongAsTheToken(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	pending := b.post("/login/ethereum/message", property("walletAddress", wallet.Address))
	cookies, err := http.ParseSetCookie(pending.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	if cookies.Name != pendingCookie || !cookies.HttpOnly || !cookies.Secure || cookies.SameSite != http.SameSiteStrictMode || cookies.Path != "/" || cookies.Domain != "" || cookies.MaxAge != 120 {
		t.Errorf("got %+v", cookies)
	}
	var body struct{ Message string }
	_ = json.Unmarshal([]byte(pending.body), &body)
	got := b.sign(wallet, body.Message)
	for _, line := range got.header["Set-Cookie"] {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		if cookie.Name != sessionCookie {
			continue
		}
		claims, err := newClient(t, srv).Validate(t.Context(), picket.ValidateRequest{AccessToken: picket.Secret(cookie.Value)})
		if err != nil {
			t.Fatal(err)
		}
		expires := time.Unix(int64(claims.ExpiresAt), 0).UTC()
		if cookie.MaxAge < 12*60*60-60 || cookie.MaxAge > 12*60*60 || !cookie.Expires.Equal(expires) {
			t.Errorf("it lives %d s, until %v; the token until %v", cookie.MaxAge, cookie.Expires, expires)
		}
		want := &http.Cookie{Name: sessionCookie, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
		cookie.Value, cookie.MaxAge, cookie.Expires, cookie.RawExpires, cookie.Raw = "", 0, time.Time{}, "", ""
		if diff := cmp.Diff(want, cookie); diff != "" {
			t.Error(diff)
		}
		return
	}
	t.Error("there is no session cookie")
}

func TestAnAddressInLowerCaseIsInTheMessageAsEIP55HasIt(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	lower := *wallet
	lower.Address = strings.ToLower(wallet.Address)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, &lower)
	if !strings.Contains(message, "\n"+wallet.Address+"\n") {
		t.Errorf("the message is\n%s", message)
	}
	if got := b.sign(wallet, message); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestTheStatementIsInTheLanguageOfTheBrowser(t *testing.T) {
	srv := mock.Start(t)
	for header, want := range map[string]string{
		"de-AT,de;q=0.9,en;q=0.8": "Melde dich",
		"fr":                      "Connectez-vous",
		"*":                       "Sign in with your wallet.",
		"":                        "Sign in with your wallet.",
		"de\"><script>":           "Sign in with your wallet.",
		strings.Repeat("de-", 30): "Sign in with your wallet.",
	} {
		wallet := mock.NewEthereumWallet(t)
		b := newBrowser(newShop(t, srv))
		b.header.Set("Accept-Language", header)
		message := b.message(t, wallet)
		if !strings.Contains(message, "\n\n"+want) {
			t.Errorf("%q: the message is\n%s", header, message)
		}
		if got := b.sign(wallet, message); got.status != http.StatusOK {
			t.Errorf("%q: got %d %s", header, got.status, got.body)
		}
	}
}

func TestAnyReplicaEndsALogin(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewSolanaWallet(t)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	b.shop = newShop(t, srv)
	if got := b.sign(wallet, message); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestTheChainIsAskedForOnce(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	for range 3 {
		b.logIn(t, mock.NewEthereumWallet(t))
	}
	counts := map[string]int{}
	for _, entry := range srv.Journal() {
		counts[entry.Operation]++
	}
	if diff := cmp.Diff(map[string]int{"chain": 1, "nonce": 3, "auth": 3}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestASiteOnThisMachineHasCookiesThatBrowsersKeepFromHTTP(t *testing.T) {
	srv := mock.Start(t)
	const local = "http://localhost:3000"
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShopAt(t, srv, local, newKeys(t, aKey), nil, login.WithLoopbackHTTP()))
	b.origin = local
	b.header.Set("Origin", local)
	message := b.message(t, wallet)
	if !strings.HasPrefix(message, "localhost:3000 wants you") || !strings.Contains(message, "\nURI: http://localhost:3000\n") {
		t.Errorf("the message is\n%s", message)
	}
	got := b.sign(wallet, message)
	if got.status != http.StatusOK || len(b.cookies["session"]) == 0 || strings.Contains(strings.Join(got.header["Set-Cookie"], "\n"), "Secure") {
		t.Errorf("got %d %s, %v", got.status, got.body, got.header)
	}
}

func TestWithLoopbackHTTPChangesNothingForHTTPS(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv, login.WithLoopbackHTTP()))
	b.logIn(t, mock.NewEthereumWallet(t))
	if b.cookies[sessionCookie] == "" {
		t.Error("the session cookie has another name")
	}
}

func TestALoginEndsTheSessionBefore(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	b.logIn(t, mock.NewEthereumWallet(t))
	before := b.token(t)
	b.logIn(t, mock.NewSolanaWallet(t))
	if b.token(t) == before {
		t.Error("the session is still the one before")
	}
}

func TestLoginsWithRequirementsLetInOnlyThoseWhoMeetThem(t *testing.T) {
	srv := mock.Start(t)
	three := &picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}
	rich, poor := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", rich.Address, mock.Contract(contract), "3")
	srv.SetBalance("ethereum", poor.Address, mock.Contract(contract), "2.9")
	srv.SetBalance("polygon", poor.Address, mock.Contract(contract), "1000")
	b := newBrowser(newShopAt(t, srv, origin, newKeys(t, aKey), three))
	b.logIn(t, rich)
	b = newBrowser(b.shop)
	b.sign(poor, b.message(t, poor)).want(t, http.StatusForbidden, "permission_denied", "requirements")
	b.wantNoSession(t)
	if text := b.shop.log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"INFO"`) || !strings.Contains(text, "403 Forbidden") {
		t.Errorf("the log has %s", text)
	}
}
