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

// AuthorizationRequest: the parameters of a request for an authorization, as in `GET /oauth2/authorize`.
//
//	type AuthorizationRequest struct {
//		// As in Requirements; may be repeated.
//		AllowedWallets []string
//
//		// The slug of the wallet's chain. Empty or absent means `ethereum`.
//		Chain string
//
//		// The project's publishable key. Required.
//		ClientID string
//
//		// The base64url form, without padding, of the SHA-256 of the code verifier (RFC 7636 section 4.2). Required.
//		CodeChallenge string
//
//		// How the challenge was made from the verifier. Only `S256`. Required.
//		CodeChallengeMethod AuthorizationRequestCodeChallengeMethod
//
//		// As in Requirements; may be repeated.
//		Collection []string
//
//		// As in Requirements.
//		ContractAddress string
//
//		// As in Requirements.
//		CreatorAddress string
//
//		// The signing context's domain. Its chain ID and chain type are those of the chain.
//		Domain string
//
//		// A JWT, signed with ES256, that says who the user is (OpenID Connect Core 1.0 section 2).
//		IDTokenHint Secret
//
//		// When the signed message was made, in ISO 8601.
//		IssuedAt string
//
//		// A language, as a BCP 47 tag such as `en`, `en-US` or `pt-BR`. Empty means absent.
//		Locale string
//
//		// How many seconds ago the user may have logged in. A login that is older does not count, so that the user has
//		// to log in again. The `id_token` says in `auth_time` when that was.
//		MaxAge *int64
//
//		// An exact, non-negative decimal number as a string, such as `3` or `0.1337`.
//		MinTokenBalance Decimal
//
//		// A value that the `id_token` repeats, so that the client can tell it from an older one (OpenID Connect Core 1.0 section 3.1.2.1).
//		Nonce string
//
//		// What to ask the user, as values separated by spaces (OpenID Connect Core 1.0 section 3.1.2.1). With `none`
//		// no page is shown: without a signature, the response is an error, `login_required`, unless this browser has
//		// logged the user in. `login`, `consent` and `select_account` ask as a request without `prompt` does.
//		Prompt string
//
//		// Where the response goes. Must equal one of the project's allowed redirect URIs. Required.
//		RedirectURI string
//
//		// How the response is delivered: `code` redirects with query parameters, and so does `query`, the standard's
//		// word for it; `form_post` is a page that posts a form to the redirect URI; `web_message` is a page that posts
//		// a message to the window that opened it (draft-sakimura-oauth-wmrm). Absent means `code`.
//		ResponseMode AuthorizationRequestResponseMode
//
//		// What the client requests. Only `code`, which absence means as well.
//		ResponseType AuthorizationRequestResponseType
//
//		// The requested scopes, separated by spaces. `openid` adds an `id_token` to the token response, and `email`
//		// adds an address to the claims. Others are ignored.
//		Scope string
//
//		// A wallet's signature of the message. EVM: EIP-191 personal_sign, 65 bytes as `0x` and 130 hexadecimal digits.
//		// Solana: ed25519, base58. Flow: the first composite signature's hexadecimal digits.
//		Signature Secret
//
//		// A value by which the client recognises the response. It is returned unchanged. Without one, PKCE is the
//		// protection against forged responses that is left (RFC 6749 section 4.1.1 recommends a state).
//		State string
//
//		// As in Requirements; may be repeated.
//		TokenIDs []string
//
//		// The signing context's URI.
//		URI string
//
//		// A wallet's address: on EVM chains `0x` and 40 hexadecimal digits, compared without case; on Solana the base58
//		// public key; on Flow `0x` and 16 hexadecimal digits.
//		WalletAddress string
//	}
type AuthorizationRequest = types.AuthorizationRequest

