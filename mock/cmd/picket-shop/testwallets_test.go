package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

const hello = `{"chain":"ethereum","address":"0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A","message":"Hello"}`

// send sends a request with JSON, with headers that each have a value after their name. Host is among them.
func send(t *testing.T, handler http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	request.Host = "localhost:3000"
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

func TestOnlyThePagesOfTheShopReachTheTestWallets(t *testing.T) {
	handler := testWallets(mock.Start(t).Handler())
	requests := []struct{ method, path, body string }{
		{http.MethodGet, "/test-wallets/wallets.js", ""},
		{http.MethodGet, "/test-wallets/wallets", ""},
		{http.MethodPost, "/test-wallets/sign", hello},
		{http.MethodGet, "/test-wallets/balances", ""},
		{http.MethodPut, "/test-wallets/balances", `{"chain":"ethereum","walletAddress":"0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A","contractAddress":"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984","balance":"3"}`},
	}
	for _, test := range []struct {
		from    string
		headers []string
		allowed bool
	}{
		{"a page of the shop", []string{"Origin", "http://localhost:3000", "Sec-Fetch-Site", "same-origin"}, true},
		{"a program on this machine", nil, true},
		{"a page of another origin", []string{"Origin", "https://evil.example"}, false},
		{"a page on another port", []string{"Origin", "http://localhost:8080"}, false},
		{"a page without an origin", []string{"Origin", "null"}, false},
		{"a script element of another site", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"a page whose host name was made to point here", []string{"Host", "evil.example:3000", "Origin", "http://evil.example:3000", "Sec-Fetch-Site", "same-origin"}, false},
	} {
		t.Run(test.from, func(t *testing.T) {
			for _, r := range requests {
				got := send(t, handler, r.method, r.path, r.body, test.headers...)
				if allowed := got.Code < 300; allowed != test.allowed || (!allowed && got.Code != http.StatusForbidden) {
					t.Errorf("%s %s: got %d %s", r.method, r.path, got.Code, got.Body)
				}
			}
		})
	}
}

func TestFourOperationsArePassedOnAndNothingElse(t *testing.T) {
	passed := map[string]string{
		"GET /test-wallets/wallets":  "GET /_mock/wallets",
		"POST /test-wallets/sign":    "POST /_mock/wallets/sign",
		"GET /test-wallets/balances": "GET /_mock/balances",
		"PUT /test-wallets/balances": "PUT /_mock/balances",
	}
	got := map[string]string{}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		for _, path := range []string{
			"/test-wallets/wallets", "/test-wallets/sign", "/test-wallets/balances", "/test-wallets/wallets/sign", "/test-wallets/journal", "/test-wallets/export",
			"/test-wallets/", "/test-wallets/../_mock/journal", "/test-wallets/%2e%2e/_mock/journal", "/test-wallets/wallets/../../_mock/export", "/test-wallets//sign",
		} {
			reached := ""
			send(t, testWallets(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached = r.Method + " " + r.RequestURI })), method, path, "")
			if reached != "" {
				got[method+" "+path] = reached
			}
		}
	}
	if diff := cmp.Diff(passed, got); diff != "" {
		t.Errorf("what reached the mock (-want +got):\n%s", diff)
	}
}

func TestTheMockGetsNothingOfTheUsersSession(t *testing.T) {
	var got *http.Request
	var body []byte
	control := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	})
	send(t, testWallets(control), http.MethodPost, "/test-wallets/sign?key=1", hello, "Cookie", "session=eyJ", "Authorization", "Bearer eyJ", "Origin", "http://localhost:3000")
	if diff := cmp.Diff(http.Header{"Content-Type": {"application/json"}}, got.Header); diff != "" {
		t.Errorf("the headers (-want +got):\n%s", diff)
	}
	if string(body) != hello || got.Host != "localhost" || got.URL.String() != "/_mock/wallets/sign" {
		t.Errorf("the mock got %s with the Host %s: %s", got.URL, got.Host, body)
	}
}
