package middleware

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// unverified returns the claims in a token without verifying them, or nil if they cannot be read. They decide what is asked, and
// never what is answered. The only exception is a token that cannot be an access token of the API: it is refused with an error.
func unverified(token string) (*picket.AccessTokenPayload, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errNoAccessToken
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errNoAccessToken
	}
	var claims picket.AccessTokenPayload
	var otherType *json.UnmarshalTypeError
	err = json.Unmarshal(text, &claims)
	switch {
	case err == nil && (claims.Chain == "" || claims.WalletAddress == ""):
		return nil, errNoAccessToken
	case err == nil:
		return &claims, nil
	case !json.Valid(text), errors.As(err, &otherType) && otherType.Field == "":
		return nil, errNoAccessToken
	}
	return nil, nil
}

var errNoAccessToken = fmt.Errorf("middleware: %w: the access token is a JWT, but not one with the claims of a user", picket.CodeParameterInvalid)

// A reading is what unverified returned for a token.
type reading struct {
	token  string
	claims *picket.AccessTokenPayload
	err    error
}

type readingKey struct{}

// read returns the claims in a token without verifying them, as unverified does, and a context with which reread need not read them
// again.
func read(ctx context.Context, token string) (context.Context, *picket.AccessTokenPayload) {
	claims, err := unverified(token)
	return context.WithValue(ctx, readingKey{}, &reading{token, claims, err}), claims
}

// reread is unverified for a token that was perhaps read already. Its result must not be changed.
func reread(ctx context.Context, token string) (*picket.AccessTokenPayload, error) {
	if r, ok := ctx.Value(readingKey{}).(*reading); ok && r.token == token {
		return r.claims, r.err
	}
	return unverified(token)
}
