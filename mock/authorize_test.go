package mock_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func TestACodeGoesToTheRedirectURIWithTheStateUntouched(t *testing.T) {
	for name, test := range map[string]struct{ uri, want, state string }{
		"base64":            {redirectURI, redirectURI + "?code=", someState},
		"empty state":       {redirectURI, redirectURI + "?code=", ""},
		"markup in state":   {redirectURI, redirectURI + "?code=", "\"'<b>&\x01 ü%20"},
		"trailing slash":    {redirectURI + "/", redirectURI + "/?code=", "s"},
		"with a query":      {redirectURI + "?a=%2B&b", redirectURI + "?a=%2B&b&code=", "s"},
		"with a query mark": {redirectURI + "?", redirectURI + "?code=", "s"},
		"of an application": {"com.example.app:/callback", "com.example.app:/callback?code=", "s"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithRedirectURI(test.uri))
			query := authorizeQuery(srv.Project)
			query.Set("redirect_uri", test.uri)
			query.Set("state", test.state)
			query.Set("response_mode", "code") // the default, which picket-js sends
			got := authorize(t, srv, signed(t, srv, mock.NewEthereumWallet(t), query))
			answered := got.redirected(t)
			if !strings.HasPrefix(got.header.Get("Location"), test.want) || !answered.Has("state") || answered.Get("state") != test.state {
				t.Errorf("got %s", got.header.Get("Location"))
			}
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("a cache may keep the code: %q", got.header.Get("Cache-Control"))
			}
		})
	}
}

func TestWhoCannotBeTrustedGetsAPage(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	other := srv.AddProject()
	other.AllowRedirectURI("http://localhost:3000/other")
	for name, test := range map[string]struct {
		change func(url.Values)
		want   string
	}{
		"no client":               {func(q url.Values) { q.Del("client_id") }, "client_id is required"},
		"empty client":            {func(q url.Values) { q.Set("client_id", "") }, "client_id is required"},
		"unknown client":          {func(q url.Values) { q.Set("client_id", "<script>alert(1)</script>") }, "client_id is not a publishable key"},
		"secret key":              {func(q url.Values) { q.Set("client_id", srv.SecretKey) }, "client_id is not a publishable key"},
		"two clients":             {func(q url.Values) { q.Add("client_id", other.PublishableKey) }, "more than once"},
		"no redirect URI":         {func(q url.Values) { q.Del("redirect_uri") }, "redirect_uri is required"},
		"two redirect URIs":       {func(q url.Values) { q.Add("redirect_uri", "http://evil.example/") }, "more than once"},
		"trailing slash":          {func(q url.Values) { q.Set("redirect_uri", redirectURI+"/") }, "redirect_uri is not among"},
		"another query":           {func(q url.Values) { q.Set("redirect_uri", redirectURI+"?a") }, "redirect_uri is not among"},
		"upper case":              {func(q url.Values) { q.Set("redirect_uri", strings.ToUpper(redirectURI)) }, "redirect_uri is not among"},
		"another project's":       {func(q url.Values) { q.Set("redirect_uri", "http://localhost:3000/other") }, "redirect_uri is not among"},
		"another error before it": {func(q url.Values) { q.Set("redirect_uri", "http://evil.example/"); q.Del("state") }, "redirect_uri is not among"},
	} {
		t.Run(name, func(t *testing.T) {
			query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
			test.change(query)
			got := authorize(t, srv, query)
			if got.status != http.StatusBadRequest || got.header.Get("Location") != "" || !strings.Contains(got.body, test.want) {
				t.Errorf("got %d to %q: %s", got.status, got.header.Get("Location"), got.body)
			}
			if strings.Contains(got.body, "<script") || strings.Contains(got.body, srv.SecretKey) {
				t.Errorf("the page shows what was sent: %s", got.body)
			}
			checkPage(t, got)
		})
	}
	t.Run("no project has a redirect URI unless told", func(t *testing.T) {
		if got := authorize(t, srv, authorizeQuery(srv.AddProject())); got.status != http.StatusBadRequest {
			t.Errorf("got %d", got.status)
		}
	})
}

