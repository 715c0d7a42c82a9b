package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed-a13ee279/picket/picket"
)

// Session is what the server has to remember of a login until the callback. Begin makes it; MarshalBinary writes it where it
// is to be kept, which the package comment says. No log, print or JSON shows its secrets. The zero value is no session, and
// refuses every callback, as does one that is not whole.
type Session struct {
	// State is what the callback has to bring back: 32 random bytes as base64url, 43 characters.
	State picket.Secret `json:"state"`
	// CodeVerifier proves to the API that whoever began the login exchanges the code (RFC 7636 section 4.1). It has the form
	// of State.
	CodeVerifier picket.Secret `json:"codeVerifier"`
	// RedirectURI is where the login was to come back to; the API wants to hear it again with the code.
	RedirectURI string `json:"redirectURI"`
	// Chain is the slug of the chain that was asked for, or picket.AnyChain.
	Chain string `json:"chain"`
	// Requirements is what the user has to meet; nil is nothing.
	Requirements *picket.Requirements `json:"requirements,omitempty"`
}

// Code returns the authorization code of a callback, whose query it is given. It checks the state first, in constant
// time, and believes nothing else before.
//
// Use Exchange unless something has to happen in between. Whoever passes the code to picket.Client.Token must afterwards
// check the chain and ask the API for the requirements, by picket.Client.Validate with picket.WithChain: the user may have
// changed the URL.
//
// Errors: ErrSession, ErrState, ErrCallback, and an *Error when the API refused the login.
func (s Session) Code(query url.Values) (picket.Secret, error) {
	if err := s.check(); err != nil {
		return "", err
	}
	state := query["state"]
	if len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(s.State)) != 1 {
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
			Code:        picket.ErrorCode(scrub(failure[0], s.State, s.CodeVerifier)),
			Description: scrub(query.Get("error_description"), s.State, s.CodeVerifier),
		}
	case len(code) == 0 || code[0] == "":
		return "", malformed("it has neither a code nor an error")
	}
	return picket.Secret(code[0]), nil
}

func malformed(why string) error { return fmt.Errorf("oauth: %w: %s", ErrCallback, why) }

// Exchange ends a login: it takes the code from the query of the callback, and exchanges it for an access token through
// client, whose key may be either of the project's. Then it lets the API validate the token, which is a second call and the
// last, and checks that its user logged in on the chain of the session and meets its requirements. User of the response is
// that user, as the token has it.
//
// Delete the session before, whatever comes of it. A code works once: begin again instead of calling Exchange again.
//
// Errors: those of Code, picket.ErrChainMismatch for a user of another chain, and those of picket.Client.Token and Validate:
// picket.CodeOAuthInvalidGrant for a code that is not known, spent or expired, picket.CodePermissionDenied when no requirement is
// met, picket.CodeParameterInvalid for requirements that the API cannot judge, such as a contract that is no token.
func (s Session) Exchange(ctx context.Context, client *picket.Client, query url.Values) (*picket.OAuthTokenResponse, error) {
	if client == nil {
		return nil, invalid(errors.New("the client is nil"))
	}
	code, err := s.Code(query)
	if err != nil {
		return nil, err
	}
	token, err := client.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: code, RedirectURI: s.RedirectURI, CodeVerifier: s.CodeVerifier})
	if err != nil {
		return nil, err
	}
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token.AccessToken, Requirements: s.Requirements}, picket.WithChain(s.Chain))
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
