package accesstoken_test

import (
	"crypto/ecdsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// world is an issuer and a verifier that live in the time of a synctest bubble.
type world struct {
	*testing.T
	*issuer
	verifier *accesstoken.Verifier
	key      *ecdsa.PrivateKey // that the issuer signs with
}

// newWorld begins ten minutes after the keys were fetched.
func newWorld(t *testing.T) *world {
	w := &world{T: t, key: newKey(t)}
	w.issuer = newIssuer(t, w.key)
	w.verifier = newVerifier(t, w.keys(t), accesstoken.WithClock(time.Now))
	w.want(w.issued(w.key, 0), "none")
	time.Sleep(10 * time.Minute)
	return w
}

// issued returns a token that was made some time ago with a key.
func (w *world) issued(key *ecdsa.PrivateKey, ago time.Duration, changes ...object) picket.Secret {
	at := time.Now().Add(-ago)
	changes = append([]object{{"iat": at.Unix(), "exp": at.Add(12 * time.Hour).Unix()}}, changes...)
	return sign(w, key, "", goodClaims(changes...))
}

func (w *world) forged(ago time.Duration, changes ...object) picket.Secret {
	return w.issued(newKey(w), ago, changes...)
}

func (w *world) want(token picket.Secret, kind string) {
	w.Helper()
	if _, err := w.verifier.Verify(ctx, token); kindOf(err) != kind {
		w.Fatalf("got %s: %v; want %s", kindOf(err), err, kind)
	}
}

func (w *world) rotateNow() {
	w.key = newKey(w)
	w.rotate(w, w.key)
}

func TestAForgedTokenCostsNoUserOfARotatedKeyTheLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.want(w.forged(0), "invalid") // the keys were fetched for it, and do not verify it
		w.wantFetches(t, 2)
		w.rotateNow()
		w.want(w.issued(w.key, 0), "none") // with the fetch that is left
		w.wantFetches(t, 3)
	})
}

func TestATokenThatMayBeOfANewerKeyIsNoVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.want(w.forged(0), "invalid")
		w.want(w.forged(0), "invalid")
		w.rotateNow()
		renewed := w.issued(w.key, 0)
		for range 29 {
			w.want(renewed, "unavailable")
			w.want(w.forged(0), "unavailable")
			time.Sleep(time.Second)
		}
		w.wantFetches(t, 3)
		time.Sleep(time.Second)
		w.want(renewed, "none")
		w.wantFetches(t, 4)
	})
}

func TestATokenThatIsOlderThanTheKeysSpendsNothingOfThatWhichIsKeptBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for range 29 {
			w.want(w.forged(11*time.Minute), "invalid")
			w.want(w.forged(31*time.Second+10*time.Minute), "invalid")
			time.Sleep(time.Second)
		}
		w.wantFetches(t, 2)
		w.rotateNow()
		w.want(w.issued(w.key, 0), "none")
		w.wantFetches(t, 3)
	})
}

// TestKeysFromAStaleCacheAreFetchedAgain has an issuer whose keys come from a cache that is late, so that a token is older than
// the keys and yet of a key that they do not have.
func TestKeysFromAStaleCacheAreFetchedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		rotated := newKey(t)
		late := w.issued(rotated, 11*time.Minute)
		w.want(late, "invalid")
		w.rotate(t, rotated)
		w.want(late, "invalid")
		time.Sleep(30 * time.Second)
		w.want(late, "none")
	})
}

func TestATokenThatIsBadAnywayCostsNoFetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		soon := time.Now().Add(time.Minute).Unix()
		for name, forged := range map[string]picket.Secret{
			"another project":  w.forged(0, object{"aud": "00000000-0000-4000-8000-000000000000"}),
			"another issuer":   w.forged(0, object{"iss": "mallory.test"}),
			"expired":          w.forged(13 * time.Hour),
			"in the future":    w.forged(0, object{"iat": soon}),
			"no chain":         w.forged(0, object{"chain": nil}),
			"not an object":    assemble(t, newKey(t), goodHeader, `[]`),
			"aud, twice":       assemble(t, newKey(t), goodHeader, `{"aud":"a","aud":"b"}`),
			"exp of no number": w.forged(0, object{"exp": "tomorrow"}),
		} {
			if _, err := w.verifier.Verify(ctx, forged); kindOf(err) != "invalid" {
				t.Errorf("%s: got %s: %v", name, kindOf(err), err)
			}
		}
		w.wantFetches(t, 1)
		w.want(w.issued(w.key, 13*time.Hour), "expired, invalid") // by a signature that verifies
		w.wantFetches(t, 1)
	})
}

func TestATokenThatIsBadAnywayNeedsNoKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, issuer: newIssuer(t)}
		w.failure = errors.New("no route to host")
		w.verifier = newVerifier(t, w.keys(t), accesstoken.WithClock(time.Now))
		w.want(w.forged(0, object{"aud": "another"}), "invalid")
		w.want(w.forged(13*time.Hour), "invalid")
		w.want(w.forged(0), "unavailable")
	})
}

func TestAnOutageMakesNoOldTokenAGoodOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.change(func() { w.failure = errors.New("no route to host") })
		for range 60 {
			w.want(w.forged(time.Hour), "invalid")
			w.want(w.forged(0), "unavailable")
			time.Sleep(time.Second)
		}
	})
}

func TestARotationIsNoticedWhateverTheClocksShow(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"as the issuer's": 0, "29 s late": -29 * time.Second, "29 s ahead": 29 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.verifier = newVerifier(t, w.keys(t), accesstoken.WithClock(func() time.Time { return time.Now().Add(ahead) }))
				w.want(w.issued(w.key, 0), "none")
				time.Sleep(time.Second)
				w.want(w.forged(0), "invalid")
				w.rotateNow()
				w.want(w.issued(w.key, 0), "none")
			})
		})
	}
}

// TestARotationOverHTTP is the story of a rotation with a server and clocks that are set by hand.
func TestARotationOverHTTP(t *testing.T) {
	before, after := newKey(t), newKey(t)
	var served atomic.Pointer[ecdsa.PrivateKey]
	var fetches atomic.Int64
	served.Store(before)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetches.Add(1)
		_, _ = w.Write([]byte(toJSON(t, object{"keys": []any{jwkOf(t, &served.Load().PublicKey, nil)}})))
	}))
	defer server.Close()
	now := issued
	clock := func() time.Time { return now }
	keys, err := accesstoken.RemoteKeys(server.URL, accesstoken.WithClock(clock), exactly())
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, keys, accesstoken.WithClock(clock))
	token := func(key *ecdsa.PrivateKey) picket.Secret {
		return sign(t, key, "", goodClaims(object{"iat": now.Unix(), "exp": now.Add(12 * time.Hour).Unix()}))
	}
	for i, step := range []struct {
		after   time.Duration
		rotate  bool
		key     *ecdsa.PrivateKey
		kind    string
		fetches int64
	}{
		{0, false, before, "none", 1},
		{time.Minute, false, newKey(t), "invalid", 2},
		{time.Second, true, after, "none", 3},
		{time.Second, false, newKey(t), "unavailable", 3},
		{time.Second, false, after, "none", 3},
		{time.Second, false, before, "unavailable", 3},
		{30 * time.Second, false, before, "invalid", 4},
	} {
		now = now.Add(step.after)
		if step.rotate {
			served.Store(after)
		}
		_, err := verifier.Verify(ctx, token(step.key))
		if kindOf(err) != step.kind || fetches.Load() != step.fetches {
			t.Fatalf("step %d: got %s after %d fetches: %v", i+1, kindOf(err), fetches.Load(), err)
		}
	}
}
