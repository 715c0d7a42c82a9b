package api

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

const (
	scopeOpenID  = "openid"
	scopeEmail   = "email"
	scopeProfile = "profile"
)

// grantedScopes returns the scopes that there are of those that are asked for. Others are ignored (RFC 6749 section 3.3).
func grantedScopes(asked string) []string {
	var granted []string
	for _, scope := range []string{scopeOpenID, scopeEmail, scopeProfile} {
		if slices.Contains(strings.Fields(asked), scope) {
			granted = append(granted, scope)
		}
	}
	return granted
}

// emailOf makes an email address of a wallet's. The domain is one of those that are nobody's (RFC 2606).
func emailOf(w wallets.Wallet) string {
	return w.Address + "@" + w.Chain.ChainSlug + ".wallet.example"
}

func (o Operations) OpenIDConfiguration(ctx context.Context, _ server.OpenIDConfigurationRequestObject) (server.OpenIDConfigurationResponseObject, error) {
	urls := o.names().For(front.Request(ctx))
	return server.OpenIDConfiguration200JSONResponse{
		Issuer:                            urls.Issuer,
		AuthorizationEndpoint:             urls.Browsers + "/oauth2/authorize",
		TokenEndpoint:                     urls.Programs + "/oauth2/token",
		UserinfoEndpoint:                  urls.Programs + "/oauth2/userinfo",
		JWKSURI:                           urls.Programs + "/oauth2/jwks",
		ScopesSupported:                   []string{scopeOpenID, scopeEmail, scopeProfile},
		ResponseTypesSupported:            []string{"code"},
		ResponseModesSupported:            []string{"code", "web_message"},
		GrantTypesSupported:               []string{picket.GrantAuthorizationCode, picket.GrantPassword},
		SubjectTypesSupported:             []string{"public"},
		IDTokenSigningAlgValuesSupported:  []string{"ES256"},
		TokenEndpointAuthMethodsSupported: []string{"client_secret_basic", "client_secret_post", "none"},
		CodeChallengeMethodsSupported:     []string{"S256"},
	}, nil
}

func (o Operations) JWKS(context.Context, server.JWKSRequestObject) (server.JWKSResponseObject, error) {
	return server.JWKS200JSONResponse{Keys: o.tokens.JWKS()}, nil
}

func (Operations) GetUserInfo(ctx context.Context, _ server.GetUserInfoRequestObject) (server.GetUserInfoResponseObject, error) {
	return server.GetUserInfo200JSONResponse{UserInfoJSONResponse: userInfo(ctx)}, nil
}

func (Operations) PostUserInfo(ctx context.Context, _ server.PostUserInfoRequestObject) (server.PostUserInfoResponseObject, error) {
	return server.PostUserInfo200JSONResponse{UserInfoJSONResponse: userInfo(ctx)}, nil
}

func userInfo(ctx context.Context) server.UserInfoJSONResponse {
	claims := front.Claims(ctx)
	return server.UserInfoJSONResponse{
		Subject:           claims.Subject,
		Chain:             claims.Chain,
		WalletAddress:     claims.WalletAddress,
		DisplayAddress:    claims.DisplayAddress,
		PreferredUsername: claims.DisplayAddress,
		Email:             claims.Email,
	}
}
