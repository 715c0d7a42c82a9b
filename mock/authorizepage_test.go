package mock_test

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

var (
	pageNonce   = regexp.MustCompile(`'nonce-([A-Z2-7]+)'`)
	postMessage = regexp.MustCompile(`postMessage\((\{.*\}),\s*("[^"]*")\s*\);`)
	formAction  = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	formWallet  = regexp.MustCompile(`<label><input type="radio" name="wallet" value="([^"]*)"`)
)

// checkPage checks that a page runs and loads nothing but what is its own.
func checkPage(t *testing.T, page answer) {
	t.Helper()
	policy := page.header.Get("Content-Security-Policy")
	match := pageNonce.FindStringSubmatch(policy)
	if match == nil {
		t.Fatalf("there is no nonce in the policy %q", policy)
	}
	want := strings.ReplaceAll("default-src 'none'; script-src 'nonce-N'; style-src 'nonce-N'; base-uri 'none'; frame-ancestors 'none'", "N", match[1])
	if policy != want {
		t.Errorf("got the policy %q", policy)
	}
	for _, tag := range regexp.MustCompile(`<(script|style)[^>]*>`).FindAllString(page.body, -1) {
		if !strings.Contains(tag, ` nonce="`+match[1]+`">`) {
			t.Errorf("%s has not the nonce", tag)
		}
	}
	if regexp.MustCompile(`(?i) (on[a-z]+|style|src)=|javascript:`).MatchString(page.body) {
		t.Errorf("the page needs what its policy forbids: %s", page.body)
	}
	referrer := "no-referrer"
	switch {
	case strings.Contains(page.body, `<form id="answer"`):
		referrer = "origin" // the same, to another site
	case strings.Contains(page.body, "<form"):
		referrer = "same-origin" // else browsers send the form with the origin null
	}
	for name, want := range map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-store",
		"Referrer-Policy":        referrer,
		"X-Frame-Options":        "DENY",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := page.header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	for _, want := range []string{`<html lang="en">`, `name="viewport"`, "<title>", "<h1>", "<main>"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

func TestAWebMessageGoesToTheOriginOfTheRedirectURIAlone(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	type response struct{ State, Code, Error, Description string }
	for name, test := range map[string]struct {
		state, chain string
		want         response
	}{
		"a code":          {someState, "ethereum", response{State: someState}},
		"markup in state": {`</script><script>alert("1")//'` + "\u2028<!--", "ethereum", response{State: `</script><script>alert("1")//'` + "\u2028<!--"}},
		"an error":        {someState, "bitcoin", response{State: someState, Error: "invalid_request", Description: "there is no chain 'bitcoin'; GET /chains lists them"}},
	} {
		t.Run(name, func(t *testing.T) {
			query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
			query.Set("response_mode", "web_message")
			query.Set("state", test.state)
			query.Set("chain", test.chain)
			page := authorize(t, srv, query)
			checkPage(t, page)
			match := postMessage.FindStringSubmatch(page.body)
			if page.status != http.StatusOK || match == nil || strings.Count(page.body, "<script") != 1 {
				t.Fatalf("got %d %s", page.status, page.body)
			}
			var message struct {
				Type     string
				Response map[string]string
			}
			var origin string
			if err := json.Unmarshal([]byte(match[1]), &message); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(match[2]), &origin); err != nil || origin != "http://localhost:3000" {
				t.Errorf("the message goes to %s, %v", match[2], err)
			}
			got := response{message.Response["state"], message.Response["code"], message.Response["error"], message.Response["error_description"]}
			if (got.Code == "") == (got.Error == "") {
				t.Errorf("got %+v", got)
			}
			got.Code = ""
			if diff := cmp.Diff(test.want, got); diff != "" || message.Type != "authorization_response" {
				t.Error(message.Type, diff)
			}
		})
	}
	t.Run("an application has no origin", func(t *testing.T) {
		srv.AllowRedirectURI("com.example.app:/callback")
		query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		query.Set("response_mode", "web_message")
		query.Set("redirect_uri", "com.example.app:/callback")
		if got := authorize(t, srv, query).redirected(t); got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), "web_message") {
			t.Errorf("got %v", got)
		}
	})
	t.Run("who cannot be trusted gets no message", func(t *testing.T) {
		query := authorizeQuery(srv.Project)
		query.Set("response_mode", "web_message")
		query.Set("redirect_uri", "http://evil.example/")
		if got := authorize(t, srv, query); got.status != http.StatusBadRequest || strings.Contains(got.body, "<script") {
			t.Errorf("got %d %s", got.status, got.body)
		}
	})
}

