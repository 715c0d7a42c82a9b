package accesstoken_test

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// want fails unless verifying the token ends as wanted, after exactly so long.
func want(t *testing.T, verifier *accesstoken.Verifier, token picket.Secret, kind string, after time.Duration) {
	t.Helper()
	start := time.Now()
	_, err := verifier.Verify(ctx, token)
	if took := time.Since(start); kindOf(err) != kind || took != after {
		t.Fatalf("got %s after %v: %v; want %s after %v", kindOf(err), took, err, kind, after)
	}
}

func (i *issuer) wantFetches(t *testing.T, n int) {
	t.Helper()
	if got := i.fetches(); got != n {
		t.Fatalf("the keys were fetched %d times, not %d", got, n)
	}
}

func TestManyAtTheStartCauseOneFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		server.delay = time.Second
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, key, "", goodClaims())
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if _, err := verifier.Verify(ctx, token); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		server.wantFetches(t, 1)
	})
}

func TestNothingIsFetchedWhileNoTokensCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		verifier := newVerifier(t, server.keys(t))
		time.Sleep(48 * time.Hour)
		server.wantFetches(t, 0)
		want(t, verifier, sign(t, key, "", goodClaims()), "none", 0)
		time.Sleep(48 * time.Hour)
		server.wantFetches(t, 1)
	})
}

func TestNobodyWaitsForARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, key, "", goodClaims())
		want(t, verifier, token, "none", 0)

		time.Sleep(time.Hour - time.Second)
		want(t, verifier, token, "none", 0)
		server.wantFetches(t, 1)

		server.change(func() { server.delay = time.Second })
		time.Sleep(time.Second)
		for range 100 {
			want(t, verifier, token, "none", 0)
		}
		time.Sleep(2 * time.Second) // one for each document
		server.wantFetches(t, 2)
		time.Sleep(time.Hour - 3*time.Second)
		want(t, verifier, token, "none", 0)
		server.wantFetches(t, 2)
		time.Sleep(time.Second) // an hour after the refresh began
		want(t, verifier, token, "none", 0)
		time.Sleep(2 * time.Second)
		server.wantFetches(t, 3)
	})
}

func TestKnownKeysServeInAnOutageForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, key, "", goodClaims())
		want(t, verifier, token, "none", 0)
		server.change(func() { server.status = http.StatusInternalServerError })

		var refused []error
		var mu sync.Mutex
		for range 24*60 - 1 {
			time.Sleep(time.Minute)
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					if _, err := verifier.Verify(ctx, token); err != nil {
						mu.Lock()
						refused = append(refused, err)
						mu.Unlock()
					}
				})
			}
			group.Wait()
		}
		if len(refused) > 0 {
			t.Fatalf("%d were refused: %v", len(refused), refused[0])
		}

		time.Sleep(time.Minute)
		want(t, verifier, token, "unavailable", 0)
		server.change(func() { server.status = http.StatusOK })
		time.Sleep(time.Second)
		want(t, verifier, token, "none", 0)
	})
}

func TestARefreshThatFailedIsTriedAgainEveryHalfMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, key, "", goodClaims())
		want(t, verifier, token, "none", 0)
		server.change(func() { server.jwks = "broken" })
		time.Sleep(time.Hour)
		for range 60 {
			want(t, verifier, token, "none", 0)
			synctest.Wait()
			time.Sleep(time.Second)
		}
		server.wantFetches(t, 3)
		server.rotate(t, key)
		want(t, verifier, token, "none", 0)
		synctest.Wait()
		server.wantFetches(t, 4)
		time.Sleep(time.Minute)
		want(t, verifier, token, "none", 0)
		synctest.Wait()
		server.wantFetches(t, 4)
	})
}

func TestAnOutageAtTheStartIsNoVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t)
		verifier := newVerifier(t, server.keys(t))
		good, bad := sign(t, key, "", goodClaims()), sign(t, newKey(t), "", goodClaims())
		want(t, verifier, good, "unavailable", 0)
		want(t, verifier, bad, "unavailable", 0)
		want(t, verifier, "no token at all", "invalid", 0) // no key could make it one
		time.Sleep(time.Second - time.Nanosecond)
		want(t, verifier, good, "unavailable", 0)
		server.wantFetches(t, 1)

		server.rotate(t, key)
		time.Sleep(time.Nanosecond)
		want(t, verifier, good, "none", 0)
		server.wantFetches(t, 2)
		want(t, verifier, bad, "invalid", 0)
	})
}

