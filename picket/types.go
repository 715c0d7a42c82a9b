package picket

import (
	"fmt"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// The types of values that the API sends in several forms, or that must not be printed. They are those of package wire, which has
// their methods. The other types that requests and responses are made of are generated from openapi.yaml.
type (
	// Decimal is an exact, non-negative decimal number, such as "3" or "0.1337": a token balance, or how much of a token is
	// needed. It is a string, so a constant can be written as one; ParseDecimal checks a string from elsewhere. The empty string
	// stands for no number. Cmp compares two of them and Add adds them, both exactly.
	Decimal = wire.Decimal
	// StringList is a list of strings. The API also takes and sends one string in its place, which is read as a list of one.
	StringList = wire.StringList
	// ChainID is the number of a chain, such as 1 for Ethereum or 137 for Polygon (EIP-155).
	ChainID = wire.ChainID
	// NumericDate is a moment in seconds since 1970-01-01T00:00:00Z (RFC 7519 section 2). Its method Time returns it as a
	// time.Time.
	NumericDate = wire.NumericDate
	// Secret is a string that is never printed: an access token, a signature, an authorization code. Package fmt, every log
	// handler and the usual encoders show it as "[redacted]". Convert it to get the value: string(token).
	Secret = wire.Secret
	// Nullable is a value that may be null, and that may also be absent, which is something else: Nullable[string]{Null: true}
	// and Nullable[string]{}. Nullable[string]{Value: &text} has a value.
	Nullable[T any] = wire.Nullable[T]
)

// ParseDecimal returns the number in s, exactly and in canonical form: without an exponent, leading zeros, or zeros at the end of
// its fraction, so that equal numbers are equal strings. s is one or more digits, with or without a fraction and an exponent,
// such as "3", "0.50" or "1e18", and nothing else: no sign, no space, no point without a digit on either side. It has at most 256
// digits, and so has what is returned. Numbers are never turned into floating point.
//
// Errors: ErrInvalidArgument.
func ParseDecimal(s string) (Decimal, error) {
	d, err := wire.ParseDecimal(s)
	if err != nil {
		return "", fmt.Errorf("picket: %w: %w", ErrInvalidArgument, err)
	}
	return d, nil
}

// The grants of an OAuthTokenRequest.
const (
	// GrantAuthorizationCode is the grant of a code from a login by redirect (RFC 6749 section 4.1.3).
	GrantAuthorizationCode = "authorization_code"
	// GrantPassword is the grant of a wallet's signature, in the form of RFC 6749 section 4.3.2.
	GrantPassword = "password"
)
