package main

import (
	"embed"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/seed-a13ee279/picket/mock/internal/isolated"
)

//go:embed page
var page embed.FS

// policy lets the page load scripts, styles and answers from its own site, and the pictures that wallets bring. It loads nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// newSite serves the page in place of the server's own, and what the test wallets need. Everything else is for the server.
func newSite(server *url.URL, control http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(server)
			r.Out.Host = r.In.Host // with which the server compares the Origin
		},
		Transport: &http.Transport{}, // which knows no proxies
	})
	mux.Handle("/test-wallets/", testWallets(control))
	mux.Handle("GET /page/", http.FileServerFS(page))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, page, "page/shop.html") })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isolated.Set(w.Header())
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	})
}
