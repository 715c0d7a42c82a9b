package picket_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	testKey = "sk_0123456789abcdef0123456789abcdef"
	address = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
)

// recorded is a request that a server got.
type recorded struct {
	Method, Path, Body string
	Header             http.Header
}

// serve starts a server under a base path of its own, which answers every request with the same response, and returns a
// client of it and the requests that it got.
func serve(t *testing.T, status int, contentType, body string, options ...picket.Option) (*picket.Client, *[]recorded) {
	t.Helper()
	var mu sync.Mutex
	var requests []recorded
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		mu.Lock()
		requests = append(requests, recorded{r.Method, r.URL.EscapedPath(), string(sent), r.Header})
		mu.Unlock()
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		} else {
			w.Header()["Content-Type"] = nil
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	client, err := picket.New(testKey, append([]picket.Option{picket.WithBaseURL(server.URL + "/base/v1"), picket.WithMaxRetries(0)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client, &requests
}

func TestNewChecksItsOptions(t *testing.T) {
	for name, test := range map[string]struct {
		options []picket.Option
		want    string // in the error, or nothing if there is none
	}{
		"default":                {nil, ""},
		"https":                  {[]picket.Option{picket.WithBaseURL("https://staging.example.com/api/v1/")}, ""},
		"localhost":              {[]picket.Option{picket.WithBaseURL("http://localhost:4010/api/v1")}, ""},
		"LOCALHOST":              {[]picket.Option{picket.WithBaseURL("http://LOCALHOST:4010")}, ""},
		"loopback":               {[]picket.Option{picket.WithBaseURL("http://127.8.9.1:4010")}, ""},
		"loopback 6":             {[]picket.Option{picket.WithBaseURL("http://[::1]:4010")}, ""},
		"http":                   {[]picket.Option{picket.WithBaseURL("http://picketapi.com/api/v1")}, "in the clear"},
		"http, allowed":          {[]picket.Option{picket.WithInsecureHTTP(), picket.WithBaseURL("http://mock:4010")}, ""},
		"http, looks local":      {[]picket.Option{picket.WithBaseURL("http://localhost.example.com")}, "in the clear"},
		"http, looks loopback":   {[]picket.Option{picket.WithBaseURL("http://127.0.0.1.example.com")}, "in the clear"},
		"no scheme":              {[]picket.Option{picket.WithBaseURL("picketapi.com/api/v1")}, "absolute https URL"},
		"other scheme":           {[]picket.Option{picket.WithBaseURL("ftp://picketapi.com")}, "absolute https URL"},
		"other scheme, insecure": {[]picket.Option{picket.WithInsecureHTTP(), picket.WithBaseURL("ftp://picketapi.com")}, "absolute https URL"},
		"empty":                  {[]picket.Option{picket.WithBaseURL("")}, "absolute https URL"},
		"no host":                {[]picket.Option{picket.WithBaseURL("https:///api/v1")}, "absolute https URL"},
		"only a port":            {[]picket.Option{picket.WithBaseURL("https://:443/api/v1")}, "absolute https URL"},
		"not a URL":              {[]picket.Option{picket.WithBaseURL("https://h%zz:hunter2")}, "not a URL"},
		"password":               {[]picket.Option{picket.WithBaseURL("https://user:hunter2@picketapi.com")}, "user or password"},
		"query":                  {[]picket.Option{picket.WithBaseURL("https://picketapi.com/?key=hunter2")}, "query"},
		"fragment":               {[]picket.Option{picket.WithBaseURL("https://picketapi.com/#hunter2")}, "query"},
		"nil option":             {[]picket.Option{nil}, "an option is nil"},
		"nil call option":        {[]picket.Option{picket.CallOption(nil)}, "an option is nil"},
		"nil logger":             {[]picket.Option{picket.WithLogger(nil)}, "WithLogger: the logger is nil"},
		"nil clock":              {[]picket.Option{picket.WithClock(nil)}, "WithClock: the clock is nil"},
		"nil info":               {[]picket.Option{picket.WithResponseInfo(nil)}, "WithResponseInfo: the info is nil"},
		"info of every call":     {[]picket.Option{picket.WithResponseInfo(new(picket.ResponseInfo))}, "WithResponseInfo: it is for one call"},
		"negative retries":       {[]picket.Option{picket.WithMaxRetries(-1)}, "WithMaxRetries: -1 is negative"},
		"waits the wrong way":    {[]picket.Option{picket.WithRetryWait(2, 1)}, "WithRetryWait"},
		"no chain":               {[]picket.Option{picket.WithChain("")}, "WithChain"},
		"no origin":              {[]picket.Option{picket.WithOrigin("")}, "WithOrigin"},
		"nil client":             {[]picket.Option{picket.WithHTTPClient(nil)}, "nil"},
		"negative timeout":       {[]picket.Option{picket.WithTimeout(-1)}, "negative"},
		"no timeout":             {[]picket.Option{picket.WithTimeout(0)}, ""},
		"empty user agent":       {[]picket.Option{picket.WithUserAgent(" ")}, "empty"},
		"broken user agent":      {[]picket.Option{picket.WithUserAgent("a\r\nb: c")}, "control character"},
		"no response size":       {[]picket.Option{picket.WithMaxResponseBytes(0)}, "above 0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := picket.New(testKey, test.options...)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("got %v", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, which does not say %q", err, test.want)
			case err != nil && strings.Contains(err.Error(), "hunter2"):
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestRequestsOnTheWire(t *testing.T) {
	ctx := context.Background()
	requirements := picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "007.50", AllowedWallets: []string{address}}
	for name, test := range map[string]struct {
		call func(*picket.Client) error
		want recorded
	}{
		"nonce": {
			func(c *picket.Client) error {
				_, err := c.Nonce(ctx, picket.NonceRequest{WalletAddress: address})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/auth/nonce", Body: `{"walletAddress":"` + address + `"}`},
		},
		"auth": {
			func(c *picket.Client) error {
				_, err := c.Auth(ctx, picket.AuthRequest{
					Chain: "polygon", WalletAddress: address, Signature: "0x51", Requirements: &requirements,
					Context: picket.SigningMessageContext{Domain: "d", URI: "u", ChainID: 137, IssuedAt: "i", ChainType: picket.ChainTypeEthereum},
				})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/auth", Body: `{"chain":"polygon",` +
				`"context":{"chainId":137,"chainType":"ethereum","domain":"d","issuedAt":"i","uri":"u"},` +
				`"requirements":{"allowedWallets":["` + address + `"],"contractAddress":"0xC0","minTokenBalance":"7.5"},` +
				`"signature":"0x51","walletAddress":"` + address + `"}`},
		},
		"authz": {
			func(c *picket.Client) error {
				_, err := c.Authz(ctx, picket.AuthzRequest{AccessToken: "a.b.c", Revalidate: true,
					Requirements: picket.Requirements{Collection: picket.StringList{"one"}, TokenIDs: []string{"m1", "m2"}}})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/authz",
				Body: `{"accessToken":"a.b.c","requirements":{"collection":["one"],"tokenIds":["m1","m2"]},"revalidate":true}`},
		},
		"validate": {
			func(c *picket.Client) error {
				_, err := c.Validate(ctx, picket.ValidateRequest{AccessToken: "a.b.c"})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/auth/validate", Body: `{"accessToken":"a.b.c"}`},
		},
		"tokenOwnership": {
			func(c *picket.Client) error {
				_, err := c.TokenOwnership(ctx, "solana", "4fYN?w3#dojé", picket.TokenOwnershipRequest{
					Collection: picket.StringList{"one", "two"}, MinTokenBalance: "1e2"})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/chains/solana/wallets/4fYN%3Fw3%23doj%C3%A9/tokenOwnership",
				Body: `{"collection":["one","two"],"minTokenBalance":"100"}`},
		},
		"chains": {
			func(c *picket.Client) error { _, err := c.Chains(ctx); return err },
			recorded{Method: "GET", Path: "/base/v1/chains"},
		},
		"chain": {
			func(c *picket.Client) error { _, err := c.Chain(ctx, "polygon"); return err },
			recorded{Method: "GET", Path: "/base/v1/chains/polygon"},
		},
		"token": {
			func(c *picket.Client) error {
				_, err := c.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: "c+/=", RedirectURI: "http://localhost/?a=b&c", CodeVerifier: "v"})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/oauth2/token",
				Body: url.Values{
					"grant_type": {"authorization_code"}, "code": {"c+/="}, "redirect_uri": {"http://localhost/?a=b&c"}, "code_verifier": {"v"},
				}.Encode()},
		},
		"token by password": {
			func(c *picket.Client) error {
				_, err := c.ExchangeGrant(ctx, picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: address, Password: "0x51"})
				return err
			},
			recorded{Method: "POST", Path: "/base/v1/oauth2/token",
				Body: url.Values{"grant_type": {"password"}, "username": {address}, "password": {"0x51"}}.Encode()},
		},
	} {
		t.Run(name, func(t *testing.T) {
			// What the response is does not matter here: every call gets an error that is an answer.
			client, requests := serve(t, http.StatusTeapot, "application/json", `{"msg":"teapot"}`)
			var failure *picket.Error
			if err := test.call(client); !errors.As(err, &failure) || failure.StatusCode != http.StatusTeapot {
				t.Fatalf("got %v", err)
			}
			if len(*requests) != 1 {
				t.Fatalf("got %d requests", len(*requests))
			}
			got := (*requests)[0]
			header := got.Header
			got.Header = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if want := "Basic " + base64.StdEncoding.EncodeToString([]byte(testKey+":")); header.Get("Authorization") != want {
				t.Errorf("Authorization is %q, not %q", header.Get("Authorization"), want)
			}
			if want := "picket-client-go/" + picket.Version; header.Get("User-Agent") != want {
				t.Errorf("User-Agent is %q, not %q", header.Get("User-Agent"), want)
			}
		})
	}
}

func TestBaseURLWithAndWithoutASlash(t *testing.T) {
	for _, suffix := range []string{"", "/", "//"} {
		var got string
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.EscapedPath() }))
		for path, want := range map[string]string{"": "/chains", "/a/b": "/a/b/chains", "/a%2Fb": "/a%2Fb/chains"} {
			client, err := picket.New(testKey, picket.WithBaseURL(server.URL+path+suffix))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = client.Chains(context.Background()) // the answer is empty, and does not matter
			if got != want {
				t.Errorf("base path %q: got a request for %q, not %q", path+suffix, got, want)
			}
		}
		server.Close()
	}
}

