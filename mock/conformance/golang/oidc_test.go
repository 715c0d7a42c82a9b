package golang_test

import (
	"cmp"
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/mock"
)

const (
	callback = "http://localhost:3000/callback" // the browser stops before it, so that nothing has to listen there
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
)

// TestGoOIDC lets go-oidc and golang.org/x/oauth2, which know nothing of Picket, do what the clients in other languages do. make
// conformance prints a line for each subtest.
func TestGoOIDC(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(callback))
	c := &client{wallet: srv.TestWallets()[0].Address}
	if !t.Run("discovery: the issuer is enough", func(t *testing.T) {
		var err error
		if c.provider, err = oidc.NewProvider(context.WithoutCancel(t.Context()), srv.URL); err != nil {
			t.Fatal(err)
		}
	}) {
		return
	}
	c.verifier = c.provider.Verifier(&oidc.Config{ClientID: srv.PublishableKey})
	c.config = oauth2.Config{
		ClientID:     srv.PublishableKey,
		ClientSecret: srv.SecretKey,
		RedirectURL:  callback,
		Scopes:       []string{oidc.ScopeOpenID, "email"},
		Endpoint:     c.provider.Endpoint(),
	}
	c.checkLogins(t)
	c.checkRefusals(t)
	c.checkRotation(t, srv)
}

func (c *client) checkLogins(t *testing.T) {
	inHeader, inForm, public := c.config, c.config, c.config
	inHeader.Endpoint.AuthStyle, inForm.Endpoint.AuthStyle, public.ClientSecret = oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams, ""
	for _, test := range []struct {
		name   string
		config oauth2.Config
	}{
		{"the secret in the header", inHeader},
		{"the secret in the form", inForm},
		{"the secret where the library finds out that it works", c.config},
		{"a public client", public},
	} {
		t.Run("login and userinfo: "+test.name, func(t *testing.T) {
			token, err := c.login(t, test.config, "approve")
			if err != nil {
				t.Fatal(err)
			}
			idToken, err := c.verifyIDToken(t.Context(), token)
			if err == nil {
				err = idToken.VerifyAccessToken(token.AccessToken)
			}
			if err != nil {
				t.Fatal(err)
			}
			user, err := c.provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
			if err != nil {
				t.Fatal(err)
			}
			if want := "ethereum:" + c.wallet; idToken.Subject != want || user.Subject != want {
				t.Errorf("logged in %s, and the user is %s", idToken.Subject, user.Subject)
			}
		})
	}
}

