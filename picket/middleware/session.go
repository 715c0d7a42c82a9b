package middleware

import (
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// Session is where an application keeps the access tokens of its users' browsers, such as in a cookie. It must be safe for
// concurrent use.
type Session interface {
	// Token returns the access token of the request's session, or "" when it has none. An error that is a
	// picket.ErrInvalidArgument says that the request has a session which is malformed: it is answered with 400. Every other
	// error says that the session could not be read: it is answered with 503.
	Token(r *http.Request) (picket.Secret, error)
	// Renew replaces the token of the request's session by a newer one of the same user. It may set headers, and must not
	// write a body. An error that is a picket.ErrInvalidArgument says that the session cannot take this token: it is answered
	// with 500. Every other error says that the session could not be written: it is answered with 503.
	Renew(w http.ResponseWriter, r *http.Request, token picket.Secret) error
}
