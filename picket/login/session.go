package login

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

var errNoSession = fmt.Errorf("%w: the request has no session, or its session has ended", picket.CodeAuthenticationRequired)

// AccessToken returns the access token of a request's session, or "" if the request has none: no session cookie, an empty one,
// or one that the store does not know. It does not check the token; with middleware.WithSession the middleware does.
//
// Errors: picket.ErrInvalidArgument when the request has several session cookies. Every other error means that the store could
// not be read.
func (s *Site) AccessToken(r *http.Request) (picket.Secret, error) {
	_, token, err := s.session(r)
	if err != nil {
		return "", fmt.Errorf("login: %w", err)
	}
	return token, nil
}

// session returns the ID and the token of a request's session. Without a store the ID is empty.
func (s *Site) session(r *http.Request) (id string, token picket.Secret, err error) {
	if !s.isMade() {
		return "", "", errNotMade
	}
	value, err := s.cookies.value(r, sessionName)
	if err != nil || s.sessions == nil {
		return "", picket.Secret(value), err
	}
	stored, ok := storedID(value)
	if !ok {
		return "", "", nil
	}
	if token, err = s.sessions.Load(r.Context(), stored); err != nil {
		return "", "", storeFailed(err, "")
	}
	return value, token, nil
}

// Renew replaces the access token of the request's session, for example by one with new balances that Client.Authz returned.
// The session then ends when the new token does. Call Renew before the answer is written.
//
// Renew never brings back a session that ended meanwhile, in a log-out for example, if there is a SessionStore. Without one the
// cookie is the session, and of two answers that are on their way to the browser the last one to arrive counts.
//
// Errors: picket.CodeAuthenticationRequired when the request has no session, or its session has ended; picket.ErrInvalidArgument
// when the request has several session cookies, and for a token that the session cannot take: one whose exp cannot be read or
// has passed, or one that is too long for a cookie (see WithSessionStore). Every other error means that the store failed. After
// an error the session is as it was.
func (s *Site) Renew(w http.ResponseWriter, r *http.Request, token picket.Secret) error {
	id, current, err := s.session(r)
	if err == nil && current == "" {
		err = errNoSession
	}
	if err == nil {
		err = s.renew(w, r, id, token)
	}
	if err != nil {
		return fmt.Errorf("login: %w", err)
	}
	return nil
}

func (s *Site) renew(w http.ResponseWriter, r *http.Request, id string, token picket.Secret) error {
	expires, err := s.expiry(token)
	if err != nil {
		return err
	}
	if s.sessions == nil {
		return s.setCookie(w, string(token), expires)
	}
	stored, _ := storedID(id)
	replaced, err := s.sessions.Replace(r.Context(), stored, token, expires)
	switch {
	case err != nil:
		return storeFailed(err, token)
	case !replaced:
		return errNoSession
	}
	return s.setCookie(w, id, expires)
}

// start begins a session with a new ID, and ends the one that the browser may have.
func (s *Site) start(w http.ResponseWriter, r *http.Request, token picket.Secret) error {
	if before, _ := s.cookies.value(r, sessionName); before != "" {
		if err := s.end(r, before); err != nil {
			return err
		}
	}
	expires, err := s.expiry(token)
	if err != nil {
		return err
	}
	if s.sessions == nil {
		return s.setCookie(w, string(token), expires)
	}
	id := newID()
	stored, _ := storedID(id)
	if err := s.sessions.Create(r.Context(), stored, token, expires); err != nil {
		return storeFailed(err, token)
	}
	return s.setCookie(w, id, expires)
}

// end deletes what the store, if there is one, has under the ID of a cookie.
func (s *Site) end(r *http.Request, id string) error {
	stored, ok := storedID(id)
	if !ok || s.sessions == nil {
		return nil
	}
	if err := s.sessions.Delete(r.Context(), stored); err != nil {
		return storeFailed(err, "")
	}
	return nil
}

func (s *Site) setCookie(w http.ResponseWriter, value string, expires time.Time) error {
	if err := s.cookies.set(w, sessionName, value, http.SameSiteLaxMode, s.settings.now(), expires); err != nil {
		return fmt.Errorf("%w: %w: the access token has too many balances for a cookie; WithSessionStore keeps tokens on the server", picket.ErrInvalidArgument, err)
	}
	return nil
}

// expiry returns when a token expires according to its claims. It does not verify them, because the token came from the API. It
// refuses whatever is not a JWT, so that nothing else gets into a cookie.
//
// Errors: picket.ErrInvalidArgument.
func (s *Site) expiry(token picket.Secret) (time.Time, error) {
	expires, err := readExpiry(token, s.settings.now())
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", picket.ErrInvalidArgument, err)
	}
	return expires, nil
}

func readExpiry(token picket.Secret, now time.Time) (time.Time, error) {
	if len(token) > maxTokenBytes {
		return time.Time{}, fmt.Errorf("the access token is %d bytes long, and tokens over %d bytes are refused with every request; require fewer tokens", len(token), maxTokenBytes)
	}
	parts := strings.Split(string(token), ".")
	if len(parts) != 3 {
		return time.Time{}, errors.New("the access token is not a JWT")
	}
	var claims map[string]json.RawMessage // by exact names
	for i, part := range parts {
		text, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") || part == "" {
			return time.Time{}, errors.New("the access token is not a JWT")
		}
		if i == 1 && json.Unmarshal(text, &claims) != nil {
			return time.Time{}, errors.New("the claims of the access token are not a JSON object")
		}
	}
	var seconds int64
	if json.Unmarshal(claims["exp"], &seconds) != nil || seconds <= 0 || seconds > maxExpiry {
		return time.Time{}, errors.New("the access token has no exp that is a time in seconds")
	}
	expires := time.Unix(seconds, 0)
	if expires.Sub(now) < time.Second {
		return time.Time{}, errors.New("the access token has expired already; are the clocks right?")
	}
	return expires, nil
}

// maxTokenBytes is how long an access token may be, as in packages middleware and accesstoken.
const maxTokenBytes = 64 << 10

// maxExpiry is the last second that a cookie can name: the end of the year 9999.
const maxExpiry = 253402300799

// Logout ends the browser's session, and a login that has begun there and not ended: POST, without a body. It answers 204, also
// when there was no session. The access token itself stays valid until its exp. Where somebody may have copied it, keep tokens
// in a SessionStore. A server that caches what it knows of tokens also calls Forget of its middleware.Authenticator.
//
// Answers besides 204: 400 for several session cookies, 403 for a request from another site's page, 405, 500 for a Site that New
// did not make, and 503 when the store failed. The cookie is removed from the browser except with 403, 405 and 500.
func (s *Site) Logout(w http.ResponseWriter, r *http.Request) {
	s.respond(w, r, func() (any, *refusal) {
		s.cookies.remove(w, sessionName, http.SameSiteLaxMode)
		s.cookies.remove(w, pendingName, http.SameSiteStrictMode)
		value, err := s.cookies.value(r, sessionName)
		if err != nil {
			return nil, malformed(err)
		}
		if err := s.end(r, value); err != nil {
			return nil, unavailable("a session could not be ended", err)
		}
		return nil, nil
	})
}