func TestEveryOtherErrorRedirects(t *testing.T) {
	set := func(name string, values ...string) func(url.Values) {
		return func(q url.Values) { q[name] = values }
	}
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := mock.NewEthereumWallet(t)
	srv.SetNotToken("ethereum", contract)
	for name, test := range map[string]struct {
		change     func(url.Values)
		code, want string
	}{
		"two states":              {set("state", "a", "b"), "invalid_request", "state is given more than once"},
		"no challenge":            {func(q url.Values) { q.Del("code_challenge") }, "invalid_request", "code_challenge is required"},
		"malformed challenge":     {set("code_challenge", verifier+"="), "invalid_request", "code_challenge must be"},
		"two challenges":          {set("code_challenge", challenge, strings.Repeat("a", 43)), "invalid_request", "code_challenge is given more than once"},
		"plain PKCE":              {set("code_challenge_method", "plain"), "invalid_request", "code_challenge_method must be S256"},
		"no method":               {func(q url.Values) { q.Del("code_challenge_method") }, "invalid_request", "code_challenge_method is required"},
		"response type":           {set("response_type", "token"), "unsupported_response_type", "response_type must be code"},
		"response mode":           {set("response_mode", "fragment"), "invalid_request", "response_mode must be code, query, form_post or web_message"},
		"unknown chain":           {set("chain", "bitcoin"), "invalid_request", "there is no chain 'bitcoin'"},
		"another chain":           {set("chain", "solana"), "invalid_request", "walletAddress is not an address on solana"},
		"no wallet":               {func(q url.Values) { q.Del("walletAddress") }, "invalid_request", "walletAddress is required"},
		"no such signature":       {set("signature", "0xhunter2"), "invalid_request", "invalid signature"},
		"another context":         {set("domain", "evil.example"), "invalid_request", "invalid signature"},
		"no nonce":                {set("walletAddress", someAddress), "invalid_request", "invalid signature: this wallet has no nonce"},
		"misspelt requirement":    {set("token_ids", "MINT"), "invalid_request", "'token_ids' is not a parameter; did you mean 'tokenIds'?"},
		"empty requirement":       {set("allowedWallets", ""), "invalid_request", "allowedWallets"},
		"empty contract":          {set("contractAddress", ""), "invalid_request", "contractAddress"},
		"two contracts":           {set("contractAddress", contract, contract), "invalid_request", "contractAddress is given more than once"},
		"minimum of nothing":      {set("minTokenBalance", "1"), "invalid_request", "minTokenBalance needs a token"},
		"malformed minimum":       {set("minTokenBalance", "1e3"), "invalid_request", "minTokenBalance must be"},
		"no token":                {set("contractAddress", contract), "invalid_request", "any ERC20, ERC721, ERC1155 tokens"},
		"not among the wallets":   {set("allowedWallets", someAddress), "access_denied", "allowed wallet addresses"},
		"too few tokens":          {set("contractAddress", someAddress), "access_denied", "holds 0 of the required tokens"},
		"too few of a collection": {set("collection", "A", "B"), "access_denied", "holds 0 of the required tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			query := signed(t, srv, wallet, authorizeQuery(srv.Project))
			test.change(query)
			wantState := query["state"]
			if len(wantState) != 1 {
				wantState = nil
			}
			got := authorize(t, srv, query)
			answered := got.redirected(t)
			if answered.Get("error") != test.code || !strings.Contains(answered.Get("error_description"), test.want) || answered.Has("code") {
				t.Errorf("got %s", got.header.Get("Location"))
			}
			if !slices.Equal(answered["state"], wantState) {
				t.Errorf("got the state %q", answered["state"])
			}
			if strings.Contains(got.header.Get("Location"), "hunter2") {
				t.Errorf("the redirect shows a signature: %s", got.header.Get("Location"))
			}
		})
	}
	t.Run("malformed query", func(t *testing.T) {
		query := signed(t, srv, wallet, authorizeQuery(srv.Project))
		got := roundTrip(t, srv, "", http.MethodGet, "/oauth2/authorize?"+query.Encode()+"&allowedWallets=%zz", "")
		if answered := got.redirected(t); answered.Get("error") != "invalid_request" || answered.Get("state") != someState {
			t.Errorf("got %s", got.header.Get("Location"))
		}
	})
	t.Run("the wallet has its nonce still", func(t *testing.T) {
		if answered := authorize(t, srv, signed(t, srv, wallet, authorizeQuery(srv.Project))).redirected(t); !answered.Has("code") {
			t.Errorf("got %v", answered)
		}
	})
}

