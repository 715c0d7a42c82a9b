package contract_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// answerOf is a response that a server made.
func answerOf(status int, header http.Header, body string) *http.Response {
	recorder := httptest.NewRecorder()
	for name, values := range header {
		recorder.Header()[name] = values
	}
	recorder.WriteHeader(status)
	_, _ = recorder.WriteString(body)
	return recorder.Result()
}

// noted sends a request through a transport with an observer, and returns what it noted of an operation.
func noted(t *testing.T, base http.RoundTripper, request *http.Request, operation string) *observe.Operation {
	t.Helper()
	o, file := observer(t)
	response, err := contract.NewTransport(base, contract.WithObserver(o)).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 64<<10)
	for err == nil {
		_, err = response.Body.Read(buffer)
	}
	_ = response.Body.Close()
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	seen := readFile(t, file).Operations[operation]
	if seen == nil || seen.Count != 1 {
		t.Fatalf("%s was not noted", operation)
	}
	return seen
}

func formRequest(t *testing.T, url, form string) *http.Request {
	t.Helper()
	request := mustRequest(t, url)
	request.Method, request.Body = http.MethodPost, http.NoBody
	if form != "" {
		made, err := http.NewRequest(http.MethodPost, url, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		request.Body, request.ContentLength = made.Body, made.ContentLength
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

// TestOnlyAnAnswerThatCanBeToldFromARefusalIsASuccess has an answer that is clearly neither count as a refusal, so that nothing is
// learned from a request of which it is not known that the API accepts it.
func TestOnlyAnAnswerThatCanBeToldFromARefusalIsASuccess(t *testing.T) {
	const (
		authorize = "GET /oauth2/authorize"
		logout    = "GET /oauth2/logout"
		token     = "POST /oauth2/token"
		back      = "http://localhost:3000/callback"
	)
	to := func(location ...string) http.Header { return http.Header{"Location": location} }
	media := func(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }
	html, inJSON := media("text/html; charset=utf-8"), media("application/json")
	posts := func(message string) string {
		return "<!doctype html><title>Back</title><script nonce=x>\nif (window.opener) window.opener.postMessage(" + message + `, "http://localhost:3000");</script>`
	}
	form := func(fields string) string {
		return `<form method=post action="` + back + `">` + fields + `<button>Go on</button></form>`
	}
	for name, test := range map[string]struct {
		operation, query, form string
		status                 int
		header                 http.Header
		body                   string
		succeeds               bool
	}{
		"a redirect with a code":                         {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?code=c0de&state=s"), succeeds: true},
		"a redirect of an application with a code":       {operation: authorize, query: authorizeQuery, status: 303, header: to("com.example.app:/callback?code=c0de"), succeeds: true},
		"a redirect with a code in the fragment":         {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "#code=c0de&state=s"), succeeds: true},
		"a redirect with an error":                       {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?error=access_denied&state=s")},
		"a redirect with an error in the fragment":       {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "#error=access_denied&state=s")},
		"a redirect with an error and a code":            {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?code=c0de#error=access_denied")},
		"a redirect with only a description of an error": {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?code=c0de&error_description=no")},
		"a redirect with an empty code":                  {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?code=&state=s")},
		"a redirect to a page that asks for a login":     {operation: authorize, query: authorizeQuery, status: 302, header: to("https://picketapi.com/login?next=%2Foauth2%2Fauthorize")},
		"a redirect that cannot be parsed":               {operation: authorize, query: authorizeQuery, status: 302, header: to("http://%zz/?code=c0de")},
		"a redirect with a query that cannot be parsed":  {operation: authorize, query: authorizeQuery, status: 302, header: to(back + "?code=c0de&%zz=1")},
		"two redirects":                                  {operation: authorize, query: authorizeQuery, status: 302, header: to(back+"?code=c0de", back+"?error=access_denied")},
		"a redirect to nowhere":                          {operation: authorize, query: authorizeQuery, status: 302},
		"a message with a code":                          {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"code":"c0de","state":"s"}}`), succeeds: true},
		"a message with a code and without an error":     {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"code":"c0de","error":null}}`), succeeds: true},
		"a message with an error":                        {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"error":"access_denied","state":"s"}}`)},
		"a message with an error and a code":             {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"code":"c0de","error":"access_denied"}}`)},
		"a message with an error that is no text":        {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"code":"c0de","error":{"is":1}}}`)},
		"two messages, one with an error": {operation: authorize, query: authorizeQuery, status: 200, header: html,
			body: posts(`{"type":"authorization_response","response":{"code":"c0de"}}`) + posts(`{"type":"authorization_response","response":{"error":"access_denied"}}`)},
		"a message of another type":             {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"progress","response":{"code":"c0de"}}`)},
		"a message that is a variable":          {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`answer`)},
		"a message with a code that is no text": {operation: authorize, query: authorizeQuery, status: 200, header: html, body: posts(`{"type":"authorization_response","response":{"code":7}}`)},
		"a form with a code":                    {operation: authorize, query: authorizeQuery, status: 200, header: html, body: form(`<input type=hidden name=code value=c0de><input type=hidden name=state value=s>`), succeeds: true},
		"a form with an error":                  {operation: authorize, query: authorizeQuery, status: 200, header: html, body: form(`<input type=hidden name="error" value="access_denied"/>`)},
		"a form with an error, in references":   {operation: authorize, query: authorizeQuery, status: 200, header: html, body: form(`<INPUT name=code value=c0de><INPUT NAME="&#101;rror" value=no>`)},
		"a form with an error and a code":       {operation: authorize, query: authorizeQuery, status: 200, header: html, body: form(`<input name=code value=c0de><input name=error_description value=no>`)},
		"a form with an empty code":             {operation: authorize, query: authorizeQuery, status: 200, header: html, body: form(`<input name=code value="">`)},
		"a form in a comment":                   {operation: authorize, query: authorizeQuery, status: 200, header: html, body: "<!-- " + form(`<input name=code value=c0de>`) + " -->"},
		"a form and a message with an error": {operation: authorize, query: authorizeQuery, status: 200, header: html,
			body: form(`<input name=code value=c0de>`) + posts(`{"type":"authorization_response","response":{"error":"access_denied"}}`)},
		"a form in XHTML":                {operation: authorize, query: authorizeQuery, status: 200, header: media("application/xhtml+xml"), body: form(`<input name="error" value="no"/>`)},
		"a form without a media type":    {operation: authorize, query: authorizeQuery, status: 200, header: media(""), body: form(`<input name="error" value="no"/>`)},
		"a page that asks for a login":   {operation: authorize, query: authorizeQuery, status: 200, header: html, body: `<form method=post><input name=wallet><button>Log in</button></form>`},
		"a page that says what is wrong": {operation: authorize, query: authorizeQuery, status: 200, header: html, body: `<p>client_id is not a publishable key</p>`},
		"a page in a coding that is not known": {operation: authorize, query: authorizeQuery, status: 200, header: http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"br"}},
			body: form(`<input name=code value=c0de>`)},
		"a page with a status of errors": {operation: authorize, query: authorizeQuery, status: 403, header: html, body: form(`<input name=code value=c0de>`)},
		"the same with POST":             {operation: "POST /oauth2/authorize", form: authorizeQuery, status: 302, header: to(back + "?code=c0de"), succeeds: true},
		"the same with POST, refused":    {operation: "POST /oauth2/authorize", form: authorizeQuery, status: 302, header: to(back + "#error=access_denied")},

		"a logout with a redirect":           {operation: logout, query: "client_id=pk_1&post_logout_redirect_uri=" + url.QueryEscape(back), status: 302, header: to(back + "?state=s"), succeeds: true},
		"a logout with a redirect elsewhere": {operation: logout, query: "client_id=pk_1&post_logout_redirect_uri=" + url.QueryEscape(back), status: 302, header: to("https://picketapi.com/oops")},
		"a logout with an error":             {operation: logout, query: "client_id=pk_1&post_logout_redirect_uri=" + url.QueryEscape(back), status: 302, header: to(back + "?error=invalid_request")},
		"a logout with a page":               {operation: logout, query: "client_id=pk_1", status: 200, header: html, body: `<p>You are logged out.</p>`},
		"a logout with POST":                 {operation: "POST /oauth2/logout", form: "client_id=pk_1&post_logout_redirect_uri=" + url.QueryEscape(back), status: 302, header: to(back), succeeds: true},

		"a token":                           {operation: token, form: "grant_type=authorization_code", status: 200, header: inJSON, body: `{"access_token":"x"}`, succeeds: true},
		"an error with a status of success": {operation: token, form: "grant_type=authorization_code", status: 200, header: inJSON, body: `{"error":"invalid_grant"}`},
		"no error":                          {operation: token, form: "grant_type=authorization_code", status: 200, header: inJSON, body: `{"access_token":"x","error":null}`, succeeds: true},
		"a page instead of JSON":            {operation: token, form: "grant_type=authorization_code", status: 200, header: html, body: `<h1>Checking your browser</h1>`},
		"not modified":                      {operation: "GET /chains", status: 304, succeeds: true},
		"no content":                        {operation: "GET /chains", status: 204, succeeds: true},
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t)
			method, path, _ := strings.Cut(test.operation, " ")
			address := "http://127.0.0.1" + spec.BasePath + path
			request := mustRequest(t, address+"?"+test.query)
			if method == http.MethodPost {
				request = formRequest(t, address, test.form)
			}
			seen := noted(t, replying(func(*http.Request) *http.Response { return answerOf(test.status, test.header, test.body) }), request, test.operation)
			if succeeds := seen.Accepted != nil; succeeds != test.succeeds {
				t.Errorf("counts as a success: %t", succeeds)
			}
			if seen.Responses[fmt.Sprint(test.status)] == nil {
				t.Error("the answer was not noted")
			}
		})
	}
}

