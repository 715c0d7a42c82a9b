package login_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// jwt returns a token with claims and a signature of some length; it is no good token.
func jwt(claims string, signature int) picket.Secret {
	encode := base64.RawURLEncoding.EncodeToString
	return picket.Secret(encode([]byte(`{"alg":"ES256","typ":"JWT"}`)) + "." + encode([]byte(claims)) + "." + encode(make([]byte, signature)))
}

func expiring(at time.Time) picket.Secret { return jwt(fmt.Sprintf(`{"exp":%d}`, at.Unix()), 64) }

func TestTokenIsThatOfTheOneSessionCookie(t *testing.T) {
	shop := newShop(t, mock.Start(t))
	for header, want := range map[string]picket.Secret{
		"":                              "",
		"a=b":                           "",
		"__Host-session":                "",
		"__Host-session=":               "",
		"__Host-session=a.b.c":          "a.b.c",
		"x=y; __Host-session=a.b.c; z=": "a.b.c",
		"session=a.b.c":                 "",
		"__host-session=a.b.c":          "",
	} {
		r := httptest.NewRequest("GET", origin, nil)
		r.Header.Set("Cookie", header)
		if got, err := shop.AccessToken(r); got != want || err != nil {
			t.Errorf("%q: got %q, %v", header, string(got), err)
		}
	}
	for _, headers := range [][]string{
		{"__Host-session=a.b.c; __Host-session=d.e.f"}, {"__Host-session=a.b.c", "__Host-session=d.e.f"}, {"__Host-session=a.b.c; __Host-session"},
		{`__Host-session=a.b.c; __Host-session ="`}, {"__Host-session=;__Host-session="},
	} {
		r := httptest.NewRequest("GET", origin, nil)
		r.Header["Cookie"] = headers
		got, err := shop.AccessToken(r)
		if got != "" || !errors.Is(err, picket.ErrInvalidArgument) || !strings.HasPrefix(err.Error(), "login: ") || strings.Contains(err.Error(), "d.e.f") {
			t.Errorf("%q: got %q, %v", headers, string(got), err)
		}
	}
}

func TestATokenThatACookieCannotHoldIsAnErrorOfTheServer(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewSolanaWallet(t)
	requirements := &picket.Requirements{MinTokenBalance: "60"}
	for range 60 {
		mint := mock.NewSolanaWallet(t).Address
		srv.SetBalance("solana", wallet.Address, mock.Mint(mint), "1")
		requirements.TokenIDs = append(requirements.TokenIDs, mint)
	}
	for name, options := range map[string][]login.Option{"cookie": nil, "store": {login.WithSessionStore(newSessionStore())}} {
		t.Run(name, func(t *testing.T) {
			shop := newShop(t, srv, options...)
			logins, err := shop.Logins("solana", requirements)
			if err != nil {
				t.Fatal(err)
			}
			shop.mux.HandleFunc("/holders/message", logins.Message)
			shop.mux.HandleFunc("/holders/signature", logins.Signature)
			b := newBrowser(shop)
			message := b.message(t, wallet)
			got := b.post("/holders/signature", property("signature", asHex(wallet.Sign(message))))
			if options != nil {
				if got.status != http.StatusOK || len(b.token(t)) < 4096 || len(b.cookies[sessionCookie]) != 43 {
					t.Errorf("got %d %s and a token of %d bytes", got.status, got.body, len(b.token(t)))
				}
				return
			}
			got.want(t, http.StatusInternalServerError, "server_error", "its log explains")
			b.wantNoSession(t)
			if text := shop.log.String(); !strings.Contains(text, `"ERROR"`) || !strings.Contains(text, "WithSessionStore") || !strings.Contains(text, "browsers drop those over 4096") {
				t.Errorf("the log has %s", text)
			}
		})
	}
}

func TestRenewSetsTheCookieAgain(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	b.logIn(t, mock.NewEthereumWallet(t))
	token := expiring(srv.Now().Add(time.Hour))
	w := httptest.NewRecorder()
	if err := b.shop.Renew(w, b.request("/club", ""), token); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if cookie.Name != sessionCookie || cookie.Value != string(token) || cookie.MaxAge < 3590 || cookie.MaxAge > 3600 || !cookie.HttpOnly || !cookie.Secure {
		t.Errorf("got %+v", cookie)
	}
}

