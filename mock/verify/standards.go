package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// standards checks what clients rely on that know only the standards.
func (f *oauthFlow) standards(ctx context.Context) {
	f.r.check(ctx, "OAuth: a request without a state is answered without one", f.needsRedirect(func(ctx context.Context) error {
		return f.answered(ctx, func(query url.Values) { query.Del("state") })
	}))
	f.r.check(ctx, "OAuth: a code comes in the mode query", f.needsRedirect(func(ctx context.Context) error {
		return f.answered(ctx, func(query url.Values) { query.Set("response_mode", "query") })
	}))
	f.r.check(ctx, "OAuth: a page posts the response in the mode form_post", f.needsRedirect(func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		query.Set("response_mode", "form_post")
		return f.page(ctx, query, "ethereum", http.StatusOK)
	}))
	f.r.check(ctx, "OAuth: a request by POST is answered", f.needsRedirect(f.authorizationByPost))
	f.r.check(ctx, "OpenID: no page is shown with prompt=none", f.needsRedirect(func(ctx context.Context) error {
		query, _ := f.authorizationRequest()
		query.Set("prompt", "none")
		return f.refusedWith(ctx, query, "login_required")
	}))
	for _, parameter := range []string{"request", "request_uri"} {
		f.r.check(ctx, "OpenID: the parameter "+parameter+" is not ignored", f.needsRedirect(func(ctx context.Context) error {
			query, _ := f.authorizationRequest()
			query.Set(parameter, "https://elsewhere.example/request")
			return f.refusedWith(ctx, query, parameter+"_not_supported")
		}))
	}
	f.r.check(ctx, "OAuth: form-encoded credentials are accepted", f.needsRedirect(func(ctx context.Context) error {
		encode := func(key string) string { return strings.ReplaceAll(key, "_", "%5F") }
		return f.grant(ctx, encode(f.project.publishableKey), encode(f.project.secretKey), nil, http.StatusOK)
	}))
	f.r.check(ctx, "OAuth: a client assertion is refused", f.needsRedirect(func(ctx context.Context) error {
		assertion := url.Values{
			"client_assertion":      {"e30.e30."},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		}
		return f.grant(ctx, f.project.publishableKey, "", assertion, http.StatusUnauthorized)
	}))
	f.r.check(ctx, "OpenID: a logout returns to the client", f.needsRedirect(func(ctx context.Context) error {
		return f.logout(ctx, f.redirectURI, http.StatusFound)
	}))
	f.r.check(ctx, "OpenID: a logout goes to no URI that the project does not allow", f.needsRedirect(func(ctx context.Context) error {
		return f.logout(ctx, elsewhere, http.StatusBadRequest)
	}))
}

// metadata compares the two documents by their issuers (RFC 8414 section 3.3).
func (f *oauthFlow) metadata(ctx context.Context) error {
	var server struct{ Issuer string }
	if err := f.readJSON(ctx, http.MethodGet, f.r.base+"/.well-known/oauth-authorization-server", "", &server); err != nil {
		return err
	}
	if server.Issuer != f.provider.Issuer {
		return errors.New("its issuer is not that of the OpenID configuration")
	}
	return nil
}

// answered logs a new wallet in and expects a code.
func (f *oauthFlow) answered(ctx context.Context, change func(url.Values)) error {
	query, _ := f.authorizationRequest()
	change(query)
	response, err := f.authorize(ctx, query, "ethereum")
	if err != nil {
		return err
	}
	return f.hasCode(response, query["state"])
}

func (f *oauthFlow) hasCode(response *http.Response, state []string) error {
	answer, err := f.answerTo(response, state)
	if err == nil && answer.Get("code") == "" {
		err = fmt.Errorf("there is no code; the error is %.64q", answer.Get("error"))
	}
	return err
}

func (f *oauthFlow) authorizationByPost(ctx context.Context) error {
	if f.provider.AuthorizationEndpoint == "" {
		return errNotNamed
	}
	form, _ := f.authorizationRequest()
	if err := f.addLogin(ctx, form, "ethereum"); err != nil {
		return err
	}
	response, err := f.post(ctx, f.provider.AuthorizationEndpoint, form, func(*http.Request) {})
	if err != nil {
		return err
	}
	return f.hasCode(response, form["state"])
}

// refusedWith expects an error of the authorization endpoint for a request without a signature.
func (f *oauthFlow) refusedWith(ctx context.Context, query url.Values, code string) error {
	response, err := f.authorize(ctx, query, "")
	if err != nil {
		return err
	}
	answer, err := f.redirected(response)
	if err == nil && answer.Get("error") != code {
		err = fmt.Errorf("the error is %.64q, and must be %s", answer.Get("error"), code)
	}
	return err
}

// grant exchanges a new code, with the credentials of a client in HTTP Basic, and expects a status.
func (f *oauthFlow) grant(ctx context.Context, id, secret string, more url.Values, want int) error {
	if f.provider.TokenEndpoint == "" {
		return errNotNamed
	}
	grant, err := f.code(ctx, "ethereum")
	if err != nil {
		return err
	}
	form := url.Values{
		"grant_type":    {picket.GrantAuthorizationCode},
		"code":          {string(grant.Code)},
		"redirect_uri":  {grant.RedirectURI},
		"code_verifier": {string(grant.CodeVerifier)},
	}
	maps.Copy(form, more)
	response, err := f.post(ctx, f.provider.TokenEndpoint, form, func(r *http.Request) { r.SetBasicAuth(id, secret) })
	return hasStatus(response, err, want)
}

func (f *oauthFlow) logout(ctx context.Context, to string, want int) error {
	if f.provider.EndSessionEndpoint == "" {
		return errNotNamed
	}
	query := url.Values{"client_id": {f.project.publishableKey}, "post_logout_redirect_uri": {to}, "state": {state}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.provider.EndSessionEndpoint+"?"+query.Encode(), nil)
	if err != nil {
		return withoutURL(err)
	}
	response, err := f.http.Do(request)
	if err := hasStatus(response, withoutURL(err), want); err != nil || want != http.StatusFound {
		return err
	}
	_, err = redirectedTo(response, to, query["state"])
	return err
}

// post sends a form.
func (f *oauthFlow) post(ctx context.Context, to string, form url.Values, authorize func(*http.Request)) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, withoutURL(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	authorize(request)
	response, err := f.http.Do(request)
	return response, withoutURL(err)
}

// hasStatus closes a response and checks its status.
func hasStatus(response *http.Response, err error, want int) error {
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != want {
		return fmt.Errorf("the status is %d, and must be %d", response.StatusCode, want)
	}
	return nil
}
