package verify

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/seed-a13ee279/picket/picket"
)

// redirectURI is the one that picket-mock is told to allow.
const redirectURI = "http://localhost:3000/callback"

// oauth checks the authorization code flow (RFC 6749 section 4.1, RFC 7636), the password grant and OpenID Connect.
func (r *run) oauth(ctx context.Context) {
	f := &oauthFlow{run: r, http: r.http, publishableKey: r.config.PublishableKey, secretKey: r.key, redirectURI: r.config.RedirectURI}
	if r.control != nil {
		f.setUp(ctx)
	}
	r.check(ctx, "OpenID: the configuration", func(ctx context.Context) error {
		return f.get(ctx, r.base+"/.well-known/openid-configuration", "", &f.provider)
	})
	// A gateway before the server may have another base path than the server that the configuration names.
	if issuer, err := url.Parse(f.provider.Issuer); err == nil && issuer.Host != "" {
		if api, err := r.api.At(issuer.EscapedPath()); err == nil {
			f.http = r.checking(api)
		}
	}
	r.check(ctx, "OpenID: the keys", func(ctx context.Context) error {
		return f.get(ctx, f.provider.JWKSURI, "", &struct{}{})
	})
	f.authorization(ctx)
	f.grants(ctx)
	r.check(ctx, "tokenOwnership: a publishable key is refused", func(ctx context.Context) error {
		client, err := f.client()
		if err != nil {
			return err
		}
		_, err = client.TokenOwnership(ctx, "ethereum", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
			picket.TokenOwnershipRequest{ContractAddress: realTokens["ethereum"].ContractAddress})
		return refused(err, picket.CodePermissionDenied)
	})
}

// oauthFlow is what the checks of OAuth 2.0 have in common.
type oauthFlow struct {
	*run
	http           *http.Client // for the addresses that the configuration names
	publishableKey string
	secretKey      string // of the same project
	redirectURI    string
	provider       struct {
		Issuer                string `json:"issuer"`
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		UserinfoEndpoint      string `json:"userinfo_endpoint"`
		JWKSURI               string `json:"jwks_uri"`
	}
}

// setUp makes a project, where no publishable key is given, and allows the redirect URI. When that fails the checks are
// skipped as on any other server, and that of the examples tells.
func (f *oauthFlow) setUp(ctx context.Context) {
	if f.publishableKey == "" {
		p, err := f.control.addProject(ctx, "")
		if err != nil {
			return
		}
		f.publishableKey, f.secretKey = p.PublishableKey, p.SecretKey
	}
	if f.redirectURI == "" && f.control.tell(ctx, f.publishableKey, http.MethodPost, "/redirectURIs", map[string]any{"redirectURI": redirectURI}, nil) == nil {
		f.redirectURI = redirectURI
	}
}

var errNotNamed = errors.New("the OpenID configuration does not name its address")

// client returns a client with the publishable key.
func (f *oauthFlow) client() (*picket.Client, error) {
	if f.publishableKey == "" {
		return nil, skip("needs a publishable key")
	}
	return f.connect(f.publishableKey)
}

// get reads JSON from a URL.
func (f *oauthFlow) get(ctx context.Context, url, bearer string, result any) error {
	return f.read(ctx, http.MethodGet, url, bearer, result)
}

func (f *oauthFlow) read(ctx context.Context, method, url, bearer string, result any) error {
	if url == "" {
		return errNotNamed
	}
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	status, body, err := do(f.http, request)
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return fmt.Errorf("it is answered with %d", status)
	}
	return json.Unmarshal(body, result)
}

// authorizationRequest is the query of a request to the authorization endpoint, with the verifier that belongs to it.
func (f *oauthFlow) authorizationRequest() (url.Values, picket.Secret) {
	verifier := rand.Text() + rand.Text()
	challenge := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {f.publishableKey}, "redirect_uri": {f.redirectURI}, "state": {"c3RhdGUrLz0="}, "scope": {"openid email profile"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}, picket.Secret(verifier)
}

