package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/picket"
)

// redirectURI is the redirect URI that picket-mock is asked to allow.
const redirectURI = "http://localhost:3000/callback"

// oauth checks the authorization code flow (RFC 6749 section 4.1, RFC 7636), the password grant and OpenID Connect.
func (r *run) oauth(ctx context.Context) {
	f := &oauthFlow{r: r, http: r.http, project: r.project, redirectURI: r.set.redirectURI}
	if r.control != nil {
		f.setUp(ctx)
	}
	r.check(ctx, "OpenID: the configuration can be read", func(ctx context.Context) error {
		return f.readJSON(ctx, http.MethodGet, r.base+"/.well-known/openid-configuration", "", &f.provider)
	})
	// A gateway in front of the server may have a different base path than the server that the configuration names.
	if issuer, err := url.Parse(f.provider.Issuer); err == nil && issuer.Host != "" {
		if api, err := r.api.At(issuer.EscapedPath()); err == nil {
			f.http = r.checking(api.Base())
		}
	}
	r.check(ctx, "OpenID: the keys can be read", func(ctx context.Context) error {
		var set struct{ Keys []json.RawMessage }
		err := f.readJSON(ctx, http.MethodGet, f.provider.JWKSURI, "", &set)
		if err == nil && len(set.Keys) == 0 {
			err = errors.New("there is no key")
		}
		return err
	})
	f.authorization(ctx)
	f.standards(ctx)
	f.codeGrants(ctx)
	f.passwordGrants(ctx)
	r.check(ctx, "tokenOwnership: a publishable key is refused", func(ctx context.Context) error {
		p, err := f.keyed()
		if err != nil {
			return err
		}
		_, err = p.client.TokenOwnership(ctx, "ethereum", someAddress,
			picket.TokenOwnershipRequest{ContractAddress: realTokens["ethereum"].ContractAddress})
		return refused(err, picket.CodePermissionDenied)
	})
}

// oauthFlow is what the checks of OAuth 2.0 have in common.
type oauthFlow struct {
	r           *run
	http        *http.Client // for the addresses that the configuration names
	project     project      // without a publishable key if there is none
	redirectURI string       // empty if there is none
	provider    struct {
		Issuer                string `json:"issuer"`
		AuthorizationEndpoint string `json:"authorization_endpoint"`
		TokenEndpoint         string `json:"token_endpoint"`
		EndSessionEndpoint    string `json:"end_session_endpoint"`
		NamesItself           bool   `json:"authorization_response_iss_parameter_supported"`
		UserinfoEndpoint      string `json:"userinfo_endpoint"`
		JWKSURI               string `json:"jwks_uri"`
	}
}

// setUp makes a project if no publishable key is given, and allows the redirect URI. If that fails, the checks are skipped as on any
// other server.
func (f *oauthFlow) setUp(ctx context.Context) {
	if f.project.publishableKey == "" {
		p, err := f.r.addProject(ctx, "")
		if err != nil {
			return
		}
		f.project = p
	}
	if f.redirectURI == "" {
		allowed := map[string]any{"redirectURI": redirectURI}
		if f.r.control.call(ctx, f.project.publishableKey, http.MethodPost, "/redirectURIs", allowed, nil) == nil {
			f.redirectURI = redirectURI
		}
	}
}

// keyed returns the project with a client that has its publishable key.
func (f *oauthFlow) keyed() (project, error) {
	p := f.project
	if p.publishableKey == "" {
		return p, skip("needs a publishable key")
	}
	var err error
	p.client, err = f.r.connect(p.publishableKey)
	return p, err
}

// needsRedirect wraps a check so that it is skipped where nothing can be redirected.
func (f *oauthFlow) needsRedirect(check func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		switch {
		case f.project.publishableKey == "":
			return skip("needs a publishable key")
		case f.redirectURI == "":
			return skip("needs a redirect URI that the project allows")
		}
		return check(ctx)
	}
}

var errNotNamed = errors.New("the OpenID configuration does not name its address")

// readJSON reads JSON from a URL, with an access token if there is one.
func (f *oauthFlow) readJSON(ctx context.Context, method, url string, token picket.Secret, result any) error {
	if url == "" {
		return errNotNamed
	}
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+string(token))
	}
	status, body, err := do(f.http, request)
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return fmt.Errorf("the status is %d, and must be 200", status)
	}
	return json.Unmarshal(body, result)
}
