package mock_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzAuthorize sends any parameters to the authorization endpoint, in the query and as a form. Both are answered alike; nobody is sent
// anywhere but to the redirect URI that is allowed, and there is no code without a login.
func FuzzAuthorize(f *testing.F) {
	o := newOffline(f)
	valid := authorizeQuery(o.Project).Encode()
	for _, parameters := range []string{
		valid, "", "client_id=" + o.PublishableKey, valid + "&prompt=none", valid + "&prompt=none+login", valid + "&response_mode=form_post&request=x", valid + "&max_age=0",
		valid + "&max_age=-1", valid + "&id_token_hint=a.b.c", valid + "&token_ids=x", valid + "&contractAddress=" + contract + "&minTokenBalance=1e3", valid + "&state=b",
		valid + "&collection=a&collection=b&chain=solana", valid + "&chain=bitcoin&response_mode=web_message", valid + "&%zz", valid + ";x=1", valid + "&signature=0x00",
		strings.Replace(valid, "callback", "callback%2F", 1), valid + "&response_mode=query&response_mode=code", valid + "&scope=openid+\x00\xff", valid + "&minTokenBalance=",
	} {
		f.Add(parameters)
	}
	f.Fuzz(func(t *testing.T, parameters string) {
		send := func(request *http.Request) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			o.Handler().ServeHTTP(answer, request)
			return answer
		}
		get := httptest.NewRequest(http.MethodGet, "/api/v1/oauth2/authorize", nil)
		get.URL.RawQuery = parameters
		post := httptest.NewRequest(http.MethodPost, "/api/v1/oauth2/authorize", strings.NewReader(parameters))
		post.Header.Set("Content-Type", formType)
		byQuery, byForm := send(get), send(post)
		if byQuery.Code != byForm.Code || errorOf(t, byQuery) != errorOf(t, byForm) {
			t.Errorf("%q: the query is answered with %d %q, and the form with %d %q", parameters,
				byQuery.Code, errorOf(t, byQuery), byForm.Code, errorOf(t, byForm))
		}
		given, _ := url.ParseQuery(parameters)
		trusted := slices.Equal(given["client_id"], []string{o.PublishableKey}) && slices.Equal(given["redirect_uri"], []string{redirectURI})
		for _, answer := range []*httptest.ResponseRecorder{byQuery, byForm} {
			location := answer.Header().Get("Location")
			switch {
			case answer.Code >= 500 || answer.Code != http.StatusOK && answer.Code != http.StatusFound && answer.Code != http.StatusBadRequest:
				t.Errorf("%q: got %d %s", parameters, answer.Code, answer.Body)
			case answer.Code != http.StatusBadRequest && !trusted:
				t.Errorf("%q is trusted: got %d to %q", parameters, answer.Code, location)
			case location != "" && !strings.HasPrefix(location, redirectURI+"?"):
				t.Errorf("%q leads to %s", parameters, location)
			case strings.Contains(location, "code=") || strings.Contains(answer.Body.String(), `name="code"`) || answer.Header().Get("Set-Cookie") != "":
				t.Errorf("%q logs in: %q %s", parameters, location, answer.Body)
			}
		}
	})
}

// errorOf returns the code of the error in a redirect.
func errorOf(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	location, err := url.Parse(answer.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return location.Query().Get("error")
}
