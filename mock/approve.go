package mock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// authorizePath is what the path of the URL ends in where users log in by redirect.
const authorizePath = "/oauth2/authorize"

// Approve logs the wallet in by redirect, as its user does in a browser. The client stands for the browser; give it a cookie jar if the
// server under test keeps the login in a cookie. The URL is the one where the server sends the browser to log in, such as Login.URL of
// package oauth, or one of the server's own that redirects there. The wallet signs, and the client goes on to the callback and to
// wherever that redirects to.
//
// It returns the last response, also when the login was refused: then the callback has an error. The body is closed when the test ends.
// A client whose CheckRedirect returns http.ErrUseLastResponse stops before the callback, which is the Location then.
//
// The wallet logs in on the chain that the URL names, and on its own if the URL names none. It need not be one that the login page
// offers, and the server may be another than the mock. Approve stops the test when the URL does not lead to a login, or when a request
// fails.
func (w *Wallet) Approve(t TB, client *http.Client, loginURL string) *http.Response {
	t.Helper()
	client = cmp.Or(client, http.DefaultClient)
	authorization, err := findAuthorization(client, loginURL)
	if err != nil {
		t.Fatalf("mock: Approve: %v", err)
	}
	query := authorization.Query()
	wallet := *w
	wallet.Chain = cmp.Or(query.Get("chain"), w.Chain)
	base := *authorization
	base.RawQuery, base.Path = "", strings.TrimSuffix(base.Path, authorizePath)
	// A browser goes over http to any machine, too. The client is of no use here: it may follow no redirects, or have a time limit.
	api, err := picket.New(query.Get("client_id"), picket.WithBaseURL(base.String()), picket.WithInsecureHTTP(),
		picket.WithHTTPClient(&http.Client{Transport: client.Transport}))
	if err != nil {
		t.Fatalf("mock: Approve: %v", err)
	}
	login := wallet.AuthRequest(t, api)
	for name, value := range map[string]string{
		"chain":         login.Chain,
		"walletAddress": login.WalletAddress,
		"signature":     string(login.Signature),
		"domain":        login.Context.Domain,
		"uri":           login.Context.URI,
		"issuedAt":      login.Context.IssuedAt,
	} {
		query.Set(name, value)
	}
	authorization.RawQuery = query.Encode()
	response, err := get(client, authorization.String())
	if err != nil {
		t.Fatalf("mock: Approve: %v", err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// findAuthorization returns where a login URL leads.
func findAuthorization(client *http.Client, loginURL string) (*url.URL, error) {
	u, err := url.Parse(loginURL)
	switch {
	case err != nil:
		return nil, errors.New("the URL of the login is not one")
	case isAuthorization(u):
		return u, nil
	}
	browser := *client
	browser.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		switch {
		case isAuthorization(next.URL):
			return http.ErrUseLastResponse
		case len(via) >= 10:
			return fmt.Errorf("there are more than %d redirects", len(via))
		}
		return nil
	}
	response, err := get(&browser, loginURL)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	location, err := response.Location()
	if err != nil || !isAuthorization(location) {
		at := response.Request.URL
		return nil, fmt.Errorf("the URL of the login does not lead to %s: it ends at %s://%s%s, with %s", authorizePath, at.Scheme, at.Host, at.Path, response.Status)
	}
	return location, nil
}

func isAuthorization(u *url.URL) bool {
	return strings.HasSuffix(u.Path, authorizePath) && u.Query().Has("client_id")
}

// get fails without the URL in its error, which may hold a signature or a code.
func get(client *http.Client, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return nil, withoutURL(err)
	}
	response, err := client.Do(request)
	return response, withoutURL(err)
}

func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}
