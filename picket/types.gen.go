// Code generated from picket/types by mock/internal/aliases. DO NOT EDIT.

package picket

import "github.com/seed-a13ee279/picket/picket/types"

// AccessTokenPayload: the claims of an access token.
//
//	type AccessTokenPayload struct {
//		// The project that the token is for, as its ID, a UUID.
//		Audience string
//
//		// The slug of the chain on which the user logged in.
//		Chain string
//
//		// The wallet's ENS name if it has one, otherwise its address.
//		DisplayAddress string
//
//		// An email address made from the wallet's address, for applications that need one.
//		Email string
//
//		// When the token expires, 12 hours after it was issued.
//		ExpiresAt NumericDate
//
//		// When the token was issued.
//		IssuedAt NumericDate
//
//		// Who issued the token, `picketapi.com` or `https://picketapi.com`.
//		Issuer string
//
//		// The user, as the chain's slug, a colon and the wallet address.
//		Subject string
//
//		// The token's own ID, a UUID.
//		AccessTokenID string
//
//		// The balances that the login or a gate has proven.
//		TokenBalances TokenBalances
//
//		// The version of the claims, 1.
//		Version int
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits.
//		WalletAddress string
//	}
type AccessTokenPayload = types.AccessTokenPayload

// AuthRequest: a wallet's signature, to exchange for an access token.
//
//	type AuthRequest struct {
//		// The slug of the wallet's chain. Empty or absent means `ethereum`.
//		Chain string
//
//		// What the signed SIWE message contained in addition to the nonce response. Not needed for simple messages.
//		Context SigningMessageContext
//
//		// Who gets in: a wallet that meets any one of the requirements (a logical or). No requirement at all lets
//		// everyone in; an empty list lets nobody in.
//		Requirements *Requirements
//
//		// A wallet's signature of the message. EVM: EIP-191 personal_sign, 65 bytes as `0x` and 130 hexadecimal digits.
//		// Solana: ed25519, base58. Flow: the first composite signature's hexadecimal digits. Required.
//		Signature Secret
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits. Required.
//		WalletAddress string
//	}
type AuthRequest = types.AuthRequest

// AuthResponse: a logged-in user, with an access token.
//
//	type AuthResponse struct {
//		// A JWT, signed with ES256, that says who the user is and which balances were proven. It lives 12 hours and
//		// cannot be refreshed.
//		AccessToken Secret
//
//		// A user, identified by a wallet.
//		User AuthenticatedUser
//	}
type AuthResponse = types.AuthResponse

// AuthenticatedUser: a user, identified by a wallet.
//
//	type AuthenticatedUser struct {
//		// The slug of the chain on which the user logged in.
//		Chain string
//
//		// The wallet's ENS name if it has one, otherwise its address.
//		DisplayAddress string
//
//		// The balances that the login or a gate has proven.
//		TokenBalances TokenBalances
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits.
//		WalletAddress string
//	}
type AuthenticatedUser = types.AuthenticatedUser

// AuthzRequest: a user's access token, and the requirements of the gate to open.
//
//	type AuthzRequest struct {
//		// A JWT, signed with ES256, that says who the user is and which balances were proven. It lives 12 hours and
//		// cannot be refreshed. Required.
//		AccessToken Secret
//
//		// Who gets in: a wallet that meets any one of the requirements (a logical or). No requirement at all lets
//		// everyone in; an empty list lets nobody in. Required.
//		Requirements Requirements
//
//		// Whether to fetch balances again instead of trusting those in the access token. Absent means false.
//		Revalidate bool
//	}
type AuthzRequest = types.AuthzRequest

// ChainInfo: a blockchain.
//
//	type ChainInfo struct {
//		// Whether token requirements can be used on the chain.
//		AuthorizationSupported bool
//
//		// The number of a chain, such as 1 for Ethereum (EIP-155).
//		ChainID ChainID
//
//		// The chain's name, for people.
//		ChainName string
//
//		// The chain's short name, which requests use.
//		ChainSlug string
//
//		// The family that a chain belongs to, which decides how its wallets sign.
//		ChainType ChainType
//
//		// The address of a public node of the chain.
//		PublicRPC string
//	}
type ChainInfo = types.ChainInfo

