package accesstoken_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func TestURLsThatKeysCannotBeTrustedFromAreRefused(t *testing.T) {
	for url, ok := range map[string]bool{
		picket.DefaultBaseURL: true, "https://issuer.test": true, "https://issuer.test/": true, "https://issuer.test:8443/a/b": true,
		"http://127.0.0.1:4010/api/v1": true, "http://localhost/api/v1": true, "http://[::1]:4010": true, "HTTP://LOCALHOST": true,
		"": false, "issuer.test": false, "/api/v1": false, "//issuer.test": false, "https://": false, "https://:443": false, "https:issuer.test": false, "ftp://issuer.test": false, "file:///etc/keys": false,
		"http://issuer.test": false, "http://127.0.0.1.issuer.test": false, "http://localhost.issuer.test": false, "http://0.0.0.0": false, "http://10.0.0.1": false,
		"https://user:hunter2@issuer.test": false, "https://hunter2@issuer.test": false, "https://issuer.test/#a": false, "https://issuer.test/#": false, "https://a b": false,
		"https://issuer.test/\x00": false, "javascript:alert(1)": false,
	} {
		for name, make := range map[string]func(string, ...accesstoken.KeysOption) (accesstoken.Keys, error){
			"DiscoverKeys": accesstoken.DiscoverKeys, "RemoteKeys": accesstoken.RemoteKeys,
		} {
			keys, err := make(url)
			if (err == nil) != ok || (keys != nil) != ok {
				t.Errorf("%s(%q): %v, %v", name, url, keys, err)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the password: %v", err)
			}
		}
	}
	for _, issuer := range []string{"https://issuer.test?a=b", "https://issuer.test?"} {
		if _, err := accesstoken.DiscoverKeys(issuer); err == nil {
			t.Errorf("%q is taken for an issuer", issuer)
		}
	}
	for url, want := range map[string]bool{"http://issuer.test": true, "ftp://issuer.test": false, "http://user@issuer.test": false} {
		if _, err := accesstoken.DiscoverKeys(url, accesstoken.WithInsecureHTTP()); (err == nil) != want {
			t.Errorf("DiscoverKeys(%q) with WithInsecureHTTP: %v", url, err)
		}
		if _, err := accesstoken.RemoteKeys(url, accesstoken.WithInsecureHTTP()); (err == nil) != want {
			t.Errorf("RemoteKeys(%q) with WithInsecureHTTP: %v", url, err)
		}
	}
	for name, make := range map[string]func(string, ...accesstoken.KeysOption) (accesstoken.Keys, error){
		"DiscoverKeys": accesstoken.DiscoverKeys, "RemoteKeys": accesstoken.RemoteKeys,
	} {
		if _, err := make("http://issuer.test"); err == nil || !strings.Contains(err.Error(), "WithInsecureHTTP") {
			t.Errorf("%s does not say how to allow http: %v", name, err)
		}
	}
	if _, err := accesstoken.RemoteKeys("https://keys.test/jwks?tenant=1"); err != nil {
		t.Errorf("keys may have a query: %v", err)
	}
}

func TestOptionsOfKeysThatAreNotValidAreRefused(t *testing.T) {
	for says, options := range map[string][]accesstoken.KeysOption{
		"an option is nil":                {nil},
		"WithHTTPClient":                  {accesstoken.WithHTTPClient(nil)},
		"WithRefreshInterval":             {accesstoken.WithRefreshInterval(0)},
		"WithFetchTimeout":                {accesstoken.WithFetchTimeout(-1)},
		"WithJitter":                      {accesstoken.WithJitter(nil)},
		"WithClock":                       {accesstoken.WithClock(nil)},
		"not longer than the refresh":     {accesstoken.WithKeyLifetime(time.Hour)},
		"WithKeyLifetime: -1h0m0s is":     {accesstoken.WithKeyLifetime(-time.Hour)},
		"the refresh interval, 24h0m0s":   {accesstoken.WithRefreshInterval(24 * time.Hour)},
		"WithKeyLifetime: 24h0m0s is not": {accesstoken.WithRefreshInterval(25 * time.Hour)},
	} {
		if keys, err := accesstoken.RemoteKeys("https://keys.test/jwks", options...); keys != nil || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, %v", says, keys, err)
		}
	}
}

