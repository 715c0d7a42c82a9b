package picket

import (
	"cmp"
	"context"
	"io"
	"net/http"
)

// Nonce returns the nonce that a wallet signs to log in, with the statement and the format of the message around it;
// SigningMessage builds that message.
//
// A nonce belongs to the project and the wallet address. It lives two minutes and works for one login; until then the API returns
// the same one again. WalletAddress is required. Chain is ChainEthereum by default.
//
// Errors: CodeParameterInvalid for a malformed address, CodeResourceNotFound for an unknown chain.
func (c *Client) Nonce(ctx context.Context, request NonceRequest, options ...CallOption) (*NonceResponse, error) {
	op := operation{
		name: "nonce", options: options,
		invalid: cmp.Or(
			checkName("WalletAddress", request.WalletAddress),
			checkChain(request.Chain),
		),
	}.withJSON(request)
	return call[NonceResponse](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.NonceWithBody(ctx, mediaTypeJSON, body)
	})
}

// Auth logs a wallet in: it exchanges a signature for an access token. The signature is of the message that
// SigningMessage returns for the wallet's current nonce; for a SIWE message, Context must be the one that the message
// was built with.
//
// With Requirements the login succeeds only for a wallet that meets one of them. Leave Requirements nil to let every wallet in.
// Requirements that are not nil but name nothing, or that have an empty list, a blank address or a malformed minimum, are
// ErrInvalidArgument, because the API could take them for no requirements and let everyone in.
//
// Whoever logs in chooses the chain, and the API judges the requirements on that chain, where anybody may have put another
// contract at the address of yours. When tokens gate the login, give WithChain, or set Chain yourself and not from the browser.
//
// A signature does not say on which site the wallet signed. Without WithOrigin, an attacker who got a victim to sign a message for
// evil.example can pass the signature and its Context on to your server and is logged in as the victim; so is one who has an old
// signature of a nonce that is still good. With WithOrigin, Context must name your site, the request's chain and the present
// time. That is no proof yet: the API may also accept a signature of the message in the simple format, which names no site,
// whatever Context says. For logins from browsers use package login of this module. It builds the message on the server, keeps
// it in a sealed cookie, takes only the signature from the browser, and checks itself what was signed.
//
// Errors: CodeParameterInvalid for a signature that does not verify or a nonce that is spent or expired,
// CodePermissionDenied when no requirement is met, CodeResourceNotFound for an unknown chain, ErrInvalidArgument for a login of
// another site, ErrChainMismatch for one on another chain than WithChain's. In the last two cases nothing is sent.
func (c *Client) Auth(ctx context.Context, request AuthRequest, options ...CallOption) (*AuthResponse, error) {
	op := operation{
		name: "auth", once: true, options: options,
		secrets: []Secret{request.Signature},
		login:   &login{request.Chain, &request.Context},
		invalid: cmp.Or(
			checkName("WalletAddress", request.WalletAddress),
			checkSecret("Signature", request.Signature),
			checkChain(request.Chain),
			checkOptionalRequirements(request.Requirements),
		),
	}.withJSON(request)
	return call[AuthResponse](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.AuthWithBody(ctx, mediaTypeJSON, body)
	})
}

// Authz opens a gate to a user who is logged in. When the user meets one of the requirements, it returns a new access token,
// which also carries the balances that were proven. The API trusts the balances that the token already has, unless Revalidate
// is set.
//
// Requirements must name something; see Auth. The API judges them on the chain that the user logged in on, which the user chose.
// A server needs WithChain or a Gate, because otherwise users of a chain on which the tokens cost nothing pass.
//
// Errors: CodeParameterInvalid for an access token that is not valid, CodePermissionDenied when no requirement is met,
// ErrChainMismatch for a user of another chain than WithChain's, and then no token is returned.
func (c *Client) Authz(ctx context.Context, request AuthzRequest, options ...CallOption) (*AuthResponse, error) {
	op := operation{
		name: "authz", options: options,
		secrets: []Secret{request.AccessToken},
		invalid: cmp.Or(
			checkSecret("AccessToken", request.AccessToken),
			checkRequirements(request.Requirements),
		),
	}.withJSON(request)
	return call[AuthResponse](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.AuthzWithBody(ctx, mediaTypeJSON, body)
	})
}

// Validate checks an access token and returns its claims. With Requirements, the user must meet one of them as well; leave them
// nil to check only the token. The API judges them on the chain that the user logged in on, which the user chose. A server needs
// WithChain, or has to compare the Chain of the claims, as a Gate does.
//
// Errors: CodeParameterInvalid for a token that is malformed, forged, expired or another project's, CodePermissionDenied
// when no requirement is met, ErrChainMismatch for a user of another chain than WithChain's. Every other error means that the
// token could not be checked, and not that it is bad.
func (c *Client) Validate(ctx context.Context, request ValidateRequest, options ...CallOption) (*AccessTokenPayload, error) {
	op := operation{
		name: "validate", options: options,
		secrets: []Secret{request.AccessToken},
		invalid: cmp.Or(
			checkSecret("AccessToken", request.AccessToken),
			checkOptionalRequirements(request.Requirements),
		),
	}.withJSON(request)
	return call[AccessTokenPayload](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.ValidateWithBody(ctx, mediaTypeJSON, body)
	})
}

func checkOptionalRequirements(r *Requirements) error {
	if r == nil {
		return nil
	}
	return checkRequirements(*r)
}
