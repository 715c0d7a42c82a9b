package api

import (
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket/types"
)

// authorizationClient is who asks for an authorization. It is trusted: the redirect URI is one of the project's.
type authorizationClient struct {
	project     *tenant.Project
	redirectURI string
	state       []string // one, or none when the request had not exactly one
	origin      string   // of the redirect URI, when the answer is to be a message to it; otherwise empty
}

// findClient returns who asks for an authorization. Its errors are shown to the user and go to no redirect URI (RFC 6749
// section 4.1.2.1).
func findClient(projects *tenant.Projects, query url.Values) (authorizationClient, error) {
	id, uri := query["client_id"], query["redirect_uri"]
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
	if !c.Project.State.RedirectURIs.Has(uri[0]) {
		return authorizationClient{}, refusal.InvalidParameter("redirect_uri is not among the project's redirect URIs; they are compared exactly, so a trailing slash matters")
	}
	client := authorizationClient{project: c.Project, redirectURI: uri[0]}
	if state := query["state"]; len(state) == 1 {
		client.state = state
	}
	if slices.Equal(query["response_mode"], []string{string(types.AuthorizeParamsResponseModeWebMessage)}) {
		client.origin = originOf(client.redirectURI)
	}
	return client, nil
}

// answer gives the answer to an authorization request, with the state that it came with.
func (c authorizationClient) answer(fields map[string]string) server.AuthorizeResponseObject {
	if len(c.state) > 0 {
		fields["state"] = c.state[0]
	}
	if c.origin != "" {
		return messagePage(c.origin, fields)
	}
	query := url.Values{}
	for name, value := range fields {
		query.Set(name, value)
	}
	separator := "?"
	if _, existing, ok := strings.Cut(c.redirectURI, "?"); ok {
		separator = "&"
		if existing == "" {
			separator = ""
		}
	}
	return server.Authorize302Response{
		Headers: server.Authorize302ResponseHeaders{Location: c.redirectURI + separator + query.Encode()},
	}
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