func TestDocumentsThatAreNotAsTheyShouldBeAreNoKeys(t *testing.T) {
	key := newKey(t)
	token := sign(t, key, "", goodClaims())
	config := func(issuer, jwksURI string) string {
		return toJSON(t, object{"issuer": issuer, "jwks_uri": jwksURI})
	}
	set := toJSON(t, object{"keys": []any{jwkOf(t, &key.PublicKey, nil)}})
	many := func(n int) string {
		jwks := make([]any, n)
		for i := range jwks {
			jwks[i] = jwkOf(t, &key.PublicKey, nil)
		}
		return toJSON(t, object{"keys": jwks})
	}
	for name, test := range map[string]struct {
		change func(*issuer)
		says   string // nothing, when the keys are good
	}{
		"all well":                   {func(*issuer) {}, ""},
		"sixteen keys":               {func(i *issuer) { i.jwks = many(16) }, ""},
		"more members":               {func(i *issuer) { i.jwks = `{"shop":1,` + set[1:] }, ""},
		"seventeen keys":             {func(i *issuer) { i.jwks = many(17) }, "more than 16"},
		"another issuer":             {func(i *issuer) { i.config = config("https://mallory.test", jwksURL) }, `another issuer, "https://mallory.test"`},
		"a slash more":               {func(i *issuer) { i.config = config(issuerURL+"/", jwksURL) }, "another issuer"},
		"in upper case":              {func(i *issuer) { i.config = config(strings.ToUpper(issuerURL), jwksURL) }, "another issuer"},
		"no issuer":                  {func(i *issuer) { i.config = config("", jwksURL) }, "another issuer"},
		"a very long issuer":         {func(i *issuer) { i.config = config(strings.Repeat("\x00", 9999), jwksURL) }, "another issuer"},
		"no jwks_uri":                {func(i *issuer) { i.config = config(issuerURL, "") }, "jwks_uri"},
		"keys over http":             {func(i *issuer) { i.config = config(issuerURL, "http://keys.test/jwks") }, "WithInsecureHTTP"},
		"JWKS_URI":                   {func(i *issuer) { i.config = strings.Replace(i.config, "jwks_uri", "JWKS_URI", 1) }, "jwks_uri"},
		"jwks_uri twice":             {func(i *issuer) { i.config = `{"jwks_uri":"https://mallory.test",` + i.config[1:] }, "twice"},
		"Issuer":                     {func(i *issuer) { i.config = strings.Replace(i.config, `"issuer"`, `"Issuer"`, 1) }, "another issuer"},
		"KTY":                        {func(i *issuer) { i.jwks = strings.Replace(set, `"kty"`, `"KTY"`, 1) }, "none of the keys"},
		"a part of a key twice":      {func(i *issuer) { i.jwks = strings.Replace(set, `"kty"`, `"crv":"P-256","kty"`, 1) }, "none of the keys"},
		"keys of a file":             {func(i *issuer) { i.config = config(issuerURL, "file:///etc/jwks") }, "jwks_uri"},
		"keys at a path":             {func(i *issuer) { i.config = config(issuerURL, "/jwks") }, "jwks_uri"},
		"a password":                 {func(i *issuer) { i.config = config(issuerURL, "https://user:hunter2@keys.test/jwks") }, "password"},
		"the issuer twice":           {func(i *issuer) { i.config = `{"issuer":"https://mallory.test",` + i.config[1:] }, "twice"},
		"the configuration is HTML":  {func(i *issuer) { i.config = "<html>" }, "malformed"},
		"the configuration is empty": {func(i *issuer) { i.config = "" }, "malformed"},
		"the configuration is huge":  {func(i *issuer) { i.config += strings.Repeat(" ", 1<<20) }, "larger than"},
		"the keys are HTML":          {func(i *issuer) { i.jwks = "<html>" }, "malformed"},
		"the keys are huge":          {func(i *issuer) { i.jwks += strings.Repeat(" ", 1<<20) }, "larger than"},
		"no keys":                    {func(i *issuer) { i.jwks = `{"keys":[]}` }, "none of the keys"},
		"keys twice":                 {func(i *issuer) { i.jwks = `{"keys":[],` + set[1:] }, "twice"},
		"Keys":                       {func(i *issuer) { i.jwks = strings.Replace(set, "keys", "Keys", 1) }, "none of the keys"},
		"not found":                  {func(i *issuer) { i.config = config(issuerURL, "https://keys.test/other") }, "404"},
		"an outage":                  {func(i *issuer) { i.status = http.StatusServiceUnavailable }, "503"},
		"another success":            {func(i *issuer) { i.status = http.StatusNoContent }, "204"},
		"no network":                 {func(i *issuer) { i.failure = errors.New("no route to host") }, "issuer.test does not answer: no route to host"},
		"a panic":                    {func(i *issuer) { i.panics = true }, "panicked"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newIssuer(t, key)
			test.change(server)
			loaded := server.keys(t).Load(ctx)
			claims, err := newVerifier(t, server.keys(t)).Verify(ctx, token)
			if test.says == "" {
				if err != nil || loaded != nil {
					t.Error(err, loaded)
				}
				return
			}
			if !errors.Is(loaded, accesstoken.ErrKeysUnavailable) || errors.Is(loaded, accesstoken.ErrInvalid) || !strings.Contains(loaded.Error(), test.says) ||
				!strings.HasPrefix(loaded.Error(), "accesstoken: the keys could not be loaded: ") || strings.Contains(loaded.Error(), "hunter2") || strings.Contains(loaded.Error(), "tenant") {
				t.Errorf("loading: got %v", loaded)
			}
			if claims != nil || kindOf(err) != "unavailable" || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v, %s: %v", claims, kindOf(err), err)
			}
			if len(err.Error()) > 1500 || strings.ContainsAny(err.Error(), "\x00\n") || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "tenant") {
				t.Errorf("the error is too long, too open or no line: %v", err)
			}
		})
	}
}

