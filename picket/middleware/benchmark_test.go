package middleware_test

import (
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

// BenchmarkCache measures Cache.Validate for a token that is known.
func BenchmarkCache(b *testing.B) {
	for _, c := range []struct {
		name    string
		request picket.ValidateRequest
	}{
		{"hit", picket.ValidateRequest{AccessToken: picket.Secret(longToken)}},
		{"hit with requirements", picket.ValidateRequest{AccessToken: picket.Secret(longToken), Requirements: &holders}},
	} {
		b.Run(c.name, func(b *testing.B) {
			cache := newCache(b, always(holder(), nil))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cache.Validate(b.Context(), c.request); err != nil {
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
	asked := picket.Requirements{CreatorAddress: "0xC0"} // which the token's balances do not decide
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
