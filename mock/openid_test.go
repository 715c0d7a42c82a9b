package mock_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestStandardClientsWorkUnchanged goes the whole way with golang.org/x/oauth2 and go-oidc, which know nothing of Picket.
func TestStandardClientsWorkUnchanged(t *testing.T) {
	for name, style := range map[string]oauth2.AuthStyle{"found out": oauth2.AuthStyleAutoDetect, "Basic": oauth2.AuthStyleInHeader, "body": oauth2.AuthStyleInParams} {
		for kind, confidential := range map[string]bool{"public": false, "confidential": true} {
			t.Run(kind+", "+name, func(t *testing.T) {
				srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
				wallet := mock.NewEthereumWallet(t)
				srv.SetDisplayName("ethereum", wallet.Address, "alice.eth")
				provider, err := oidc.NewProvider(ctx, srv.URL)
				if err != nil {
					t.Fatal(err)
				}
				config := oauth2.Config{
					ClientID:    srv.PublishableKey,
					Endpoint:    provider.Endpoint(),
					RedirectURL: redirectURI,
					Scopes:      []string{oidc.ScopeOpenID, "email", "profile"},
				}
				config.Endpoint.AuthStyle = style
				if confidential {
					config.ClientSecret = srv.SecretKey
				}
				pkce := oauth2.GenerateVerifier()
				target, err := url.Parse(config.AuthCodeURL(someState, oauth2.S256ChallengeOption(pkce), oidc.Nonce("n-0S6_WzA2Mj")))
				if err != nil {
					t.Fatal(err)
				}
				// What a browser does: the wallet signs, and the answer comes as a redirect.
				if page := authorize(t, srv, target.Query()); page.status != http.StatusOK || !strings.Contains(page.body, "<form") {
					t.Fatalf("got %d %s", page.status, page.body)
				}
				answered := authorize(t, srv, signed(t, srv, wallet, target.Query())).redirected(t)
				if answered.Get("state") != someState {
					t.Fatalf("got %v", answered)
				}
				token, err := config.Exchange(ctx, answered.Get("code"), oauth2.VerifierOption(pkce))
				if err != nil {
					t.Fatal(err)
				}
				if left := time.Until(token.Expiry); left < 11*time.Hour || left > 12*time.Hour || token.Type() != "Bearer" || token.Extra("scope") != "openid email profile" {
					t.Errorf("got a %s token for %v with %v", token.Type(), left, token.Extra("scope"))
				}

				raw, _ := token.Extra("id_token").(string)
				idToken, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw)
				if err != nil {
					t.Fatal(err)
				}
				if err := idToken.VerifyAccessToken(token.AccessToken); err != nil {
					t.Error(err)
				}
				subject, email := "ethereum:"+wallet.Address, wallet.Address+"@ethereum.wallet.example"
				var claims struct {
					Email    string
					AuthTime int64 `json:"auth_time"`
				}
				if err := idToken.Claims(&claims); err != nil || claims.Email != email {
					t.Errorf("got %+v, %v", claims, err)
				}
				if ago := idToken.IssuedAt.Unix() - claims.AuthTime; ago < 0 || ago > 60 {
					t.Errorf("the user logged in %d seconds ago", ago)
				}
				if idToken.Issuer != srv.URL || idToken.Subject != subject || idToken.Nonce != "n-0S6_WzA2Mj" || idToken.Expiry.Sub(idToken.IssuedAt) != 12*time.Hour {
					t.Errorf("got %+v", idToken)
				}

				user, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
				if err != nil {
					t.Fatal(err)
				}
				got := map[string]string{}
				if err := user.Claims(&got); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(map[string]string{
					"sub": subject, "chain": "ethereum", "walletAddress": wallet.Address,
					"displayAddress": "alice.eth", "preferred_username": "alice.eth", "email": email,
				}, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// header returns the header of a JWT.
func header(t *testing.T, token picket.Secret) (header map[string]string) {
	t.Helper()
	encoded, _, _ := strings.Cut(string(token), ".")
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err == nil {
		err = json.Unmarshal(text, &header)
	}
	if err != nil {
		t.Fatal(err)
	}
	return header
}

// tokenOf logs a new wallet in with a scope.
func tokenOf(t *testing.T, srv *mock.Server, scope string) *picket.OAuthTokenResponse {
	t.Helper()
	query := authorizeQuery(srv.Project)
	query.Set("scope", scope)
	token, err := newClient(t, srv, srv.PublishableKey).ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: newCode(t, srv, query), RedirectURI: redirectURI, CodeVerifier: verifier})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTheScopeSaysWhatIsGiven(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for scope, want := range map[string]struct {
		granted        string
		idToken, email bool
	}{
		"":                           {"", false, false},
		"profile":                    {"profile", false, false},
		"email":                      {"email", false, true},
		"openid":                     {"openid", true, false},
		"email openid openid":        {"openid email", true, true},
		"openids offline_access foo": {"", false, false},
	} {
		t.Run(scope, func(t *testing.T) {
			token := tokenOf(t, srv, scope)
			if token.Scope != want.granted || (token.IDToken != "") != want.idToken {
				t.Errorf("got the scope %q and an ID token of %d bytes", token.Scope, len(token.IDToken))
			}
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				got := send(t, srv, "", method, "/oauth2/userinfo", "", "Authorization", "Bearer "+string(token.AccessToken))
				if got.status != http.StatusOK || strings.Contains(got.body, `"email":"`+token.User.WalletAddress+`@ethereum.wallet.example"`) != want.email {
					t.Errorf("%s: got %d %s", method, got.status, got.body)
				}
			}
			claims, err := newClient(t, srv, srv.SecretKey).Validate(ctx, picket.ValidateRequest{AccessToken: token.AccessToken})
			if err != nil || (claims.Email != "") != want.email {
				t.Errorf("got %+v, %v", claims, err)
			}
		})
	}
	t.Run("a gate keeps the email", func(t *testing.T) {
		client := newClient(t, srv, srv.SecretKey)
		token := tokenOf(t, srv, "email")
		auth, err := client.Authz(ctx, picket.AuthzRequest{
			AccessToken:  token.AccessToken,
			Requirements: picket.Requirements{AllowedWallets: []string{token.User.WalletAddress}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken}); err != nil || claims.Email == "" {
			t.Errorf("got %+v, %v", claims, err)
		}
	})
}

func TestTheKeySetHasTheKeyOfBothTokens(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	token := tokenOf(t, srv, "openid")
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal([]byte(send(t, srv, "", http.MethodGet, "/oauth2/jwks", "").body), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("got %v, %v", set, err)
	}
	key := set.Keys[0]
	if key["kid"] == "" || key["d"] != "" || key["kty"] != "EC" || key["crv"] != "P-256" || key["alg"] != "ES256" || key["use"] != "sig" {
		t.Errorf("got %v", key)
	}
	if diff := cmp.Diff(map[string]string{"alg": "ES256", "typ": "JWT"}, header(t, token.AccessToken)); diff != "" {
		t.Error("access token:", diff)
	}
	if diff := cmp.Diff(map[string]string{"alg": "ES256", "typ": "JWT", "kid": key["kid"]}, header(t, token.IDToken)); diff != "" {
		t.Error("ID token:", diff)
	}
	keys := oidc.NewRemoteKeySet(ctx, srv.URL+"/oauth2/jwks")
	for _, signed := range []picket.Secret{token.AccessToken, token.IDToken} {
		if _, err := keys.VerifySignature(ctx, string(signed)); err != nil {
			t.Error(err)
		}
	}
}

func TestAnIDTokenIsNoAccessToken(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	token := tokenOf(t, srv, "openid")
	body := `{"accessToken":"` + string(token.IDToken) + `"}`
	post(t, srv, "/auth/validate", body).want(t, 400, picket.CodeParameterInvalid, "invalid access token")
	send(t, srv, "", http.MethodGet, "/oauth2/userinfo", "", "Authorization", "Bearer "+string(token.IDToken)).want(t, 401, picket.CodeParameterInvalid, "invalid access token")
}

func TestUserInfoNeedsALivingAccessToken(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	client := newClient(t, srv, srv.SecretKey)
	token := string(mock.NewEthereumWallet(t).Login(t, client).AccessToken)
	foreign := mock.Start(t)
	foreign.RotateSigningKey(nil, 0)
	forged := string(mock.NewEthereumWallet(t).Login(t, newClient(t, foreign, foreign.SecretKey)).AccessToken)
	const realm = `Bearer realm="Picket API"`
	const invalid = realm + `, error="invalid_token"`
	expired := func() string {
		project := srv.AddProject()
		client, err := picket.New(project.SecretKey, picket.WithBaseURL(srv.URL))
		if err != nil {
			t.Fatal(err)
		}
		auth := mock.NewEthereumWallet(t).Login(t, client)
		project.Advance(12 * time.Hour)
		return string(auth.AccessToken)
	}()
	for name, test := range map[string]struct {
		authorization, challenge string
		code                     picket.ErrorCode
	}{
		"none":           {"", realm, picket.CodeAuthenticationRequired},
		"Basic":          {"Basic " + base64.StdEncoding.EncodeToString([]byte(srv.SecretKey+":")), invalid, picket.CodeParameterInvalid},
		"no token":       {"Bearer", invalid, picket.CodeParameterInvalid},
		"no JWT":         {"Bearer hunter2", invalid, picket.CodeParameterInvalid},
		"altered":        {"Bearer " + token[:len(token)-8] + "AAAAAAAA", invalid, picket.CodeParameterInvalid},
		"another server": {"Bearer " + forged, invalid, picket.CodeParameterInvalid},
		"expired":        {"Bearer " + expired, invalid, picket.CodeParameterInvalid},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(method+", "+name, func(t *testing.T) {
				got := send(t, srv, "", method, "/oauth2/userinfo", "", "Authorization", test.authorization)
				got.want(t, 401, test.code, "")
				if challenge := got.header.Get("WWW-Authenticate"); challenge != test.challenge {
					t.Errorf("WWW-Authenticate is %q", challenge)
				}
				if strings.Contains(got.body, "hunter2") {
					t.Errorf("the message shows the token: %s", got.body)
				}
			})
		}
	}
	t.Run("of any project, in any case, and with a form as standard clients send", func(t *testing.T) {
		got := send(t, srv, "", http.MethodPost, "/oauth2/userinfo", "a=b", "Authorization", "bEARER "+token, "Content-Type", formType)
		if got.status != http.StatusOK {
			t.Errorf("got %d %s", got.status, got.body)
		}
	})
}

func TestTheIssuerIsWhereTheClientSeesTheAPI(t *testing.T) {
	srv, err := mock.New(mock.WithRedirectURI(redirectURI))
	if err != nil {
		t.Fatal(err)
	}
	issuer := func(url string, header ...string) string {
		request := httptest.NewRequestWithContext(context.Background(), http.MethodGet, url+"/.well-known/openid-configuration", nil)
		for i := 0; i < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		response := httptest.NewRecorder()
		srv.Handler().ServeHTTP(response, request)
		var configuration struct {
			Issuer  string
			JWKSURI string `json:"jwks_uri"`
		}
		if err := json.Unmarshal(response.Body.Bytes(), &configuration); err != nil {
			t.Fatal(err)
		}
		if configuration.JWKSURI != configuration.Issuer+"/oauth2/jwks" {
			t.Errorf("got %+v", configuration)
		}
		return configuration.Issuer
	}
	for want, got := range map[string]string{
		"http://127.0.0.1:4010/api/v1":     issuer("http://127.0.0.1:4010/api/v1"),
		"http://localhost:4010/api/v1":     issuer("http://localhost:4010/api/v1"),
		"https://picket.test/api/v1":       issuer("https://picket.test/api/v1"),
		"http://tunnel.picket.test/api/v1": issuer("http://tunnel.picket.test/api/v1", "X-Forwarded-Proto", "https"),
	} {
		if got != want {
			t.Errorf("got %s instead of %s", got, want)
		}
	}
}
