package picket

import (
	"bytes"
	"cmp"
	"context"
	"net/http"

	"github.com/seed-a13ee279/picket/picket/wire"
)

const mediaTypeJSON = "application/json"

// Nonce returns the nonce that a wallet signs to log in, with the statement and the format of the message around it;
// SigningMessage builds that message.
//
// A nonce is unique to the project and the wallet address. While one is alive it is returned again; it lives two
// minutes and works for one login. WalletAddress is required; Chain is "ethereum" by default.
//
// Errors: ErrParameterInvalid for a malformed address, ErrResourceNotFound for an unknown chain.
func (c *Client) Nonce(ctx context.Context, request NonceRequest, options ...CallOption) (*NonceResponse, error) {
	if err := cmp.Or(
		checkName("WalletAddress", request.WalletAddress),
		checkChain(request.Chain),
	); err != nil {
		return nil, c.invalid("nonce", err)
	}
	return call[NonceResponse](ctx, c, operation{name: "nonce", options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.Nonce(ctx, request)
	})
}

// Auth logs a wallet in: it exchanges a signature for an access token. The signature is of the message that
// SigningMessage returns for the wallet's current nonce; for a SIWE message, Context must be the one that the message
// was built with.
//
// With Requirements the login succeeds only for a wallet that meets one of them. Leave Requirements nil to let every
// wallet in: requirements that are there but name nothing, or have an empty list, a blank address or a malformed minimum
// in them, are ErrInvalidArgument, because without them the gate would be open.
//
// Whoever logs in picks the chain, and the requirements are judged on that one: give WithChain, or set Chain yourself and not
// from the browser, when the login is gated by tokens. At the address of your contract on another chain, anybody may have put
// another one.
//
// A signature does not say where the wallet signed. Without WithOrigin, a victim who signs a message for evil.example is
// logged in here by the attacker who passes the signature and its Context on, and so is one who signed years ago while the
// nonce is good. With it, Context must be of your site, of the request's chain and of now. That is no proof yet: the API may
// accept a signature of the message in the format simple too, which names no site, whatever Context says. Package login of
// this module is the way for logins from browsers: it builds the message on the server, keeps it in a sealed cookie, takes
// only the signature from the browser, and checks itself what was signed.
//
// Errors: ErrParameterInvalid for a signature that does not verify or a nonce that is spent or expired,
// ErrPermissionDenied when no requirement is met, ErrResourceNotFound for an unknown chain, ErrInvalidArgument for a login of
// another site, ErrChainMismatch for one on another chain than WithChain's; neither of the last two is sent.
func (c *Client) Auth(ctx context.Context, request AuthRequest, options ...CallOption) (*AuthResponse, error) {
	if err := cmp.Or(
		checkName("WalletAddress", request.WalletAddress),
		checkSecret("Signature", request.Signature),
		checkChain(request.Chain),
		checkOptionalRequirements(request.Requirements),
	); err != nil {
		return nil, c.invalid("auth", err, request.Signature)
	}
	body, err := wire.Marshal(request)
	if err != nil {
		return nil, c.invalid("auth", err, request.Signature)
	}
	op := operation{
		name: "auth", once: true, options: options,
		secrets: []Secret{request.Signature},
		login:   &login{request.Chain, &request.Context},
	}
	return call[AuthResponse](ctx, c, op, func(ctx context.Context) (*http.Response, error) {
		return c.api.AuthWithBody(ctx, mediaTypeJSON, bytes.NewReader(body))
	})
}

// Authz opens a gate to a user who is logged in: when the user meets one of the requirements it returns a new access
// token that also carries the balances that were proven. Balances that the token has already are trusted unless
// Revalidate is set.
//
// Requirements must name something; see Auth. The API judges them on the chain that the user logged in on, which the user
// picked. A server that gates needs WithChain, or a Gate: without it, a user of a chain on which the tokens cost nothing passes.
//
// Errors: ErrParameterInvalid for an access token that is not valid, ErrPermissionDenied when no requirement is met,
// ErrChainMismatch for a user of another chain than WithChain's; there is no token then.
func (c *Client) Authz(ctx context.Context, request AuthzRequest, options ...CallOption) (*AuthResponse, error) {
	if err := cmp.Or(
		checkSecret("AccessToken", request.AccessToken),
		checkRequirements(request.Requirements),
	); err != nil {
		return nil, c.invalid("authz", err, request.AccessToken)
	}
	body, err := wire.Marshal(request)
	if err != nil {
		return nil, c.invalid("authz", err, request.AccessToken)
	}
	return call[AuthResponse](ctx, c, operation{name: "authz", secrets: []Secret{request.AccessToken}, options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.AuthzWithBody(ctx, mediaTypeJSON, bytes.NewReader(body))
	})
}

// Validate checks an access token and returns its claims. With Requirements, one of them must be met as well; leave
// them nil to check the token only. They are judged on the chain that the user logged in on, which the user picked: a server
// that gates needs WithChain, or has to compare the claims' Chain, as a Gate does.
//
// Errors: ErrParameterInvalid for a token that is malformed, forged, expired or another project's, ErrPermissionDenied
// when no requirement is met, ErrChainMismatch for a user of another chain than WithChain's. Every other error means that the
// token could not be checked, not that it is bad.
func (c *Client) Validate(ctx context.Context, request ValidateRequest, options ...CallOption) (*AccessTokenPayload, error) {
	if err := cmp.Or(
		checkSecret("AccessToken", request.AccessToken),
		checkOptionalRequirements(request.Requirements),
	); err != nil {
		return nil, c.invalid("validate", err, request.AccessToken)
	}
	body, err := wire.Marshal(request)
	if err != nil {
		return nil, c.invalid("validate", err, request.AccessToken)
	}
	return call[AccessTokenPayload](ctx, c, operation{name: "validate", secrets: []Secret{request.AccessToken}, options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.ValidateWithBody(ctx, mediaTypeJSON, bytes.NewReader(body))
	})
}

func checkOptionalRequirements(r *Requirements) error {
	if r == nil {
		return nil
	}
	return checkRequirements(*r)
}
