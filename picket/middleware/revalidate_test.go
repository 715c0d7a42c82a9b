package middleware_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

var (
	noPOST      = refusal(http.StatusMethodNotAllowed, "method_not_allowed", "the method is not allowed; use POST", "")
	otherOrigin = refusal(http.StatusForbidden, "permission_denied", "the request comes from another origin", "")
	tooSoon     = refusal(http.StatusTooManyRequests, "too_many_requests", "the balances of this wallet were asked for a moment ago; try again later", "")
)

// again is a site whose users may ask again about the gate of holders.
type again struct {
	api     *mock.Server
	client  *picket.Client
	auth    *middleware.Authenticator
	session *sessions
	handler http.Handler
	gate    http.Handler
}

// newAgain makes one that checks tokens with what makes a Validator, and takes them from Bearer authorization and sessions.
func newAgain(t *testing.T, validator func(*mock.Server, *picket.Client) middleware.Validator, options ...middleware.Option) *again {
	t.Helper()
	a := &again{api: mock.Start(t), session: &sessions{}}
	a.client = newClient(t, a.api)
	a.auth = newAuthenticator(t, validator(a.api, a.client), append(options, middleware.WithSession(a.session))...)
	a.gate = newGate(t, a.auth, holders)(hello)
	handler, err := a.auth.Revalidate(a.client, "ethereum", holders)
	if err != nil {
		t.Fatal(err)
	}
	a.handler = handler
	return a
}

func onlyRemote(api *mock.Server, client *picket.Client) middleware.Validator {
	// The wrapper has no clock, so that the cache takes that of the mock.
	return newCacheOf(middleware.Remote(client), api)
}

func newCacheOf(v middleware.Validator, api *mock.Server) middleware.Validator {
	cache, err := middleware.NewCache(v, middleware.WithClock(api.Now), exactly())
	if err != nil {
		panic(err)
	}
	return cache
}

func verified(t *testing.T) func(*mock.Server, *picket.Client) middleware.Validator {
	return func(api *mock.Server, client *picket.Client) middleware.Validator {
		return middleware.Incremental(newVerifier(t, api), middleware.Remote(client))
	}
}

// calls is the number of requests of the API, except those that log in or fetch keys.
func (a *again) calls() int { return len(a.api.Journal("validate")) + len(a.api.Journal("authz")) }

func (a *again) login(t *testing.T, wallet *mock.Wallet, requirements *picket.Requirements) string {
	t.Helper()
	request := wallet.AuthRequest(t, a.client)
	request.Requirements = requirements
	user, err := a.client.Auth(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return string(user.AccessToken)
}

func (a *again) set(wallet *mock.Wallet, balance picket.Decimal) {
	a.api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), balance)
}

func post(token string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/again", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func ofSession() *http.Request {
	r := post("")
	r.Header.Set("Session", "1")
	return r
}

// lowToken logs in with one token, which the access token proves, and then buys enough.
func (a *again) lowToken(t *testing.T, wallet *mock.Wallet) string {
	a.set(wallet, "1")
	token := a.login(t, wallet, &picket.Requirements{ContractAddress: contract})
	a.set(wallet, "3")
	return token
}