// TestAnAuthorizationThatTheMockRefusesIsNoSuccess asks the mock in each response mode, with a signature of the wallet and with one of another.
func TestAnAuthorizationThatTheMockRefusesIsNoSuccess(t *testing.T) {
	const redirectURI = "http://localhost:3000/callback"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"", "code", "query", "form_post", "web_message"} {
		for _, isOwn := range []bool{true, false} {
			t.Run(fmt.Sprintf("%q, own signature: %t", mode, isOwn), func(t *testing.T) {
				wallet := mock.NewEthereumWallet(t)
				login := wallet.AuthRequest(t, client)
				if !isOwn {
					login.Signature = mock.NewEthereumWallet(t).Sign("another message")
				}
				query, err := url.ParseQuery(authorizeQuery)
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range map[string]string{
					"client_id": srv.PublishableKey, "response_mode": mode, "walletAddress": login.WalletAddress, "signature": string(login.Signature),
					"domain": login.Context.Domain, "uri": login.Context.URI, "issuedAt": login.Context.IssuedAt,
				} {
					if value != "" {
						query.Set(name, value)
					}
				}
				seen := noted(t, plain(t), mustRequest(t, srv.URL+"/oauth2/authorize?"+query.Encode()), "GET /oauth2/authorize")
				if succeeds := seen.Accepted != nil; succeeds != isOwn {
					t.Errorf("counts as a success: %t", succeeds)
				}
			})
		}
	}
}
