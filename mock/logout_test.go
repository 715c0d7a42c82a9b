package mock_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// logOut sends a browser with cookies to the logout.
func logOut(t *testing.T, srv *mock.Server, method string, parameters url.Values, cookies string) answer {
	t.Helper()
	if method == http.MethodPost {
		return roundTrip(t, srv, "", method, "/oauth2/logout", parameters.Encode(), "Content-Type", formType, "Cookie", cookies)
	}
	return roundTrip(t, srv, "", method, "/oauth2/logout?"+parameters.Encode(), "", "Cookie", cookies)
}

// OpenID Connect RP-Initiated Logout 1.0 sections 2 and 3.
func TestALogoutEndsTheLoginOfTheBrowser(t *testing.T) {
	const after = "http://localhost:3000/bye?a=1"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithRedirectURI(after))
	code, _ := logInOnPage(t, srv, withScope(authorizeQuery(srv.Project)), srv.TestWallets()[0])
	_, token := claimsOf(t, srv, code)
	srv.Advance(13 * time.Hour) // it expired, which a hint may
	for name, test := range map[string]struct {
		parameters url.Values
		location   string // empty for a page
	}{
		"nothing is said":         {url.Values{}, ""},
		"the client":              {url.Values{"client_id": {srv.PublishableKey}}, ""},
		"the user":                {url.Values{"id_token_hint": {string(token.IDToken)}}, ""},
		"back, by the client":     {url.Values{"client_id": {srv.PublishableKey}, "post_logout_redirect_uri": {redirectURI}}, redirectURI},
		"back, by the user":       {url.Values{"id_token_hint": {string(token.IDToken)}, "post_logout_redirect_uri": {redirectURI}}, redirectURI},
		"back with a state":       {url.Values{"client_id": {srv.PublishableKey}, "post_logout_redirect_uri": {redirectURI}, "state": {someState}}, redirectURI + "?state=" + url.QueryEscape(someState)},
		"back to a URI as it is":  {url.Values{"client_id": {srv.PublishableKey}, "post_logout_redirect_uri": {after}}, after},
		"back to one with query":  {url.Values{"client_id": {srv.PublishableKey}, "post_logout_redirect_uri": {after}, "state": {""}}, after + "&state="},
		"what is not known":       {url.Values{"client_id": {srv.PublishableKey}, "logout_hint": {"x"}, "ui_locales": {"de"}}, ""},
		"the user and the client": {url.Values{"id_token_hint": {string(token.IDToken)}, "client_id": {srv.PublishableKey}}, ""},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			t.Run(name+", "+method, func(t *testing.T) {
				_, cookies := logInOnPage(t, srv, authorizeQuery(srv.Project), srv.TestWallets()[0])
				got := logOut(t, srv, method, test.parameters, cookies)
				switch {
				case test.location == "":
					checkPage(t, got)
					if got.status != http.StatusOK || !strings.Contains(got.body, "You are logged out") {
						t.Errorf("got %d %s", got.status, got.body)
					}
				case got.status != http.StatusFound || got.header.Get("Location") != test.location:
					t.Errorf("got %d to %s", got.status, got.header.Get("Location"))
				}
				line := got.header.Get("Set-Cookie")
				if cookie, err := http.ParseSetCookie(line); err != nil || cookie.MaxAge >= 0 || cookie.Value != "" || cookie.Path != "/api/v1/oauth2" {
					t.Errorf("the browser keeps its cookie: %q, %v", line, err)
				}
				if again := silently(t, srv, authorizeQuery(srv.Project), cookies); again.Get("error") != "login_required" {
					t.Errorf("the browser is still logged in: %v", again)
				}
			})
		}
	}
}

func TestALogoutThatIsWrongDoesNothing(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithMaxBodyBytes(8192))
	other := srv.AddProject()
	other.AllowRedirectURI("http://localhost:3000/other")
	code, cookies := logInOnPage(t, srv, withScope(authorizeQuery(srv.Project)), srv.TestWallets()[0])
	_, token := claimsOf(t, srv, code)
	back := func(uri string) url.Values {
		return url.Values{"client_id": {srv.PublishableKey}, "post_logout_redirect_uri": {uri}}
	}
	hint := url.Values{"id_token_hint": {string(token.IDToken)}, "client_id": {other.PublishableKey}}
	for want, parameters := range map[string]url.Values{
		"post_logout_redirect_uri needs":                                         {"post_logout_redirect_uri": {redirectURI}},
		"post_logout_redirect_uri is not among":                                  back(redirectURI + "/"),
		"they are compared exactly":                                              back("http://localhost:3000/other"),
		"client_id is not a publishable key":                                     {"client_id": {"<script>alert(1)</script>"}},
		"client_id is not a publishable key of any project, or":                  {"client_id": {srv.SecretKey}},
		"is an ID token for another client":                                      hint,
		"id_token_hint is not an ID token of this provider":                      {"id_token_hint": {string(token.IDToken) + "AAAA"}},
		"client_id is not a publishable key of any project, or id_token_hint is": {"id_token_hint": {string(token.AccessToken)}},
		"state is given more than once":                                          {"state": {"a", "b"}},
		"&#34;postLogoutRedirectUri&#34; is not a parameter":                     {"postLogoutRedirectUri": {redirectURI}},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := logOut(t, srv, method, parameters, cookies)
			checkPage(t, got)
			if got.status != http.StatusBadRequest || !strings.Contains(got.body, want) || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: got %d %s", method, want, got.status, got.body)
			}
			for _, secret := range []string{string(token.IDToken), string(token.AccessToken), srv.SecretKey, "<script"} {
				if strings.Contains(got.body, secret) {
					t.Errorf("%s: the page shows what was sent: %s", want, got.body)
				}
			}
		}
	}
	if got := roundTrip(t, srv, "", http.MethodPost, "/oauth2/logout?state=x", "", "Cookie", cookies); got.status != http.StatusBadRequest || !strings.Contains(got.body, "the URL has a query") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if got := logOut(t, srv, http.MethodPost, url.Values{"state": {strings.Repeat("x", 10000)}}, cookies); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if got := silently(t, srv, authorizeQuery(srv.Project), cookies); !got.Has("code") {
		t.Errorf("the browser is logged out: %v", got)
	}
}

func TestALogoutEndsOnlyTheLoginOfItsProject(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	other := srv.AddProject()
	other.AllowRedirectURI(redirectURI)
	_, first := logInOnPage(t, srv, authorizeQuery(srv.Project), srv.TestWallets()[0])
	_, second := logInOnPage(t, srv, authorizeQuery(other), srv.TestWallets()[0])
	both := first + "; " + second
	logOut(t, srv, http.MethodGet, url.Values{"client_id": {other.PublishableKey}}, both)
	if got := silently(t, srv, authorizeQuery(srv.Project), both); !got.Has("code") {
		t.Errorf("got %v", got)
	}
	if got := silently(t, srv, authorizeQuery(other), both); got.Get("error") != "login_required" {
		t.Errorf("got %v", got)
	}
	logOut(t, srv, http.MethodPost, nil, both)
	if got := silently(t, srv, authorizeQuery(srv.Project), both); got.Get("error") != "login_required" {
		t.Errorf("got %v", got)
	}
}
