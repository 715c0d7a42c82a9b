package middleware_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// sessions is a Session of one user, whose requests have the header Session.
type sessions struct {
	mu      sync.Mutex
	token   picket.Secret
	failure error
}

func (s *sessions) AccessToken(r *http.Request) (picket.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Session") == "" {
		return "", nil
	}
	return s.token, s.failure
}

func (s *sessions) Renew(_ http.ResponseWriter, _ *http.Request, token picket.Secret) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = token
	return s.failure
}

var malformedSession = malformed("the session is malformed; log in again")

func TestTheTokenIsTakenFromTheSession(t *testing.T) {
	ofSession := http.Header{"Session": {"1"}}
	for _, c := range []struct {
		name    string
		session *sessions
		header  http.Header
		want    answer
	}{
		{"good", &sessions{token: token}, ofSession, let},
		{"none", &sessions{token: token}, http.Header{}, noToken},
		{"an empty token", &sessions{}, ofSession, noToken},
		{"a bad token", &sessions{token: "abc"}, ofSession, badToken},
		{"malformed", &sessions{failure: fmt.Errorf("it: %w", picket.ErrInvalidArgument)}, ofSession, malformedSession},
		{"malformed, and a token", &sessions{token: token, failure: picket.ErrInvalidArgument}, ofSession, malformedSession},
		{"a store that does not answer", &sessions{failure: errors.New("no route to host")}, ofSession, unavailable},
		{"a failure that looks like a bad token", &sessions{token: token, failure: picket.CodeParameterInvalid}, ofSession, unavailable},
		{"Bearer first", &sessions{token: "abc"}, http.Header{"Session": {"1"}, "Authorization": {"Bearer " + token}}, let},
		{"a bad Bearer first", &sessions{token: token}, http.Header{"Session": {"1"}, "Authorization": {"Bearer abc"}}, badToken},
		{"a malformed Bearer first", &sessions{token: token}, http.Header{"Session": {"1"}, "Authorization": {"Bearer"}}, emptyBearer},
		{"Bearer, and a session that fails", &sessions{failure: errors.New("no")}, http.Header{"Session": {"1"}, "Authorization": {"Bearer " + token}}, let},
		{"another scheme", &sessions{token: token}, http.Header{"Session": {"1"}, "Authorization": {"Basic YTpi"}}, let},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, always(claims(), nil), middleware.WithSession(c.session))
			if diff := cmp.Diff(c.want, answerOf(auth.Required(hello), get(c.header))); diff != "" {
				t.Error(diff)
			}
			want := c.want
			if want == noToken {
				want = let
				want.Body = "nobody"
			}
			if diff := cmp.Diff(want, answerOf(auth.Optional(hello), get(c.header))); diff != "" {
				t.Error("optional:", diff)
			}
		})
	}
}
