package mock_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/bench/bare"
)

// BenchmarkNonce compares a request for a nonce with a bare handler that decodes and encodes the same JSON, both over HTTP
// on connections that are kept, from as many clients as there are processors.
func BenchmarkNonce(b *testing.B) {
	b.Run("mock", func(b *testing.B) {
		srv := mock.Start(b)
		ask(b, srv.URL+"/auth/nonce", srv.SecretKey)
	})
	b.Run("yardstick", func(b *testing.B) {
		bare := httptest.NewServer(http.HandlerFunc(bare.Nonce))
		defer bare.Close()
		ask(b, bare.URL, "sk_00000000000000000000000000000000")
	})
}

func ask(b *testing.B, url, key string) {
	body := []byte(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`)
	b.ReportAllocs()
	b.ResetTimer() // the first server of a process reads the contract
	b.RunParallel(func(pb *testing.PB) {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		for pb.Next() {
			request, _ := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
			request.SetBasicAuth(key, "")
			request.Header.Set("Content-Type", "application/json")
			response, err := client.Do(request)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				b.Errorf("status %d", response.StatusCode)
				return
			}
		}
	})
}
