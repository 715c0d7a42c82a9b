package mock_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// postAuthorize sends an authorization request as a form.
func postAuthorize(t *testing.T, srv *mock.Server, form url.Values) answer {
	t.Helper()
	return roundTrip(t, srv, "", http.MethodPost, "/oauth2/authorize", form.Encode(), "Content-Type", formType)
}

func TestAnAuthorizationCanBeAskedForWithAForm(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "2.5")
	form := signed(t, srv, wallet, authorizeQuery(srv.Project))
	form.Set("contractAddress", contract)
	form.Set("minTokenBalance", "2.5")
	form.Set("max_age", "60")
	form["allowedWallets"] = []string{someAddress, srv.TestWallets()[0].Address}
	answered := postAuthorize(t, srv, form).redirected(t)
	if answered.Get("state") != someState {
		t.Errorf("got %v", answered)
	}
	token, err := newClient(t, srv, srv.PublishableKey).ExchangeGrant(ctx, picket.OAuthTokenRequest{
		Code: picket.Secret(answered.Get("code")), RedirectURI: redirectURI, CodeVerifier: verifier,
	})
	if err != nil {
		t.Fatal(err)
	}
	if token.User.WalletAddress != wallet.Address || token.User.TokenBalances.ContractAddress[contract] != "2.5" {
		t.Errorf("got %+v", token.User)
	}
}

func TestAFormGetsTheLoginPageToo(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	form := authorizeQuery(srv.Project)
	form.Set("response_mode", "query")
	page := postAuthorize(t, srv, form)
	checkPage(t, page)
	approved := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}
	if answered := decide(t, srv, page, approved).redirected(t); !answered.Has("code") || answered.Get("state") != someState {
		t.Errorf("got %v", answered)
	}
}

func TestWhatIsWrongWithAFormReachesTheClient(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithMaxBodyBytes(8192))
	for name, test := range map[string]struct {
		change func(url.Values)
		want   string
	}{
		"no challenge":         {func(f url.Values) { f.Del("code_challenge") }, "code_challenge is required"},
		"misspelt requirement": {func(f url.Values) { f.Set("token_ids", "MINT") }, "'token_ids' is not a parameter; did you mean 'tokenIds'?"},
		"two states":           {func(f url.Values) { f.Add("state", "b") }, "state is given more than once"},
		"unknown chain":        {func(f url.Values) { f.Set("chain", "bitcoin") }, "there is no chain 'bitcoin'"},
		"empty requirement":    {func(f url.Values) { f.Set("contractAddress", "") }, "contractAddress"},
	} {
		t.Run(name, func(t *testing.T) {
			form := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
			test.change(form)
			answered := postAuthorize(t, srv, form).redirected(t)
			if answered.Get("error") != "invalid_request" || !strings.Contains(answered.Get("error_description"), test.want) || answered.Has("code") {
				t.Errorf("got %v", answered)
			}
		})
	}
	t.Run("a requirement in the URL", func(t *testing.T) {
		form := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		got := roundTrip(t, srv, "", http.MethodPost, "/oauth2/authorize?contractAddress="+contract, form.Encode(), "Content-Type", formType)
		if answered := got.redirected(t); !strings.Contains(answered.Get("error_description"), "the URL has a query") || answered.Has("code") {
			t.Errorf("got %v", answered)
		}
	})
	for name, test := range map[string]struct {
		form   url.Values
		status int
		want   string
	}{
		"unknown client": {url.Values{"client_id": {"pk_ffffffffffffffffffffffffffffffff"}, "redirect_uri": {redirectURI}}, http.StatusBadRequest, "client_id is not a publishable key"},
		"no client":      {url.Values{"redirect_uri": {redirectURI}}, http.StatusBadRequest, "client_id is required"},
		"too large":      {url.Values{"client_id": {srv.PublishableKey}, "redirect_uri": {redirectURI}, "state": {strings.Repeat("x", 10000)}}, http.StatusRequestEntityTooLarge, "larger than 8192 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got := postAuthorize(t, srv, test.form)
			checkPage(t, got)
			if got.status != test.status || !strings.Contains(got.body, test.want) {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
}

// TestAFormIsInTheJournalOfItsProject also for clients that show their ID in no other place.
func TestAFormIsInTheJournalOfItsProject(t *testing.T) {
	srv := mock.Start(t)
	other := srv.AddProject()
	other.AllowRedirectURI(redirectURI)
	postAuthorize(t, srv, authorizeQuery(other))
	form := exchange("hunter2")
	form.Set("client_id", other.PublishableKey)
	tokenFor(t, srv, "", form)
	form.Del("client_id")
	tokenFor(t, srv, other.PublishableKey+":"+other.SecretKey, form)
	var got []string
	for _, e := range other.Journal() {
		got = append(got, e.Operation)
		if strings.Contains(e.RequestBody, "hunter2") {
			t.Errorf("the journal shows the code: %s", e.RequestBody)
		}
	}
	if strings.Join(got, " ") != "postAuthorize token token" || len(srv.Journal()) != 0 {
		t.Errorf("got %q, and %d in the default project", got, len(srv.Journal()))
	}
}
