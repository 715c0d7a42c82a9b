package picket

import "github.com/seed-a13ee279/picket/picket/wire"

// The types below are those of package wire. The others that requests and responses are made of are in types.gen.go.
type (
	// Decimal is an exact, non-negative decimal number, such as "3" or "0.1337".
	Decimal = wire.Decimal
	// StringList is a list of strings; the API also takes one string for it.
	StringList = wire.StringList
	// ChainID is the number of a chain, such as 1 for Ethereum.
	ChainID = wire.ChainID
	// NumericDate is a moment in seconds since 1970.
	NumericDate = wire.NumericDate
	// Secret is a string that is never printed: an access token, a signature, an authorization code.
	Secret = wire.Secret
)

// The grants of OAuthTokenRequest.
const (
	GrantAuthorizationCode = "authorization_code"
	GrantPassword          = "password"
)