// authorize sends a request to the authorization endpoint, with the login of a new wallet if there is a chain.
func (f *oauthFlow) authorize(ctx context.Context, query url.Values, chain string) (*http.Response, error) {
	if f.provider.AuthorizationEndpoint == "" {
		return nil, errNotNamed
	}
	if chain != "" {
		client, err := f.client()
		if err != nil {
			return nil, err
		}
		login, err := f.signed(ctx, client, chain, picket.MessageFormatSIWE)
		if err != nil {
			return nil, err
		}
		for name, value := range map[string]string{
			"chain": chain, "walletAddress": login.WalletAddress, "signature": string(login.Signature),
			"domain": login.Context.Domain, "uri": login.Context.URI, "issuedAt": login.Context.IssuedAt,
		} {
			query.Set(name, value)
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.provider.AuthorizationEndpoint+"?"+query.Encode(), nil)
	if err != nil {
		return nil, withoutURL(err)
	}
	response, err := f.http.Do(request)
	return response, withoutURL(err)
}

// redirected returns the answer in the query of the redirect URI.
func (f *oauthFlow) redirected(response *http.Response) (url.Values, error) {
	_ = response.Body.Close()
	location, err := response.Location()
	if err != nil || !strings.HasPrefix(location.String(), f.redirectURI) {
		return nil, fmt.Errorf("it is answered with %d, and must redirect to the redirect URI", response.StatusCode)
	}
	answer := location.Query()
	if answer.Get("state") != "c3RhdGUrLz0=" {
		return nil, errors.New("the state does not come back as it was sent")
	}
	return answer, nil
}

// code gets an authorization code.
func (f *oauthFlow) code(ctx context.Context, chain string) (picket.OAuthTokenRequest, error) {
	query, verifier := f.authorizationRequest()
	response, err := f.authorize(ctx, query, chain)
	if err != nil {
		return picket.OAuthTokenRequest{}, err
	}
	answer, err := f.redirected(response)
	if err == nil && answer.Get("code") == "" {
		err = fmt.Errorf("it is refused, with the error %.64q", answer.Get("error"))
	}
	return picket.OAuthTokenRequest{Code: picket.Secret(answer.Get("code")), RedirectURI: f.redirectURI, CodeVerifier: verifier}, err
}

func (f *oauthFlow) needs() error {
	switch {
	case f.publishableKey == "":
		return skip("needs a publishable key")
	case f.redirectURI == "":
		return skip("needs a redirect URI that the project allows")
	}
	return nil
}

func (f *oauthFlow) authorization(ctx context.Context) {
	page := func(ctx context.Context, query url.Values, chain string, want int) error {
		response, err := f.authorize(ctx, query, chain)
		if err != nil {
			return err
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			return fmt.Errorf("it must be answered with %d, and is with %d", want, response.StatusCode)
		}
		return nil
	}
	f.check(ctx, "OAuth: an unknown client is not redirected", func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		query.Set("client_id", "pk_ffffffffffffffffffffffffffffffff")
		query.Set("redirect_uri", "https://elsewhere.example/callback")
		return page(ctx, query, "", http.StatusBadRequest)
	})
	f.check(ctx, "OAuth: nobody is redirected to where the project does not allow it", func(ctx context.Context) error {
		if f.publishableKey == "" {
			return skip("needs a publishable key")
		}
		query, _ := f.authorizationRequest()
		query.Set("redirect_uri", "https://elsewhere.example/callback")
		return page(ctx, query, "", http.StatusBadRequest)
	})
	f.check(ctx, "OAuth: a page asks for a signature where there is none", func(ctx context.Context) error {
		if err := f.needs(); err != nil {
			return err
		}
		query, _ := f.authorizationRequest()
		return page(ctx, query, "", http.StatusOK)
	})
	f.check(ctx, "OAuth: a page posts the answer in the mode web_message", func(ctx context.Context) error {
		if err := f.needs(); err != nil {
			return err
		}
		query, _ := f.authorizationRequest()
		query.Set("response_mode", "web_message")
		return page(ctx, query, "ethereum", http.StatusOK)
	})
	f.check(ctx, "OAuth: a wallet that is not on the list is refused with access_denied", func(ctx context.Context) error {
		if err := f.needs(); err != nil {
			return err
		}
		other, err := newWallet("ethereum")
		if err != nil {
			return err
		}
		query, _ := f.authorizationRequest()
		query.Set("allowedWallets", other.Address)
		response, err := f.authorize(ctx, query, "ethereum")
		if err != nil {
			return err
		}
		answer, err := f.redirected(response)
		if err == nil && answer.Get("error") != "access_denied" {
			err = fmt.Errorf("the error is %.64q", answer.Get("error"))
		}
		return err
	})
}

