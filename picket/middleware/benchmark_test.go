package middleware_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// longToken is as long as the access tokens of the API are: about 600 bytes.
var longToken = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9." + strings.Repeat("eyJjaGFpbiI6ImV0aGVyZXVtIn", 18) + "." + strings.Repeat("c2lnbmF0dX", 8) + "cmUxMj"

// holder has proven enough for the gate of holders.
func holder() *picket.AccessTokenPayload {
	c := claims()
	c.TokenBalances.ContractAddress = map[string]picket.Decimal{contract: "3"}
	return c
}

// manyBalances has proven n balances, all of them below what holders needs.
func manyBalances(n int) *picket.AccessTokenPayload {
	c := claims()
	c.TokenBalances.ContractAddress = map[string]picket.Decimal{}
	for i := range n {
		c.TokenBalances.ContractAddress[fmt.Sprintf("0x%040d", i)] = "1"
	}
	return c
}

// BenchmarkCache measures Cache.Validate for a token that is known.
func BenchmarkCache(b *testing.B) {
	asked := gateOf(b, picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000c00"}) // which the balances do not decide
	for _, c := range []struct {
		name   string
		claims *picket.AccessTokenPayload
		gate   *picket.Gate
	}{
		{"hit", claims(), nil},
		{"hit, with a balance", holder(), nil},
		{"hit, with 50 balances", manyBalances(50), nil},
		{"hit at a gate, met by the token", holder(), gateOf(b, holders)},
		{"hit at a gate, by a check", claims(), asked},
	} {
		b.Run(c.name, func(b *testing.B) {
			cache := newCache(b, always(c.claims, nil))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cache.Validate(b.Context(), picket.Secret(longToken), c.gate); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkList measures requests at gates with lists of allowed wallets, of users who are on them and who are not. They must
// not depend on the length of the list.
func BenchmarkList(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for _, c := range []struct {
		name   string
		listed bool
		status int
	}{{"listed", true, http.StatusNoContent}, {"not listed", false, http.StatusForbidden}} {
		for _, n := range []int{1, 100, 10_000} {
			b.Run(fmt.Sprintf("%s, %d", c.name, n), func(b *testing.B) {
				gate := newGate(b, newAuthenticator(b, always(claims(), nil)), picket.Requirements{AllowedWallets: listOf(n, c.listed)})(handler)
				r := bearer(longToken)
				w := httptest.NewRecorder()
				b.ReportAllocs()
				for b.Loop() {
					w = httptest.NewRecorder()
					gate.ServeHTTP(w, r)
				}
				if w.Code != c.status {
					b.Errorf("the status is %d", w.Code)
				}
			})
		}
	}
}

// listOf returns n wallets, possibly including the one of claims.
func listOf(n int, listed bool) []string {
	wallets := make([]string, n)
	for i := range wallets {
		wallets[i] = fmt.Sprintf("0x%040d", i)
	}
	if listed {
		wallets[n-1] = claims().WalletAddress
	}
	return wallets
}

// BenchmarkBalances measures requests with known tokens that have proven n balances, and are as long as the API's are then. The last
// of the balances meets the gate.
func BenchmarkBalances(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for _, n := range []int{1, 10, 50, 300} {
		proven := manyBalances(n)
		proven.TokenBalances.ContractAddress[fmt.Sprintf("0x%040d", n-1)] = "3"
		auth := newAuthenticator(b, always(proven, nil))
		r := bearer("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9." + strings.Repeat("eyJj", 150+n*17) + "." + strings.Repeat("c2ln", 22))
		for _, c := range []struct {
			name    string
			handler http.Handler
		}{
			{"required", auth.Required(handler)},
			{"gate", newGate(b, auth, picket.Requirements{ContractAddress: fmt.Sprintf("0x%040d", n-1), MinTokenBalance: "3"})(handler)},
		} {
			b.Run(fmt.Sprintf("%s, %d", c.name, n), func(b *testing.B) {
				w := httptest.NewRecorder()
				auth.Required(handler).ServeHTTP(w, r) // so that the token is known and the gate is decided from its balances each time
				b.ReportAllocs()
				for b.Loop() {
					c.handler.ServeHTTP(w, r)
				}
				if w.Code != http.StatusNoContent {
					b.Errorf("the status is %d", w.Code)
				}
			})
		}
	}
}

// BenchmarkRemote measures what a call of the API costs on this side, without the network and TLS: one that is answered, and one in an
// outage.
func BenchmarkRemote(b *testing.B) {
	answered := holder()
	answered.Audience, answered.Issuer, answered.DisplayAddress = "7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11", "picketapi.com", answered.WalletAddress
	answered.Subject, answered.IssuedAt = "ethereum:"+answered.WalletAddress, answered.ExpiresAt-1
	text, err := json.Marshal(answered)
	if err != nil {
		b.Fatal(err)
	}
	good := picket.Secret("eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9." + base64.RawURLEncoding.EncodeToString(text) + "." + strings.Repeat("c2ln", 22))
	for _, c := range []struct {
		name      string
		roundTrip transport
		want      error
	}{
		{"answered", func(r *http.Request) (*http.Response, error) {
			header := http.Header{"Content-Type": {"application/json"}}
			return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(bytes.NewReader(text)), Request: r}, nil
		}, nil},
		{"refused", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, picket.ErrNoResponse},
	} {
		b.Run(c.name, func(b *testing.B) {
			client, err := picket.New("sk_00000000000000000000000000000000", picket.WithHTTPClient(&http.Client{Transport: c.roundTrip}))
			if err != nil {
				b.Fatal(err)
			}
			cache := newCache(b, middleware.Remote(client), middleware.WithCacheLifetime(0))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cache.Validate(b.Context(), good, nil); !errors.Is(err, c.want) {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMiddleware measures a request with a token that is known; "bare" is the handler without middleware.
func BenchmarkMiddleware(b *testing.B) {
	handler := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	auth := newAuthenticator(b, always(holder(), nil), middleware.WithCookie("session"))
	asked := picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000c00"} // which the token's balances do not decide
	for _, c := range []struct {
		name    string
		handler http.Handler
		header  string
	}{
		{"bare", handler, "Bearer " + longToken},
		{"hit", auth.Required(handler), "Bearer " + longToken},
		{"hit by cookie", auth.Required(handler), ""},
		{"gate, met by the token", newGate(b, auth, holders)(handler), "Bearer " + longToken},
		{"gate, hit", newGate(b, auth, asked)(handler), "Bearer " + longToken},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if c.header != "" {
				r.Header.Set("Authorization", c.header)
			} else {
				r.AddCookie(&http.Cookie{Name: "session", Value: longToken})
			}
			w := httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				c.handler.ServeHTTP(w, r)
			}
			if w.Code != http.StatusNoContent {
				b.Errorf("the status is %d", w.Code)
			}
		})
	}
}