func TestAUserWhoHoldsEnoughByNowGetsANewToken(t *testing.T) {
	for name, validator := range map[string]func(*mock.Server, *picket.Client) middleware.Validator{"remote": onlyRemote, "verifier": verified(t)} {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, known: %v", name, known), func(t *testing.T) {
				a := newAgain(t, validator)
				wallet := mock.NewEthereumWallet(t)
				token := a.lowToken(t, wallet)
				if diff := cmp.Diff(denied, answerOf(a.gate, bearer(token))); diff != "" {
					t.Fatal("the token proves too little:", diff)
				}
				if known {
					answerOf(a.auth.Required(hello), bearer(token))
				}
				before := a.calls()
				w := httptest.NewRecorder()
				a.handler.ServeHTTP(w, post(token))
				var body struct {
					AccessToken string
					User        picket.AuthenticatedUser
				}
				if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusOK || body.User.WalletAddress != wallet.Address || body.AccessToken == token {
					t.Fatalf("got %d %s, %v", w.Code, w.Body, err)
				}
				if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json" {
					t.Errorf("the header is %v", w.Header())
				}
				if a.calls()-before != 1 {
					t.Errorf("the API was asked %d times", a.calls()-before)
				}
				if diff := cmp.Diff(let, answerOf(a.gate, bearer(body.AccessToken))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestTheNewTokenIsHandedToTheSession(t *testing.T) {
	a := newAgain(t, onlyRemote)
	wallet := mock.NewEthereumWallet(t)
	old := a.lowToken(t, wallet)
	a.session.token = picket.Secret(old)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, ofSession())
	renewed := string(a.session.token)
	if w.Code != http.StatusOK || renewed == old || strings.Contains(w.Body.String(), renewed) || !strings.Contains(w.Body.String(), `"user":{"chain":"ethereum"`) {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	r := get(http.Header{"Session": {"1"}})
	if diff := cmp.Diff(let, answerOf(a.gate, r)); diff != "" {
		t.Error(diff)
	}
}

func TestADenialOfTheOldTokenIsForgotten(t *testing.T) {
	a := newAgain(t, onlyRemote)
	wallet := mock.NewEthereumWallet(t)
	token := a.login(t, wallet, nil) // which proves nothing
	if diff := cmp.Diff(denied, answerOf(a.gate, bearer(token))); diff != "" {
		t.Fatal(diff)
	}
	a.set(wallet, "3")
	if diff := cmp.Diff(denied, answerOf(a.gate, bearer(token))); diff != "" {
		t.Fatal("the denial is not remembered:", diff)
	}
	if got := answerOf(a.handler, post(token)); got.Status != http.StatusOK {
		t.Fatal(got)
	}
	if diff := cmp.Diff(let, answerOf(a.gate, bearer(token))); diff != "" {
		t.Error(diff)
	}
}

func TestWhoMayNotAskAgainCostsNoCall(t *testing.T) {
	a := newAgain(t, onlyRemote)
	wallet := mock.NewEthereumWallet(t)
	good := a.lowToken(t, wallet)
	polygon := mock.NewEthereumWallet(t)
	polygon.Chain = "polygon"
	elsewhere := a.login(t, polygon, nil)
	answerOf(a.auth.Required(hello), bearer(elsewhere)) // now the cache knows it
	with := func(r *http.Request, header, value string) *http.Request {
		r.Header.Set(header, value)
		return r
	}
	method := func(method string) *http.Request {
		r := post(good)
		r.Method = method
		return r
	}
	before := a.calls()
	for _, c := range []struct {
		name string
		r    *http.Request
		want answer
	}{
		{"no token", post(""), noToken},
		{"GET", method(http.MethodGet), noPOST},
		{"HEAD", method(http.MethodHead), noPOST},
		{"PUT", method(http.MethodPut), noPOST},
		{"DELETE", method(http.MethodDelete), noPOST},
		{"OPTIONS", method(http.MethodOptions), noPOST},
		{"another site", with(post(good), "Sec-Fetch-Site", "cross-site"), otherOrigin},
		{"another site, with a session", with(ofSession(), "Sec-Fetch-Site", "cross-site"), otherOrigin},
		{"another host of the site", with(post(good), "Sec-Fetch-Site", "same-site"), otherOrigin},
		{"another origin, of an old browser", with(post(good), "Origin", "https://evil.example"), otherOrigin},
		{"a malformed token", post("a b"), noToken68},
		{"garbage", post("abc"), badToken},
		{"a JWT of nothing", post("e30.e30.AA"), badToken},
		{"another chain", post(elsewhere), otherChain},
		{"two headers", func() *http.Request { r := post(good); r.Header.Add("Authorization", "Bearer x"); return r }(), severalHeaders},
	} {
		got := answerOf(a.handler, c.r)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(c.name, diff)
		}
	}
	if a.calls() != before {
		t.Errorf("the API was asked %d times", a.calls()-before)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, method(http.MethodGet))
	if w.Header().Get("Allow") != "POST" {
		t.Errorf("the header is %v", w.Header())
	}
	if got := answerOf(a.handler, with(post(good), "Sec-Fetch-Site", "same-origin")); got.Status != http.StatusOK {
		t.Errorf("of the same origin: got %v", got)
	}
}

func TestManyRequestsToAskAgainAreOneCall(t *testing.T) {
	for name, validator := range map[string]func(*mock.Server, *picket.Client) middleware.Validator{"remote": onlyRemote, "verifier": verified(t)} {
		t.Run(name, func(t *testing.T) {
			a := newAgain(t, validator)
			wallet := mock.NewEthereumWallet(t)
			token := a.lowToken(t, wallet)
			a.api.InjectFault(mock.Fault{Operation: "authz", Delay: 100 * time.Millisecond})
			var mu sync.Mutex
			got := map[int]int{}
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() {
					status := answerOf(a.handler, post(token)).Status
					mu.Lock()
					got[status]++
					mu.Unlock()
				})
			}
			group.Wait()
			if diff := cmp.Diff(map[int]int{200: 1, 429: 99}, got); diff != "" {
				t.Error(diff)
			}
			if a.calls() != 1 {
				t.Errorf("the API was asked %d times", a.calls())
			}
		})
	}
}