func TestARotatedKeyWorksAtOnceAndTheOldOneNoMore(t *testing.T) {
	for name, kids := range map[string][2]string{"without key IDs": {"", ""}, "with key IDs": {"old", "new"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before, after := newKey(t), newKey(t)
				server := newIssuer(t, before)
				verifier := newVerifier(t, server.keys(t))
				old, renewed := sign(t, before, kids[0], goodClaims()), sign(t, after, kids[1], goodClaims())
				want(t, verifier, old, "none", 0)
				server.rotate(t, after)
				want(t, verifier, old, "none", 0)
				want(t, verifier, renewed, "none", 0)
				server.wantFetches(t, 2)
				want(t, verifier, old, "invalid", 0) // after one more fetch, because it could be of a key that is newer still
				server.wantFetches(t, 3)
			})
		})
	}
}

func TestNoTokenOfARotatedKeyIsRefusedHoweverManyComeAtOnce(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var before []*ecdsa.PrivateKey
				for range 16 { // so many that some still try them when the new key has come
					before = append(before, newKey(t))
				}
				after := newKey(t)
				server := newIssuer(t, before...)
				verifier := newVerifier(t, server.keys(t))
				want(t, verifier, sign(t, before[0], "", goodClaims()), "none", 0)
				server.rotate(t, after)
				server.change(func() { server.delay = delay })
				token := sign(t, after, "", goodClaims())
				var group sync.WaitGroup
				for range 100 {
					group.Go(func() {
						if _, err := verifier.Verify(ctx, token); err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
				server.wantFetches(t, 2)
			})
		})
	}
}

func TestAWithdrawnKeyIsGoneWithTheNextRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		withdrawn, kept := newKey(t), newKey(t)
		server := newIssuer(t, withdrawn, kept)
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, withdrawn, "", goodClaims())
		want(t, verifier, token, "none", 0)
		server.rotate(t, kept)
		time.Sleep(time.Hour)
		want(t, verifier, token, "none", 0) // and the refresh begins
		synctest.Wait()
		want(t, verifier, token, "invalid", 0)
	})
}

func TestAFloodOfForgedTokensCausesTwoFetchesInHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, mallory := newKey(t), newKey(t)
		server := newIssuer(t, key)
		server.delay = 100 * time.Millisecond
		verifier := newVerifier(t, server.keys(t))
		good := sign(t, key, "", goodClaims())
		forged := []picket.Secret{sign(t, mallory, "", goodClaims()), sign(t, mallory, "a", goodClaims()), sign(t, mallory, "b", goodClaims())}
		want(t, verifier, good, "none", 200*time.Millisecond)
		for range 90 {
			var group sync.WaitGroup
			for i := range 12 {
				group.Go(func() {
					if _, err := verifier.Verify(ctx, forged[i%len(forged)]); kindOf(err) != "invalid" && kindOf(err) != "unavailable" {
						t.Errorf("got %s: %v", kindOf(err), err)
					}
				})
			}
			want(t, verifier, good, "none", 0)
			group.Wait()
			time.Sleep(time.Second)
		}
		if n := server.fetches(); n < 7 || n > 9 { // the first, and those of at most 110 seconds
			t.Errorf("the keys were fetched %d times", n)
		}
	})
}

func TestAnUnknownKeyInAnOutageIsNoVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, next := newKey(t), newKey(t)
		server := newIssuer(t, key)
		verifier := newVerifier(t, server.keys(t))
		good, unknown := sign(t, key, "", goodClaims()), sign(t, next, "", goodClaims())
		want(t, verifier, good, "none", 0)

		server.change(func() { server.failure = errors.New("no route to host") })
		for range 30 {
			want(t, verifier, unknown, "unavailable", 0)
			want(t, verifier, good, "none", 0)
			time.Sleep(time.Second)
		}
		if n := server.requests[configURL]; n != 3 {
			t.Fatalf("the issuer was asked %d times, not 3", n)
		}
		server.change(func() { server.failure = nil })
		want(t, verifier, unknown, "invalid", 0) // the issuer was asked, and does not know the key
		server.rotate(t, key, next)
		want(t, verifier, unknown, "unavailable", 0)
		time.Sleep(time.Second) // half a minute after the second fetch
		want(t, verifier, unknown, "none", 0)
		want(t, verifier, sign(t, newKey(t), "", goodClaims()), "unavailable", 0)
		time.Sleep(30 * time.Second)
		want(t, verifier, sign(t, newKey(t), "", goodClaims()), "invalid", 0)
	})
}

