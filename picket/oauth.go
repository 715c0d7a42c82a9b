package picket

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// ExchangeGrant exchanges an OAuth 2.0 grant for an access token, at the token endpoint (RFC 6749 section 3.2). GrantType is
// GrantAuthorizationCode by default, the grant of a login by redirect. It needs Code, RedirectURI and CodeVerifier (RFC 6749
// section 4.1.3, RFC 7636 section 4.5). GrantPassword needs a wallet address as Username and its signature as Password.
//
// A code works once, so do not repeat a call whose outcome you do not know. GrantPassword does not say on which site the wallet
// signed, so with WithOrigin it is ErrInvalidArgument; see Auth. With WithChain the user must be on that chain, and the response
// must say so.
//
// The response may have accessToken, tokenType and expiresIn under Picket's names, under those of RFC 6749 section 5.1, or under both
// if the values are the same.
//
// Errors: CodeOAuthInvalidGrant for a code or signature that is unknown, spent, expired or was issued to another client, and the
// other codes of RFC 6749 section 5.2, whose names begin with CodeOAuth.
func (c *Client) ExchangeGrant(ctx context.Context, request OAuthTokenRequest, options ...CallOption) (*OAuthTokenResponse, error) {
	request.GrantType = cmp.Or(request.GrantType, GrantAuthorizationCode)
	op := operation{
		name: "token", once: true, options: options,
		secrets: []Secret{request.Code, request.CodeVerifier, request.Password, request.ClientSecret},
		invalid: checkGrant(request),
	}
	if op.invalid == nil {
		op.body, op.invalid = formOf(request)
	}
	if request.GrantType == GrantPassword {
		op.login = &login{chain: request.Chain}
	}
	return call[OAuthTokenResponse](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.TokenWithBody(ctx, "application/x-www-form-urlencoded", body)
	})
}

// formOf encodes the grant as a form, under its JSON names. The generated TokenWithFormdataBody is not used, because it sends
// Secrets as they are printed and absent values as empty ones.
func formOf(request OAuthTokenRequest) ([]byte, error) {
	data, err := wire.Marshal(request)
	if err != nil {
		return nil, err
	}
	var fields map[string]string
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return []byte(form.Encode()), nil
}

func checkGrant(r OAuthTokenRequest) error {
	switch r.GrantType {
	case GrantAuthorizationCode:
		return cmp.Or(
			checkSecret("Code", r.Code),
			checkSecret("RedirectURI", Secret(r.RedirectURI)),
			checkSecret("CodeVerifier", r.CodeVerifier),
		)
	case GrantPassword:
		return cmp.Or(
			checkName("Username", r.Username),
			checkSecret("Password", r.Password),
			checkChain(r.Chain),
		)
	}
	return fmt.Errorf("GrantType is %q; it must be %s or %s", r.GrantType, GrantAuthorizationCode, GrantPassword)
}
