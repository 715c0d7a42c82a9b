package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/seed-a13ee279/picket/picket"
)

// codeGrants checks what an authorization code is exchanged for.
func (f *oauthFlow) codeGrants(ctx context.Context) {
	for _, chain := range []string{"ethereum", "solana"} {
		f.codeGrant(ctx, chain)
	}
	f.r.check(ctx, "OAuth: a wrong code verifier is refused", f.needsRedirect(func(ctx context.Context) error {
		p, err := f.keyed()
		if err != nil {
			return err
		}
		grant, err := f.code(ctx, "ethereum")
		if err != nil {
			return err
		}
		grant.CodeVerifier = newVerifier()
		_, err = p.client.ExchangeGrant(ctx, grant)
		return refused(err, picket.CodeOAuthInvalidGrant)
	}))
}

// exchange is a code, and the tokens that it was exchanged for.
type exchange struct {
	grant    picket.OAuthTokenRequest
	received *picket.OAuthTokenResponse // nil if it failed
}

// needed wraps a check so that it is skipped without a code, and fails without the tokens.
func (e *exchange) needed(check func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		switch {
		case e.grant.Code == "":
			return skip("needs an authorization code, and there is none")
		case e.received == nil:
			return errors.New("it needs an access token, and the code was not exchanged for one")
		}
		return check(ctx)
	}
}

func (f *oauthFlow) codeGrant(ctx context.Context, chain string) {
	var e exchange
	oauth, openID := "OAuth: "+chain+": ", "OpenID: "+chain+": "
	f.r.check(ctx, oauth+"a code is exchanged for a token", f.needsRedirect(func(ctx context.Context) error {
		p, err := f.keyed()
		if err != nil {
			return err
		}
		if e.grant, err = f.code(ctx, chain); err != nil {
			return err
		}
		e.received, err = p.client.ExchangeGrant(ctx, e.grant)
		return err
	}))
	f.r.check(ctx, oauth+"a code works once", e.needed(func(ctx context.Context) error {
		p, err := f.keyed()
		if err != nil {
			return err
		}
		_, err = p.client.ExchangeGrant(ctx, e.grant)
		return refused(err, picket.CodeOAuthInvalidGrant)
	}))
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		f.r.check(ctx, openID+"userinfo by "+method+" is about the user", e.needed(func(ctx context.Context) error {
			return f.userInfo(ctx, method, chain, e.received.AccessToken)
		}))
	}
	f.r.check(ctx, openID+"the ID token has the provider's signature", e.needed(func(ctx context.Context) error {
		_, err := f.idToken(ctx, e.received.IDToken)
		return err
	}))
	f.r.check(ctx, openID+"the ID token says when the user logged in, and names the access token", e.needed(func(ctx context.Context) error {
		token, err := f.idToken(ctx, e.received.IDToken)
		if err != nil {
			return err
		}
		var claims struct {
			LoggedInAt int64 `json:"auth_time"`
		}
		switch err := token.Claims(&claims); {
		case err != nil || claims.LoggedInAt <= 0 || claims.LoggedInAt > token.IssuedAt.Unix():
			return errors.New("auth_time is not a time before iat")
		case token.VerifyAccessToken(string(e.received.AccessToken)) != nil:
			return errors.New("at_hash is not that of the access token")
		}
		return nil
	}))
}

// code returns what exchanges a new authorization code for tokens.
func (f *oauthFlow) code(ctx context.Context, chain string) (picket.OAuthTokenRequest, error) {
	query, verifier := f.authorizationRequest()
	response, err := f.authorize(ctx, query, chain)
	if err != nil {
		return picket.OAuthTokenRequest{}, err
	}
	answer, err := f.redirected(response)
	if err == nil && answer.Get("code") == "" {
		err = fmt.Errorf("there is no code; the error is %.64q", answer.Get("error"))
	}
	return picket.OAuthTokenRequest{Code: picket.Secret(answer.Get("code")), RedirectURI: f.redirectURI, CodeVerifier: verifier}, err
}

func (f *oauthFlow) userInfo(ctx context.Context, method, chain string, token picket.Secret) error {
	var user struct {
		Subject string `json:"sub"`
	}
	err := f.readJSON(ctx, method, f.provider.UserinfoEndpoint, token, &user)
	if err == nil && !strings.HasPrefix(user.Subject, chain+":") {
		err = errors.New("sub is a different user")
	}
	return err
}

// idToken verifies an ID token as any OpenID client does.
func (f *oauthFlow) idToken(ctx context.Context, token picket.Secret) (*oidc.IDToken, error) {
	if f.provider.JWKSURI == "" {
		return nil, errNotNamed
	}
	ctx = oidc.ClientContext(ctx, f.http)
	keys := oidc.NewRemoteKeySet(ctx, f.provider.JWKSURI)
	config := &oidc.Config{ClientID: f.project.publishableKey, SupportedSigningAlgs: []string{oidc.ES256}}
	verified, err := oidc.NewVerifier(f.provider.Issuer, keys, config).Verify(ctx, string(token))
	if err != nil {
		return nil, errors.New("a standard OpenID client refuses the ID token") // the error may quote the token
	}
	return verified, nil
}

// passwordGrants checks the password grant: the username is a wallet's address, and the password its signature of the simple message,
// which names no site.
func (f *oauthFlow) passwordGrants(ctx context.Context) {
	if f.project.needsSite() {
		f.r.check(ctx, "OAuth: a wallet's address and signature are refused, because the message names no allowed domain", func(ctx context.Context) error {
			grant, p, err := f.password(ctx)
			if err != nil {
				return err
			}
			_, err = p.client.ExchangeGrant(ctx, grant)
			return refused(err, picket.CodeOAuthInvalidGrant)
		})
	} else {
		f.r.check(ctx, "OAuth: a wallet's address and signature are exchanged for a token", func(ctx context.Context) error {
			grant, p, err := f.password(ctx)
			if err != nil {
				return err
			}
			_, err = p.client.ExchangeGrant(ctx, grant)
			return err
		})
	}
	f.r.check(ctx, "OAuth: a wallet's address and another wallet's signature are refused", func(ctx context.Context) error {
		grant, p, err := f.password(ctx)
		if err != nil {
			return err
		}
		other, err := newWallet("ethereum")
		if err != nil {
			return err
		}
		grant.Username = other.Address
		_, err = p.client.ExchangeGrant(ctx, grant)
		return refused(err, picket.CodeOAuthInvalidGrant)
	})
}

// password returns what logs a new wallet in by the password grant, and the project that it logs in to.
func (f *oauthFlow) password(ctx context.Context) (picket.OAuthTokenRequest, project, error) {
	p, err := f.keyed()
	if err != nil {
		return picket.OAuthTokenRequest{}, p, err
	}
	login, err := f.r.signed(ctx, p, "ethereum", picket.MessageFormatSimple)
	return picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: login.WalletAddress, Password: login.Signature}, p, err
}