func TestAWalletAsksAgainOnceInAnInterval(t *testing.T) {
	for name, validator := range map[string]func(*mock.Server, *picket.Client) middleware.Validator{"remote": onlyRemote, "verifier": verified(t)} {
		t.Run(name, func(t *testing.T) {
			a := newAgain(t, validator)
			a.api.SetTime(time.Now().Truncate(time.Second))
			wallet := mock.NewEthereumWallet(t)
			a.set(wallet, "1")
			first := a.login(t, wallet, nil)
			other := *wallet
			other.Address = strings.ToLower(wallet.Address) // the same wallet, in another spelling
			want := func(wanted answer, token, after string) {
				t.Helper()
				wanted.RetryAfter = after
				if diff := cmp.Diff(wanted, answerOf(a.handler, post(token))); diff != "" {
					t.Error(diff)
				}
			}
			want(denied, first, "")
			want(tooSoon, first, "60")
			a.api.Advance(time.Millisecond)
			for range 3 { // with new tokens, too
				want(tooSoon, a.login(t, wallet, nil), "60")
				want(tooSoon, a.login(t, &other, nil), "60")
			}
			// Others, and other gates, are not concerned.
			want(denied, a.login(t, mock.NewEthereumWallet(t), nil), "")
			handler, err := a.auth.Revalidate(a.client, "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(denied, answerOf(handler, post(first))); diff != "" {
				t.Error(diff)
			}
			// A second handler of the same gate counts with the first.
			if a.handler, err = a.auth.Revalidate(a.client, "ethereum", holders); err != nil {
				t.Fatal(err)
			}
			want(tooSoon, first, "60")
			a.set(wallet, "3")
			a.api.Advance(59 * time.Second)
			want(tooSoon, first, "1")
			a.api.Advance(time.Second)
			if got := answerOf(a.handler, post(first)); got.Status != http.StatusOK {
				t.Error(got)
			}
			want(tooSoon, first, "60")
		})
	}
}

// TestForgedTokensKeepNobodyFromAskingAgain sends tokens in the name of another wallet.
func TestForgedTokensKeepNobodyFromAskingAgain(t *testing.T) {
	a := newAgain(t, onlyRemote)
	wallet := mock.NewEthereumWallet(t)
	token := a.lowToken(t, wallet)
	parts := strings.Split(token, ".")
	forged := parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	for range 3 {
		if diff := cmp.Diff(badToken, answerOf(a.handler, post(forged))); diff != "" {
			t.Error(diff)
		}
	}
	// One whose check is under way keeps nobody out whose token is known.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	answerOf(a.handler, post(forged).WithContext(ctx))
	answerOf(a.auth.Required(hello), bearer(token))
	if got := answerOf(a.handler, post(token)); got.Status != http.StatusOK {
		t.Error(got)
	}
}

