package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// logInOnPage logs a test wallet in on the login page and returns the cookies that the browser gets, as it sends them.
func logInOnPage(t *testing.T, srv *mock.Server, query url.Values, wallet *mock.Wallet) (code picket.Secret, cookies string) {
	t.Helper()
	page := authorize(t, srv, query)
	got := decide(t, srv, page, url.Values{"decision": {"approve"}, "wallet": {wallet.Address}})
	code = picket.Secret(got.redirected(t).Get("code"))
	if code == "" {
		t.Fatalf("there is no code: %s", got.header.Get("Location"))
	}
	return code, cookiesOf(t, got)
}

// cookiesOf returns the cookies of an answer as a browser sends them.
func cookiesOf(t *testing.T, got answer) string {
	t.Helper()
	var pairs []string
	for _, line := range got.header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(pairs, "; ")
}

// silently asks for an authorization with prompt=none and cookies.
func silently(t *testing.T, srv *mock.Server, query url.Values, cookies string) url.Values {
	t.Helper()
	query.Set("prompt", "none")
	return roundTrip(t, srv, "", http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", cookies).redirected(t)
}

// claimsOf returns the claims of the ID token for a code.
func claimsOf(t *testing.T, srv *mock.Server, code picket.Secret) (claims map[string]any, token *picket.OAuthTokenResponse) {
	t.Helper()
	token, err := newClient(t, srv, srv.PublishableKey).ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: code, RedirectURI: redirectURI, CodeVerifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(token.IDToken), ".")
	if len(parts) != 3 {
		t.Fatal("there is no ID token")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims, token
}

func withScope(query url.Values) url.Values {
	query.Set("scope", "openid")
	return query
}

func TestPromptNoneNeverShowsAPage(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	got := silently(t, srv, authorizeQuery(srv.Project), "")
	if got.Get("error") != "login_required" || got.Get("state") != someState || got.Has("code") {
		t.Errorf("got %v", got)
	}
	if got := silently(t, srv, signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project)), ""); !got.Has("code") {
		t.Errorf("the wallet has signed: got %v", got)
	}
	form := authorizeQuery(srv.Project)
	form.Set("prompt", "none")
	if got := postAuthorize(t, srv, form).redirected(t); got.Get("error") != "login_required" {
		t.Errorf("as a form: got %v", got)
	}
}

