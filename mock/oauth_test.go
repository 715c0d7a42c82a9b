package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const formType = "application/x-www-form-urlencoded"

// exchange is the grant of a code.
func exchange(code picket.Secret) url.Values {
	return url.Values{
		"grant_type":    {picket.GrantAuthorizationCode},
		"code":          {string(code)},
		"redirect_uri":  {redirectURI},
		"code_verifier": {verifier},
	}
}

// tokenFor sends a grant as a form, with the credentials of HTTP Basic, if there are any.
func tokenFor(t *testing.T, srv *mock.Server, credentials string, form url.Values) answer {
	t.Helper()
	header := []string{"Content-Type", formType, "Authorization", ""}
	if credentials != "" {
		header[3] = "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
	}
	return send(t, srv, "", http.MethodPost, "/oauth2/token", form.Encode(), header...)
}

// wantOAuth checks a refusal in both vocabularies.
func (a answer) wantOAuth(t *testing.T, status int, code picket.ErrorCode, phrase string) {
	t.Helper()
	a.want(t, status, code, phrase)
	var fields map[string]string
	if err := json.Unmarshal([]byte(a.body), &fields); err != nil || fields["error"] != string(code) || !strings.Contains(fields["error_description"], phrase) || len(fields) != 4 {
		t.Errorf("got %s, %v", a.body, err)
	}
}

func TestTheWholeCodeFlowWithTheClient(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	wallet := mock.NewSolanaWallet(t)
	srv.SetDisplayName("solana", wallet.Address, "alice.sol")
	srv.SetBalance("solana", wallet.Address, mock.Collection("DEGODS"), "2")
	query := signed(t, srv, wallet, authorizeQuery(srv.Project))
	query.Set("collection", "DEGODS")
	answered := authorize(t, srv, query).redirected(t)
	if answered.Get("state") != someState {
		t.Fatalf("got the state %q", answered.Get("state"))
	}

	client := newClient(t, srv, srv.SecretKey)
	got, err := client.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: picket.Secret(answered.Get("code")), RedirectURI: redirectURI, CodeVerifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	balances := picket.TokenBalances{Collection: map[string]picket.Decimal{"DEGODS": "2"}}
	want := &picket.OAuthTokenResponse{
		AccessToken: got.AccessToken,
		TokenType:   "Bearer",
		ExpiresIn:   12 * 60 * 60,
		User:        &picket.AuthenticatedUser{Chain: "solana", WalletAddress: wallet.Address, DisplayAddress: "alice.sol", TokenBalances: balances},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: got.AccessToken})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(balances, claims.TokenBalances); diff != "" || claims.Subject != "solana:"+wallet.Address || claims.Email != "" {
		t.Errorf("got %+v", claims)
	}
}

// TestATokenResponseHasBothSpellings is what standard clients of OAuth 2.0 need, and picket-js.
func TestATokenResponseHasBothSpellings(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	got := tokenFor(t, srv, srv.PublishableKey, exchange(newCode(t, srv, authorizeQuery(srv.Project))))
	var fields map[string]any
	if err := json.Unmarshal([]byte(got.body), &fields); err != nil || got.status != http.StatusOK {
		t.Fatalf("got %d %s, %v", got.status, got.body, err)
	}
	for name, other := range map[string]string{"accessToken": "access_token", "tokenType": "token_type", "expiresIn": "expires_in"} {
		if fields[name] == nil || fields[name] != fields[other] {
			t.Errorf("%s and %s differ, or are not there: %s", name, other, got.body)
		}
	}
	for _, entry := range srv.Journal() {
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), fields["access_token"].(string)) {
			t.Errorf("the journal shows the token: %s", text)
		}
		if entry.Operation == "token" && (!strings.Contains(string(text), `access_token`) || !strings.Contains(string(text), "43200")) {
			t.Errorf("the journal lacks the names or the values that are no secret: %s", text)
		}
	}
}

