package spec_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkCheck measures what a check adds to each request to the mock.
func BenchmarkCheck(b *testing.B) {
	api := theAPI(b)
	nonce := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", nil)
	nonce.Header.Set("Content-Type", "application/json")
	nonce.SetBasicAuth("key", "")
	authorize := httptest.NewRequest(http.MethodGet, "/api/v1/oauth2/authorize?client_id=pk_00000000000000000000000000000000"+
		"&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=s"+
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", nil)
	body, broken := []byte(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`), []byte(`{"wallet_address":"x"}`)
	answer := []byte(`{"nonce":"3OUGVWAZ5MJTB5IW","statement":"Sign in.","format":"siwe"}`)
	header := http.Header{"Content-Type": {"application/json"}}
	for name, bench := range map[string]struct {
		want  int
		check func() int
	}{
		"request":        {0, func() int { return len(api.Operation("nonce").CheckRequest(nonce, body)) }},
		"broken request": {2, func() int { return len(api.Operation("nonce").CheckRequest(nonce, broken)) }},
		"query":          {0, func() int { return len(api.Operation("authorize").CheckRequest(authorize, nil)) }},
		"response":       {0, func() int { return len(api.Operation("nonce").CheckResponse(http.MethodPost, 200, header, answer)) }},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := bench.check(); got != bench.want {
					b.Fatalf("%d violations", got)
				}
			}
		})
	}
}
