package login_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/mock"
)

// FuzzCookies looks for a cookie that ends a login, or is a session, and was not made here.
func FuzzCookies(f *testing.F) {
	srv := mock.Start(f)
	shop := newShop(f, srv)
	wallet := mock.NewEthereumWallet(f)
	b := newBrowser(shop)
	signature := property("signature", asHex(wallet.Sign(b.message(f, wallet))))
	good := pendingCookie + "=" + b.cookies[pendingCookie]
	for _, seed := range []string{
		good, good + "; " + good, strings.ToLower(good), good[:40], pendingCookie + "=", pendingCookie, "a=b;" + pendingCookie + "=\"\"",
		sessionCookie + "=a.b.c", sessionCookie + "=", ";;;=", "\xff=\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest(http.MethodPost, origin+"/login/ethereum/signature", strings.NewReader(signature))
		r.Header = http.Header{"Origin": {origin}, "Content-Type": {"application/json"}, "Cookie": {header}}
		w := httptest.NewRecorder()
		shop.mux.ServeHTTP(w, r)
		if w.Code == http.StatusOK && !strings.Contains(header, b.cookies[pendingCookie]) {
			t.Errorf("%q logs in", header)
		}
		if w.Code != http.StatusOK && w.Code != http.StatusUnauthorized && w.Code != http.StatusBadRequest {
			t.Errorf("%q: got %d %s", header, w.Code, w.Body)
		}
		token, err := shop.AccessToken(r)
		if token != "" && (err != nil || strings.Count(header, sessionCookie) != 1 || !strings.Contains(header, string(token))) {
			t.Errorf("%q: got the token %q, %v", header, string(token), err)
		}
	})
}

// FuzzBodies looks for a body that is taken, and does not have exactly the one name.
func FuzzBodies(f *testing.F) {
	shop := newShop(f, mock.Start(f))
	address := mock.NewEthereumWallet(f).Address
	for _, seed := range []string{
		property("walletAddress", address), `{"walletAddress":"` + address + `","walletAddress":"x"}`, `{"WalletAddress":"` + address + `"}`,
		` { "wallet\u0041ddress" : "` + address + `" } `, `{"walletAddress":null}`, `{"a":{"walletAddress":""}}`, `[]`, `{`, "\ufeff{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		b := newBrowser(shop)
		got := b.post("/login/ethereum/message", body)
		if !utf8.ValidString(got.body) || !json.Valid([]byte(got.body)) {
			t.Errorf("%q: got %q", body, got.body)
		}
		if got.status == http.StatusBadRequest || got.status == http.StatusRequestEntityTooLarge {
			return
		}
		var read map[string]any
		if err := json.Unmarshal([]byte(body), &read); got.status != http.StatusOK || err != nil || len(read) != 1 || read["walletAddress"] == nil {
			t.Errorf("%q: got %d %s", body, got.status, got.body)
		}
	})
}

// FuzzSignatures looks for a signature that logs a wallet in, and is not the wallet's.
func FuzzSignatures(f *testing.F) {
	shop := newShop(f, mock.Start(f))
	wallets := map[bool]*mock.Wallet{false: mock.NewEthereumWallet(f), true: mock.NewSolanaWallet(f)}
	for solana, wallet := range wallets {
		f.Add(asHex(wallet.Sign("another message")), solana)
		f.Add(string(wallet.Sign("another message")), solana)
	}
	f.Add("0x01"+strings.Repeat("00", 63), true)
	f.Add("0x"+strings.Repeat("00", 65), false)
	f.Fuzz(func(t *testing.T, signature string, solana bool) {
		b := newBrowser(shop)
		b.message(t, wallets[solana])
		got := b.post("/login/"+wallets[solana].Chain+"/signature", property("signature", signature))
		if got.status != http.StatusUnauthorized && got.status != http.StatusBadRequest && got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%q: got %d %s", signature, got.status, got.body)
		}
	})
}