func TestACodeWorksOnce(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	client := newClient(t, srv, srv.PublishableKey)
	request := picket.OAuthTokenRequest{Code: newCode(t, srv, authorizeQuery(srv.Project)), RedirectURI: redirectURI, CodeVerifier: verifier}
	var succeeded atomic.Int32
	var exchanges sync.WaitGroup
	for range 8 {
		exchanges.Go(func() {
			switch _, err := client.ExchangeGrant(ctx, request); {
			case err == nil:
				succeeded.Add(1)
			case !errors.Is(err, picket.CodeOAuthInvalidGrant):
				t.Error(err)
			}
		})
	}
	exchanges.Wait()
	if n := succeeded.Load(); n != 1 {
		t.Errorf("the code worked %d times", n)
	}
}

func TestACodeLivesFiveMinutes(t *testing.T) {
	now := time.Now()
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithClock(func() time.Time { return now }))
	early, late := newCode(t, srv, authorizeQuery(srv.Project)), newCode(t, srv, authorizeQuery(srv.Project))
	srv.Advance(5*time.Minute - time.Nanosecond)
	if got := tokenFor(t, srv, srv.PublishableKey, exchange(early)); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.msg)
	}
	srv.Advance(time.Nanosecond)
	tokenFor(t, srv, srv.PublishableKey, exchange(late)).wantOAuth(t, 400, picket.CodeOAuthInvalidGrant, "the code is")
}

func TestTheTokenEndpointRefuses(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	set := func(name string, values ...string) func(url.Values) {
		return func(form url.Values) { form[name] = values }
	}
	for name, test := range map[string]struct {
		change func(url.Values)
		code   picket.ErrorCode
		want   string
		spends bool // whether the code is spent by it
	}{
		"no grant type":          {set("grant_type"), picket.CodeOAuthInvalidRequest, "grant_type is required", false},
		"unknown grant type":     {set("grant_type", "client_credentials"), picket.CodeOAuthUnsupportedGrantType, "authorization_code or password", false},
		"no code":                {set("code"), picket.CodeOAuthInvalidRequest, "code is required for the grant authorization_code", false},
		"no redirect URI":        {set("redirect_uri"), picket.CodeOAuthInvalidRequest, "redirect_uri is required", false},
		"no verifier":            {set("code_verifier"), picket.CodeOAuthInvalidRequest, "code_verifier is required", false},
		"verifier given twice":   {set("code_verifier", verifier, verifier), picket.CodeOAuthInvalidRequest, "code_verifier is given more than once", false},
		"short verifier":         {set("code_verifier", "hunter2"), picket.CodeOAuthInvalidRequest, "code_verifier must be 43 to 128", false},
		"another verifier":       {set("code_verifier", strings.Repeat("hunter2", 7)), picket.CodeOAuthInvalidGrant, "code_verifier is not the one", true},
		"the challenge":          {set("code_verifier", challenge), picket.CodeOAuthInvalidGrant, "code_verifier is not the one", true},
		"unknown code":           {set("code", "hunter2"), picket.CodeOAuthInvalidGrant, "the code is not known", false},
		"another redirect URI":   {set("redirect_uri", redirectURI+"/"), picket.CodeOAuthInvalidGrant, "redirect_uri is not the one", true},
		"password, no username":  {set("grant_type", "password"), picket.CodeOAuthInvalidRequest, "username is required for the grant password", false},
		"secret of another kind": {set("client_secret", "hunter2"), picket.CodeOAuthInvalidClient, "both an Authorization header and a client_secret", false},
	} {
		t.Run(name, func(t *testing.T) {
			code := newCode(t, srv, authorizeQuery(srv.Project))
			form := exchange(code)
			test.change(form)
			status := http.StatusBadRequest
			if test.code == picket.CodeOAuthInvalidClient {
				status = http.StatusUnauthorized
			}
			got := tokenFor(t, srv, srv.PublishableKey, form)
			got.wantOAuth(t, status, test.code, test.want)
			for _, secret := range []string{"hunter2", string(code), verifier, challenge} {
				if strings.Contains(got.body, secret) {
					t.Errorf("the message shows a secret: %s", got.body)
				}
			}
			if after := tokenFor(t, srv, srv.PublishableKey, exchange(code)); (after.status == http.StatusOK) == test.spends {
				t.Errorf("afterwards: %d %s", after.status, after.msg)
			}
		})
	}
	t.Run("a code of another project", func(t *testing.T) {
		other := srv.AddProject()
		code := newCode(t, srv, authorizeQuery(srv.Project))
		tokenFor(t, srv, other.PublishableKey, exchange(code)).wantOAuth(t, 400, picket.CodeOAuthInvalidGrant, "of another client")
		if got := tokenFor(t, srv, srv.PublishableKey, exchange(code)); got.status != http.StatusOK {
			t.Errorf("the other project spent the code: %d %s", got.status, got.msg)
		}
	})
	t.Run("parameters in the URL", func(t *testing.T) {
		code := newCode(t, srv, authorizeQuery(srv.Project))
		got := send(t, srv, srv.PublishableKey, http.MethodPost, "/oauth2/token?"+exchange(code).Encode(), "grant_type=authorization_code", "Content-Type", formType)
		got.wantOAuth(t, 400, picket.CodeOAuthInvalidRequest, "the URL has a query")
	})
	t.Run("a misspelt parameter of a form", func(t *testing.T) {
		form := exchange(newCode(t, srv, authorizeQuery(srv.Project)))
		form.Set("codeVerifier", "hunter2")
		tokenFor(t, srv, srv.PublishableKey, form).wantOAuth(t, 400, picket.CodeOAuthInvalidRequest, "did you mean")
	})
	t.Run("an unknown property of JSON", func(t *testing.T) {
		got := send(t, srv, srv.PublishableKey, http.MethodPost, "/oauth2/token", `{"grant_type":"authorization_code","codeVerifier":"hunter2"}`)
		got.wantOAuth(t, 400, picket.CodeOAuthInvalidRequest, "did you mean")
	})
}

