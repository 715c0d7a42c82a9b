package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed-a13ee279/picket/picket"
)

// PendingLogin is what the server has to keep from Begin until the callback. MarshalBinary writes it for wherever it is kept; the
// package comment says where that may be. No log, print or JSON shows its secrets. The zero value refuses every callback, and so
// does a PendingLogin that is incomplete.
type PendingLogin struct {
	// State is what the callback has to bring back: 32 random bytes as base64url, which are 43 characters.
	State picket.Secret `json:"state"`
	// CodeVerifier proves to the API that the code is exchanged by whoever began the login (RFC 7636 section 4.1). It has the
	// same form as State.
	CodeVerifier picket.Secret `json:"codeVerifier"`
	// RedirectURI is where the browser comes back to. The API requires it again with the code.
	RedirectURI string `json:"redirectURI"`
	// Chain is the slug of the chain that was asked for, or picket.AnyChain.
	Chain string `json:"chain"`
	// Issuer is the base URL of the API, as the browser was sent to it. It is the name of the server that answers (RFC 9207), unless
	// the server's configuration has another.
	Issuer string `json:"issuer,omitempty"`
	// Requirements are what the user has to meet; nil means nothing.
	Requirements *picket.Requirements `json:"requirements,omitempty"`
}

// Format writes the fields without the secrets. Without this method, package fmt would show them for a pointer inside another value
// and a verb that does not fit a pointer, such as %s.
func (p PendingLogin) Format(f fmt.State, verb rune) {
	type plain PendingLogin
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(p))
}

// Code returns the authorization code from the query of a callback. It checks the state first, in constant time, and trusts
// nothing else before that.
//
// Use Exchange unless something has to happen in between. If you pass the code to picket.Client.ExchangeGrant yourself, you must then
// check the chain and the requirements, with picket.Client.Validate and picket.WithChain, because the user may have changed the
// URL. Code does not check the issuer, iss, either.
//
// Errors: ErrNoPendingLogin, ErrState, ErrCallback, and an *Error when the API refused the login.
func (p PendingLogin) Code(query url.Values) (picket.Secret, error) {
	if err := p.check(); err != nil {
		return "", err
	}
	state := query["state"]
	if len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(p.State)) != 1 {
		return "", fmt.Errorf("oauth: %w", ErrState)
	}
	code, failure, description := query["code"], query["error"], query["error_description"]
	switch {
	case len(code) > 1 || len(failure) > 1 || len(description) > 1:
		return "", malformed("a parameter is given more than once")
	case len(code) > 0 && len(failure) > 0:
		return "", malformed("it has both a code and an error")
	case len(failure) > 0 && failure[0] != "":
		return "", &Error{
			Code:        picket.ErrorCode(scrub(failure[0], p.State, p.CodeVerifier)),
			Description: scrub(query.Get("error_description"), p.State, p.CodeVerifier),
		}
	case len(code) == 0 || code[0] == "":
		return "", malformed("it has neither a code nor an error")
	}
	return picket.Secret(code[0]), nil
}

func malformed(why string) error { return fmt.Errorf("oauth: %w: %s", ErrCallback, why) }

// Exchange ends a login: it takes the code from the query of the callback and exchanges it for an access token. The client's key
// may be the project's secret or publishable key. In a second and last call it has the API validate the token, and checks that the
// user logged in on the chain of the pending login and meets its requirements. The User of the response is the user in the token.
//
// Before that it checks the issuer of the callback, iss (RFC 9207): it must be the base URL of the API or the issuer in the API's OpenID
// configuration. A callback without one is accepted only if that configuration does not say that it is sent. The configuration is read,
// in one more call, where the base URL does not decide; if the API has none, it does not say so.
//
// Delete the pending login before you call Exchange, whatever comes of it. A code works once: begin again instead of calling
// Exchange again.
//
// Errors: those of Code, ErrIssuer for the callback of another server, picket.ErrChainMismatch for a user of another chain, and those of picket.Client.ExchangeGrant and Validate:
// picket.CodeOAuthInvalidGrant for a code that is unknown, spent or expired, picket.CodePermissionDenied when no requirement is met,
// picket.CodeParameterInvalid for requirements that the API cannot judge, such as a contract that is not a token.
func (p PendingLogin) Exchange(ctx context.Context, client *picket.Client, query url.Values) (*picket.OAuthTokenResponse, error) {
	if client == nil {
		return nil, invalid(errors.New("the client is nil"))
	}
	code, err := p.Code(query)
	if err != nil {
		return nil, err
	}
	if err := p.checkIssuer(ctx, client, query["iss"]); err != nil {
		return nil, err
	}
	token, err := client.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: code, RedirectURI: p.RedirectURI, CodeVerifier: p.CodeVerifier})
	if err != nil {
		return nil, err
	}
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token.AccessToken, Requirements: p.Requirements}, picket.WithChain(p.Chain))
	if err != nil {
		return nil, err
	}
	if token.User == nil {
		token.User = &picket.AuthenticatedUser{}
	}
	token.User.Chain, token.User.WalletAddress = claims.Chain, claims.WalletAddress
	token.User.DisplayAddress, token.User.TokenBalances = claims.DisplayAddress, claims.TokenBalances
	return token, nil
}
