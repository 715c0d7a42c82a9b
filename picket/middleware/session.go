package middleware

import (
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// Session is where an application keeps the access tokens of its users' browsers, such as in a cookie. A login.Site is one. It
// must be safe for concurrent use.
type Session interface {
	// AccessToken returns the access token of the request's session, or "" if the request has none. An error that is a
	// picket.ErrInvalidArgument means that the request's session is malformed: the answer is 400. Every other error means that
	// the session could not be read: the answer is 503.
	AccessToken(r *http.Request) (picket.Secret, error)
	// Renew replaces the token of the request's session by a newer one of the same user. It may set headers and must not write
	// a body. It must not bring back a session that has ended meanwhile, in a log-out for example.
	//
	// An error that is a picket.CodeAuthenticationRequired means that the session has ended: the answer is 401. An error that
	// is a picket.ErrInvalidArgument means that the session cannot take this token: the answer is 500. Every other error means
	// that the session could not be written: the answer is 503.
	Renew(w http.ResponseWriter, r *http.Request, token picket.Secret) error
}
