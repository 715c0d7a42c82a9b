package picket

import (
	"context"
	"fmt"
	"net/http"
)

// Token exchanges an OAuth 2.0 grant for an access token. GrantType is GrantAuthorizationCode by default, which needs
// Code, RedirectURI and CodeVerifier (RFC 6749 section 4.1.3, RFC 7636 section 4.5). GrantPassword needs a wallet
// address as Username and its signature as Password.
//
// A code works once: do not repeat a call whose outcome is not known.
//
// Errors: ErrInvalidGrant for a code or signature that is not known, spent, expired or of another client, and the other
// codes of RFC 6749 section 5.2.
func (c *Client) Token(ctx context.Context, request TokenRequest) (*TokenResponse, error) {
	if request.GrantType == "" {
		request.GrantType = GrantAuthorizationCode
	}
	if err := checkGrant(request); err != nil {
		return nil, invalid("token", err)
	}
	secrets := []Secret{request.Code, request.CodeVerifier, request.Password}
	return call[TokenResponse](ctx, c, "token", secrets, func(ctx context.Context) (*http.Response, error) {
		return c.api.TokenWithFormdataBody(ctx, request)
	})
}

func checkGrant(r TokenRequest) error {
	switch r.GrantType {
	case GrantAuthorizationCode:
		return firstError(
			checkSecret("Code", r.Code),
			checkSecret("RedirectURI", Secret(r.RedirectURI)),
			checkSecret("CodeVerifier", r.CodeVerifier),
		)
	case GrantPassword:
		return firstError(
			checkName("Username", r.Username),
			checkSecret("Password", r.Password),
			checkChain(r.Chain),
		)
	}
	return fmt.Errorf("GrantType is %q; it must be %s or %s", r.GrantType, GrantAuthorizationCode, GrantPassword)
}