func (f *oauthFlow) grants(ctx context.Context) {
	for _, chain := range []string{"ethereum", "solana"} {
		var grant picket.OAuthTokenRequest
		var token *picket.OAuthTokenResponse
		f.check(ctx, "OAuth: "+chain+": a code is exchanged for a token", func(ctx context.Context) error {
			if err := f.needs(); err != nil {
				return err
			}
			client, err := f.client()
			if err != nil {
				return err
			}
			if grant, err = f.code(ctx, chain); err != nil {
				return err
			}
			token, err = client.ExchangeGrant(ctx, grant)
			return err
		})
		withToken := func(f func(ctx context.Context) error) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				switch {
				case grant.Code == "":
					return skip("needs the code before it")
				case token == nil:
					return errors.New("there is no token")
				}
				return f(ctx)
			}
		}
		f.check(ctx, "OAuth: "+chain+": a code works once", withToken(func(ctx context.Context) error {
			client, err := f.client()
			if err != nil {
				return err
			}
			_, err = client.ExchangeGrant(ctx, grant)
			return refused(err, picket.CodeOAuthInvalidGrant)
		}))
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			f.check(ctx, "OpenID: "+chain+": userinfo by "+method, withToken(func(ctx context.Context) error {
				var user struct {
					Subject string `json:"sub"`
				}
				err := f.read(ctx, method, f.provider.UserinfoEndpoint, string(token.AccessToken), &user)
				if err == nil && !strings.HasPrefix(user.Subject, chain+":") {
					err = errors.New("sub is another user")
				}
				return err
			}))
		}
		f.check(ctx, "OpenID: "+chain+": the ID token has the provider's signature", withToken(func(ctx context.Context) error {
			if f.provider.JWKSURI == "" {
				return errNotNamed
			}
			ctx = oidc.ClientContext(ctx, f.http)
			keys := oidc.NewRemoteKeySet(ctx, f.provider.JWKSURI)
			verifier := oidc.NewVerifier(f.provider.Issuer, keys, &oidc.Config{ClientID: f.publishableKey, SupportedSigningAlgs: []string{oidc.ES256}})
			if _, err := verifier.Verify(ctx, string(token.IDToken)); err != nil {
				return errors.New("a standard client refuses the ID token") // its words may quote it
			}
			return nil
		}))
	}
	f.check(ctx, "OAuth: a wrong verifier is refused", func(ctx context.Context) error {
		if err := f.needs(); err != nil {
			return err
		}
		client, err := f.client()
		if err != nil {
			return err
		}
		grant, err := f.code(ctx, "ethereum")
		if err != nil {
			return err
		}
		grant.CodeVerifier = picket.Secret(rand.Text() + rand.Text())
		_, err = client.ExchangeGrant(ctx, grant)
		return refused(err, picket.CodeOAuthInvalidGrant)
	})
	password := func(ctx context.Context, spoil func(*picket.OAuthTokenRequest) error) error {
		client, err := f.client()
		if err != nil {
			return err
		}
		login, err := f.signed(ctx, client, "ethereum", picket.MessageFormatSimple)
		if err != nil {
			return err
		}
		grant := picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: login.WalletAddress, Password: login.Signature}
		if err := spoil(&grant); err != nil {
			return err
		}
		_, err = client.ExchangeGrant(ctx, grant)
		return err
	}
	f.check(ctx, "OAuth: a wallet and its signature are exchanged for a token", func(ctx context.Context) error {
		return password(ctx, func(*picket.OAuthTokenRequest) error { return nil })
	})
	f.check(ctx, "OAuth: a wallet and another one's signature are refused", func(ctx context.Context) error {
		return refused(password(ctx, func(grant *picket.OAuthTokenRequest) error {
			other, err := newWallet("ethereum")
			if err != nil {
				return err
			}
			grant.Username = other.Address
			return nil
		}), picket.CodeOAuthInvalidGrant)
	})
}