func TestASignatureGetsOneCode(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
	if !authorize(t, srv, query).redirected(t).Has("code") {
		t.Fatal("there is no code")
	}
	if got := authorize(t, srv, query).redirected(t); !strings.Contains(got.Get("error_description"), "invalid signature") || got.Has("code") {
		t.Errorf("got %v", got)
	}
}

func TestParametersThatAreNotKnownAreIgnored(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
	for _, name := range []string{"display", "ui_locales", "login_hint", "acr_values", "access_type", "audience", "resource", "claims"} {
		query.Set(name, "x")
	}
	if got := authorize(t, srv, query).redirected(t); !got.Has("code") {
		t.Errorf("got %v", got)
	}
}

func TestAMisspeltRequirementIsIgnoredWhereUnknownPropertiesAre(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithUnknownProperties())
	query := authorizeQuery(srv.Project)
	query.Set("token_ids", "MINT")
	if newCode(t, srv, query) == "" {
		t.Error("there is no code")
	}
}

func TestWithoutAChainALoginIsOnEthereum(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
	query.Del("chain")
	code := picket.Secret(authorize(t, srv, query).redirected(t).Get("code"))
	token, err := newClient(t, srv, srv.SecretKey).ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: code, RedirectURI: redirectURI, CodeVerifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	if token.User.Chain != "ethereum" {
		t.Errorf("got the chain %q", token.User.Chain)
	}
}

func TestRequirementsGateTheLogin(t *testing.T) {
	const mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	ethereum, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	srv.SetBalance("ethereum", ethereum.Address, mock.Contract(contract), "2.5")
	srv.SetBalance("solana", solana.Address, mock.Collection("B"), "1")
	srv.SetBalance("solana", solana.Address, mock.Mint(mint), "1")
	srv.SetBalance("solana", solana.Address, mock.Creator("C"), "1")
	for name, test := range map[string]struct {
		wallet       *mock.Wallet
		requirements url.Values
		opens        bool
	}{
		"contract":                    {ethereum, url.Values{"contractAddress": {contract}}, true},
		"enough of a contract":        {ethereum, url.Values{"contractAddress": {contract}, "minTokenBalance": {"2.5"}}, true},
		"too little of a contract":    {ethereum, url.Values{"contractAddress": {contract}, "minTokenBalance": {"2.51"}}, false},
		"one of the allowed wallets":  {ethereum, url.Values{"allowedWallets": {someAddress, strings.ToLower(ethereum.Address)}}, true},
		"none of the allowed wallets": {ethereum, url.Values{"allowedWallets": {someAddress}}, false},
		"allowed wallet or contract":  {ethereum, url.Values{"allowedWallets": {someAddress}, "contractAddress": {contract}}, true},
		"one of the collections":      {solana, url.Values{"collection": {"A", "B"}}, true},
		"another collection":          {solana, url.Values{"collection": {"A"}}, false},
		"mint":                        {solana, url.Values{"tokenIds": {mint, "other"}}, true},
		"creator":                     {solana, url.Values{"creatorAddress": {"C"}}, true},
		"the sum of all":              {solana, url.Values{"collection": {"A", "B"}, "creatorAddress": {"C"}, "tokenIds": {mint}, "minTokenBalance": {"3"}}, true},
		"more than the sum":           {solana, url.Values{"collection": {"A", "B"}, "creatorAddress": {"C"}, "tokenIds": {mint}, "minTokenBalance": {"4"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			query := signed(t, srv, test.wallet, authorizeQuery(srv.Project))
			for name, values := range test.requirements {
				query[name] = values
			}
			got := authorize(t, srv, query).redirected(t)
			if got.Has("code") != test.opens || (got.Get("error") == "access_denied") == test.opens {
				t.Errorf("got %v", got)
			}
		})
	}
}
