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

// Token returns the access token of a request's session, and "" when there is none: no cookie, an empty one, or one that the
// store knows nothing of. It does not check the token; middleware.WithSession lets the middleware do that.
//
// Errors: picket.ErrInvalidArgument when the request has several session cookies. Every other error means that the store could
// not tell.
func (s *Site) Token(r *http.Request) (picket.Secret, error) {
	_, token, err := s.session(r)
	if err != nil {
		return "", fmt.Errorf("login: %w", err)
	}
	return token, nil
}

// session returns the ID and the token of a request's session. Without a store, the ID is empty.
func (s *Site) session(r *http.Request) (id string, token picket.Secret, err error) {
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

// Renew puts an access token in the place of the one of the request's session, such as one with new balances that Client.Authz
// returned. The session then ends with the new token. Call it before the answer is written.
//
// Errors: picket.ErrInvalidArgument when the request has no session, or several cookies, and for a token that the session cannot
// take: one whose exp cannot be read or is over, or that is too long for a cookie (see WithSessionStore). Every other error means
// that the store failed. The session stays as it was.
func (s *Site) Renew(w http.ResponseWriter, r *http.Request, token picket.Secret) error {
	id, current, err := s.session(r)
	if err == nil && current == "" {
		err = fmt.Errorf("%w: the request has no session to renew", picket.ErrInvalidArgument)
	}
	if err == nil {
		err = s.put(w, r, id, token)
	}
	if err != nil {
		return fmt.Errorf("login: %w", err)
	}
	return nil
}

// start begins a session with a new ID, and ends the one that the browser may have.
func (s *Site) start(w http.ResponseWriter, r *http.Request, token picket.Secret) error {
	if s.sessions == nil {
		return s.put(w, r, "", token)
	}
	if before, _ := s.cookies.value(r, sessionName); before != "" {
		if err := s.end(r, before); err != nil {
			return err
		}
	}
	return s.put(w, r, newID(), token)
}

// end deletes what the store has under the ID of a cookie.
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

// put lets a token be that of the session with an ID. Without a store, the cookie is the session.
func (s *Site) put(w http.ResponseWriter, r *http.Request, id string, token picket.Secret) error {
	expires, err := s.expiry(token)
	if err != nil {
		return fmt.Errorf("%w: %w", picket.ErrInvalidArgument, err)
	}
	value := string(token)
	if s.sessions != nil {
		value = id
		stored, _ := storedID(id)
		if err := s.sessions.Save(r.Context(), stored, token, expires); err != nil {
			return storeFailed(err, token)
		}
	}
	if err := s.cookies.set(w, sessionName, value, http.SameSiteLaxMode, s.settings.now(), expires); err != nil {
		return fmt.Errorf("%w: %w: the access token has too many balances for one; WithSessionStore keeps tokens on the server", picket.ErrInvalidArgument, err)
	}
	return nil
}

// expiry returns when a token ends, as its claims say, which it does not verify: the token came from the API. It refuses what
// is not a JWT, so that nothing else gets into a cookie.
func (s *Site) expiry(token picket.Secret) (time.Time, error) {
	if len(token) > maxTokenBytes {
		return time.Time{}, fmt.Errorf("the access token is %d bytes long, and those over %d are refused with every request; require fewer tokens", len(token), maxTokenBytes)
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
	if expires.Sub(s.settings.now()) < time.Second {
		return time.Time{}, errors.New("the access token is expired already; are the clocks right?")
	}
	return expires, nil
}

// maxTokenBytes is how long an access token may be, as in packages middleware and accesstoken.
const maxTokenBytes = 64 << 10

// maxExpiry is the last second that a cookie can name: the end of the year 9999.
const maxExpiry = 253402300799

// Logout ends the session of the browser, and a login that is under way there: POST, without a body. It answers 204, also when
// there was no session. An access token lives on until its exp; where somebody may have copied it, keep tokens in a
// SessionStore.
//
// Answers besides 204: 400 for several session cookies, 403 for a request of another site's page, 405, and 503 when the store
// failed; the browser's cookie is gone in any case but 403 and 405.
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
