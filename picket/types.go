package picket

import (
	"github.com/seed-a13ee279/picket/picket/types"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// The requests and responses of the API, as openapi.yaml has them.
type (
	// NonceRequest says which wallet wants to log in.
	NonceRequest = types.NonceRequest
	// NonceResponse is a nonce, and how to build the message that the wallet signs.
	NonceResponse = types.NonceResponse
	// AuthRequest is a wallet's signature, to be exchanged for an access token.
	AuthRequest = types.AuthRequest
	// AuthzRequest is a user's access token, and the gate that is to be opened.
	AuthzRequest = types.AuthzRequest
	// AuthResponse is a user who is logged in, with an access token.
	AuthResponse = types.AuthResponse
	// ValidateRequest is an access token to be checked.
	ValidateRequest = types.ValidateRequest
	// AccessTokenPayload is what an access token says: its claims.
	AccessTokenPayload = types.AccessTokenPayload
	// TokenOwnershipRequest says which tokens a wallet is asked for.
	TokenOwnershipRequest = types.TokenOwnershipRequest
	// TokenOwnershipResponse says what a wallet owns of the tokens asked for.
	TokenOwnershipResponse = types.TokenOwnershipResponse
	// TokenRequest is an OAuth 2.0 grant, to be exchanged for an access token.
	TokenRequest = types.TokenRequest
	// TokenResponse is the answer to a grant.
	TokenResponse = types.TokenResponse
)

// What requests and responses are made of.
type (
	// Requirements says who gets in: a wallet that meets any one of them.
	Requirements = types.Requirements
	// TokenRequirements says which tokens a wallet must hold.
	TokenRequirements = types.TokenRequirements
	// SigningMessageContext is what a SIWE message says beyond the nonce response.
	SigningMessageContext = types.SigningMessageContext
	// AuthenticatedUser is a user, known by a wallet.
	AuthenticatedUser = types.AuthenticatedUser
	// TokenBalances holds proven balances, by the kind of what was asked for and then by its identifier.
	TokenBalances = types.TokenBalances
	// ChainInfo is a blockchain.
	ChainInfo = types.ChainInfo
	// ChainType is the family that a chain belongs to.
	ChainType = types.ChainType
	// MessageFormat says how the message that a wallet signs is built.
	MessageFormat = types.MessageFormat

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

// The families of chains.
const (
	ChainTypeEthereum = types.ChainTypeEthereum
	ChainTypeSolana   = types.ChainTypeSolana
	ChainTypeFlow     = types.ChainTypeFlow
)

// The message formats.
const (
	MessageFormatSimple = types.MessageFormatSimple
	MessageFormatSIWE   = types.MessageFormatSIWE
)

// The grants of TokenRequest.
const (
	GrantAuthorizationCode = "authorization_code"
	GrantPassword          = "password"
)