func TestWhoBreaksOffHasAsked(t *testing.T) {
	for name, validator := range map[string]func(*mock.Server, *picket.Client) middleware.Validator{"remote": onlyRemote, "verifier": verified(t)} {
		t.Run(name, func(t *testing.T) {
			a := newAgain(t, validator)
			token := a.lowToken(t, mock.NewEthereumWallet(t))
			answerOf(a.auth.Required(hello), bearer(token))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			answerOf(a.handler, post(token).WithContext(ctx))
			for range 10 {
				if got := answerOf(a.handler, post(token)); got.Status != http.StatusTooManyRequests {
					t.Error(got)
				}
			}
			if n := len(a.api.Journal("authz")); n > 1 {
				t.Errorf("the API was asked %d times", n)
			}
		})
	}
}

func TestWhatTheAPIDoesNotAnswerIsUnavailable(t *testing.T) {
	a := newAgain(t, onlyRemote)
	token := a.lowToken(t, mock.NewEthereumWallet(t))
	a.api.InjectFault(mock.Fault{Operation: "authz", Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable})
	want := unavailable
	want.RetryAfter = "60" // when the wallet may ask again
	if diff := cmp.Diff(want, answerOf(a.handler, post(token))); diff != "" {
		t.Error(diff)
	}
	if n := len(a.api.Journal("authz")); n != 1 {
		t.Errorf("the API was asked %d times", n)
	}
}

func TestASessionThatCannotBeRenewedIsUnavailable(t *testing.T) {
	a := newAgain(t, onlyRemote)
	failing := &failingSession{&sessions{token: picket.Secret(a.lowToken(t, mock.NewEthereumWallet(t)))}}
	auth := newAuthenticator(t, onlyRemote(a.api, a.client), middleware.WithSession(failing))
	handler, err := auth.Revalidate(a.client, "ethereum", holders)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(unavailable, answerOf(handler, ofSession())); diff != "" {
		t.Error(diff)
	}
}

func TestASessionThatEndedMeanwhileGetsNoNewToken(t *testing.T) {
	a := newAgain(t, onlyRemote)
	wallet := mock.NewEthereumWallet(t)
	ended := &endedSession{&sessions{token: picket.Secret(a.lowToken(t, wallet))}}
	a.api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	auth := newAuthenticator(t, onlyRemote(a.api, a.client), middleware.WithSession(ended))
	handler, err := auth.Revalidate(a.client, "ethereum", holders)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(noToken, answerOf(handler, ofSession())); diff != "" {
		t.Error(diff)
	}
}

// endedSession is a Session whose user logs out while it is renewed.
type endedSession struct{ *sessions }

func (endedSession) Renew(http.ResponseWriter, *http.Request, picket.Secret) error {
	return fmt.Errorf("it: %w", picket.CodeAuthenticationRequired)
}

// failingSession is a Session that cannot keep a new token.
type failingSession struct{ *sessions }

func (failingSession) Renew(http.ResponseWriter, *http.Request, picket.Secret) error {
	return errors.New("the token is too long for a cookie")
}

func TestRevalidateRefusesWhatCannotWork(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	auth := newAuthenticator(t, middleware.Remote(client))
	ofCookie := newAuthenticator(t, middleware.Remote(client), middleware.WithCookie("session"))
	list := picket.Requirements{AllowedWallets: []string{claims().WalletAddress}}
	for name, made := range map[string]func() (http.Handler, error){
		"no client":       func() (http.Handler, error) { return auth.Revalidate(nil, "ethereum", holders) },
		"no chain":        func() (http.Handler, error) { return auth.Revalidate(client, "", holders) },
		"no requirements": func() (http.Handler, error) { return auth.Revalidate(client, "ethereum", picket.Requirements{}) },
		"a bad contract": func() (http.Handler, error) {
			return auth.Revalidate(client, "ethereum", picket.Requirements{ContractAddress: "0x1234"})
		},
		"only a list":          func() (http.Handler, error) { return auth.Revalidate(client, "ethereum", list) },
		"a list for any chain": func() (http.Handler, error) { return auth.Revalidate(client, picket.AnyChain, list) },
		"a cookie":             func() (http.Handler, error) { return ofCookie.Revalidate(client, "ethereum", holders) },
	} {
		if handler, err := made(); handler != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, handler, err)
		}
	}
}
