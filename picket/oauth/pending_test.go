package oauth_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

const (
	callback = "http://localhost:3000/callback"
	state    = "c3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3RhdGUtc3Q"
	verifier = "dmVyaWZpZXItdmVyaWZpZXItdmVyaWZpZXItdmVyaWY"
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
)

var ctx = context.Background()

// start starts the mock, and returns Logins and a client for its project.
func start(t *testing.T) (*mock.Server, *oauth.Logins, *picket.Client) {
	t.Helper()
	srv := mock.Start(t, mock.WithRedirectURI(callback))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	return srv, newLogins(t, config{ClientID: srv.PublishableKey, RedirectURI: callback, BaseURL: srv.URL}), client
}

// roundTrip sends a request and returns the query of the redirect that it is answered with.
func roundTrip(t *testing.T, request *http.Request) url.Values {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	location, err := response.Location()
	if err != nil {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("got %s: %s", response.Status, body)
	}
	if got := location.Scheme + "://" + location.Host + location.Path; got != callback {
		t.Fatalf("the browser goes to %s", got)
	}
	return location.Query()
}

// sign logs a wallet in at the URL of a login, as a page would that asked for the signature, and returns the query of the
// callback.
func sign(t *testing.T, client *picket.Client, wallet *mock.Wallet, loginURL picket.Secret) url.Values {
	t.Helper()
	signed := wallet.AuthRequest(t, client)
	u, err := url.Parse(string(loginURL))
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	for name, value := range map[string]string{
		"chain":         signed.Chain,
		"walletAddress": signed.WalletAddress,
		"signature":     string(signed.Signature),
		"domain":        signed.Context.Domain,
		"uri":           signed.Context.URI,
		"issuedAt":      signed.Context.IssuedAt,
	} {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	request, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return roundTrip(t, request)
}

var formAction = regexp.MustCompile(`<form method="post" action="([^"]*)">`)

// decide opens the page of a login, sends its form, and returns the query of the callback.
func decide(t *testing.T, login *oauth.Login, decision, wallet string) url.Values {
	t.Helper()
	response, err := http.Get(string(login.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	action := formAction.FindSubmatch(page)
	if action == nil {
		t.Fatalf("there is no form: %s %s", response.Status, page)
	}
	target, err := response.Request.URL.Parse(html.UnescapeString(string(action[1])))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"decision": {decision}, "wallet": {wallet}}
	request, err := http.NewRequest(http.MethodPost, target.String(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return roundTrip(t, request)
}

func TestALoginByRedirect(t *testing.T) {
	srv, logins, client := start(t)
	for chain, wallet := range map[string]*mock.Wallet{"ethereum": mock.NewEthereumWallet(t), "solana": mock.NewSolanaWallet(t)} {
		t.Run(chain, func(t *testing.T) {
			srv.SetDisplayName(chain, wallet.Address, "alice")
			login, _ := begin(t, logins, chain, oauth.Parameters{Locale: "de", Scope: []string{"openid"}, Nonce: "n-0S6"})
			got, err := login.Pending.Exchange(ctx, client, sign(t, client, wallet, login.URL))
			if err != nil {
				t.Fatal(err)
			}
			want := &picket.AuthenticatedUser{Chain: chain, WalletAddress: wallet.Address, DisplayAddress: "alice"}
			if diff := cmp.Diff(want, got.User); diff != "" || got.IDToken == "" {
				t.Error(got, diff)
			}
			if _, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: got.AccessToken}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestALoginOnThePageOfTheAPI(t *testing.T) {
	srv, logins, client := start(t)
	wallet := srv.TestWallets()[0]
	login, _ := begin(t, logins, "ethereum", oauth.Parameters{})
	token, err := login.Pending.Exchange(ctx, client, decide(t, login, "approve", wallet.Address))
	if err != nil {
		t.Fatal(err)
	}
	if token.User.WalletAddress != wallet.Address {
		t.Errorf("got %+v", token.User)
	}

	login, _ = begin(t, logins, "ethereum", oauth.Parameters{})
	_, err = login.Pending.Exchange(ctx, client, decide(t, login, "deny", wallet.Address))
	var refused *oauth.Error
	if !errors.As(err, &refused) || !errors.Is(err, oauth.CodeAccessDenied) || errors.Is(err, oauth.CodeServerError) {
		t.Fatalf("got %v", err)
	}
	want := &oauth.Error{Code: oauth.CodeAccessDenied, Description: "the user denied the login"}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Error(diff)
	}
}

func TestAGateHoldsAlsoWhenItIsTakenOffTheURL(t *testing.T) {
	srv, logins, client := start(t)
	rich, poor, listed := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", rich.Address, mock.Contract(contract), "2.5")
	gate := oauth.Parameters{Requirements: &picket.Requirements{
		ContractAddress: contract, MinTokenBalance: "2.50", AllowedWallets: []string{strings.ToLower(listed.Address)},
	}}
	for name, test := range map[string]struct {
		wallet   *mock.Wallet
		take     bool // the requirements off the URL
		atClient error
	}{
		"enough":                        {rich, false, nil},
		"on the list":                   {listed, false, nil},
		"too little":                    {poor, false, oauth.CodeAccessDenied},
		"enough, taken off":             {rich, true, nil},
		"on the list, taken off":        {listed, true, nil},
		"too little, taken off the URL": {poor, true, picket.CodePermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			login, query := begin(t, logins, "ethereum", gate)
			loginURL := login.URL
			if test.take {
				for _, name := range []string{"contractAddress", "minTokenBalance", "allowedWallets"} {
					query.Del(name)
				}
				base, _, _ := strings.Cut(string(loginURL), "?")
				loginURL = picket.Secret(base + "?" + query.Encode())
			}
			stored, err := login.Pending.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			var pending oauth.PendingLogin
			if err := pending.UnmarshalBinary(stored); err != nil {
				t.Fatal(err)
			}
			token, err := pending.Exchange(ctx, client, sign(t, client, test.wallet, loginURL))
			if !errors.Is(err, test.atClient) || (token == nil) != (test.atClient != nil) {
				t.Errorf("got %v, %v; want %v", token, err, test.atClient)
			}
		})
	}
}

func TestAChainHoldsAlsoWhenItIsChangedInTheURL(t *testing.T) {
	srv, logins, client := start(t)
	wallet := mock.NewEthereumWallet(t)
	wallet.Chain = "polygon"
	srv.SetBalance("polygon", wallet.Address, mock.Contract(contract), "1")
	holders := oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: contract}}
	listed := oauth.Parameters{Requirements: &picket.Requirements{AllowedWallets: []string{strings.ToLower(wallet.Address)}}}
	others := oauth.Parameters{Requirements: &picket.Requirements{AllowedWallets: []string{contract}}}
	for name, test := range map[string]struct {
		chain string
		asked oauth.Parameters
		want  error
	}{
		"that chain":             {"polygon", oauth.Parameters{}, nil},
		"that chain, holders":    {"polygon", holders, nil},
		"that chain, listed":     {"polygon", listed, nil},
		"another chain":          {"ethereum", oauth.Parameters{}, picket.ErrChainMismatch},
		"another chain, listed":  {"ethereum", listed, picket.ErrChainMismatch},
		"another chain, holders": {"ethereum", holders, picket.ErrChainMismatch},
		"a chain of that name":   {"polygon2", oauth.Parameters{}, picket.ErrChainMismatch},
		"any chain":              {picket.AnyChain, oauth.Parameters{}, nil},
		"any chain, listed":      {picket.AnyChain, listed, nil},
		"any chain, others":      {picket.AnyChain, others, picket.CodePermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			login, query := begin(t, logins, test.chain, test.asked)
			query.Del("contractAddress")
			query.Del("allowedWallets")
			base, _, _ := strings.Cut(string(login.URL), "?")
			// The wallet signs for its own chain, which replaces the one that was asked for.
			token, err := login.Pending.Exchange(ctx, client, sign(t, client, wallet, picket.Secret(base+"?"+query.Encode())))
			if !errors.Is(err, test.want) || (token == nil) != (test.want != nil) {
				t.Errorf("got %v, %v; want %v", token, err, test.want)
			}
		})
	}
}

// api serves the token endpoint and validation with fixed answers, and counts the requests by path.
func api(t *testing.T, answers map[string]any) (client *picket.Client, requests map[string]int) {
	t.Helper()
	requests = map[string]int{}
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests[r.URL.Path]++
		mu.Unlock()
		answer, known := answers[r.URL.Path]
		if hang, ok := answer.(func(*http.Request)); ok {
			hang(r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	client, err := picket.New("sk_0123456789abcdef0123456789abcdef", picket.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client, requests
}

// aPendingLogin is one whose callback is answer.
func aPendingLogin(chain string) (pending oauth.PendingLogin, answer url.Values) {
	pending = oauth.PendingLogin{State: state, CodeVerifier: verifier, RedirectURI: callback, Chain: chain, Issuer: picket.DefaultBaseURL}
	return pending, url.Values{"state": {state}, "code": {"c0dec0dec0de"}}
}

// claims are those of a user on polygon.
func claims() map[string]any {
	return map[string]any{
		"chain": "polygon", "walletAddress": contract, "displayAddress": "alice.eth", "tokenBalances": map[string]any{}, "iat": 1, "exp": 2,
		"iss": "picketapi.com", "sub": "polygon:" + contract, "aud": "a", "tid": "b",
	}
}

func TestAnExchangeIsTwoCallsAndReturnsTheUserOfTheToken(t *testing.T) {
	want := &picket.AuthenticatedUser{Chain: "polygon", WalletAddress: contract, DisplayAddress: "alice.eth"}
	for name, user := range map[string]any{
		"none":    nil,
		"another": map[string]any{"chain": "ethereum", "walletAddress": "0x0", "displayAddress": "mallory.eth"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, chain := range []string{"polygon", picket.AnyChain} {
				client, requests := api(t, map[string]any{
					"/oauth2/token":  map[string]any{"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 1, "user": user},
					"/auth/validate": claims(),
				})
				pending, answer := aPendingLogin(chain)
				answer.Set("iss", pending.Issuer)
				token, err := pending.Exchange(ctx, client, answer)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, token.User); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(map[string]int{"/oauth2/token": 1, "/auth/validate": 1}, requests); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestWhatIsNotAPendingLoginIsNotExchanged(t *testing.T) {
	requirements := func(r picket.Requirements) func(*oauth.PendingLogin) {
		return func(s *oauth.PendingLogin) { s.Requirements = &r }
	}
	for name, change := range map[string]func(*oauth.PendingLogin){
		"nothing":                     func(s *oauth.PendingLogin) { *s = oauth.PendingLogin{} },
		"no chain":                    func(s *oauth.PendingLogin) { s.Chain = "" },
		"no chain that is one":        func(s *oauth.PendingLogin) { s.Chain = "poly gon" },
		"no state":                    func(s *oauth.PendingLogin) { s.State = "" },
		"no verifier":                 func(s *oauth.PendingLogin) { s.CodeVerifier = "" },
		"no redirect URI":             func(s *oauth.PendingLogin) { s.RedirectURI = "" },
		"no issuer that is one":       func(s *oauth.PendingLogin) { s.Issuer = "picketapi.com" },
		"no redirect URI that is one": func(s *oauth.PendingLogin) { s.RedirectURI = "\xff" },
		"a redacted state":            func(s *oauth.PendingLogin) { s.State = "[redacted]" },
		"a redacted verifier":         func(s *oauth.PendingLogin) { s.CodeVerifier = "[redacted]" },
		"a short state":               func(s *oauth.PendingLogin) { s.State = picket.Secret(state[:42]) },
		"a guessable state":           func(s *oauth.PendingLogin) { s.State = "1" },
		"a state with a line break":   func(s *oauth.PendingLogin) { s.State = picket.Secret(state[:42] + "\n") },
		"a short verifier":            func(s *oauth.PendingLogin) { s.CodeVerifier = picket.Secret(verifier[:42]) },
		"empty requirements":          requirements(picket.Requirements{}),
		"an empty list":               requirements(picket.Requirements{AllowedWallets: []string{}}),
		"a gate of another chain":     requirements(picket.Requirements{TokenIDs: []string{mint}}),
		"a token on any chain": func(s *oauth.PendingLogin) {
			s.Chain, s.Requirements = picket.AnyChain, &picket.Requirements{ContractAddress: contract}
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := api(t, nil)
			pending, answer := aPendingLogin("polygon")
			change(&pending)
			answer.Set("state", string(pending.State))
			token, err := pending.Exchange(ctx, client, answer)
			if token != nil || !errors.Is(err, oauth.ErrNoPendingLogin) || len(requests) > 0 {
				t.Errorf("got %v, %v after %v", token, err, requests)
			}
			if _, err := pending.MarshalBinary(); !errors.Is(err, oauth.ErrNoPendingLogin) {
				t.Errorf("it is written: %v", err)
			}
			var written bytes.Buffer
			if err := gob.NewEncoder(&written).Encode(pending); !errors.Is(err, oauth.ErrNoPendingLogin) {
				t.Errorf("gob writes it: %v", err)
			}
		})
	}
}

// TestAnExchangeThatIsGivenUpSaysWhy ends the context in each of the calls, with a cause that hides what ended it.
func TestAnExchangeThatIsGivenUpSaysWhy(t *testing.T) {
	cause := errors.New("the shop closes")
	for _, path := range []string{"/.well-known/openid-configuration", "/oauth2/token", "/auth/validate"} {
		for name, test := range map[string]struct {
			context func(reached <-chan struct{}) (context.Context, context.CancelFunc)
			want    error
		}{
			"by time": {func(<-chan struct{}) (context.Context, context.CancelFunc) {
				return context.WithTimeoutCause(ctx, 20*time.Millisecond, cause)
			}, context.DeadlineExceeded},
			"by the caller": {func(reached <-chan struct{}) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancelCause(ctx)
				go func() { <-reached; cancel(cause) }()
				return ctx, func() { cancel(nil) }
			}, context.Canceled},
		} {
			t.Run(name+" "+path, func(t *testing.T) {
				reached := make(chan struct{})
				client, _ := api(t, map[string]any{
					"/oauth2/token": map[string]any{"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 1},
					path: func(r *http.Request) {
						_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client is gone
						close(reached)
						<-r.Context().Done()
					},
				})
				ctx, cancel := test.context(reached)
				defer cancel()
				pending, answer := aPendingLogin("polygon")
				if token, err := pending.Exchange(ctx, client, answer); token != nil || !errors.Is(err, test.want) || !errors.Is(err, picket.ErrNoResponse) {
					t.Errorf("got %v, %v", token, err)
				}
			})
		}
	}
}

func TestACodeWorksForItsOwnLoginAndOnce(t *testing.T) {
	_, logins, client := start(t)
	wallet := mock.NewEthereumWallet(t)
	login, _ := begin(t, logins, "ethereum", oauth.Parameters{})
	query := sign(t, client, wallet, login.URL)

	// Somebody else's code with this browser's state is what PKCE is against.
	other, _ := begin(t, logins, "ethereum", oauth.Parameters{})
	injected := url.Values{"state": {string(other.Pending.State)}, "code": query["code"], "iss": query["iss"]}
	if _, err := other.Pending.Exchange(ctx, client, injected); !errors.Is(err, picket.CodeOAuthInvalidGrant) {
		t.Errorf("a code of another login: %v", err)
	}

	query = sign(t, client, wallet, login.URL)
	if _, err := login.Pending.Exchange(ctx, client, query); err != nil {
		t.Fatal(err)
	}
	if _, err := login.Pending.Exchange(ctx, client, query); !errors.Is(err, picket.CodeOAuthInvalidGrant) {
		t.Errorf("a code that is spent: %v", err)
	}
	if _, err := login.Pending.Exchange(ctx, nil, query); !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("no client: %v", err)
	}
}

// TestAnotherClientCanEndALogin lets golang.org/x/oauth2 exchange a code with the verifier that was made here.
func TestAnotherClientCanEndALogin(t *testing.T) {
	srv, logins, client := start(t)
	login, _ := begin(t, logins, "ethereum", oauth.Parameters{})
	code, err := login.Pending.Code(sign(t, client, mock.NewEthereumWallet(t), login.URL))
	if err != nil {
		t.Fatal(err)
	}
	peer := oauth2.Config{
		ClientID:     srv.PublishableKey,
		ClientSecret: srv.SecretKey,
		RedirectURL:  callback,
		Endpoint:     oauth2.Endpoint{TokenURL: srv.URL + "/oauth2/token"},
	}
	token, err := peer.Exchange(ctx, string(code), oauth2.VerifierOption(string(login.Pending.CodeVerifier)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: picket.Secret(token.AccessToken)}); err != nil {
		t.Error(err)
	}
}

// TestTheURLIsThatOfAnotherClient compares with what golang.org/x/oauth2 makes of the same state and verifier.
func TestTheURLIsThatOfAnotherClient(t *testing.T) {
	logins := newLogins(t, config{ClientID: publishableKey, RedirectURI: redirectURI})
	login, got := begin(t, logins, picket.AnyChain, oauth.Parameters{Scope: []string{"openid", "email"}})
	peer := oauth2.Config{
		ClientID:    publishableKey,
		RedirectURL: redirectURI,
		Scopes:      []string{"openid", "email"},
		Endpoint:    oauth2.Endpoint{AuthURL: picket.DefaultBaseURL + "/oauth2/authorize"},
	}
	u, err := url.Parse(peer.AuthCodeURL(string(login.Pending.State),
		oauth2.S256ChallengeOption(string(login.Pending.CodeVerifier)), oauth2.SetAuthURLParam("response_mode", "code")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(u.Query(), got); diff != "" {
		t.Error(diff)
	}
}