func TestABrowserThatLoggedInGetsCodesWithoutAPage(t *testing.T) {
	now := time.Date(2026, 11, 26, 18, 0, 0, 0, time.UTC)
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithClock(func() time.Time { return now }))
	wallet, other := srv.TestWallets()[0], srv.TestWallets()[1]
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	code, cookies := logInOnPage(t, srv, withScope(authorizeQuery(srv.Project)), wallet)
	claims, first := claimsOf(t, srv, code)
	if at := claims["auth_time"]; at != float64(now.Unix()) {
		t.Errorf("auth_time is %v", at)
	}
	srv.Advance(time.Hour)

	claims, _ = claimsOf(t, srv, picket.Secret(silently(t, srv, withScope(authorizeQuery(srv.Project)), cookies).Get("code")))
	if claims["sub"] != "ethereum:"+wallet.Address || claims["auth_time"] != float64(now.Unix()) || claims["iat"] != float64(now.Add(time.Hour).Unix()) {
		t.Errorf("got %v", claims)
	}
	_, foreign := claimsOf(t, srv, newCode(t, srv, withScope(authorizeQuery(srv.Project))))

	for name, test := range map[string]struct {
		values map[string]string
		want   string // the error; empty when there is a code
	}{
		"a gate that opens":      {map[string]string{"contractAddress": contract}, ""},
		"a gate that does not":   {map[string]string{"contractAddress": contract, "minTokenBalance": "4"}, "access_denied"},
		"the same wallet":        {map[string]string{"walletAddress": strings.ToLower(wallet.Address)}, ""},
		"another wallet":         {map[string]string{"walletAddress": other.Address}, "login_required"},
		"no wallet":              {map[string]string{"walletAddress": "alice"}, "invalid_request"},
		"another chain":          {map[string]string{"chain": "polygon"}, "login_required"},
		"young enough":           {map[string]string{"max_age": "3600"}, ""},
		"too old":                {map[string]string{"max_age": "3599"}, "login_required"},
		"a very long time":       {map[string]string{"max_age": "9223372036854775807"}, ""},
		"a new login":            {map[string]string{"max_age": "0"}, "login_required"},
		"a malformed age":        {map[string]string{"max_age": "soon"}, "invalid_request"},
		"a negative age":         {map[string]string{"max_age": "-1"}, "invalid_request"},
		"the expected user":      {map[string]string{"id_token_hint": string(first.IDToken)}, ""},
		"another user":           {map[string]string{"id_token_hint": string(foreign.IDToken)}, "login_required"},
		"a forged hint":          {map[string]string{"id_token_hint": string(first.IDToken) + "AAAA"}, "invalid_request"},
		"an access token":        {map[string]string{"id_token_hint": string(first.AccessToken)}, "invalid_request"},
		"a page after all":       {map[string]string{"prompt": "none login"}, "invalid_request"},
		"a prompt of its own":    {map[string]string{"prompt": "nothing"}, "invalid_request"},
		"with an empty audience": {map[string]string{"audience": ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			query := authorizeQuery(srv.Project)
			query.Set("prompt", "none")
			for name, value := range test.values {
				query.Set(name, value)
			}
			got := roundTrip(t, srv, "", http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", cookies).redirected(t)
			if got.Get("error") != test.want || got.Has("code") != (test.want == "") {
				t.Errorf("got %v", got)
			}
			for _, secret := range []string{string(first.IDToken), string(first.AccessToken)} {
				if strings.Contains(got.Get("error_description"), secret) {
					t.Errorf("the description shows a token: %v", got)
				}
			}
		})
	}
	for _, prompt := range []string{"", "login", "consent", "select_account", "login consent"} {
		query := authorizeQuery(srv.Project)
		query.Set("prompt", prompt)
		if got := roundTrip(t, srv, "", http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", cookies); got.status != http.StatusOK || !strings.Contains(got.body, "<form") {
			t.Errorf("%q: got %d %s", prompt, got.status, got.body)
		}
	}
	t.Run("of another project", func(t *testing.T) {
		other := srv.AddProject()
		other.AllowRedirectURI(redirectURI)
		renamed := strings.Replace(cookies, srv.PublishableKey, other.PublishableKey, 1)
		for _, cookies := range []string{cookies, renamed} {
			if got := silently(t, srv, authorizeQuery(other), cookies); got.Get("error") != "login_required" {
				t.Errorf("got %v", got)
			}
		}
	})
	t.Run("for twelve hours", func(t *testing.T) {
		srv.Advance(11*time.Hour - time.Nanosecond)
		if got := silently(t, srv, authorizeQuery(srv.Project), cookies); !got.Has("code") {
			t.Errorf("got %v", got)
		}
		srv.Advance(time.Nanosecond)
		if got := silently(t, srv, authorizeQuery(srv.Project), cookies); got.Get("error") != "login_required" {
			t.Errorf("got %v", got)
		}
	})
}

func TestAResetLogsBrowsersOut(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	_, cookies := logInOnPage(t, srv, authorizeQuery(srv.Project), srv.TestWallets()[0])
	srv.Reset()
	if got := silently(t, srv, authorizeQuery(srv.Project), cookies); got.Get("error") != "login_required" {
		t.Errorf("got %v", got)
	}
}

