package main

import (
	_ "embed"
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

//go:embed testwallets.js
var testWalletsScript []byte

// testWallets serves the script that brings the mock's test wallets to the page, and passes on what it asks of the mock: four
// operations of the control API, which itself refuses the pages of other origins. The mock is a value in this process and not a URL, so
// nothing can be passed on to anything else.
func testWallets(control http.Handler) http.Handler {
	mux := http.NewServeMux()
	for pattern, path := range map[string]string{
		"GET /test-wallets/wallets":  "/_mock/wallets",
		"POST /test-wallets/sign":    "/_mock/wallets/sign",
		"GET /test-wallets/balances": "/_mock/balances",
		"PUT /test-wallets/balances": "/_mock/balances",
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			request := r.Clone(r.Context())
			request.URL, request.RequestURI, request.Host = &url.URL{Path: path}, path, "localhost"
			request.Header = http.Header{"Content-Type": r.Header.Values("Content-Type")} // and no cookie of the user
			control.ServeHTTP(w, request)
		})
	}
	mux.HandleFunc("GET /test-wallets/wallets.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(testWalletsScript)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := guard.Check(r, nil, ""); err != nil {
			refusal.New(http.StatusForbidden, "%s", err.Error()).Write(w)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
