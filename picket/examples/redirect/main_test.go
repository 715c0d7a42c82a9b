package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// world is the site, and a browser that follows redirects and keeps cookies.
type world struct {
	*testing.T
	api     *mock.Server
	origin  string
	browser *http.Client
}

func newWorld(t *testing.T) world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	origin := "https://" + server.Listener.Addr().String()
	api := mock.Start(t, mock.WithRedirectURI(origin+"/callback"))
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	site, err := newSite(client, api.PublishableKey, origin, bytes.Repeat([]byte("0123456789abcdef"), 2))
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = site
	server.StartTLS()
	t.Cleanup(server.Close)
	w := world{t, api, origin, server.Client()}
	if w.browser.Jar, err = cookiejar.New(nil); err != nil {
		t.Fatal(err)
	}
	return w
}

// visit returns where the browser ends up, and what it shows there.
func (w world) visit(address string) (*url.URL, string) {
	w.Helper()
	return w.read(w.browser.Get(address))
}

// decide submits the form of the login page at an address.
func (w world) decide(page *url.URL, decision string) (*url.URL, string) {
	w.Helper()
	action := *page
	action.Path = "/_mock/authorize"
	return w.read(w.browser.PostForm(action.String(), url.Values{"decision": {decision}, "wallet": {w.api.TestWallets()[0].Address}}))
}

func (w world) read(response *http.Response, err error) (*url.URL, string) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response.Request.URL, fmt.Sprint(response.StatusCode, " ", string(text))
}

// expect checks how the answer to a request begins, and what it contains.
func (w world) expect(answer, status, phrase string) {
	w.Helper()
	if !strings.HasPrefix(answer, status) || !strings.Contains(answer, phrase) {
		w.Errorf("got %s; want %s and %q", answer, status, phrase)
	}
}

func TestAUserLogsInByRedirect(t *testing.T) {
	w := newWorld(t)
	w.api.SetDisplayName("ethereum", w.api.TestWallets()[0].Address, "alice.eth")
	_, answer := w.visit(w.origin + "/")
	w.expect(answer, "200", "Log in")

	page, answer := w.visit(w.origin + "/login")
	w.expect(answer, "200", "Log in with a test wallet")
	home, answer := w.decide(page, "approve")
	w.expect(answer, "200", "Hello, alice.eth.")
	if home.String() != w.origin+"/" {
		t.Errorf("the browser is at %s", home)
	}
}

func TestALoginThatIsNotThisBrowsersIsRefused(t *testing.T) {
	w := newWorld(t)
	_, answer := w.visit(w.origin + "/callback?code=c0de&state=made-up")
	w.expect(answer, "400", "begin again")

	page, _ := w.visit(w.origin + "/login")
	_, answer = w.decide(page, "deny")
	w.expect(answer, "403", "did not log in")
	_, answer = w.decide(page, "approve") // the cookie of this login is deleted
	w.expect(answer, "400", "begin again")
}

func TestAnOutageIsNoRefusal(t *testing.T) {
	w := newWorld(t)
	page, _ := w.visit(w.origin + "/login")
	w.api.InjectFault(mock.Fault{Operation: "token", Kind: mock.FaultStatus, Status: http.StatusBadGateway, Count: 1})
	_, answer := w.decide(page, "approve")
	w.expect(answer, "503", "try again later")
}

func TestASessionThatIsOverLeadsToTheLogin(t *testing.T) {
	w := newWorld(t)
	page, _ := w.visit(w.origin + "/login")
	w.browser.Jar.SetCookies(&url.URL{Scheme: "https", Host: strings.TrimPrefix(w.origin, "https://")}, []*http.Cookie{newCookie(sessionCookie, "a.b.c", 60)})
	if at, _ := w.visit(w.origin + "/"); at.Path != page.Path {
		t.Errorf("the browser is at %s", at)
	}
}