// TestAHintBindsEveryLogin as OpenID Connect Core 1.0 section 3.1.2.1 demands: also one on the page, and one with a signature.
func TestAHintBindsEveryLogin(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallets := srv.TestWallets()
	code, _ := logInOnPage(t, srv, withScope(authorizeQuery(srv.Project)), wallets[0])
	_, token := claimsOf(t, srv, code)
	srv.Advance(13 * time.Hour) // it expired, which a hint may
	query := authorizeQuery(srv.Project)
	query.Set("id_token_hint", string(token.IDToken))
	page := authorize(t, srv, query)
	for i, want := range []string{"", "login_required"} {
		if got := decide(t, srv, page, url.Values{"decision": {"approve"}, "wallet": {wallets[i].Address}}).redirected(t); got.Get("error") != want {
			t.Errorf("wallet %d: got %v", i, got)
		}
	}
	if got := authorize(t, srv, signed(t, srv, mock.NewEthereumWallet(t), query)).redirected(t); got.Get("error") != "login_required" {
		t.Errorf("got %v", got)
	}
	other := srv.AddProject()
	other.AllowRedirectURI(redirectURI)
	foreign := authorizeQuery(other)
	foreign.Set("id_token_hint", string(token.IDToken))
	if got := authorize(t, srv, foreign).redirected(t); !strings.Contains(got.Get("error_description"), "for another client") {
		t.Errorf("got %v", got)
	}
	for _, e := range srv.Journal() {
		if strings.Contains(e.Path, string(token.IDToken)) {
			t.Errorf("the journal shows the ID token: %s", e.Path)
		}
	}
}

// OpenID Connect Core 1.0 sections 6 and 7.2.1.
func TestRequestObjectsAreRefusedByTheirOwnCodes(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for name, code := range map[string]string{"request": "request_not_supported", "request_uri": "request_uri_not_supported", "registration": "registration_not_supported"} {
		whole := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		bare := url.Values{"client_id": {srv.PublishableKey}, "redirect_uri": {redirectURI}, "response_type": {"code"}, "state": {someState}}
		for _, query := range []url.Values{whole, bare} {
			query.Set(name, "eyJhbGciOiJub25lIn0.e30.")
			for _, got := range []answer{authorize(t, srv, query), postAuthorize(t, srv, query)} {
				if answered := got.redirected(t); answered.Get("error") != code || answered.Get("state") != someState || answered.Has("code") {
					t.Errorf("%s: got %v", name, answered)
				}
			}
		}
	}
}

func TestTheCookieOfALogin(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	page := authorize(t, srv, authorizeQuery(srv.Project))
	lines := decide(t, srv, page, url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}).header.Values("Set-Cookie")
	if len(lines) != 1 {
		t.Fatalf("got %q", lines)
	}
	_, attributes, _ := strings.Cut(lines[0], "; ")
	if want := "Path=/api/v1/oauth2; Max-Age=43200; HttpOnly; SameSite=Lax"; !strings.HasPrefix(lines[0], "picket-mock-"+srv.PublishableKey+"=") || attributes != want {
		t.Errorf("got %s", lines[0])
	}
	t.Run("over https", func(t *testing.T) { // where browsers take it for frames of other sites
		form := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}
		request := httptest.NewRequest(http.MethodPost, "https://127.0.0.1/_mock/authorize?"+authorizeQuery(srv.Project).Encode(), strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", formType)
		response := httptest.NewRecorder()
		srv.Handler().ServeHTTP(response, request)
		if line := response.Header().Get("Set-Cookie"); !strings.HasSuffix(line, "; HttpOnly; Secure; SameSite=None") {
			t.Errorf("got %d %q", response.Code, line)
		}
	})
	for _, refused := range []url.Values{{"decision": {"deny"}}, {"decision": {"approve"}, "wallet": {someAddress}}} {
		if lines := decide(t, srv, page, refused).header.Values("Set-Cookie"); len(lines) > 0 {
			t.Errorf("got %q", lines)
		}
	}
	if lines := authorize(t, srv, signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))).header.Values("Set-Cookie"); len(lines) > 0 {
		t.Errorf("a signature logs no browser in: got %q", lines)
	}
}