func TestAnErrorOfTheHTTPClientIsNoVerdictOnTheToken(t *testing.T) {
	key := newKey(t)
	for name, failure := range map[string]error{
		"ErrInvalid": accesstoken.ErrInvalid, "ErrExpired": accesstoken.ErrExpired, "ErrUndecided": accesstoken.ErrUndecided,
		"CodeParameterInvalid": picket.CodeParameterInvalid, "CodePermissionDenied": picket.CodePermissionDenied, "ErrInvalidArgument": picket.ErrInvalidArgument,
	} {
		t.Run(name, func(t *testing.T) {
			server := newIssuer(t, key)
			server.failure = errors.Join(failure, &picket.Error{Code: picket.CodePermissionDenied})
			_, err := newVerifier(t, server.keys(t)).Verify(ctx, sign(t, key, "", goodClaims()))
			if kindOf(err) != "unavailable" {
				t.Errorf("got %s: %v", kindOf(err), err)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	key := newKey(t)
	var followed atomic.Bool
	set := toJSON(t, object{"keys": []any{jwkOf(t, &key.PublicKey, nil)}})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			followed.Store(true)
			_, _ = w.Write([]byte(set))
			return
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer server.Close()
	willing := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	keys, err := accesstoken.RemoteKeys(server.URL+"/jwks", accesstoken.WithHTTPClient(willing))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newVerifier(t, keys).Verify(ctx, sign(t, key, "", goodClaims())); kindOf(err) != "unavailable" || !strings.Contains(err.Error(), "302") || followed.Load() {
		t.Errorf("got %s: %v", kindOf(err), err)
	}
	if willing.CheckRedirect == nil || willing.CheckRedirect(nil, nil) != nil {
		t.Error("the caller's client was changed")
	}
}

func TestKeysAreReadWithoutDiscovery(t *testing.T) {
	key := newKey(t)
	server := newIssuer(t, key)
	keys, err := accesstoken.RemoteKeys(jwksURL, accesstoken.WithHTTPClient(&http.Client{Transport: server}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newVerifier(t, keys).Verify(ctx, sign(t, key, "", goodClaims())); err != nil {
		t.Error(err)
	}
	if server.requests[configURL] != 0 || server.fetches() != 1 {
		t.Errorf("got requests %v", server.requests)
	}
}
