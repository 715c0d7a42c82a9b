package tokens

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// IDClaims are the claims of an ID token (OpenID Connect Core 1.0 section 2).
type IDClaims struct {
	Issuer          string             `json:"iss"`
	Subject         string             `json:"sub"`
	Audience        string             `json:"aud"`
	IssuedAt        picket.NumericDate `json:"iat"`
	ExpiresAt       picket.NumericDate `json:"exp"`
	LoggedInAt      picket.NumericDate `json:"auth_time"`
	AccessTokenHash string             `json:"at_hash"`
	Nonce           string             `json:"nonce,omitempty"`
	Email           string             `json:"email,omitempty"`

	Custom CustomClaims `json:"-"`
}

// all returns the claims with the custom ones, which have other names.
func (c IDClaims) all() (any, error) {
	if c.Custom == "" {
		return c, nil
	}
	all := map[string]json.RawMessage{}
	own, err := json.Marshal(c)
	for _, text := range [][]byte{[]byte(c.Custom), own} {
		if err == nil {
			err = json.Unmarshal(text, &all)
		}
	}
	return all, err
}

// CustomClaims are claims of a project's ID tokens, as a JSON object. Empty for none.
type CustomClaims string

// NewCustomClaims returns custom claims. It refuses the names of those that the mock gives an ID token itself.
func NewCustomClaims(claims map[string]any) (CustomClaims, error) {
	if len(claims) == 0 {
		return "", nil
	}
	own := reflect.TypeFor[IDClaims]()
	for i := range own.NumField() {
		name, _, _ := strings.Cut(own.Field(i).Tag.Get("json"), ",")
		if _, taken := claims[name]; taken {
			return "", fmt.Errorf("%s is a claim that the mock gives every ID token itself", name)
		}
	}
	text, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("the claims cannot be written as JSON: %w", err)
	}
	return CustomClaims(text), nil
}