// ChainType: the family that a chain belongs to, which decides how its wallets sign.
//
//	type ChainType string
//
//	const (
//		ChainTypeEthereum ChainType = "ethereum"
//		ChainTypeFlow     ChainType = "flow"
//		ChainTypeSolana   ChainType = "solana"
//	)
type ChainType = types.ChainType

// The values of ChainType.
const (
	ChainTypeEthereum = types.ChainTypeEthereum
	ChainTypeFlow     = types.ChainTypeFlow
	ChainTypeSolana   = types.ChainTypeSolana
)

// ChainsResponse: the supported chains.
//
//	type ChainsResponse struct {
//		// One entry for each chain.
//		Data []ChainInfo
//	}
type ChainsResponse = types.ChainsResponse

// JSONWebKey: a public key (RFC 7517, RFC 7518 section 6.2).
//
//	type JSONWebKey struct {
//		// The algorithm with which the key is used, `ES256`.
//		Alg string
//
//		// The curve, `P-256`.
//		Crv string
//
//		// The key's ID. Access tokens may have none.
//		Kid string
//
//		// The kind of key, `EC`.
//		Kty string
//
//		// What the key is for, `sig`.
//		Use string
//
//		// The x coordinate, base64url without padding.
//		X string
//
//		// The y coordinate, base64url without padding.
//		Y string
//	}
type JSONWebKey = types.JSONWebKey

// JSONWebKeySet: a set of public keys (RFC 7517 section 5).
//
//	type JSONWebKeySet struct {
//		// The keys.
//		Keys []JSONWebKey
//	}
type JSONWebKeySet = types.JSONWebKeySet

// MessageFormat: how the message that the wallet signs is built: `simple`, or `siwe` for Sign-In with Ethereum (EIP-4361). It
// is a setting of the project.
//
//	type MessageFormat string
//
//	const (
//		MessageFormatSIWE   MessageFormat = "siwe"
//		MessageFormatSimple MessageFormat = "simple"
//	)
type MessageFormat = types.MessageFormat

// The values of MessageFormat.
const (
	MessageFormatSIWE   = types.MessageFormatSIWE
	MessageFormatSimple = types.MessageFormatSimple
)

// NonceRequest: the wallet that wants to log in.
//
//	type NonceRequest struct {
//		// The slug of the wallet's chain. Empty or absent means `ethereum`.
//		Chain string
//
//		// The language for the statement, as a BCP 47 tag. Empty means absent.
//		Locale string
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits. Required.
//		WalletAddress string
//	}
type NonceRequest = types.NonceRequest

// NonceResponse: a nonce, and how to build the message that the wallet signs.
//
//	type NonceResponse struct {
//		// How the message that the wallet signs is built: `simple`, or `siwe` for Sign-In with Ethereum (EIP-4361). It
//		// is a setting of the project.
//		Format MessageFormat
//
//		// A random value that the wallet's message must contain. It lives two minutes and works once.
//		Nonce string
//
//		// The sentence that the wallet shows to its user. It is localised, and each project can set it.
//		Statement string
//	}
type NonceResponse = types.NonceResponse

// OAuthTokenRequest: a grant, to exchange for an access token.
//
//	type OAuthTokenRequest struct {
//		// The slug of the wallet's chain, for the grant `password`. Empty or absent means `ethereum`.
//		Chain string
//
//		// The project's publishable key, if there is no Authorization header.
//		ClientID string
//
//		// The project's secret key, if there is no Authorization header. A public client has none. Standard clients
//		// send it with `client_id`, here or as the password of HTTP Basic.
//		ClientSecret Secret
//
//		// The authorization code, for the grant `authorization_code`.
//		Code Secret
//
//		// The value from which the code challenge was made (RFC 7636 section 4.1), for the grant `authorization_code`.
//		CodeVerifier Secret
//
//		// The kind of grant, `authorization_code` or `password`. Required.
//		GrantType string
//
//		// The signature, for the grant `password`. The wallet signs the simple message, because a grant has no
//		// signing context from which to make a SIWE message.
//		Password Secret
//
//		// The redirect URI of the request for the code, for the grant `authorization_code`.
//		RedirectURI string
//
//		// The requested scopes, separated by spaces, for the grant `password`. Those of a code were requested at
//		// `/oauth2/authorize`.
//		Scope string
//
//		// The wallet address, for the grant `password`.
//		Username string
//	}
type OAuthTokenRequest = types.OAuthTokenRequest