func TestTheBaseURLIsTheOneThatIsCalled(t *testing.T) {
	for given, want := range map[string]string{
		"":                                picket.DefaultBaseURL,
		"https://example.com/api/v1/":     "https://example.com/api/v1",
		"https://example.com":             "https://example.com",
		"http://localhost:4010/a%2Fb/v1/": "http://localhost:4010/a%2Fb/v1",
	} {
		var options []picket.Option
		if given != "" {
			options = append(options, picket.WithBaseURL(given))
		}
		client, err := picket.New(testKey, options...)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.BaseURL(); got != want {
			t.Errorf("%q: got %q, not %q", given, got, want)
		}
	}
	var missing *picket.Client
	if got := missing.BaseURL() + new(picket.Client).BaseURL(); got != "" {
		t.Errorf("a client that New did not return has the base URL %q", got)
	}
}

func TestUserAgentNamesTheProductFirst(t *testing.T) {
	client, requests := serve(t, http.StatusOK, "application/json", `{}`, picket.WithUserAgent("shop/1.4"))
	_, _ = client.Chains(context.Background())
	if got, want := (*requests)[0].Header.Get("User-Agent"), "shop/1.4 picket-client-go/"+picket.Version; got != want {
		t.Errorf("got %q, not %q", got, want)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			followed := false
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
			defer elsewhere.Close()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/trap?key=hunter2", status)
			}))
			defer server.Close()
			// Not even by a client whose own policy follows.
			follow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
			client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithHTTPClient(follow))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: address})
			var failure *picket.Error
			if !errors.As(err, &failure) || failure.StatusCode != status || !errors.Is(err, picket.ErrUnexpectedResponse) {
				t.Fatalf("got %v", err)
			}
			if followed {
				t.Error("the redirect was followed")
			}
			if text := err.Error(); !strings.Contains(text, elsewhere.URL+"/trap") || strings.Contains(text, "hunter2") {
				t.Errorf("got %q", text)
			}
			if follow.CheckRedirect(nil, nil) != nil {
				t.Error("the caller's client was changed")
			}
		})
	}
}

