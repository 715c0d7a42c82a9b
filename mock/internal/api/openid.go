package api

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
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
	return server.OpenIDConfiguration200JSONResponse(o.configuration(ctx)), nil
}

// AuthorizationServerMetadata is the same document at the place where clients of OAuth 2.0 look for it (RFC 8414).
func (o Operations) AuthorizationServerMetadata(ctx context.Context, _ server.AuthorizationServerMetadataRequestObject) (server.AuthorizationServerMetadataResponseObject, error) {
	return server.AuthorizationServerMetadata200JSONResponse(o.configuration(ctx)), nil
}

func (o Operations) configuration(ctx context.Context) types.OpenIDConfiguration {
	urls := o.names().For(front.Request(ctx))
	return types.OpenIDConfiguration{
		Issuer:                            urls.Issuer,
		AuthorizationEndpoint:             urls.Browsers + "/oauth2/authorize",
		TokenEndpoint:                     urls.Programs + "/oauth2/token",
		UserinfoEndpoint:                  urls.Programs + "/oauth2/userinfo",
		EndSessionEndpoint:                urls.Browsers + "/oauth2/logout",
		JWKSURI:                           urls.Programs + "/oauth2/jwks",
		ScopesSupported:                   []string{scopeOpenID, scopeEmail, scopeProfile},
		ResponseTypesSupported:            []string{"code"},
		ResponseModesSupported:            []string{"code", "query", "form_post", "web_message"},
		GrantTypesSupported:               []string{picket.GrantAuthorizationCode, picket.GrantPassword},
		SubjectTypesSupported:             []string{"public"},
		IDTokenSigningAlgValuesSupported:  []string{"ES256"},
		TokenEndpointAuthMethodsSupported: []string{"client_secret_basic", "client_secret_post", "none"},
		CodeChallengeMethodsSupported:     []string{"S256"},
		PromptValuesSupported:             slices.Clone(promptValues),
		RequestURIParameterSupported:      new(bool), // absent, it would be true
		RequestParameterSupported:         new(bool),

		AuthorizationResponseIssParameterSupported: true,
	}
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
