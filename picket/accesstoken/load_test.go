package accesstoken_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func TestKeysThatAreLoadedAreNotFetchedForTheFirstToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		server.delay = time.Second
		keys := server.keys(t)
		for range 2 { // the second time there are some
			if err := keys.Load(ctx); err != nil {
				t.Fatal(err)
			}
		}
		want(t, newVerifier(t, keys), sign(t, key, "", goodClaims()), "none", 0)
		server.wantFetches(t, 1)
	})
}

func TestKeysThatCouldNotBeLoadedAreFetchedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKey(t)
		server := newIssuer(t, key)
		server.failure = errors.New("no route to host")
		keys := server.keys(t)
		if err := keys.Load(ctx); !errors.Is(err, accesstoken.ErrKeysUnavailable) {
			t.Errorf("got %v", err)
		}
		server.failure = nil
		time.Sleep(time.Second)
		want(t, newVerifier(t, keys), sign(t, key, "", goodClaims()), "none", 0)
	})
}

func TestLoadingWaitsNoLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newIssuer(t, newKey(t))
		server.delay = 5 * time.Second
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		start := time.Now()
		err := server.keys(t).Load(short)
		if !errors.Is(err, accesstoken.ErrKeysUnavailable) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		time.Sleep(time.Minute) // the fetch ends
	})
}

// authorized is a transport of the application that has a secret.
type authorized struct {
	http.RoundTripper
	password string
}

func TestNoPrintShowsTheHTTPClient(t *testing.T) {
	client := &http.Client{Transport: authorized{http.DefaultTransport, "hunter2"}}
	keys, err := accesstoken.RemoteKeys("https://keys.test/jwks?tenant=hunter2", accesstoken.WithHTTPClient(client))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(projectID, keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{keys, verifier, *verifier, struct{ Keys, Verifier any }{keys, verifier}} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "hunter2") || strings.Contains(text, fmt.Sprintf("%x", "hunter2")) {
				t.Errorf("%s of a %T: %s", verb, value, text)
			}
		}
	}
}

func TestStaticKeysAreLoadedFromTheBeginning(t *testing.T) {
	keys, err := accesstoken.StaticKeys(&newKey(t).PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Load(ctx); err != nil {
		t.Error(err)
	}
}
