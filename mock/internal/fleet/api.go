package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const (
	baseURL  = "http://localhost/api/v1"
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
)

// api is the mock as all servers see it: in the same process, without sockets. It counts what it is asked.
type api struct {
	mock    *mock.Server
	handler http.Handler
	client  *picket.Client
	time    atomic.Int64 // Unix nanoseconds
	down    atomic.Bool

	calls, fetches atomic.Int64 // that came, answered or not
}

func newAPI(t mock.TB) *api {
	a := &api{}
	a.time.Store(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	var err error
	if a.mock, err = mock.New(mock.WithClock(a.now)); err != nil {
		t.Fatalf("%v", err)
	}
	a.handler = a.mock.Handler()
	a.client, err = picket.New(a.mock.SecretKey, picket.WithBaseURL(baseURL), picket.WithHTTPClient(&http.Client{Transport: a}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return a
}

func (a *api) now() time.Time { return time.Unix(0, a.time.Load()) }

func (a *api) advance(d time.Duration) { a.time.Add(int64(d)) }

var errDown = errors.New("connection refused")

// RoundTrip counts a fetch of keys by its first request, which is the one that also comes in an outage.
func (a *api) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/auth/validate"):
		a.calls.Add(1)
	case strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration"):
		a.fetches.Add(1)
	}
	if a.down.Load() {
		return nil, errDown
	}
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	a.handler.ServeHTTP(recorder, served)
	return recorder.Result(), nil
}

// login returns the token of a new user who holds enough for the gate, and which says so only if it is proven.
func (a *api) login(t mock.TB, proven bool) picket.Secret {
	wallet := mock.NewEthereumWallet(t)
	a.mock.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "5")
	request := wallet.AuthRequest(t, a.client)
	if proven {
		request.Requirements = &picket.Requirements{ContractAddress: contract}
	}
	answer, err := a.client.Auth(context.Background(), request)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return answer.AccessToken
}