// decide submits the form of the page for a query.
func decide(t *testing.T, srv *mock.Server, page answer, form url.Values) answer {
	t.Helper()
	match := formAction.FindStringSubmatch(page.body)
	if match == nil {
		t.Fatalf("there is no form: %d %s", page.status, page.body)
	}
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	reference, err := url.Parse(html.UnescapeString(match[1]))
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, base.ResolveReference(reference).String(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, request)
}

func TestAPersonLogsInWithATestWallet(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallets := srv.TestWallets()
	srv.SetDisplayName("ethereum", wallets[1].Address, "alice.eth & <b>")
	ask := func(name, value string) answer {
		query := authorizeQuery(srv.Project)
		if name != "" {
			query.Set(name, value)
		}
		page := authorize(t, srv, query)
		checkPage(t, page)
		if page.status != http.StatusOK {
			t.Fatalf("got %d %s", page.status, page.body)
		}
		return page
	}
	approve := func(w *mock.Wallet) url.Values {
		return url.Values{"decision": {"approve"}, "wallet": {w.Address}}
	}
	t.Run("the chain says which wallets are shown", func(t *testing.T) {
		shown := func(page answer) (addresses []string) {
			for _, match := range formWallet.FindAllStringSubmatch(page.body, -1) {
				addresses = append(addresses, match[1])
			}
			return addresses
		}
		for chain, want := range map[string][]string{
			"":         {wallets[0].Address, wallets[1].Address},
			"ethereum": {wallets[0].Address, wallets[1].Address},
			"polygon":  {wallets[0].Address, wallets[1].Address},
			"solana":   {wallets[2].Address},
			"flow":     nil,
		} {
			if diff := cmp.Diff(want, shown(ask("chain", chain))); diff != "" {
				t.Errorf("%s: %s", chain, diff)
			}
		}
		if page := ask("chain", "ethereum"); !strings.Contains(page.body, "alice.eth &amp; &lt;b&gt;<br>"+wallets[1].Address) {
			t.Errorf("the name is not shown: %s", page.body)
		}
	})
	t.Run("approve", func(t *testing.T) {
		for chain, wallet := range map[string]*mock.Wallet{"ethereum": wallets[1], "polygon": wallets[0], "solana": wallets[2]} {
			answered := decide(t, srv, ask("chain", chain), approve(wallet)).redirected(t)
			if answered.Get("state") != someState {
				t.Fatalf("got %v", answered)
			}
			token, err := newClient(t, srv, srv.PublishableKey).ExchangeGrant(ctx, picket.OAuthTokenRequest{
				Code: picket.Secret(answered.Get("code")), RedirectURI: redirectURI, CodeVerifier: verifier,
			})
			if err != nil {
				t.Fatal(err)
			}
			if token.User.Chain != chain || token.User.WalletAddress != wallet.Address {
				t.Errorf("got %+v", token.User)
			}
		}
	})
	t.Run("approve to a window", func(t *testing.T) {
		if page := decide(t, srv, ask("response_mode", "web_message"), approve(wallets[0])); !strings.Contains(page.body, `"code":"`) {
			t.Errorf("got %d %s", page.status, page.body)
		}
	})
	t.Run("the gate stays shut", func(t *testing.T) {
		page := ask("contractAddress", contract)
		if got := decide(t, srv, page, approve(wallets[0])).redirected(t); got.Get("error") != "access_denied" {
			t.Errorf("got %v", got)
		}
		srv.SetBalance("ethereum", wallets[0].Address, mock.Contract(contract), "1")
		if got := decide(t, srv, page, approve(wallets[0])).redirected(t); !got.Has("code") {
			t.Errorf("got %v", got)
		}
	})
	for name, test := range map[string]struct {
		form url.Values
		want string
	}{
		"deny":                   {url.Values{"decision": {"deny"}, "wallet": {wallets[0].Address}}, "access_denied"},
		"no decision":            {url.Values{"wallet": {wallets[0].Address}}, "access_denied"},
		"no wallet":              {url.Values{"decision": {"approve"}}, "invalid_request"},
		"a wallet of its own":    {url.Values{"decision": {"approve"}, "wallet": {someAddress}}, "invalid_request"},
		"wallet of another kind": {url.Values{"decision": {"approve"}, "wallet": {wallets[2].Address}}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := decide(t, srv, ask("", ""), test.form).redirected(t); got.Get("error") != test.want || got.Get("state") != someState || got.Has("code") {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTheDecisionIsCheckedAsTheRequestWas(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithMaxBodyBytes(4096))
	page := authorize(t, srv, authorizeQuery(srv.Project))
	page.body = strings.ReplaceAll(page.body, url.QueryEscape(redirectURI), url.QueryEscape("http://evil.example/"))
	got := decide(t, srv, page, url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}})
	if got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
		t.Errorf("got %d to %s", got.status, got.header.Get("Location"))
	}
	request, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(srv.URL, "/api/v1")+"/_mock/authorize", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, request); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != http.MethodPost {
		t.Errorf("got %d, Allow: %s", got.status, got.header.Get("Allow"))
	}
	page = authorize(t, srv, authorizeQuery(srv.Project))
	if got := decide(t, srv, page, url.Values{"wallet": {strings.Repeat("x", 5000)}}); got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
		t.Errorf("got %d to %s", got.status, got.header.Get("Location"))
	}
}

