package main

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// A way is how servers check tokens.
type way string

const (
	local       way = "local"
	remote      way = "Remote"
	incremental way = "Incremental"
)

// servers are servers of one way that start at the same moment. Each has keys and a cache of its own. They share the users, which
// makes no difference, because they share nothing else.
type servers struct {
	api       *api
	keys      []accesstoken.Keys
	verifiers []*accesstoken.Verifier
	caches    []*middleware.Cache
	gate      *picket.Gate
	users     []picket.Secret // their access tokens
	base      int             // how many goroutines there are while nothing runs
}

func newServers(t mock.TB, w way, n int, jitter bool) *servers {
	s := &servers{api: newAPI(t)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	var err error
	s.gate, err = picket.NewGate("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"})
	must(err)
	keysOptions := []accesstoken.KeysOption{accesstoken.WithHTTPClient(&http.Client{Transport: s.api}), accesstoken.WithClock(s.api.now)}
	var cacheOptions []middleware.CacheOption
	if !jitter {
		none := func() float64 { return 0 }
		keysOptions = append(keysOptions, accesstoken.WithJitter(none))
		cacheOptions = append(cacheOptions, middleware.WithJitter(none))
	}
	for range n {
		keys, err := accesstoken.DiscoverKeys(baseURL, keysOptions...)
		must(err)
		verifier, err := accesstoken.NewVerifier(s.api.mock.ID, keys, accesstoken.WithClock(s.api.now))
		must(err)
		var cache *middleware.Cache
		switch w {
		case local:
			cache, err = middleware.NewCache(verifier, cacheOptions...)
		case remote:
			cache, err = middleware.NewCache(middleware.Remote(s.api.client), append(slices.Clip(cacheOptions), middleware.WithClock(s.api.now))...)
		case incremental:
			cache, err = middleware.NewCache(middleware.Incremental(verifier, middleware.Remote(s.api.client)), cacheOptions...)
		}
		must(err)
		s.keys, s.verifiers, s.caches = append(s.keys, keys), append(s.verifiers, verifier), append(s.caches, cache)
	}
	s.base = runtime.NumGoroutine()
	return s
}

// A tally is what happened in a second: what the API was asked, and what became of the requests.
type tally struct {
	calls, fetches                  int64
	passed, denied, bad, notChecked int64
}

func (t tally) requests() int64 { return t.passed + t.denied + t.bad + t.notChecked }

// second sends a request of each user to each server, and moves the clock on by a second.
func (s *servers) second() tally {
	s.api.calls.Store(0)
	s.api.fetches.Store(0)
	var passed, denied, bad, notChecked atomic.Int64
	var group sync.WaitGroup
	for part := range slices.Chunk(s.caches, max(1, len(s.caches)/runtime.GOMAXPROCS(0))) {
		group.Go(func() {
			for _, cache := range part {
				for _, token := range s.users {
					_, err := cache.Validate(context.Background(), token, s.gate)
					switch {
					case err == nil:
						passed.Add(1)
					case errors.Is(err, picket.CodePermissionDenied):
						denied.Add(1)
					case errors.Is(err, picket.CodeParameterInvalid):
						bad.Add(1)
					default:
						notChecked.Add(1)
					}
				}
			}
		})
	}
	group.Wait()
	s.pass()
	return tally{s.api.calls.Load(), s.api.fetches.Load(), passed.Load(), denied.Load(), bad.Load(), notChecked.Load()}
}

// pass waits until everything in the background has ended, too, and moves the clock on by a second.
func (s *servers) pass() {
	for runtime.NumGoroutine() > s.base {
		runtime.Gosched()
	}
	s.api.advance(time.Second)
}

// seconds are as many seconds of tallies.
func (s *servers) seconds(n int) tallies {
	list := make(tallies, n)
	for i := range list {
		list[i] = s.second()
	}
	return list
}

type tallies []tally

// of returns one of the counts of each second.
func (l tallies) of(count func(tally) int64) []int64 {
	list := make([]int64, len(l))
	for i, t := range l {
		list[i] = count(t)
	}
	return list
}

func calls(t tally) int64 { return t.calls }

func mean(counts []int64) float64 {
	sum := int64(0)
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / float64(len(counts))
}

func peak(counts []int64) float64 { return float64(slices.Max(counts)) }
