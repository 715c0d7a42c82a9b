package picket

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// Token exchanges an OAuth 2.0 grant for an access token. GrantType is GrantAuthorizationCode by default, which needs
// Code, RedirectURI and CodeVerifier (RFC 6749 section 4.1.3, RFC 7636 section 4.5). GrantPassword needs a wallet
// address as Username and its signature as Password.
//
// A code works once: do not repeat a call whose outcome is not known. GrantPassword names no site that the wallet signed for,
// so it is ErrInvalidArgument with WithOrigin; see Auth. With WithChain the user must be on that chain, and the response must say
// so.
//
// The response may have accessToken, tokenType and expiresIn under Picket's names, under those of RFC 6749 section 5.1, or under both
// if the values are the same.
//
// Errors: ErrInvalidGrant for a code or signature that is not known, spent, expired or of another client, and the other
// codes of RFC 6749 section 5.2.
func (c *Client) Token(ctx context.Context, request TokenRequest, options ...CallOption) (*TokenResponse, error) {
	if request.GrantType == "" {
		request.GrantType = GrantAuthorizationCode
	}
	op := operation{
		name: "token", once: true, options: options,
		secrets: []Secret{request.Code, request.CodeVerifier, request.Password, request.ClientSecret},
	}
	if err := checkGrant(request); err != nil {
		return nil, c.invalid("token", err, op.secrets...)
	}
	form, err := formOf(request)
	if err != nil {
		return nil, c.invalid("token", err, op.secrets...)
	}
	if request.GrantType == GrantPassword {
		op.login = &login{chain: request.Chain}
	}
	return call[TokenResponse](ctx, c, op, func(ctx context.Context) (*http.Response, error) {
		return c.api.TokenWithBody(ctx, "application/x-www-form-urlencoded", strings.NewReader(form))
	})
}

// formOf encodes the grant as a form, under its JSON names. The generated TokenWithFormdataBody would not do: it sends
// what a Secret prints, and absent values as empty ones.
func formOf(request TokenRequest) (string, error) {
	data, err := wire.Marshal(request)
	if err != nil {
		return "", err
	}
	var fields map[string]string
	if err := json.Unmarshal(data, &fields); err != nil {
		return "", err
	}
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return form.Encode(), nil
}

func checkGrant(r TokenRequest) error {
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
