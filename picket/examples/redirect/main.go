// Command redirect is a site whose users log in at Picket's login page. The browser goes there and comes back with a code, which the
// site exchanges for an access token. In between, the pending login is in a sealed cookie, so that any replica with the same key can
// end a login that another one began.
//
// To try it against the mock, in a clone of this repository, and then open http://localhost:3000 in a browser:
//
//	go run ./mock/cmd/picket-mock -addr 127.0.0.1:4010 -redirect-uri http://localhost:3000/callback
//
//	PICKET_API_KEY=sk_00000000000000000000000000000000 PICKET_PUBLISHABLE_KEY=pk_00000000000000000000000000000000 \
//	  PICKET_BASE_URL=http://127.0.0.1:4010/api/v1 LOGIN_KEY=$(openssl rand -hex 32) go run ./picket/examples/redirect
package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"log"
	"net/http"
	"os"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

func main() {
	client, err := picket.NewFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	key, err := hex.DecodeString(os.Getenv("LOGIN_KEY"))
	if err != nil {
		log.Fatal("LOGIN_KEY is not hexadecimal") // the error itself may show a part of the key
	}
	site, err := newSite(client, os.Getenv("PICKET_PUBLISHABLE_KEY"), "http://localhost:3000", key)
	if err != nil {
		log.Fatal(err)
	}
	log.Println("open http://localhost:3000")
	log.Fatal(http.ListenAndServe("localhost:3000", site))
}

type shop struct {
	client *picket.Client
	logins *oauth.Logins
	cookie sealedCookie
}

// newSite returns the site at an origin. The key, of 32 random bytes, seals pending logins.
func newSite(client *picket.Client, publishableKey, origin string, key []byte) (http.Handler, error) {
	logins, err := oauth.New(publishableKey, origin+"/callback", oauth.WithBaseURL(client.BaseURL()))
	if err != nil {
		return nil, err
	}
	cookie, err := newSealedCookie(key)
	if err != nil {
		return nil, err
	}
	auth, err := middleware.New(middleware.Remote(client), middleware.WithCookie(sessionCookie), middleware.WithErrorHandler(logInAgain))
	if err != nil {
		return nil, err
	}
	s := &shop{client, logins, cookie}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", auth.Optional(http.HandlerFunc(home)))
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("GET /callback", s.callback)
	return http.NewCrossOriginProtection().Handler(mux), nil
}

func home(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if user, ok := middleware.UserFromContext(r.Context()); ok {
		_, _ = fmt.Fprintf(w, "<!doctype html><p>Hello, %s.\n", html.EscapeString(user.DisplayAddress))
		return
	}
	_, _ = fmt.Fprintln(w, `<!doctype html><p><a href="/login">Log in</a>`)
}

// logInAgain sends users whose session is over to the login. It leaves every other refusal to the middleware.
func logInAgain(w http.ResponseWriter, r *http.Request, status int, _ error) {
	if status == http.StatusUnauthorized {
		http.Redirect(w, r, "/login", http.StatusFound)
	}
}

func (s *shop) login(w http.ResponseWriter, r *http.Request) {
	login, err := s.logins.Begin(picket.ChainEthereum, oauth.Parameters{})
	if err == nil {
		err = s.cookie.keep(w, login.Pending)
	}
	if err != nil {
		log.Print(err)
		http.Error(w, "logging in does not work at the moment", http.StatusInternalServerError)
		return
	}
	http.Redirect(w, r, string(login.URL), http.StatusFound)
}

func (s *shop) callback(w http.ResponseWriter, r *http.Request) {
	response, err := s.cookie.take(w, r).Exchange(r.Context(), s.client, r.URL.Query())
	var refused *oauth.Error
	switch {
	case err == nil:
		http.SetCookie(w, newCookie(sessionCookie, string(response.AccessToken), int(response.ExpiresIn)))
		http.Redirect(w, r, "/", http.StatusFound)
	case errors.Is(err, oauth.CodeAccessDenied), errors.Is(err, picket.CodePermissionDenied), errors.Is(err, picket.ErrChainMismatch):
		http.Error(w, "you did not log in, or may not", http.StatusForbidden)
	case errors.Is(err, oauth.ErrNoPendingLogin), errors.Is(err, oauth.ErrState), errors.Is(err, oauth.ErrIssuer), errors.Is(err, oauth.ErrCallback),
		errors.Is(err, picket.CodeOAuthInvalidGrant), errors.As(err, &refused):
		http.Error(w, "this login is over; begin again", http.StatusBadRequest)
	default:
		log.Print(err) // it contains no code, token or key
		http.Error(w, "the login could not be checked; try again later", http.StatusServiceUnavailable)
	}
}
