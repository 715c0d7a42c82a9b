package login_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

func TestNewRefusesWhatIsNoOrigin(t *testing.T) {
	client, keys := newClient(t, mock.Start(t)), newKeys(t, aKey)
	for origin, part := range map[string]string{
		"":                               "the origin is empty",
		"shop.example":                   "not scheme and host",
		"//shop.example":                 "not scheme and host",
		"https://":                       "not scheme and host",
		"ftp://shop.example":             "not scheme and host",
		"https://user:pw@shop.example":   "not scheme and host",
		"https://shop.example/":          "is it https://shop.example?",
		"https://shop.example/login":     "is it https://shop.example?",
		"https://shop.example?a=b":       "is it https://shop.example?",
		"https://shop.example#a":         "is it https://shop.example?",
		"https://Shop.Example":           "is it https://shop.example?",
		"HTTPS://shop.example":           "is it https://shop.example?",
		"https://shop.example:443":       "is it https://shop.example?",
		"https://shop.example:":          "not scheme and host",
		"\"https://shop.example\"":       "a quotation mark, a space or another character",
		"\ufeffhttps://shop.example":     `\ufeff`,
		"https://shop.example\u200b":     `\u200b`,
		"$ORIGIN":                        "another character",
		"https://shop.example\r\nX: y":   "another character",
		"https://*.shop.example":         "not scheme and host",
		"https://shop.example,https://a": "not scheme and host",
		"https://shop%2eexample":         "not scheme and host",
		"https://.":                      "not scheme and host",
		"https://münchen.example":        "xn--",
		"http://shop.example":            "use https",
		"http://localhost.evil.example":  "use https",
		"http://localhost:3000":          "WithLoopbackHTTP",
		"http://127.0.0.1:3000":          "WithLoopbackHTTP",
		"http://[::1]:3000":              "WithLoopbackHTTP",
	} {
		_, err := login.New(client, origin, keys)
		if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "pw") {
			t.Errorf("%q: got %v, want %q", origin, err, part)
		}
	}
	for _, origin := range []string{"http://shop.example", "http://0.0.0.0:3000", "http://127.0.0.1.evil.example", "http://192.168.0.1:3000"} {
		if _, err := login.New(client, origin, keys, login.WithLoopbackHTTP()); err == nil {
			t.Errorf("%s is loopback", origin)
		}
	}
	for _, origin := range []string{"http://localhost:3000", "http://localhost", "http://127.0.0.1:3000", "http://[::1]:3000", "https://shop.example:8443", "https://[2001:db8::1]"} {
		if _, err := login.New(client, origin, keys, login.WithLoopbackHTTP()); err != nil {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

func TestNewRefusesWhatIsNil(t *testing.T) {
	client, keys := newClient(t, mock.Start(t)), newKeys(t, aKey)
	for name, err := range map[string]error{
		"client":            second(login.New(nil, origin, keys)),
		"keys":              second(login.New(client, origin, login.Keys{})),
		"option":            second(login.New(client, origin, keys, nil)),
		"logger":            second(login.New(client, origin, keys, login.WithLogger(nil))),
		"clock":             second(login.New(client, origin, keys, login.WithClock(nil))),
		"nil *pendingStore": second(login.New(client, origin, keys, login.WithPendingStore((*pendingStore)(nil)))),
		"nil *sessionStore": second(login.New(client, origin, keys, login.WithSessionStore((*sessionStore)(nil)))),
		"pending store":     second(login.New(client, origin, keys, login.WithPendingStore(nil))),
		"session store":     second(login.New(client, origin, keys, login.WithSessionStore(nil))),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "login: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestASiteThatNewDidNotMakeLogsNobodyIn(t *testing.T) {
	var log lines
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	for name, site := range map[string]*login.Site{"nil": nil, "zero": {}} {
		r := httptest.NewRequest(http.MethodPost, origin, strings.NewReader(`{"walletAddress":"0x"}`))
		r.AddCookie(&http.Cookie{Name: "session", Value: "a.b.c"})
		if token, err := site.AccessToken(r); token != "" || err == nil || errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: got the token %q, %v", name, string(token), err)
		}
		w := httptest.NewRecorder()
		if err := site.Renew(w, r, expiring(time.Now().Add(time.Hour))); err == nil || len(w.Header()) != 0 {
			t.Errorf("%s: got %v", name, err)
		}
		if logins, err := site.Logins("ethereum", nil); logins != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, logins, err)
		}
		var none *login.Logins
		for what, handler := range map[string]http.HandlerFunc{
			"Logout": site.Logout, "Message": new(login.Logins).Message, "Signature": new(login.Logins).Signature, "Message of nil": none.Message,
		} {
			w := httptest.NewRecorder()
			handler(w, r)
			answer{w.Code, w.Header(), w.Body.String()}.want(t, http.StatusInternalServerError, "server_error", "its log explains")
			if text := log.String(); len(w.Header()["Set-Cookie"]) != 0 || !strings.Contains(text, "was not made by New") {
				t.Errorf("%s, %s: got %v and the log\n%s", name, what, w.Header(), text)
			}
		}
	}
}

func TestASiteAndItsLoginsPrintNoSecret(t *testing.T) {
	srv := mock.Start(t)
	store := newSessionStore()
	b := newBrowser(newShop(t, srv, login.WithSessionStore(plainStore{store.tokens, store})))
	b.logIn(t, mock.NewEthereumWallet(t))
	logins, err := b.shop.Logins("ethereum", nil)
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		Site   any
		Logins any
	}
	token := string(b.token(t))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{b.shop.Site, *b.shop.Site, logins, holder{b.shop.Site, logins}, []any{*b.shop.Site}} {
			text := fmt.Sprintf(verb, value)
			if strings.Contains(text, token) || strings.Contains(text, fmt.Sprintf("%x", token)) {
				t.Errorf("%s of a %T: %s", verb, value, text)
			}
		}
	}
}

// plainStore is a SessionStore that any print of it shows.
type plainStore struct {
	tokens map[string]picket.Secret
	login.SessionStore
}

func second[T any](_ T, err error) error { return err }

func TestLoginsAreForChainsWhoseSignaturesCanBeVerified(t *testing.T) {
	shop := newShop(t, mock.Start(t))
	for _, chain := range []string{"", "*", "flow", "eth ereum", "../auth", "ethereum\n"} {
		if _, err := shop.Logins(chain, nil); err == nil {
			t.Errorf("%q is a chain", chain)
		}
	}
	for _, chain := range []string{"ethereum", "polygon", "optimism", "arbitrum", "avalanche", "solana"} {
		if _, err := shop.Logins(chain, nil); err != nil {
			t.Errorf("%s: %v", chain, err)
		}
	}
}

func TestLoginsRefuseRequirementsThatNobodyCouldMeet(t *testing.T) {
	shop := newShop(t, mock.Start(t))
	for name, requirements := range map[string]picket.Requirements{
		"none":             {},
		"an empty list":    {AllowedWallets: []string{}},
		"a short contract": {ContractAddress: "0x1234"},
		"tokens of Solana": {TokenIDs: []string{"4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R"}},
	} {
		if _, err := shop.Logins("ethereum", &requirements); !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
