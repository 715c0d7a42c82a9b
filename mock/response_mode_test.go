package mock_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

func TestTheResponseModeQueryIsTheDefaultSpeltOut(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for _, mode := range []string{"query", "code", ""} {
		query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		if mode != "" {
			query.Set("response_mode", mode)
		}
		if answered := authorize(t, srv, query).redirected(t); !answered.Has("code") || answered.Get("state") != someState {
			t.Errorf("%s: got %v", mode, answered)
		}
	}
}

var (
	answerAction = regexp.MustCompile(`<form id="answer" method="post" action="([^"]*)">`)
	answerField  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// posted returns where a page posts a form, and the form.
func (a answer) posted(t *testing.T) (action string, form url.Values) {
	t.Helper()
	match := answerAction.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || match == nil || !strings.Contains(a.body, `.submit();`) {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	form = url.Values{}
	for _, field := range answerField.FindAllStringSubmatch(a.body, -1) {
		form.Add(field[1], html.UnescapeString(field[2]))
	}
	return html.UnescapeString(match[1]), form
}

// OAuth 2.0 Form Post Response Mode.
func TestTheResponseModeFormPostPostsAForm(t *testing.T) {
	const withQuery = redirectURI + "?a=%2B&b"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithRedirectURI(withQuery))
	for name, test := range map[string]struct {
		uri, state, chain string
		want              url.Values // besides a code and the issuer
	}{
		"a code":              {redirectURI, someState, "ethereum", url.Values{"state": {someState}}},
		"to a URI with query": {withQuery, someState, "ethereum", url.Values{"state": {someState}}},
		"markup in state":     {redirectURI, `"><script>alert(1)</script>`, "ethereum", url.Values{"state": {`"><script>alert(1)</script>`}}},
		"an error": {redirectURI, someState, "bitcoin", url.Values{
			"state": {someState}, "error": {"invalid_request"}, "error_description": {"there is no chain 'bitcoin'; GET /chains lists them"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
			query.Set("response_mode", "form_post")
			query.Set("redirect_uri", test.uri)
			query.Set("state", test.state)
			query.Set("chain", test.chain)
			page := authorize(t, srv, query)
			checkPage(t, page)
			action, form := page.posted(t)
			if form.Has("code") == form.Has("error") {
				t.Errorf("got %v", form)
			}
			form.Del("code")
			test.want.Set("iss", srv.URL)
			if diff := cmp.Diff(test.want, form); diff != "" || action != test.uri {
				t.Error(action, diff)
			}
		})
	}
	t.Run("from the login page", func(t *testing.T) {
		query := authorizeQuery(srv.Project)
		query.Set("response_mode", "form_post")
		approved := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}
		if _, form := decide(t, srv, authorize(t, srv, query), approved).posted(t); !form.Has("code") {
			t.Errorf("got %v", form)
		}
	})
	t.Run("an application takes no form", func(t *testing.T) {
		srv.AllowRedirectURI("com.example.app:/callback")
		query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		query.Set("response_mode", "form_post")
		query.Set("redirect_uri", "com.example.app:/callback")
		if got := authorize(t, srv, query).redirected(t); got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), "form_post") {
			t.Errorf("got %v", got)
		}
	})
}

// RFC 6749 section 4.1.1 recommends a state and does not require it.
func TestWithoutAStateTheAnswerHasNone(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	query := func(change func(url.Values)) url.Values {
		query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		query.Del("state")
		change(query)
		return query
	}
	if got := authorize(t, srv, query(func(url.Values) {})).redirected(t); !got.Has("code") || got.Has("state") {
		t.Errorf("got %v", got)
	}
	if got := authorize(t, srv, query(func(q url.Values) { q.Del("code_challenge") })).redirected(t); got.Get("error") != "invalid_request" || got.Has("code") {
		t.Errorf("there is neither a state nor PKCE: got %v", got)
	}
	message := authorize(t, srv, query(func(q url.Values) { q.Set("response_mode", "web_message") }))
	if match := postMessage.FindStringSubmatch(message.body); match == nil || strings.Contains(match[1], "state") || !strings.Contains(match[1], "code") {
		t.Errorf("got %s", message.body)
	}
	_, form := authorize(t, srv, query(func(q url.Values) { q.Set("response_mode", "form_post") })).posted(t)
	if !form.Has("code") || form.Has("state") {
		t.Errorf("got %v", form)
	}
}

// RFC 9207 section 2: also when the answer is an error.
func TestEveryAnswerNamesItsIssuer(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	for _, chain := range []string{"ethereum", "bitcoin"} {
		query := signed(t, srv, mock.NewEthereumWallet(t), authorizeQuery(srv.Project))
		query.Set("chain", chain)
		if got := authorize(t, srv, query).redirected(t); got.Get("iss") != srv.URL {
			t.Errorf("%s: got %v", chain, got)
		}
		query.Set("response_mode", "web_message")
		if got := authorize(t, srv, query); !strings.Contains(got.body, `"iss":"`+srv.URL) {
			t.Errorf("%s: got %s", chain, got.body)
		}
	}
}