func (c *client) checkRefusals(t *testing.T) {
	gate := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("contractAddress", contract), oauth2.SetAuthURLParam("minTokenBalance", "1000000")}
	for _, test := range []struct {
		name, decision string
		options        []oauth2.AuthCodeOption
	}{
		{"the user says no", "deny", nil},
		{"the gate stays closed", "approve", gate},
	} {
		t.Run("refusal: "+test.name, func(t *testing.T) {
			if _, err := c.login(t, c.config, test.decision, test.options...); err == nil || err.Error() != "access_denied" {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("refusal: a secret that is wrong", func(t *testing.T) {
		config := c.config
		config.ClientSecret = "sk_wrong"
		var refused *oauth2.RetrieveError
		if _, err := c.login(t, config, "approve"); !errors.As(err, &refused) || refused.ErrorCode != "invalid_client" {
			t.Errorf("got %v", err)
		}
	})
}

// checkRotation rotates the keys of the mock. go-oidc fetches them whenever none of those that it has verifies a token.
func (c *client) checkRotation(t *testing.T, srv *mock.Server) {
	keys := oidc.NewRemoteKeySet(context.WithoutCancel(t.Context()), srv.URL+"/oauth2/jwks")
	ofProject := oidc.NewVerifier("picketapi.com", keys, &oidc.Config{ClientID: srv.ID, SupportedSigningAlgs: []string{oidc.ES256}})
	for _, test := range []struct {
		name   string
		verify func(context.Context, *oauth2.Token) (*oidc.IDToken, error)
	}{
		{"ID tokens", c.verifyIDToken},
		{"access tokens, which name no key", func(ctx context.Context, token *oauth2.Token) (*oidc.IDToken, error) {
			return ofProject.Verify(ctx, token.AccessToken)
		}},
	} {
		newToken := func(t *testing.T) *oauth2.Token {
			t.Helper()
			token, err := c.login(t, c.config, "approve")
			if err == nil {
				_, err = test.verify(t.Context(), token)
			}
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		var first, second *oauth2.Token
		if !t.Run("key rotation: a new key is fetched: "+test.name, func(t *testing.T) {
			first = newToken(t)
			srv.RotateSigningKey(nil, time.Minute)
			second = newToken(t)
			if header(first) == header(second) {
				t.Error("the key is still the same")
			}
		}) {
			continue
		}
		t.Run("key rotation: an old token is valid while its key is served: "+test.name, func(t *testing.T) {
			if _, err := test.verify(t.Context(), first); err != nil {
				t.Error(err)
			}
		})
		t.Run("key rotation: a token is refused when its key is no longer served: "+test.name, func(t *testing.T) {
			srv.RotateSigningKey(nil, 0)
			newToken(t) // and so the keys are fetched again
			// go-oidc uses the keys that it fetched before it forgets the others, so there may be a moment in which it knows both.
			var err error
			for end := time.Now().Add(5 * time.Second); err == nil && time.Now().Before(end); {
				_, err = test.verify(t.Context(), second)
			}
			if err == nil || !strings.Contains(err.Error(), "failed to verify") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// client is a site that logs users in, who all have the same wallet.
type client struct {
	wallet   string
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	config   oauth2.Config
}

func (c *client) verifyIDToken(ctx context.Context, token *oauth2.Token) (*oidc.IDToken, error) {
	return c.verifier.Verify(ctx, idToken(token))
}

// header returns the encoded header of the ID token, which names the key.
func header(token *oauth2.Token) string {
	header, _, _ := strings.Cut(idToken(token), ".")
	return header
}

func idToken(token *oauth2.Token) string {
	raw, _ := token.Extra("id_token").(string)
	return raw
}

// login sends a browser to the login page and lets a person decide there. The error is what the callback or the exchange of the code says.
func (c *client) login(t *testing.T, config oauth2.Config, decision string, options ...oauth2.AuthCodeOption) (*oauth2.Token, error) {
	t.Helper()
	pkce := oauth2.GenerateVerifier()
	answered := decide(t, config.AuthCodeURL("some state", append(options, oauth2.S256ChallengeOption(pkce))...), decision, c.wallet)
	if answered.Get("state") != "some state" {
		t.Fatal("the state did not come back")
	}
	if code := answered.Get("error"); code != "" {
		return nil, errors.New(code)
	}
	return config.Exchange(t.Context(), answered.Get("code"), oauth2.VerifierOption(pkce))
}

var action = regexp.MustCompile(`<form method="post" action="([^"]*)">`)

// decide opens the login page, approves with a wallet or denies, and returns what the callback is told.
func decide(t *testing.T, page, decision, wallet string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	shown, err := browser.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(shown.Body)
	err = cmp.Or(err, shown.Body.Close())
	match := action.FindSubmatch(text)
	if err != nil || match == nil {
		t.Fatalf("the login page is %s %s, %v", shown.Status, text, err)
	}
	target, err := shown.Request.URL.Parse(html.UnescapeString(string(match[1])))
	if err != nil {
		t.Fatal(err)
	}
	response, err := browser.PostForm(target.String(), url.Values{"decision": {decision}, "wallet": {wallet}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	location, err := response.Location()
	if err != nil {
		t.Fatalf("the decision was answered with %s, %v", response.Status, err)
	}
	return location.Query()
}
