package accesstoken_test

import (
	"errors"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// exactly makes every interval exactly as long as is documented.
func exactly() accesstoken.KeysOption { return accesstoken.WithJitter(func() float64 { return 0 }) }

// asked is how often the issuer was asked, also in vain.
func (i *issuer) asked() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests[configURL]
}

func TestFetchesComeUpToAFifthEarlierAndNeverLater(t *testing.T) {
	for _, c := range []struct {
		name           string
		jitter         float64
		refresh, retry time.Duration
	}{
		{"none", 0, time.Hour, 30 * time.Second},
		{"half of it", 0.5, 54 * time.Minute, 27 * time.Second},
		{"all of it", 1, 48 * time.Minute, 24 * time.Second},
		{"below 0", -1, time.Hour, 30 * time.Second},
		{"above 1", 7, 48 * time.Minute, 24 * time.Second},
		{"not a number", math.NaN(), 48 * time.Minute, 24 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{T: t, key: newKey(t)}
				w.issuer = newIssuer(t, w.key)
				w.verifier = newVerifier(t, w.keys(t, accesstoken.WithJitter(func() float64 { return c.jitter })), accesstoken.WithClock(time.Now))
				good := w.issued(w.key, 0)
				w.want(good, "none")
				fetchedAfter := func(what string, interval time.Duration, fetch func()) {
					t.Helper()
					before := w.asked()
					time.Sleep(interval - time.Nanosecond)
					fetch()
					synctest.Wait()
					if n := w.asked() - before; n != 0 {
						t.Errorf("%s: there were %d fetches before %v", what, n, interval)
					}
					time.Sleep(time.Nanosecond)
					fetch()
					synctest.Wait()
					if n := w.asked() - before; n != 1 {
						t.Errorf("%s: there were %d fetches after %v, not 1", what, n, interval)
					}
				}
				fetchedAfter("refresh", c.refresh, func() { w.want(good, "none") })
				withdrawn := w.issued(newKey(t), 2*time.Hour)
				w.want(withdrawn, "invalid")
				fetchedAfter("refetch for a token that is older than the keys", c.retry, func() { w.want(withdrawn, "invalid") })
				w.change(func() { w.failure = errors.New("no route to host") })
				fetchedAfter("refresh that fails", c.refresh, func() { w.want(good, "none") })
				fetchedAfter("refresh that failed", c.retry, func() { w.want(good, "none") })
			})
		})
	}
}

func TestReplicasThatStartAtOnceDoNotRefreshAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const replicas = 300
		key := newKey(t)
		server := newIssuer(t, key)
		token := sign(t, key, "", goodClaims())
		var verifiers []*accesstoken.Verifier
		for range replicas {
			keys, err := accesstoken.DiscoverKeys(issuerURL, accesstoken.WithHTTPClient(&http.Client{Transport: server}))
			if err != nil {
				t.Fatal(err)
			}
			verifiers = append(verifiers, newVerifier(t, keys))
		}
		most := 0
		for minute := range 61 {
			before := server.fetches()
			for _, verifier := range verifiers {
				want(t, verifier, token, "none", 0)
			}
			synctest.Wait()
			fetches := server.fetches() - before
			switch {
			case minute > 0 && minute < 48 && fetches != 0:
				t.Errorf("in minute %d there were %d fetches", minute, fetches)
			case minute > 0:
				most = max(most, fetches)
			}
			time.Sleep(time.Minute)
		}
		server.wantFetches(t, 2*replicas)
		if most > replicas/6 { // a twelfth is the mean
			t.Errorf("%d of %d replicas fetched the keys in the same minute", most, replicas)
		}
	})
}
