package canned_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/bench/suite"
)

func TestMain(m *testing.M) { os.Exit(suite.Main(m)) }

const auth = `{"accessToken":"eyJhbGciOiJFUzI1NiJ9.eyJ0aWQiOiIuLi4ifQ.c2lnbmF0dXJl",` +
	`"user":{"chain":"ethereum","walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8","displayAddress":"alice.eth","tokenBalances":{}}}`

func TestSuite(t *testing.T) {
	answer := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("POST /auth/nonce", answer(`{"nonce":"3OUGVWAZ5MJTB5IWYDQZ2KUD5A","statement":"Sign in.","format":"siwe"}`))
	mux.Handle("POST /auth", answer(auth))
	mux.Handle("POST /authz", answer(auth))
	server := httptest.NewServer(mux)
	defer server.Close()
	suite.Run(t, func(*testing.T) suite.Server {
		return suite.Server{URL: server.URL, SecretKey: "sk_00000000000000000000000000000000", SetBalance: func(string) {}}
	})
}
