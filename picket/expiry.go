package picket

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// maxTokenBytes is how long an access token may be, as in packages accesstoken, middleware and login. One that proves 300
	// balances has about 21,000 bytes.
	maxTokenBytes = 64 << 10
	// maxExpiry is the last second of the year 9999, beyond which a time.Time cannot be written as RFC 3339 or JSON. Far beyond, it
	// wraps around.
	maxExpiry NumericDate = 253_402_300_799
)

// AccessTokenExpiry returns when an access token expires, in UTC, as the token itself says it: its claim exp (RFC 7519 section
// 4.1.4). A client that keeps the token of an AuthResponse learns from it when to log in again.
//
// It verifies nothing: not the signature, nor the issuer, nor whether the token is still good. Anybody can write a token with
// any expiry. To decide about a request, use Client.Validate or package accesstoken, whose claims have ExpiresAt.
//
// Errors: ErrInvalidArgument for what is not a JWT of at most 64 KiB with one exp, from the years 1970 to 9999.
func AccessTokenExpiry(token Secret) (time.Time, error) {
	expires, err := expiryOf(string(token))
	if err != nil {
		return time.Time{}, fmt.Errorf("picket: %w: the access token %w", ErrInvalidArgument, err)
	}
	return expires.Time(), nil
}

// expiryOf returns the claim exp of a JWT. Its errors go on after "the access token" and show nothing of it.
func expiryOf(token string) (NumericDate, error) {
	if len(token) > maxTokenBytes {
		return 0, fmt.Errorf("is longer than %d bytes", maxTokenBytes)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return 0, errors.New("is not a JWT, which has three parts with a point between them")
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return 0, errors.New("is not a JWT: its second part is not base64url without padding")
	}
	r := reader{text: claims}
	if !json.Valid(claims) || r.next() != '{' {
		return 0, errors.New("is not a JWT: its claims are not a JSON object")
	}
	var value []byte
	times := 0
	for r.at++; r.more(); {
		name := string(r.name())
		raw := r.raw()
		if strings.EqualFold(name, "exp") {
			times++
		}
		if name == "exp" {
			value = raw
		}
	}
	var expires NumericDate
	switch {
	case value == nil:
		return 0, errors.New("does not say when it expires: it has no claim exp")
	case times > 1:
		return 0, errors.New("does not say clearly when it expires: it has several claims exp")
	case string(value) == "null" || expires.UnmarshalJSON(value) != nil:
		return 0, errors.New("does not say when it expires: its claim exp is not a number of seconds")
	case expires <= 0 || expires > maxExpiry:
		return 0, errors.New("does not say when it expires: its claim exp is not a moment from 1970 to 9999")
	}
	return expires, nil
}
