package accesstoken

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	claimsVersion    = 1
	maxAddressLength = 128 // as in openapi.yaml
)

// claims are the claims of an access token, whose dates are read more strictly than by package picket.
type claims struct {
	picket.AccessTokenPayload
	IssuedAt  date `json:"iat"`
	ExpiresAt date `json:"exp"`
	NotBefore date `json:"nbf"`
}

// date is a time in whole seconds since 1970. 0 means that there is none.
type date int64

func (d *date) UnmarshalJSON(data []byte) error {
	seconds, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil || seconds <= 0 {
		return errors.New("a date is a whole number of seconds above 0")
	}
	*d = date(seconds)
	return nil
}

// decodeClaims reads the claims with go-jose's JSON, which distinguishes upper and lower case and refuses duplicates.
func decodeClaims(text []byte) (*claims, error) {
	var c claims
	if !utf8.Valid(text) || json.Unmarshal(text, &c) != nil {
		return nil, invalid("its claims are not a JSON object, or one of them is there twice or has another type than in an access token")
	}
	return &c, nil
}

func (c *claims) payload() *picket.AccessTokenPayload {
	payload := c.AccessTokenPayload
	payload.IssuedAt = picket.NumericDate(c.IssuedAt)
	payload.ExpiresAt = picket.NumericDate(c.ExpiresAt)
	return &payload
}

// checkClaims checks everything but the signature. It looks at the time last: an expired token was good otherwise.
func (v *Verifier) checkClaims(c *claims) error {
	switch {
	case c.Audience == "":
		return invalid("it has no aud")
	case c.Chain == "":
		return invalid("it has no chain; is it an ID token?")
	case !isWalletAddress(c.WalletAddress):
		return invalid("it has no walletAddress that can be one; is it an ID token?")
	case c.DisplayAddress == "":
		return invalid("it has no displayAddress")
	case c.AccessTokenID == "":
		return invalid("it has no tid; is it an ID token?")
	case c.Version != 0 && c.Version != claimsVersion:
		return invalid("its ver is not the version of the claims that is known here")
	case !slices.Contains(v.issuers, c.Issuer):
		return invalid("its iss is not the issuer")
	case !v.skipAudience && !slices.Contains(v.projectIDs, c.Audience):
		return invalid("its aud is not the project's ID: it is for another project")
	case c.Subject != c.Chain+":"+c.WalletAddress:
		return invalid("its sub is not its chain and walletAddress")
	}
	return v.checkTime(c)
}

// checkTime compares seconds, which cannot overflow, whatever a token says: both dates are above 0, or absent.
func (v *Verifier) checkTime(c *claims) error {
	now := v.now()
	latest := date(now.Add(v.leeway).Unix())
	switch {
	case c.IssuedAt == 0:
		return invalid("it has no iat")
	case c.ExpiresAt == 0:
		return invalid("it has no exp")
	case c.IssuedAt > latest:
		return invalid("its iat is in the future; are the clocks right?")
	case c.NotBefore > latest:
		return invalid("its nbf is in the future; are the clocks right?")
	case c.ExpiresAt <= c.IssuedAt:
		return invalid("its exp is not after its iat")
	case c.ExpiresAt-c.IssuedAt > date(v.maxLifetime/time.Second):
		return invalid("its lifetime, from iat to exp, is longer than that of an access token can be")
	case c.ExpiresAt <= date(now.Add(-v.leeway).Unix()):
		return expired()
	}
	return nil
}

// isWalletAddress reports whether s has the form that openapi.yaml requires of every address.
func isWalletAddress(s string) bool {
	return s != "" && len(s) <= maxAddressLength && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