// OAuthTokenResponse: an access token. The API also sends accessToken, tokenType and expiresIn under their names in RFC 6749 section
// 5.1 (access_token, token_type and expires_in), which standard OAuth 2.0 clients read.
//
//	type OAuthTokenResponse struct {
//		// A JWT, signed with ES256, that says who the user is and which balances were proven. It lives 12 hours and
//		// cannot be refreshed.
//		AccessToken Secret
//
//		// How long the token lives, in seconds.
//		ExpiresIn int64
//
//		// The OpenID Connect ID token, if the scope `openid` was requested.
//		IDToken Secret
//
//		// The granted scopes, separated by spaces. Absent if there are none.
//		Scope string
//
//		// The kind of token, `Bearer`.
//		TokenType string
//
//		// The user who logged in.
//		User *AuthenticatedUser
//	}
type OAuthTokenResponse = types.OAuthTokenResponse

// OpenIDConfiguration: the metadata of an OpenID provider (OpenID Connect Discovery 1.0 section 3).
//
//	type OpenIDConfiguration struct {
//		// Where the authorization code flow starts.
//		AuthorizationEndpoint string
//
//		// The PKCE methods that can be used.
//		CodeChallengeMethodsSupported []string
//
//		// The grants that the token endpoint accepts.
//		GrantTypesSupported []string
//
//		// The algorithms with which ID tokens are signed.
//		IDTokenSigningAlgValuesSupported []string
//
//		// The provider's identifier, the base URL of the API.
//		Issuer string
//
//		// Where the keys that verify tokens are.
//		JWKSURI string
//
//		// The response modes that can be requested.
//		ResponseModesSupported []string
//
//		// The response types that can be requested.
//		ResponseTypesSupported []string
//
//		// The scopes that can be requested.
//		ScopesSupported []string
//
//		// Whether subjects are the same for every client.
//		SubjectTypesSupported []string
//
//		// Where codes are exchanged for tokens.
//		TokenEndpoint string
//
//		// How clients authenticate at the token endpoint.
//		TokenEndpointAuthMethodsSupported []string
//
//		// Where the claims about a user are.
//		UserinfoEndpoint string
//	}
type OpenIDConfiguration = types.OpenIDConfiguration

// Requirements: who gets in: a wallet that meets any one of the requirements (a logical or). No requirement at all lets
// everyone in; an empty list lets nobody in.
//
//	type Requirements struct {
//		// The addresses of the wallets that get in. EVM addresses are compared without case.
//		AllowedWallets []string
//
//		// The Metaplex collections of SPL tokens, on Solana. A single one may also be a string.
//		Collection StringList
//
//		// The address of an ERC-20, ERC-721 or ERC-1155 contract, or of a token on Flow.
//		ContractAddress string
//
//		// A verified creator of SPL tokens, on Solana.
//		CreatorAddress string
//
//		// How many tokens are needed. If absent, any number above zero is enough. A number is tolerated as well as a string.
//		MinTokenBalance Decimal
//
//		// The mints of SPL tokens, on Solana.
//		TokenIDs []string
//	}
type Requirements = types.Requirements

// SigningMessageContext: what a SIWE message (EIP-4361) contains in addition to the nonce response, so that the server can rebuild it.
// That takes domain, uri, chainId and issuedAt, all four. An empty value means an absent one.
//
//	type SigningMessageContext struct {
//		// The number of the chain. A string is tolerated as well, because picket-go sends one.
//		ChainID ChainID
//
//		// The family of the chain. For `solana` and `flow`, every "Ethereum" in the message becomes "Solana" or
//		// "Flow".
//		ChainType ChainType
//
//		// The host, with its port if there is one, that asks for the signature.
//		Domain string
//
//		// When the message was made, in ISO 8601, exactly as in the message.
//		IssuedAt string
//
//		// The language of the statement, as a BCP 47 tag. Not part of EIP-4361.
//		Locale string
//
//		// The origin that asks for the signature, such as `https://example.com`.
//		URI string
//	}
type SigningMessageContext = types.SigningMessageContext

