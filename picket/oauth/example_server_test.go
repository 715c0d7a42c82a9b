package oauth_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"sync"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// shop is a server that users log in to with their wallets.
type shop struct {
	logins *oauth.Logins
	client *picket.Client

	mu      sync.Mutex
	pending map[string]oauth.PendingLogin // by the cookie of the browser; a real server forgets them after ten minutes
}

const loginCookie = "__Host-login"

func (s *shop) login(w http.ResponseWriter, r *http.Request) {
	login, err := s.logins.Begin("ethereum", oauth.Parameters{})
	if err != nil {
		log.Print(err)
		http.Error(w, "try again later", http.StatusInternalServerError)
		return
	}
	id := rand.Text()
	s.mu.Lock()
	s.pending[id] = login.Pending
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: loginCookie, Value: id, Path: "/", MaxAge: 10 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, string(login.URL), http.StatusFound)
}

func (s *shop) callback(w http.ResponseWriter, r *http.Request) {
	var pending oauth.PendingLogin // without a login it stays empty, and refuses the callback
	if cookie, err := r.Cookie(loginCookie); err == nil {
		s.mu.Lock()
		pending = s.pending[cookie.Value]
		delete(s.pending, cookie.Value) // it works once
		s.mu.Unlock()
	}
	response, err := pending.Exchange(r.Context(), s.client, r.URL.Query())
	var refused *oauth.Error
	switch {
	case err == nil:
		// From here on the user has a session of the shop's own.
		_, _ = fmt.Fprintf(w, "hello, %s", response.User.DisplayAddress)
	case errors.Is(err, oauth.CodeAccessDenied), errors.Is(err, picket.CodePermissionDenied), errors.Is(err, picket.ErrChainMismatch):
		http.Error(w, "you did not log in, or may not", http.StatusForbidden)
	case errors.Is(err, oauth.ErrNoPendingLogin), errors.Is(err, oauth.ErrState), errors.Is(err, oauth.ErrIssuer), errors.Is(err, oauth.ErrCallback),
		errors.Is(err, picket.CodeOAuthInvalidGrant), errors.As(err, &refused):
		log.Print(err) // contains no code, token or key
		http.Error(w, "this did not work; log in again", http.StatusBadRequest)
	default:
		log.Print(err)
		http.Error(w, "try again later", http.StatusBadGateway)
	}
}

// Example is a server, and a browser in which somebody logs in.
func Example() {
	shop := &shop{pending: map[string]oauth.PendingLogin{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", shop.login)
	mux.HandleFunc("GET /callback", shop.callback)
	server := httptest.NewTLSServer(mux)
	defer server.Close()

	// In production there is no mock; the project's owner allows the redirect URI, and there is no WithBaseURL.
	api := mock.Start(exampleTB{}, mock.WithRedirectURI(server.URL+"/callback"))
	wallet := mock.NewEthereumWallet(exampleTB{})
	api.SetDisplayName("ethereum", wallet.Address, "alice.eth")
	var err error
	if shop.logins, err = oauth.New(api.PublishableKey, server.URL+"/callback", oauth.WithBaseURL(api.URL)); err != nil {
		log.Fatal(err)
	}
	if shop.client, err = picket.New(api.SecretKey, picket.WithBaseURL(api.URL)); err != nil {
		log.Fatal(err)
	}

	browser := server.Client()
	if browser.Jar, err = cookiejar.New(nil); err != nil {
		log.Fatal(err)
	}
	home := wallet.Approve(exampleTB{}, browser, server.URL+"/login") // which redirects to the API, and the API to the callback
	text, err := io.ReadAll(home.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output: hello, alice.eth
}
