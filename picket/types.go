package picket

import (
	"github.com/seed-a13ee279/picket/generated"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// The requests and responses of the API, as openapi.yaml has them.
type (
	// NonceRequest says which wallet wants to log in.
	NonceRequest = generated.NonceRequest
	// NonceResponse is a nonce, and how to build the message that the wallet signs.
	NonceResponse = generated.NonceResponse
	// AuthRequest is a wallet's signature, to be exchanged for an access token.
	AuthRequest = generated.AuthRequest
	// AuthzRequest is a user's access token, and the gate that is to be opened.
	AuthzRequest = generated.AuthzRequest
	// AuthResponse is a user who is logged in, with an access token.
	AuthResponse = generated.AuthResponse
	// ValidateRequest is an access token to be checked.
	ValidateRequest = generated.ValidateRequest
	// AccessTokenPayload is what an access token says: its claims.
	AccessTokenPayload = generated.AccessTokenPayload
	// TokenOwnershipRequest says which tokens a wallet is asked for.
	TokenOwnershipRequest = generated.TokenOwnershipRequest
	// TokenOwnershipResponse says what a wallet owns of the tokens asked for.
	TokenOwnershipResponse = generated.TokenOwnershipResponse
	// TokenRequest is an OAuth 2.0 grant, to be exchanged for an access token.
	TokenRequest = generated.TokenRequest
	// TokenResponse is the answer to a grant.
	TokenResponse = generated.TokenResponse
)

// What requests and responses are made of.
type (
	// Requirements says who gets in: a wallet that meets any one of them.
	Requirements = generated.Requirements
	// TokenRequirements says which tokens a wallet must hold.
	TokenRequirements = generated.TokenRequirements
	// SigningMessageContext is what a SIWE message says beyond the nonce response.
	SigningMessageContext = generated.SigningMessageContext
	// AuthenticatedUser is a user, known by a wallet.
	AuthenticatedUser = generated.AuthenticatedUser
	// TokenBalances holds proven balances, by the kind of what was asked for and then by its identifier.
	TokenBalances = generated.TokenBalances
	// ChainInfo is a blockchain.
	ChainInfo = generated.ChainInfo
	// ChainType is the family that a chain belongs to.
	ChainType = generated.ChainType
	// MessageFormat says how the message that a wallet signs is built.
	MessageFormat = generated.MessageFormat

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
	ChainTypeEthereum = generated.ChainTypeEthereum
	ChainTypeSolana   = generated.ChainTypeSolana
	ChainTypeFlow     = generated.ChainTypeFlow
)

// The message formats.
const (
	MessageFormatSimple = generated.MessageFormatSimple
	MessageFormatSIWE   = generated.MessageFormatSIWE
)

// The grants of TokenRequest.
const (
	GrantAuthorizationCode = "authorization_code"
	GrantPassword          = "password"
)