// TokenBalances: proven balances, by kind of identifier and then by identifier.
//
//	type TokenBalances struct {
//		// By Metaplex collection.
//		Collection map[string]Decimal
//
//		// By contract address.
//		ContractAddress map[string]Decimal
//
//		// By verified creator.
//		CreatorAddress map[string]Decimal
//
//		// By SPL token mint.
//		TokenIDs map[string]Decimal
//	}
type TokenBalances = types.TokenBalances

// TokenOwnershipRequest: the tokens to look for in a wallet. At least one must be named.
//
//	type TokenOwnershipRequest struct {
//		// The Metaplex collections of SPL tokens, on Solana. A single one may also be a string.
//		Collection StringList
//
//		// The address of an ERC-20, ERC-721 or ERC-1155 contract, or of a token on Flow.
//		ContractAddress string
//
//		// A verified creator of SPL tokens, on Solana.
//		CreatorAddress string
//
//		// How many tokens are needed. If absent, any number above zero is enough. A number is tolerated as well as a string.
//		MinTokenBalance Decimal
//
//		// The mints of SPL tokens, on Solana.
//		TokenIDs []string
//	}
type TokenOwnershipRequest = types.TokenOwnershipRequest

// TokenOwnershipResponse: how much a wallet owns of the requested tokens.
//
//	type TokenOwnershipResponse struct {
//		// Whether the wallet owns enough.
//		Allowed bool
//
//		// The sum of the balances of all requested tokens.
//		TokenBalance Decimal
//
//		// The balance of each requested token.
//		TokenBalances TokenBalances
//
//		// The wallet.
//		WalletAddress string
//	}
type TokenOwnershipResponse = types.TokenOwnershipResponse

// TokenRequirements: which tokens a wallet must hold. The balances of all named tokens are added up. The sum must reach
// `minTokenBalance`, or be above zero if that is absent or 0.
//
//	type TokenRequirements struct {
//		// The Metaplex collections of SPL tokens, on Solana. A single one may also be a string.
//		Collection StringList
//
//		// The address of an ERC-20, ERC-721 or ERC-1155 contract, or of a token on Flow.
//		ContractAddress string
//
//		// A verified creator of SPL tokens, on Solana.
//		CreatorAddress string
//
//		// How many tokens are needed. If absent, any number above zero is enough. A number is tolerated as well as a string.
//		MinTokenBalance Decimal
//
//		// The mints of SPL tokens, on Solana.
//		TokenIDs []string
//	}
type TokenRequirements = types.TokenRequirements

// UserInfo: claims about a user (OpenID Connect Core 1.0 section 5.1).
//
//	type UserInfo struct {
//		// The slug of the chain on which the user logged in.
//		Chain string
//
//		// The wallet's ENS name if it has one, otherwise its address.
//		DisplayAddress string
//
//		// An email address made from the wallet's address, if the scope `email` was requested.
//		Email string
//
//		// The same as displayAddress, under its standard name.
//		PreferredUsername string
//
//		// The user, as the chain's slug, a colon and the wallet address.
//		Subject string
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits.
//		WalletAddress string
//	}
type UserInfo = types.UserInfo

// ValidateRequest: an access token to check.
//
//	type ValidateRequest struct {
//		// A JWT, signed with ES256, that says who the user is and which balances were proven. It lives 12 hours and
//		// cannot be refreshed. Required.
//		AccessToken Secret
//
//		// Who gets in: a wallet that meets any one of the requirements (a logical or). No requirement at all lets
//		// everyone in; an empty list lets nobody in.
//		Requirements *Requirements
//	}
type ValidateRequest = types.ValidateRequest
