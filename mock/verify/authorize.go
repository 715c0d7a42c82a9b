package verify

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// authorization checks the authorization endpoint.
func (f *oauthFlow) authorization(ctx context.Context) {
	f.r.check(ctx, "OAuth: an unknown client is not redirected", func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		query.Set("client_id", "pk_ffffffffffffffffffffffffffffffff")
		query.Set("redirect_uri", elsewhere)
		return f.page(ctx, query, "", http.StatusBadRequest)
	})
	f.r.check(ctx, "OAuth: nobody is redirected to a URI that the project does not allow", func(ctx context.Context) error {
		if _, err := f.keyed(); err != nil {
			return err
		}
		query, _ := f.authorizationRequest()
		query.Set("redirect_uri", elsewhere)
		return f.page(ctx, query, "", http.StatusBadRequest)
	})
	f.r.check(ctx, "OAuth: a page asks for a signature if the request has none", f.needsRedirect(func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		return f.page(ctx, query, "", http.StatusOK)
	}))
	f.r.check(ctx, "OAuth: a page posts the response in the mode web_message", f.needsRedirect(func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		query.Set("response_mode", "web_message")
		return f.page(ctx, query, "ethereum", http.StatusOK)
	}))
	f.r.check(ctx, "OAuth: a wallet that is not on the list is refused with access_denied", f.needsRedirect(f.notOnTheList))
}

const (
	// elsewhere is a redirect URI that no project allows.
	elsewhere = "https://elsewhere.example/callback"
	// state has what gets lost where the state is not encoded properly.
	state = "c3RhdGUrLz0="
)

// authorizationRequest returns the query of a request to the authorization endpoint, and the code verifier that belongs to it.
func (f *oauthFlow) authorizationRequest() (url.Values, picket.Secret) {
	verifier := newVerifier()
	challenge := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id":             {f.project.publishableKey},
		"redirect_uri":          {f.redirectURI},
		"state":                 {state},
		"scope":                 {"openid email profile"},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}, verifier
}

// newVerifier returns a code verifier (RFC 7636 section 4.1).
func newVerifier() picket.Secret { return picket.Secret(rand.Text() + rand.Text()) }

// authorize sends a request to the authorization endpoint, with the login of a new wallet unless the chain is empty.
func (f *oauthFlow) authorize(ctx context.Context, query url.Values, chain string) (*http.Response, error) {
	if f.provider.AuthorizationEndpoint == "" {
		return nil, errNotNamed
	}
	if chain != "" {
		if err := f.addLogin(ctx, query, chain); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.provider.AuthorizationEndpoint+"?"+query.Encode(), nil)
	if err != nil {
		return nil, withoutURL(err)
	}
	response, err := f.http.Do(request)
	return response, withoutURL(err)
}

// addLogin adds the login of a new wallet to the query.
func (f *oauthFlow) addLogin(ctx context.Context, query url.Values, chain string) error {
	p, err := f.keyed()
	if err != nil {
		return err
	}
	login, err := f.r.signed(ctx, p, chain, picket.MessageFormatSIWE)
	if err != nil {
		return err
	}
	query.Set("chain", chain)
	query.Set("walletAddress", login.WalletAddress)
	query.Set("signature", string(login.Signature))
	query.Set("domain", login.Context.Domain)
	query.Set("uri", login.Context.URI)
	query.Set("issuedAt", login.Context.IssuedAt)
	return nil
}

// page checks the status of a response that redirects to nowhere.
func (f *oauthFlow) page(ctx context.Context, query url.Values, chain string, want int) error {
	response, err := f.authorize(ctx, query, chain)
	if err != nil {
		return err
	}
	return hasStatus(response, nil, want)
}

// redirected returns the answer to an authorization request in the query of the redirect URI.
func (f *oauthFlow) redirected(response *http.Response) (url.Values, error) {
	return f.answerTo(response, []string{state})
}

// answerTo returns the answer to a request that was sent with a state, or without one.
func (f *oauthFlow) answerTo(response *http.Response, state []string) (url.Values, error) {
	query, err := redirectedTo(response, f.redirectURI, state)
	if err == nil && f.provider.NamesItself && query.Get("iss") != f.provider.Issuer {
		err = errors.New("its iss is not the issuer, and the configuration says that it is sent")
	}
	return query, err
}

// redirectedTo returns the query that a response has for a URI, with the state that was sent, or without one.
func redirectedTo(response *http.Response, uri string, state []string) (url.Values, error) {
	_ = response.Body.Close()
	location, err := response.Location()
	if err != nil || !strings.HasPrefix(location.String(), uri) {
		return nil, fmt.Errorf("the status is %d, and must be a redirect to the redirect URI", response.StatusCode)
	}
	query := location.Query()
	if !slices.Equal(query["state"], state) {
		return nil, errors.New("the state does not come back as it was sent")
	}
	return query, nil
}

// notOnTheList logs a wallet in where only another one is allowed.
func (f *oauthFlow) notOnTheList(ctx context.Context) error {
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
		err = fmt.Errorf("the error is %.64q, and must be access_denied", answer.Get("error"))
	}
	return err
}