// hang starts a server that answers nothing until the client is gone.
func hang(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // so that the server notices when the client goes
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestACallEndsInTime(t *testing.T) {
	base := picket.WithBaseURL(hang(t))
	deadline, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	late, cancelLate := context.WithTimeout(context.Background(), time.Hour)
	defer cancelLate()
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	for name, test := range map[string]struct {
		ctx     context.Context
		timeout time.Duration
		want    error
	}{
		"by the default timeout":                          {context.Background(), 20 * time.Millisecond, context.DeadlineExceeded},
		"by the timeout, however late the deadline":       {late, 20 * time.Millisecond, context.DeadlineExceeded},
		"by the context, however long the timeout":        {deadline, time.Hour, context.DeadlineExceeded},
		"by the context, when there is no timeout at all": {deadline, 0, context.DeadlineExceeded},
		"by the context's end":                            {cancelled, time.Hour, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := picket.New(testKey, base, picket.WithMaxRetries(0), picket.WithTimeout(test.timeout))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Nonce(test.ctx, picket.NonceRequest{WalletAddress: address})
			if !errors.Is(err, test.want) || !errors.Is(err, picket.ErrNoResponse) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAClientIsSafeForConcurrentUse(t *testing.T) {
	client, _ := serve(t, http.StatusOK, "application/json", `{"nonce":"n","statement":"s","format":"siwe"}`)
	var calls sync.WaitGroup
	for range 50 {
		calls.Go(func() {
			if _, err := client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: address}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}