func TestRenewKeepsTheIDOfTheSession(t *testing.T) {
	srv := mock.Start(t)
	store := newSessionStore()
	b := newBrowser(newShop(t, srv, login.WithSessionStore(store)))
	b.logIn(t, mock.NewEthereumWallet(t))
	id := b.cookies[sessionCookie]
	for stored := range store.tokens {
		if stored == id || len(stored) != 43 {
			t.Errorf("the store knows the cookie %s as %s", id, stored)
		}
	}
	expires := srv.Now().Add(time.Hour)
	w := httptest.NewRecorder()
	if err := b.shop.Renew(w, b.request("/club", ""), expiring(expires)); err != nil {
		t.Fatal(err)
	}
	if cookie := w.Result().Cookies()[0]; cookie.Value != id || cookie.MaxAge > 3600 {
		t.Errorf("got %+v", cookie)
	}
	if got := b.token(t); got != expiring(expires) {
		t.Error("the session has another token")
	}
	for stored := range store.expires {
		if !store.expires[stored].Equal(expires.Truncate(time.Second)) || len(store.tokens) != 1 {
			t.Errorf("got %v in %d sessions", store.expires[stored], len(store.tokens))
		}
	}
}

func TestRenewRefusesWhatIsNoSessionOrNoToken(t *testing.T) {
	srv := mock.Start(t)
	now := srv.Now()
	for name, options := range map[string][]login.Option{"cookie": nil, "store": {login.WithSessionStore(newSessionStore())}} {
		shop := newShop(t, srv, options...)
		stranger, user := newBrowser(shop), newBrowser(shop)
		user.logIn(t, mock.NewEthereumWallet(t))
		before := user.token(t)
		invented := newBrowser(shop)
		if options != nil { // session fixation: an ID that the server never gave out
			invented.cookies[sessionCookie] = strings.Repeat("A", 43)
		}
		several := user.request("/", "")
		several.Header.Add("Cookie", "__Host-session=a.b.c")
		for what, test := range map[string]struct {
			r     *http.Request
			token picket.Secret
			is    error
		}{
			"no session":         {stranger.request("/", ""), expiring(now.Add(time.Hour)), picket.CodeAuthenticationRequired},
			"an invented one":    {invented.request("/", ""), expiring(now.Add(time.Hour)), picket.CodeAuthenticationRequired},
			"several cookies":    {several, expiring(now.Add(time.Hour)), picket.ErrInvalidArgument},
			"no token":           {user.request("/", ""), "", nil},
			"no JWT":             {user.request("/", ""), "secret; Domain=example", nil},
			"two parts":          {user.request("/", ""), "YQ.YQ", nil},
			"a line break":       {user.request("/", ""), "YQ.eyJleHAiOjk5OTk5OTk5OTl9.YQ\r\n", nil},
			"padding":            {user.request("/", ""), jwt(`{"exp":9999999999}`, 64) + "==", nil},
			"no signature":       {user.request("/", ""), jwt(`{"exp":9999999999}`, 0), nil},
			"no exp":             {user.request("/", ""), jwt(`{"iat":9999999999}`, 64), nil},
			"EXP":                {user.request("/", ""), jwt(`{"EXP":9999999999}`, 64), nil},
			"exp null":           {user.request("/", ""), jwt(`{"exp":null}`, 64), nil},
			"exp a string":       {user.request("/", ""), jwt(`{"exp":"9999999999"}`, 64), nil},
			"exp a fraction":     {user.request("/", ""), jwt(`{"exp":9999999999.5}`, 64), nil},
			"exp in the past":    {user.request("/", ""), expiring(now.Add(-time.Second)), nil},
			"exp now":            {user.request("/", ""), expiring(now), nil},
			"exp below 0":        {user.request("/", ""), jwt(`{"exp":-1}`, 64), nil},
			"exp beyond cookies": {user.request("/", ""), jwt(`{"exp":253402300800}`, 64), nil},
			"exp beyond numbers": {user.request("/", ""), jwt(`{"exp":9223372036854775808}`, 64), nil},
			"claims a list":      {user.request("/", ""), jwt(`[]`, 64), nil},
		} {
			w := httptest.NewRecorder()
			err := shop.Renew(w, test.r, test.token)
			if err == nil || (test.is != nil && !errors.Is(err, test.is)) || !strings.HasPrefix(err.Error(), "login: ") ||
				len(w.Header()) != 0 || (len(test.token) > 9 && strings.Contains(err.Error(), string(test.token))) {
				t.Errorf("%s/%s: got %v, %v", name, what, err, w.Header())
			}
		}
		if user.token(t) != before {
			t.Errorf("%s: the session has changed", name)
		}
	}
	b := newBrowser(newShop(t, srv))
	b.logIn(t, mock.NewEthereumWallet(t))
	long := jwt(fmt.Sprintf(`{"exp":%d}`, now.Add(time.Hour).Unix()), 3500)
	if err := b.shop.Renew(httptest.NewRecorder(), b.request("/", ""), long); err == nil || !strings.Contains(err.Error(), "WithSessionStore") {
		t.Errorf("a long token: got %v", err)
	}
}

