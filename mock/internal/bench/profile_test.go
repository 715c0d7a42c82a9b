package main

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// BenchmarkCalls makes the calls of the tables, for profiles of the mock:
//
//	go test -run=^$ -bench=Calls/nonce -cpuprofile=cpu.prof ./mock/internal/bench && go tool pprof -peek=ServeHTTP cpu.prof
func BenchmarkCalls(b *testing.B) {
	for _, s := range scenarios() {
		b.Run(s.what, func(b *testing.B) { benchmark(b, s.prepare) })
	}
}

func BenchmarkGrowth(b *testing.B) {
	for _, g := range growths() {
		for _, size := range g.sizes {
			b.Run(fmt.Sprintf("%s/%d", g.what, size), func(b *testing.B) {
				benchmark(b, func(c *connection) (call, error) { return g.prepare(c, size) })
			})
		}
	}
}

func benchmark(b *testing.B, prepare func(*connection) (call, error)) {
	b.Helper()
	m, err := mock.New(mock.WithMaxStateBytes(1 << 30))
	if err != nil {
		b.Fatal(err)
	}
	served := httptest.NewServer(m.Handler())
	defer served.Close()
	c := contender{server: &server{address: served.Listener.Addr().String()}}
	defer c.end()
	if err := errors.Join(c.prepare(prepare), c.connect(clients)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	if _, _, err := load(b.Context(), c.connections, c.call, b.N, time.Hour); err != nil {
		b.Fatal(err)
	}
}
