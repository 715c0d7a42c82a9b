// Package tokens issues and verifies the mock's JWTs: access tokens and ID tokens. It knows whom a token is for, and not what its
// bearer may do.
package tokens

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	exact "github.com/go-jose/go-jose/v4/json" // tells names apart by case, and refuses one that is there twice
	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Lifetime is how long a token lives.
const Lifetime = 12 * time.Hour

const version = 1

// DefaultIssuer is the issuer that the documentation's sample of an access token has.
const DefaultIssuer = "picketapi.com"

// Signer makes and checks access tokens: JWTs signed with ES256, with the header {"alg":"ES256","typ":"JWT"}. It makes ID tokens as
// well, with the same key; their header names it.
type Signer struct {
	keys ring

	mu         sync.Mutex
	issuer     string // of access tokens
	configured string // the ID of the key that was configured
}

// NewSigner returns a signer that signs with a key. The issuer is that of access tokens.
func NewSigner(key *Key, issuer string) *Signer {
	return &Signer{issuer: issuer, configured: key.ID, keys: ring{signing: key}}
}

// Keys returns the keys that tokens are verified with, first the one that signs.
func (s *Signer) Keys() []Served { return s.keys.served() }

// JWKS returns the public keys that tokens are verified with.
func (s *Signer) JWKS() []types.JSONWebKey {
	var set []types.JSONWebKey
	for _, key := range s.keys.served() {
		set = append(set, key.jwk)
	}
	return set
}

// Rotate signs with another key from now on. The one that signed so far verifies tokens for as long as keep says, by a clock.
func (s *Signer) Rotate(next *Key, keep time.Duration, now func() time.Time) error {
	return s.keys.rotate(next, keep, now)
}

// Configure sets what NewSigner set. A key that is not the one that was configured before takes the place of all others.
func (s *Signer) Configure(key *Key, issuer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key.ID != s.configured {
		s.keys.replace(key)
	}
	s.issuer, s.configured = issuer, key.ID
}

func (s *Signer) accessTokenIssuer() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issuer
}

// Issue returns a new token for a user of the project with the given ID. The email may be empty.
func (s *Signer) Issue(user picket.AuthenticatedUser, email, projectID string, now time.Time) (picket.Secret, error) {
	return sign(s.keys.current().signer, picket.AccessTokenPayload{
		Chain:          user.Chain,
		WalletAddress:  user.WalletAddress,
		DisplayAddress: user.DisplayAddress,
		TokenBalances:  user.TokenBalances,
		IssuedAt:       picket.NumericDate(now.Unix()),
		ExpiresAt:      picket.NumericDate(now.Add(Lifetime).Unix()),
		Issuer:         s.accessTokenIssuer(),
		Subject:        Subject(user.Chain, user.WalletAddress),
		Audience:       projectID,
		Email:          email,
		AccessTokenID:  uuid.NewString(),
		Version:        version,
	})
}

// Subject returns the subject of the tokens of a wallet.
func Subject(chain, address string) string { return chain + ":" + address }

// sign returns a JWT with the given claims.
func sign(signer jose.Signer, claims any) (picket.Secret, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	token, err := signed.CompactSerialize()
	return picket.Secret(token), err
}

// Check returns the claims of a token that this signer made for the project with the given ID and that is alive.
func (s *Signer) Check(token picket.Secret, projectID string, now time.Time) (*picket.AccessTokenPayload, error) {
	claims, err := s.Verify(token)
	if err == nil {
		err = CheckClaims(claims, projectID, now)
	}
	if err != nil {
		return nil, refusal.InvalidParameter("invalid access token: %v", err).Because(Explain(token, err))
	}
	return claims, nil
}

// Verify returns the claims of a token that this signer made, whomever it is for and whether it is alive or not.
func (s *Signer) Verify(token picket.Secret) (*picket.AccessTokenPayload, error) {
	return verify[picket.AccessTokenPayload](s, token)
}

func verify[Claims any](s *Signer, token picket.Secret) (*Claims, error) {
	parsed, err := jose.ParseSignedCompact(string(token), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || !isPlain(string(token)) {
		return nil, invalid{reason: explain.TokenForm, what: "it is not a JWT signed with ES256"}
	}
	for _, key := range s.keys.served() {
		payload, err := parsed.Verify(key.public)
		claims := new(Claims)
		if err == nil && exact.Unmarshal(payload, claims) == nil {
			return claims, nil
		}
	}
	return nil, invalid{reason: explain.TokenForged, what: "its signature does not verify: it was altered, or made with another key"}
}

// isPlain reports whether a token is spelt as it was issued. Package base64 reads line breaks, and bits at the end that are not
// zero, as if they were not there; a token with a line break was read from a file and not trimmed.
func isPlain(token string) bool {
	if strings.ContainsAny(token, "\r\n") {
		return false
	}
	for part := range strings.SplitSeq(token, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return false
		}
	}
	return true
}

// CheckClaims checks whom a token is for and that it is alive. An ID token fails here: it is for a client, not a project.
func CheckClaims(claims *picket.AccessTokenPayload, projectID string, now time.Time) error {
	switch {
	case claims.Audience != projectID:
		return invalid{explain.TokenOfAnotherProject, "it is for another project", fmt.Sprintf("it is for the project %s, and the request is of the project %s", claims.Audience, projectID)}
	case !now.Before(claims.ExpiresAt.Time()):
		return invalid{reason: explain.TokenExpired, what: "it expired at " + claims.ExpiresAt.Time().Format(time.RFC3339)}
	}
	return nil
}
