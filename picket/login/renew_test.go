package login_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// interruptedStore lets something happen right before a token is replaced.
type interruptedStore struct {
	*sessionStore
	meanwhile func()
}

func (s *interruptedStore) Replace(ctx context.Context, id string, token picket.Secret, expires time.Time) (bool, error) {
	if s.meanwhile != nil {
		meanwhile := s.meanwhile
		s.meanwhile = nil
		meanwhile()
	}
	return s.sessionStore.Replace(ctx, id, token, expires)
}

func TestARenewalDoesNotBringBackASessionThatEndedMeanwhile(t *testing.T) {
	for name, end := range map[string]func(*browser) bool{
		"by a log-out": func(b *browser) bool { return b.post("/logout", "").status == http.StatusNoContent },
		"by another login": func(b *browser) bool {
			wallet := mock.NewEthereumWallet(t)
			return b.sign(wallet, b.message(t, wallet)).status == http.StatusOK
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			store := &interruptedStore{sessionStore: newSessionStore()}
			b := newBrowser(newShop(t, srv, login.WithSessionStore(store)))
			b.logIn(t, mock.NewEthereumWallet(t))
			id, request := b.cookies[sessionCookie], b.request("/", "")
			store.meanwhile = func() {
				if !end(b) {
					t.Fatal("the session did not end")
				}
			}
			w := httptest.NewRecorder()
			err := b.shop.Renew(w, request, expiring(srv.Now().Add(time.Hour)))
			if !errors.Is(err, picket.CodeAuthenticationRequired) || len(w.Header()) != 0 {
				t.Errorf("got %v and the header %v", err, w.Header())
			}
			b.cookies[sessionCookie] = id
			b.wantNoSession(t)
		})
	}
}
