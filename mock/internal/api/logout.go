package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Logout ends the session of a browser (OpenID Connect RP-Initiated Logout 1.0).
func (o Operations) Logout(ctx context.Context, request server.LogoutRequestObject) (server.LogoutResponseObject, error) {
	return o.logout(ctx, request.Params)
}

// PostLogout is the same with the parameters in a form.
func (o Operations) PostLogout(ctx context.Context, request server.PostLogoutRequestObject) (server.PostLogoutResponseObject, error) {
	if err := checkNoQuery(front.Request(ctx)); err != nil {
		return nil, err
	}
	var params types.LogoutParams
	if request.Body != nil {
		params = types.LogoutParams(*request.Body)
	}
	return o.logout(ctx, params)
}

func (o Operations) logout(ctx context.Context, params types.LogoutParams) (browserAnswer, error) {
	project, err := o.loggedOutOf(params)
	if err != nil {
		return nil, err
	}
	answer := loggedOutPage()
	if uri := params.PostLogoutRedirectURI; uri != "" {
		if project == nil {
			return nil, refusal.InvalidParameter("post_logout_redirect_uri needs an id_token_hint or a client_id, which say whose it is")
		}
		if err := checkRedirect(project, "post_logout_redirect_uri", uri); err != nil {
			return nil, err
		}
		fields := map[string]string{}
		if state := front.Parameters(ctx)["state"]; len(state) > 0 {
			fields["state"] = state[0]
		}
		answer = redirect(uri, fields)
	}
	return answer.with(o.endSessions(front.Request(ctx), project)...), nil
}

// loggedOutOf returns the project whose user is logged out, or nil when the request does not say.
func (o Operations) loggedOutOf(params types.LogoutParams) (*tenant.Project, error) {
	id := params.ClientID
	if params.IDTokenHint != "" {
		claims, err := o.tokens.VerifyID(params.IDTokenHint)
		if err != nil {
			return nil, err
		}
		if id != "" && id != claims.Audience {
			return nil, refusal.InvalidParameter("id_token_hint is an ID token for another client than client_id")
		}
		id = claims.Audience
	}
	if id == "" {
		return nil, nil
	}
	c, known := o.projects.ByKey(id)
	if !known || c.Secret {
		return nil, refusal.InvalidParameter("client_id is not a publishable key of any project, or id_token_hint is not for one")
	}
	return c.Project, nil
}

// endSessions ends the sessions of a browser in a project, or in all when it is nil, and returns the cookies that make the browser
// forget them.
func (o Operations) endSessions(r *http.Request, project *tenant.Project) []*http.Cookie {
	var ended []*http.Cookie
	for _, cookie := range r.Cookies() {
		key, isSession := strings.CutPrefix(cookie.Name, sessionCookiePrefix)
		c, known := o.projects.ByKey(key)
		if isSession && known && (project == nil || project == c.Project) {
			c.Project.State.EndSession(picket.Secret(cookie.Value))
			ended = append(ended, sessionCookie(o.names().For(r), c.Project, ""))
		}
	}
	return ended
}
