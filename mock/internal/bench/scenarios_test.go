package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/bench/bare"
)

// TestTheMockAndTheYardstickAnswerAlike makes each call a few times; it fails unless the answers have the right status.
func TestTheMockAndTheYardstickAnswerAlike(t *testing.T) {
	yardstick, err := bare.New(mock.DefaultSecretKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, handler := range map[string]http.Handler{"mock": newMock(t), "yardstick": yardstick} {
		for _, s := range scenarios() {
			t.Run(name+"/"+s.what, func(t *testing.T) { callThrice(t, handler, s.prepare) })
		}
	}
}

func newMock(t *testing.T, options ...mock.Option) http.Handler {
	t.Helper()
	m, err := mock.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Handler()
}

func callThrice(t *testing.T, handler http.Handler, prepare func(*connection) (call, error)) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	c, err := dial(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	made, err := prepare(c)
	for number := range 3 {
		if err == nil {
			err = made(c, number)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// TestWhatGrowsIsThere makes the calls at their smallest size and at a moderate one.
func TestWhatGrowsIsThere(t *testing.T) {
	for _, g := range growths() {
		for _, size := range []int{g.sizes[0], 20} {
			t.Run(g.what, func(t *testing.T) {
				callThrice(t, newMock(t), func(c *connection) (call, error) { return g.prepare(c, size) })
			})
		}
	}
}