// AuthorizationRequestCodeChallengeMethod: how the challenge was made from the verifier. Only `S256`.
//
//	type AuthorizationRequestCodeChallengeMethod string
//
//	const (
//		AuthorizationRequestCodeChallengeMethodS256 AuthorizationRequestCodeChallengeMethod = "S256"
//	)
type AuthorizationRequestCodeChallengeMethod = types.AuthorizationRequestCodeChallengeMethod

// The values of AuthorizationRequestCodeChallengeMethod.
const (
	AuthorizationRequestCodeChallengeMethodS256 = types.AuthorizationRequestCodeChallengeMethodS256
)

// AuthorizationRequestResponseMode: how the response is delivered: `code` redirects with query parameters, and so does `query`, the standard's
// word for it; `form_post` is a page that posts a form to the redirect URI; `web_message` is a page that posts
// a message to the window that opened it (draft-sakimura-oauth-wmrm). Absent means `code`.
//
//	type AuthorizationRequestResponseMode string
//
//	const (
//		AuthorizationRequestResponseModeCode       AuthorizationRequestResponseMode = "code"
//		AuthorizationRequestResponseModeFormPost   AuthorizationRequestResponseMode = "form_post"
//		AuthorizationRequestResponseModeQuery      AuthorizationRequestResponseMode = "query"
//		AuthorizationRequestResponseModeWebMessage AuthorizationRequestResponseMode = "web_message"
//	)
type AuthorizationRequestResponseMode = types.AuthorizationRequestResponseMode

// The values of AuthorizationRequestResponseMode.
const (
	AuthorizationRequestResponseModeCode       = types.AuthorizationRequestResponseModeCode
	AuthorizationRequestResponseModeFormPost   = types.AuthorizationRequestResponseModeFormPost
	AuthorizationRequestResponseModeQuery      = types.AuthorizationRequestResponseModeQuery
	AuthorizationRequestResponseModeWebMessage = types.AuthorizationRequestResponseModeWebMessage
)

// AuthorizationRequestResponseType: what the client requests. Only `code`, which absence means as well.
//
//	type AuthorizationRequestResponseType string
//
//	const (
//		AuthorizationRequestResponseTypeCode AuthorizationRequestResponseType = "code"
//	)
type AuthorizationRequestResponseType = types.AuthorizationRequestResponseType

// The values of AuthorizationRequestResponseType.
const (
	AuthorizationRequestResponseTypeCode = types.AuthorizationRequestResponseTypeCode
)

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

// LogoutRequest: the parameters of a logout, as in `GET /oauth2/logout`.
//
//	type LogoutRequest struct {
//		// The project's publishable key. If there is an `id_token_hint`, that must be for this client.
//		ClientID string
//
//		// A JWT, signed with ES256, that says who the user is (OpenID Connect Core 1.0 section 2).
//		IDTokenHint Secret
//
//		// Where the browser goes afterwards. Must equal one of the project's allowed redirect URIs.
//		PostLogoutRedirectURI string
//
//		// A value that is returned unchanged to `post_logout_redirect_uri`.
//		State string
//	}
type LogoutRequest = types.LogoutRequest

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
//		// The OpenID Connect ID token, if the scope `openid` was requested. It says in `auth_time` when the user logged
//		// in, and has the hash of the access token in `at_hash`.
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
//		// Whether every authorization response names its issuer in `iss` (RFC 9207). Absent means that it does not.
//		AuthorizationResponseIssParameterSupported bool
//
//		// The PKCE methods that can be used.
//		CodeChallengeMethodsSupported []string
//
//		// Where a client sends a browser to log its user out (OpenID Connect RP-Initiated Logout 1.0).
//		EndSessionEndpoint string
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
//		// The values of `prompt` that can be requested.
//		PromptValuesSupported []string
//
//		// Whether the parameter `request` is supported, `false`. Absent means the same.
//		RequestParameterSupported *bool
//
//		// Whether the parameter `request_uri` is supported, `false`. Absent means that it is.
//		RequestURIParameterSupported *bool
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
