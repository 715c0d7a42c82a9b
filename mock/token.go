package mock

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	tokenLifetime = 12 * time.Hour
	issuer        = "picketapi.com"
	tokenVersion  = 1
)

// tokenSigner makes and checks access tokens: JWTs signed with ES256, with the header {"alg":"ES256","typ":"JWT"}.
type tokenSigner struct {
	signer jose.Signer
	public *ecdsa.PublicKey
}

func newTokenSigner() (*tokenSigner, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	return &tokenSigner{signer, &key.PublicKey}, nil
}

// issue returns a new token for a user of the project with the given ID.
func (s *tokenSigner) issue(user picket.AuthenticatedUser, projectID string, now time.Time) (picket.Secret, error) {
	token, err := jwt.Signed(s.signer).Claims(picket.AccessTokenPayload{
		Chain:          user.Chain,
		WalletAddress:  user.WalletAddress,
		DisplayAddress: user.DisplayAddress,
		TokenBalances:  user.TokenBalances,
		IssuedAt:       picket.NumericDate(now.Unix()),
		ExpiresAt:      picket.NumericDate(now.Add(tokenLifetime).Unix()),
		Issuer:         issuer,
		Subject:        user.Chain + ":" + user.WalletAddress,
		Audience:       projectID,
		TokenID:        uuid.NewString(),
		Version:        tokenVersion,
	}).Serialize()
	return picket.Secret(token), err
}

// check returns the claims of a token that this signer made for the project with the given ID and that is alive.
func (s *tokenSigner) check(token picket.Secret, projectID string, now time.Time) (*picket.AccessTokenPayload, error) {
	claims, err := s.parse(token, projectID, now)
	if err != nil {
		return nil, invalidParameter("invalid access token: %v", err)
	}
	return claims, nil
}

func (s *tokenSigner) parse(token picket.Secret, projectID string, now time.Time) (*picket.AccessTokenPayload, error) {
	parsed, err := jwt.ParseSigned(string(token), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, errors.New("it is not a JWT signed with ES256")
	}
	var claims picket.AccessTokenPayload
	if err := parsed.Claims(s.public, &claims); err != nil {
		return nil, errors.New("its signature does not verify: it was altered, or made with another key")
	}
	switch {
	case claims.Audience != projectID:
		return nil, errors.New("it is for another project")
	case !now.Before(claims.ExpiresAt.Time()):
		return nil, fmt.Errorf("it expired at %s", claims.ExpiresAt.Time().Format(time.RFC3339))
	}
	return &claims, nil
}