func TestAWalletOfATestIsACopy(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := srv.TestWallets()[0]
	if auth := wallet.Login(t, newClient(t, srv, srv.PublishableKey)); auth.User.WalletAddress != wallet.Address {
		t.Errorf("got %+v", auth.User)
	}
	wallet.Address = "changed"
	if srv.TestWallets()[0].Address == "changed" {
		t.Error("the server's own wallet changed")
	}
}

// TestATestWalletLogsInManyTimesAtOnce also while it logs in elsewhere: the mock has both ends of a login on its page, so no nonce can be
// spent in between.
func TestATestWalletLogsInManyTimesAtOnce(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := srv.TestWallets()[0]
	client := newClient(t, srv, srv.PublishableKey)
	page := authorize(t, srv, authorizeQuery(srv.Project))
	elsewhere := wallet.AuthRequest(t, client)
	var logins sync.WaitGroup
	for range 16 {
		logins.Go(func() {
			approved := url.Values{"decision": {"approve"}, "wallet": {wallet.Address}}
			for range 8 {
				if got := decide(t, srv, page, approved); !strings.Contains(got.header.Get("Location"), "code=") {
					t.Errorf("got %s", got.header.Get("Location"))
				}
			}
		})
	}
	logins.Wait()
	if _, err := client.Auth(ctx, elsewhere); err != nil {
		t.Errorf("the page spent the nonce of another login: %v", err)
	}
}

func TestTheLoginPageShowsWhatDecides(t *testing.T) {
	const mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallets := srv.TestWallets()
	srv.SetBalance("ethereum", wallets[0].Address, mock.Contract(contract), "12.5")
	srv.SetBalance("solana", wallets[2].Address, mock.Mint(mint), "7")
	text := func(change url.Values) string {
		query := authorizeQuery(srv.Project)
		maps.Copy(query, change)
		page := authorize(t, srv, query)
		checkPage(t, page)
		shown := regexp.MustCompile(`(?s)<style.*</style>|<[^>]*>`).ReplaceAllString(page.body, " ")
		return strings.Join(strings.Fields(html.UnescapeString(shown)), " ")
	}
	for name, test := range map[string]struct {
		query url.Values
		want  []string
	}{
		"a contract": {url.Values{"contractAddress": {contract}, "minTokenBalance": {"12.6"}}, []string{
			"the wallet holds at least 12.6 of contractAddress " + contract,
			wallets[0].Address + " contractAddress " + contract + ": 12.5 The gate stays closed: the wallet holds 12.5 of the required tokens, and 12.6 are needed.",
			wallets[1].Address + " contractAddress " + contract + ": 0 The gate stays closed",
		}},
		"any of a contract": {url.Values{"contractAddress": {contract}}, []string{
			"the wallet holds more than 0 of contractAddress " + contract,
			wallets[0].Address + " contractAddress " + contract + ": 12.5 The gate opens.",
		}},
		"a list": {url.Values{"allowedWallets": {someAddress, wallets[1].Address}}, []string{
			"the wallet is one of " + someAddress + " " + wallets[1].Address,
			wallets[0].Address + " The gate stays closed: the wallet is not among the allowed wallet addresses.",
			wallets[1].Address + " The gate opens.",
		}},
		"tokens on solana": {url.Values{"chain": {"solana"}, "tokenIds": {"other", mint}, "collection": {"A<b>"}, "minTokenBalance": {"7"}}, []string{
			"the wallet holds at least 7 of collection A<b> tokenIds other tokenIds " + mint,
			wallets[2].Address + " collection A<b>: 0 tokenIds other: 0 tokenIds " + mint + ": 7 The gate opens.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := text(test.query)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not there: %s", want, got)
				}
			}
		})
	}
	if got := text(nil); strings.Contains(got, "gate") {
		t.Errorf("there is no gate: %s", got)
	}
	t.Run("a gate that makes no sense is refused at once", func(t *testing.T) {
		srv.SetNotToken("ethereum", someAddress)
		for want, change := range map[string]url.Values{
			"any ERC20, ERC721, ERC1155 tokens": {"contractAddress": {someAddress}},
			"minTokenBalance needs a token":     {"minTokenBalance": {"1"}},
		} {
			query := authorizeQuery(srv.Project)
			maps.Copy(query, change)
			if got := authorize(t, srv, query).redirected(t); got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), want) {
				t.Errorf("got %v", got)
			}
		}
	})
}
