package api

import (
	"net/url"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket/types"
)

// authorizationClient is who asks for an authorization. It is trusted: the redirect URI is one of the project's.
type authorizationClient struct {
	project     *tenant.Project
	redirectURI string
	issuer      string   // who answers
	state       []string // one, or none when the request had not exactly one
	deliver     delivery
}

// delivery is how the answer reaches the client.
type delivery func(redirectURI string, fields map[string]string) browserAnswer

// findClient returns who asks for an authorization. Its errors are shown to the user and go to no redirect URI (RFC 6749
// section 4.1.2.1).
func findClient(projects *tenant.Projects, parameters url.Values, issuer string) (authorizationClient, error) {
	id, uri := parameters["client_id"], parameters["redirect_uri"]
	switch {
	case len(id) == 0 || id[0] == "":
		return authorizationClient{}, refusal.InvalidParameter("client_id is required")
	case len(uri) == 0 || uri[0] == "":
		return authorizationClient{}, refusal.InvalidParameter("redirect_uri is required")
	case len(id) > 1 || len(uri) > 1:
		return authorizationClient{}, refusal.InvalidParameter("client_id or redirect_uri is given more than once")
	}
	c, known := projects.ByKey(id[0])
	if !known || c.Secret {
		return authorizationClient{}, refusal.InvalidParameter("client_id is not a publishable key of any project")
	}
	if err := checkRedirect(c.Project, "redirect_uri", uri[0]); err != nil {
		return authorizationClient{}, err
	}
	client := authorizationClient{project: c.Project, redirectURI: uri[0], issuer: issuer, deliver: redirect}
	if state := parameters["state"]; len(state) == 1 {
		client.state = state
	}
	if mode := parameters["response_mode"]; len(mode) == 1 && originOf(client.redirectURI) != "" {
		switch types.AuthorizeParamsResponseMode(mode[0]) {
		case types.AuthorizeParamsResponseModeWebMessage:
			client.deliver = messagePage
		case types.AuthorizeParamsResponseModeFormPost:
			client.deliver = formPage
		}
	}
	return client, nil
}

// checkRedirect refuses a redirect URI that a project does not allow.
func checkRedirect(project *tenant.Project, name, uri string) error {
	if !project.State.RedirectURIs.Has(uri) {
		return refusal.InvalidParameter("%s is not among the project's redirect URIs; they are compared exactly, so a trailing slash matters", name)
	}
	return nil
}

// checkMode refuses a response mode that the redirect URI cannot be answered in.
func (c authorizationClient) checkMode(mode types.AuthorizeParamsResponseMode) error {
	needsPage := []types.AuthorizeParamsResponseMode{types.AuthorizeParamsResponseModeWebMessage, types.AuthorizeParamsResponseModeFormPost}
	if slices.Contains(needsPage, mode) && originOf(c.redirectURI) == "" {
		return refusal.InvalidParameter("response_mode %s needs a redirect_uri of http or https, which a page can send the answer to", mode)
	}
	return nil
}

// answer gives the answer to an authorization request, with the state that it came with and the issuer (RFC 9207).
func (c authorizationClient) answer(fields map[string]string) browserAnswer {
	fields["iss"] = c.issuer
	if len(c.state) > 0 {
		fields["state"] = c.state[0]
	}
	return c.deliver(c.redirectURI, fields)
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// originOf returns the origin of a redirect URI. It is empty for those that are not of a web page.
func originOf(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	if err != nil || !isWeb(u) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
