package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// BenchmarkStart measures what a test waits for: from Start to the end of the first answer, over a new connection. Run once
// (-benchtime=1x) it is the first start of the process, which reads the contract.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ended := ending{TB: b}
		srv := mock.Start(&ended)
		request, err := http.NewRequest(http.MethodPost, srv.URL+"/auth/nonce", strings.NewReader(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`))
		if err != nil {
			b.Fatal(err)
		}
		request.SetBasicAuth(srv.SecretKey, "")
		request.Header.Set("Content-Type", "application/json")
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			b.Fatalf("status %d", response.StatusCode)
		}
		b.StopTimer()
		ended.end()
		b.StartTimer()
	}
}

// ending is a test that ends before its benchmark does, so that the servers of earlier rounds do not stay.
type ending struct {
	testing.TB
	cleanups []func()
}

func (e *ending) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

func (e *ending) end() {
	for _, cleanup := range e.cleanups {
		cleanup()
	}
}
