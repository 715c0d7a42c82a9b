package tokens

import (
	"crypto/sha256"
	"encoding/base64"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

// HashOf returns the hash by which an ID token names the access token that it was given out with: the left half of its SHA-256, because
// ID tokens are signed with ES256 (OpenID Connect Core 1.0 section 3.1.3.6).
func HashOf(token picket.Secret) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// IssueID returns an ID token with the given claims.
func (s *Signer) IssueID(claims IDClaims) (picket.Secret, error) {
	all, err := claims.all()
	if err != nil {
		return "", err
	}
	return sign(s.keys.current().idSigner, all)
}

// VerifyID returns the claims of an ID token that this signer made, whomever it is for and whether it is alive or not: a client that
// says by it who its user is may have it for long.
func (s *Signer) VerifyID(token picket.Secret) (*IDClaims, error) {
	claims, err := verify[IDClaims](s, token)
	if err != nil {
		return nil, refusal.InvalidParameter("id_token_hint is not an ID token of this provider: %v", err)
	}
	return claims, nil
}
