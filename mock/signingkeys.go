package mock

import (
	"crypto/ecdsa"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/tokens"
)

// SigningKey is a key that tokens are verified with.
type SigningKey struct {
	// ID is the key's ID, as in /oauth2/jwks and in the header of ID tokens.
	ID string
	// ServedUntil is when an old key is no longer served. It is zero for the key that signs.
	ServedUntil time.Time
}

// WithSigningKey sets the key that signs the tokens of all projects, which is on P-256. The default is a fixed key that everybody
// knows, so that tokens of one server are valid on another with the same project ID, as after a restart. A test that needs the tokens
// of two servers told apart gives one of them another key.
func WithSigningKey(key *ecdsa.PrivateKey) Option {
	return ofServer("WithSigningKey", func(s *serverSettings) (err error) {
		s.signingKey, err = tokens.NewKey(key)
		return err
	})
}

// WithAccessTokenIssuer sets the iss of access tokens. The default is picketapi.com, which a sample in the API's documentation has; a
// table there has https://picketapi.com. ID tokens have the issuer of OpenID Connect.
func WithAccessTokenIssuer(issuer string) Option {
	return ofServer("WithAccessTokenIssuer", func(s *serverSettings) error { return s.setTokenIssuer(issuer) })
}

// SigningKeys returns the keys that tokens are verified with, first the one that signs.
func (s *Server) SigningKeys() []SigningKey {
	var list []SigningKey
	for _, key := range s.tokens.Keys() {
		list = append(list, SigningKey{ID: key.ID, ServedUntil: key.Until})
	}
	return list
}

// RotateSigningKey signs the tokens of all projects with another key from now on, which is on P-256; nil makes a new one. The key that
// signed so far is served at /oauth2/jwks, and what it signed is valid, for as long as keep says, by the clock of the default project;
// 0 drops it at once. Reset does not bring it back.
func (s *Server) RotateSigningKey(next *ecdsa.PrivateKey, keep time.Duration) {
	key, err := (*tokens.Key)(nil), error(nil)
	if next == nil {
		key, err = tokens.RandomKey()
	} else {
		key, err = tokens.NewKey(next)
	}
	if err == nil {
		err = s.tokens.Rotate(key, keep, s.tenants.Default().Clock.Now)
	}
	s.must("RotateSigningKey", err)
}