func TestTheLongestCookieHas4096Bytes(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	b.logIn(t, mock.NewEthereumWallet(t))
	longest := 0
	for n := 2500; n < 3500; n++ {
		w := httptest.NewRecorder()
		if b.shop.Renew(w, b.request("/", ""), jwt(fmt.Sprintf(`{"exp":%d}`, srv.Now().Add(time.Hour).Unix()), n)) == nil {
			longest = max(longest, len(w.Header().Get("Set-Cookie")))
		}
	}
	if longest < 4093 || longest > 4096 { // base64 grows by one or two
		t.Errorf("it has %d", longest)
	}
}

func TestALoginGetsANewSessionIDAndEndsTheOneBefore(t *testing.T) {
	srv := mock.Start(t)
	store := newSessionStore()
	b := newBrowser(newShop(t, srv, login.WithSessionStore(store)))
	fixed := strings.Repeat("A", 43)
	b.cookies[sessionCookie] = fixed
	b.logIn(t, mock.NewEthereumWallet(t))
	first := b.cookies[sessionCookie]
	if first == fixed {
		t.Error("the session has the ID that was planted")
	}
	b.logIn(t, mock.NewEthereumWallet(t))
	if b.cookies[sessionCookie] == first || len(store.tokens) != 1 {
		t.Errorf("there are %d sessions", len(store.tokens))
	}
	b.cookies[sessionCookie] = first
	b.wantNoSession(t)
}

func TestASessionHasOneID(t *testing.T) {
	b := newBrowser(newShop(t, mock.Start(t), login.WithSessionStore(newSessionStore())))
	b.logIn(t, mock.NewEthereumWallet(t))
	id := b.cookies[sessionCookie]
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, id[42])
	b.cookies[sessionCookie] = id[:42] + alphabet[last+1:last+2] // the same bytes; only unused bits differ
	b.wantNoSession(t)
}

func TestLogoutEndsTheSessionInTheStore(t *testing.T) {
	srv := mock.Start(t)
	store := newSessionStore()
	b := newBrowser(newShop(t, srv, login.WithSessionStore(store)))
	b.logIn(t, mock.NewEthereumWallet(t))
	id := b.cookies[sessionCookie]
	if got := b.post("/logout", ""); got.status != http.StatusNoContent {
		t.Errorf("got %d %s", got.status, got.body)
	}
	b.cookies[sessionCookie] = id // a copy of it
	b.wantNoSession(t)
	if err := b.shop.Renew(httptest.NewRecorder(), b.request("/", ""), expiring(srv.Now().Add(time.Hour))); !errors.Is(err, picket.CodeAuthenticationRequired) {
		t.Errorf("the session is renewed: %v", err)
	}
}

func TestLogoutWithoutASession(t *testing.T) {
	for _, options := range [][]login.Option{nil, {login.WithSessionStore(newSessionStore())}} {
		b := newBrowser(newShop(t, mock.Start(t), options...))
		for _, value := range []string{"", "garbage", "%%%"} {
			b.cookies[sessionCookie] = value
			if got := b.post("/logout", ""); got.status != http.StatusNoContent || len(b.cookies) != 0 {
				t.Errorf("%q: got %d %s", value, got.status, got.body)
			}
		}
		r := b.request("/logout", "")
		r.Header.Set("Cookie", "__Host-session=a; __Host-session=b")
		b.do(r).want(t, http.StatusBadRequest, "parameter_invalid", "several cookies")
	}
}