func TestAnUnknownKeyWaitsForTheRefreshThatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := newKey(t), newKey(t)
		server := newIssuer(t, before)
		verifier := newVerifier(t, server.keys(t))
		old := sign(t, before, "", goodClaims())
		want(t, verifier, old, "none", 0)
		time.Sleep(time.Hour)
		server.rotate(t, after)
		server.change(func() { server.delay = time.Second })
		want(t, verifier, old, "none", 0)
		want(t, verifier, sign(t, after, "", goodClaims()), "none", 2*time.Second)
		server.wantFetches(t, 2)
	})
}

func TestKeysThatGrewTooOldWhileTheyServedAreFetchedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := newKey(t), newKey(t)
		server := newIssuer(t, before)
		verifier := newVerifier(t, server.keys(t, accesstoken.WithRefreshInterval(time.Minute), accesstoken.WithKeyLifetime(2*time.Minute)))
		want(t, verifier, sign(t, before, "", goodClaims()), "none", 0)
		server.rotate(t, after)
		server.change(func() { server.delay = time.Second })
		time.Sleep(2 * time.Minute)
		want(t, verifier, sign(t, before, "", goodClaims()), "invalid", 4*time.Second) // the first fetch, and that for an unknown key
		want(t, verifier, sign(t, after, "", goodClaims()), "none", 0)
	})
}

func TestACallerWhoseContextEndsWaitsNoLongerAndTheFetchGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		server.delay = 2 * time.Second
		verifier := newVerifier(t, server.keys(t))
		token := sign(t, key, "", goodClaims())

		canceled, cancel := context.WithCancelCause(ctx)
		cancel(accesstoken.ErrInvalid) // a cause is no verdict either
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		for kind, ctx := range map[string]context.Context{"unavailable, canceled": canceled, "unavailable, deadline": short} {
			if _, err := verifier.Verify(ctx, token); kindOf(err) != kind {
				t.Errorf("got %s: %v", kindOf(err), err)
			}
		}
		want(t, verifier, token, "none", 3*time.Second)
		server.wantFetches(t, 1)
		if _, err := verifier.Verify(canceled, token); err != nil {
			t.Errorf("with the keys at hand there is nothing to wait for: %v", err)
		}
	})
}

func TestAFetchEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		server.delay = time.Hour
		want(t, newVerifier(t, server.keys(t)), sign(t, key, "", goodClaims()), "unavailable", 10*time.Second)
		shorter := newVerifier(t, server.keys(t, accesstoken.WithFetchTimeout(time.Second)))
		want(t, shorter, sign(t, key, "", goodClaims()), "unavailable", time.Second)
	})
}

func TestAClockThatJumpsFreezesNothing(t *testing.T) {
	for name, jump := range map[string]time.Duration{"back": -1000 * time.Hour, "ahead": 1000 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before, after := newKey(t), newKey(t)
				server := newIssuer(t, before)
				now := time.Now().Round(0)
				verifier := newVerifier(t, server.keys(t, accesstoken.WithClock(func() time.Time { return now })))
				want(t, verifier, sign(t, before, "", goodClaims()), "none", 0)
				want(t, verifier, sign(t, newKey(t), "", goodClaims()), "invalid", 0)
				server.rotate(t, after)
				now = now.Add(jump)
				want(t, verifier, sign(t, after, "", goodClaims()), "none", 0)

				// The limits hold in the new time, and end in it.
				server.change(func() { server.failure = errors.New("no route to host") })
				unknown := sign(t, before, "", goodClaims())
				want(t, verifier, unknown, "unavailable", 0)
				now = now.Add(jump)
				server.change(func() { server.failure = nil })
				want(t, verifier, unknown, "invalid", 0)
			})
		})
	}
}

// transport is an HTTP transport that is a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNoGoroutineIsLeftBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	key := newKey(t)
	token := sign(t, key, "", goodClaims())
	server := newIssuer(t, key)
	for name, roundTrip := range map[string]transport{
		"answers": server.RoundTrip,
		"hangs": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"fails":  func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") },
		"panics": func(*http.Request) (*http.Response, error) { panic("a fault of the HTTP client") },
		"exits": func(*http.Request) (*http.Response, error) {
			runtime.Goexit() // as t.FailNow does in the transport of a test
			return nil, nil
		},
	} {
		keys, err := accesstoken.DiscoverKeys(issuerURL,
			accesstoken.WithHTTPClient(&http.Client{Transport: roundTrip}), accesstoken.WithFetchTimeout(50*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		verifier := newVerifier(t, keys)
		gone, cancel := context.WithCancel(ctx)
		cancel()
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				ctx := []context.Context{ctx, gone}[i%2]
				if _, err := verifier.Verify(ctx, token); err != nil && !errors.Is(err, accesstoken.ErrKeysUnavailable) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		group.Wait()
	}
}