// encoded returns a text with each octet percent-encoded.
func encoded(text string) string {
	var b strings.Builder
	for _, octet := range []byte(text) {
		fmt.Fprintf(&b, "%%%02X", octet)
	}
	return b.String()
}

// RFC 7521 section 4.2: nothing here can check an assertion, and whoever sends one means to be authenticated by it.
func TestAClientAssertionIsRefused(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for name, values := range map[string]url.Values{
		"whole":            {"client_assertion": {"hunter2"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}},
		"without its type": {"client_assertion": {"hunter2"}},
		"without itself":   {"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}},
		"empty":            {"client_assertion": {""}},
	} {
		for _, credentials := range []string{"", srv.PublishableKey + ":" + srv.SecretKey} {
			code := newCode(t, srv, authorizeQuery(srv.Project))
			form := exchange(code)
			form.Set("client_id", srv.PublishableKey)
			maps.Copy(form, values)
			got := tokenFor(t, srv, credentials, form)
			got.wantOAuth(t, 401, picket.CodeOAuthInvalidClient, "a client_assertion cannot be checked")
			if strings.Contains(got.body, "hunter2") {
				t.Errorf("%s: the message shows it: %s", name, got.body)
			}
			if after := tokenFor(t, srv, srv.PublishableKey, exchange(code)); after.status != http.StatusOK {
				t.Errorf("%s: the code is spent: %d %s", name, after.status, after.msg)
			}
		}
	}
}

// RFC 6749 section 5.1.
func TestNoCacheKeepsATokenResponse(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for _, code := range []picket.Secret{newCode(t, srv, authorizeQuery(srv.Project)), "unknown"} {
		got := tokenFor(t, srv, srv.PublishableKey, exchange(code))
		if cache, pragma := got.header.Get("Cache-Control"), got.header.Get("Pragma"); cache != "no-store" || pragma != "no-cache" {
			t.Errorf("%d: Cache-Control is %q, and Pragma is %q", got.status, cache, pragma)
		}
	}
}

func TestTheFormsOfAGrantAndItsClient(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	other := srv.AddProject()
	secret, publishable := srv.SecretKey, srv.PublishableKey
	for name, test := range map[string]struct {
		credentials, id, secret string
		want                    string // in the refusal; empty when there is none
	}{
		"publishable key":                 {publishable + ":", "", "", ""},
		"publishable key, picket-node":    {publishable, "", "", ""},
		"publishable key, picket-js":      {" " + publishable, "", "", ""},
		"secret key":                      {secret + ":", "", "", ""},
		"ID and secret in the header":     {publishable + ":" + secret, "", "", ""},
		"ID in both":                      {publishable + ":" + secret, publishable, "", ""},
		"ID in the body, secret key":      {secret + ":", publishable, "", ""},
		"public client":                   {"", publishable, "", ""},
		"ID and secret in the body":       {"", publishable, secret, ""},
		"form-encoded, publishable key":   {url.QueryEscape(publishable) + ":", "", "", ""},
		"every octet encoded":             {encoded(publishable) + ":" + encoded(secret), "", "", ""},
		"as oauth4webapi encodes it":      {strings.ReplaceAll(publishable, "_", "%5F") + ":" + strings.ReplaceAll(secret, "_", "%5f"), "", "", ""},
		"encoded, with the ID":            {encoded(publishable) + ":" + encoded(secret), publishable, "", ""},
		"encoded, wrong secret":           {encoded(publishable) + ":" + encoded(other.SecretKey), "", "", "is not the secret key"},
		"encoded twice":                   {encoded(encoded(publishable)) + ":", "", "", "no project has this key"},
		"encoded with a mistake":          {publishable + "%:", "", "", "no project has this key"},
		"secret with a mistake":           {publishable + ":" + secret + "%", "", "", "is not the secret key"},
		"nothing":                         {"", "", "", "the request has none"},
		"unknown key":                     {"pk_ffffffffffffffffffffffffffffffff:", "", "", "no project has this key"},
		"wrong secret":                    {publishable + ":hunter2", "", "", "is not the secret key"},
		"another project's secret":        {publishable + ":" + other.SecretKey, "", "", "is not the secret key"},
		"publishable key as secret":       {publishable + ":" + publishable, "", "", "is not the secret key"},
		"secret key with a password":      {secret + ":" + secret, "", "", "is not the secret key"},
		"another project's ID":            {publishable + ":", other.PublishableKey, "", "client_id is not the publishable key"},
		"secrets in both":                 {publishable + ":" + secret, publishable, secret, "both an Authorization header and a client_secret"},
		"unknown ID":                      {"", "hunter2", "", "client_id is not a publishable key"},
		"secret key as ID":                {"", secret, "", "client_id is not a publishable key"},
		"wrong secret in the body":        {"", publishable, "hunter2", "is not the secret key"},
		"another's secret in the body":    {"", publishable, other.SecretKey, "is not the secret key"},
		"secret in the body alone":        {"", "", secret, "the request has none"},
		"unknown key, ID of this project": {"hunter2:", publishable, "", "no project has this key"},
	} {
		for _, contentType := range []string{formType, "application/json"} {
			t.Run(name+", "+contentType, func(t *testing.T) {
				fields := exchange(newCode(t, srv, authorizeQuery(srv.Project)))
				if test.id != "" {
					fields.Set("client_id", test.id)
				}
				if test.secret != "" {
					fields.Set("client_secret", test.secret)
				}
				body := fields.Encode()
				if contentType != formType {
					object := map[string]string{}
					for name := range fields {
						object[name] = fields.Get(name)
					}
					text, err := json.Marshal(object)
					if err != nil {
						t.Fatal(err)
					}
					body = string(text)
				}
				var header string
				if test.credentials != "" {
					space := strings.Repeat(" ", 1+strings.Count(test.credentials, " "))
					header = "Basic" + space + base64.StdEncoding.EncodeToString([]byte(strings.TrimSpace(test.credentials)))
				}
				got := send(t, srv, "", http.MethodPost, "/oauth2/token", body, "Content-Type", contentType, "Authorization", header)
				if cache := got.header.Get("Cache-Control"); cache != "no-store" {
					t.Errorf("Cache-Control is %q", cache)
				}
				if test.want == "" {
					if got.status != http.StatusOK {
						t.Errorf("got %d %s", got.status, got.body)
					}
					return
				}
				got.wantOAuth(t, 401, picket.CodeOAuthInvalidClient, test.want)
				if challenge := got.header.Get("WWW-Authenticate"); (challenge == `Basic realm="Picket API"`) != (header != "") {
					t.Errorf("WWW-Authenticate is %q", challenge)
				}
				for _, secret := range []string{"hunter2", secret, other.SecretKey} {
					if strings.Contains(got.body, secret) {
						t.Errorf("the message shows a secret: %s", got.body)
					}
				}
			})
		}
	}
	t.Run("not Basic", func(t *testing.T) {
		got := send(t, srv, "", http.MethodPost, "/oauth2/token", `{"grant_type":"password"}`, "Authorization", "Bearer "+secret)
		got.wantOAuth(t, 401, picket.CodeOAuthInvalidClient, "not Basic")
	})
}

func TestThePasswordGrantLogsAWalletIn(t *testing.T) {
	srv := mock.Start(t) // whose format is siwe: a grant has no context, so that the wallet signs the simple message
	client := newClient(t, srv, srv.PublishableKey)
	request := func(wallet *mock.Wallet) picket.OAuthTokenRequest {
		nonce, err := client.Nonce(ctx, picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address})
		if err != nil {
			t.Fatal(err)
		}
		nonce.Format = picket.MessageFormatSimple
		message, err := picket.SigningMessage(nonce, wallet.Address, picket.SigningMessageContext{})
		if err != nil {
			t.Fatal(err)
		}
		return picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: wallet.Address, Password: wallet.Sign(message), Chain: wallet.Chain}
	}
	for _, wallet := range []*mock.Wallet{mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)} {
		grant := request(wallet)
		grant.Scope = "openid email offline_access"
		got, err := client.ExchangeGrant(ctx, grant)
		if err != nil {
			t.Fatal(err)
		}
		if got.User.Chain != wallet.Chain || got.User.WalletAddress != wallet.Address || got.IDToken == "" || got.Scope != "openid email" {
			t.Errorf("got %+v", got)
		}
		if _, err := client.ExchangeGrant(ctx, grant); !errors.Is(err, picket.CodeOAuthInvalidGrant) || !strings.Contains(err.Error(), "invalid signature") {
			t.Errorf("the nonce is not spent: %v", err)
		}
	}
	for name, test := range map[string]struct {
		change func(*picket.OAuthTokenRequest)
		code   picket.ErrorCode
		want   string
	}{
		"another wallet":   {func(r *picket.OAuthTokenRequest) { r.Username = someAddress }, picket.CodeOAuthInvalidGrant, "invalid signature"},
		"no address":       {func(r *picket.OAuthTokenRequest) { r.Username = "alice" }, picket.CodeOAuthInvalidGrant, "walletAddress is not an address on ethereum"},
		"no signature":     {func(r *picket.OAuthTokenRequest) { r.Password = "hunter2" }, picket.CodeOAuthInvalidGrant, "invalid signature"},
		"a chain too many": {func(r *picket.OAuthTokenRequest) { r.Chain = "bitcoin" }, picket.CodeOAuthInvalidRequest, "there is no chain"},
	} {
		t.Run(name, func(t *testing.T) {
			grant := request(mock.NewEthereumWallet(t))
			test.change(&grant)
			if _, err := client.ExchangeGrant(ctx, grant); !errors.Is(err, test.code) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	form := url.Values{"grant_type": {"password"}, "username": {someAddress}}
	tokenFor(t, srv, srv.PublishableKey, form).wantOAuth(t, 400, picket.CodeOAuthInvalidRequest, "password is required for the grant password")
}