func TestAFormMayLogOut(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	b.logIn(t, mock.NewEthereumWallet(t))
	b.header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := b.post("/logout", "a=b"); got.status != http.StatusNoContent {
		t.Errorf("got %d %s", got.status, got.body)
	}
	b.wantNoSession(t)
}

// failingStore is a store that writes what it was given into its errors.
type failingStore struct{ *sessionStore }

func (failingStore) Create(_ context.Context, id string, token picket.Secret, _ time.Time) error {
	return fmt.Errorf("INSERT INTO sessions VALUES (%q, %q): connection refused", id, string(token))
}

func (failingStore) Replace(_ context.Context, id string, token picket.Secret, _ time.Time) (bool, error) {
	return false, fmt.Errorf("UPDATE sessions SET token = %q WHERE id = %q: connection refused", string(token), id)
}

// knownStore knows every ID.
type knownStore struct{ failingStore }

func (knownStore) Load(context.Context, string) (picket.Secret, error) { return "a.b.c", nil }

func TestAFailingStoreIsNoSessionAndNoStranger(t *testing.T) {
	srv := mock.Start(t)
	down := errors.New("connection refused")
	wallet := mock.NewEthereumWallet(t)

	t.Run("the message", func(t *testing.T) {
		b := newBrowser(newShop(t, srv, login.WithPendingStore(&pendingStore{err: down})))
		got := b.post("/login/ethereum/message", property("walletAddress", wallet.Address))
		got.want(t, http.StatusServiceUnavailable, "unavailable", "try again later")
		wantWarning(t, b, got)
	})
	t.Run("the signature", func(t *testing.T) {
		store := &pendingStore{}
		b := newBrowser(newShop(t, srv, login.WithPendingStore(store)))
		message := b.message(t, wallet)
		store.err = down
		got := b.sign(wallet, message)
		got.want(t, http.StatusServiceUnavailable, "unavailable", "try again later")
		wantWarning(t, b, got)
	})
	t.Run("the session", func(t *testing.T) {
		b := newBrowser(newShop(t, srv, login.WithSessionStore(failingStore{newSessionStore()})))
		got := b.sign(wallet, b.message(t, wallet))
		got.want(t, http.StatusServiceUnavailable, "unavailable", "try again later")
		wantWarning(t, b, got)
		if text := b.shop.log.String(); !strings.Contains(text, "[redacted]") || strings.Contains(text, "eyJ") {
			t.Errorf("the log has %s", text)
		}
		b.wantNoSession(t)
	})
	t.Run("the renewal, with the token in the error", func(t *testing.T) {
		b := newBrowser(newShop(t, srv, login.WithSessionStore(knownStore{failingStore{newSessionStore()}})))
		b.cookies[sessionCookie] = strings.Repeat("A", 43)
		token := expiring(srv.Now().Add(time.Hour))
		err := b.shop.Renew(httptest.NewRecorder(), b.request("/", ""), token)
		if err == nil || strings.Contains(err.Error(), string(token)) || !strings.Contains(err.Error(), "[redacted]") || errors.Is(err, picket.CodeAuthenticationRequired) {
			t.Errorf("got %v", err)
		}
	})
	store := newSessionStore()
	b := newBrowser(newShop(t, srv, login.WithSessionStore(store)))
	b.logIn(t, wallet)
	store.err = down
	t.Run("the token", func(t *testing.T) {
		if token, err := b.shop.AccessToken(b.request("/", "")); token != "" || !errors.Is(err, down) || errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("got %q, %v", string(token), err)
		}
	})
	t.Run("the renewal", func(t *testing.T) {
		w := httptest.NewRecorder()
		if err := b.shop.Renew(w, b.request("/", ""), expiring(srv.Now().Add(time.Hour))); !errors.Is(err, down) || len(w.Header()) != 0 {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the logout", func(t *testing.T) {
		got := b.post("/logout", "")
		got.want(t, http.StatusServiceUnavailable, "unavailable", "try again later")
		wantWarning(t, b, got)
		if b.cookies[sessionCookie] != "" {
			t.Error("the browser still has the session")
		}
	})
}

func wantWarning(t *testing.T, b *browser, got answer) {
	t.Helper()
	if text := b.shop.log.String(); strings.Count(text, `"WARN"`) != 1 || !strings.Contains(text, "connection refused") || got.header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After %q, and the log has %s", got.header.Get("Retry-After"), text)
	}
}
