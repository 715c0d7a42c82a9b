package main

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// BenchmarkCalls makes the calls of the table on as many connections, for profiles of the mock:
//
//	go test -run=^$ -bench=Calls/nonce -cpuprofile=cpu.prof ./mock/internal/bench && go tool pprof -peek=ServeHTTP cpu.prof
func BenchmarkCalls(b *testing.B) {
	for _, s := range scenarios() {
		b.Run(s.what, func(b *testing.B) {
			m, err := mock.New()
			if err != nil {
				b.Fatal(err)
			}
			served := httptest.NewServer(m.Handler())
			defer served.Close()
			c := contender{server: &server{address: served.Listener.Addr().String()}}
			defer c.end()
			if err := errors.Join(c.prepare(s.prepare), c.connect(clients)); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			if _, _, err := load(b.Context(), c.connections, c.call, b.N, time.Hour); err != nil {
				b.Fatal(err)
			}
		})
	}
}
