package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Token is the token endpoint of OAuth 2.0.
func (o Operations) Token(ctx context.Context, request server.TokenRequestObject) (server.TokenResponseObject, error) {
	r := front.Request(ctx)
	var body picket.OAuthTokenRequest
	if r.URL.RawQuery != "" {
		return nil, refusal.Grant(picket.CodeOAuthInvalidRequest, "the URL has a query; send the parameters in the body, where no log shows them")
	}
	if request.Body != nil {
		body = *request.Body
	}
	if form := front.Parameters(ctx); form.Has("client_assertion") || form.Has("client_assertion_type") {
		return nil, refusal.InvalidKey("a client_assertion cannot be checked here; send the secret key as the client's secret (client_secret_basic or client_secret_post)")
	}
	project, err := o.projects.Client(r.Header, body.ClientID, body.ClientSecret)
	if err != nil {
		return nil, err
	}
	var g state.Grant
	switch body.GrantType {
	case picket.GrantAuthorizationCode:
		g, err = redeemCode(project, body)
	case picket.GrantPassword:
		g, err = passwordGrant(project, body)
	default:
		err = refusal.Grant(picket.CodeOAuthUnsupportedGrantType, "grant_type must be authorization_code or password")
	}
	if err != nil {
		return nil, err
	}
	return o.grantToken(project, g, o.names().For(r).Issuer)
}

// grantToken makes the response for a grant. The issuer is that of the ID token.
func (o Operations) grantToken(project *tenant.Project, g state.Grant, issuer string) (server.TokenResponseObject, error) {
	var email string
	if slices.Contains(g.Scopes, scopeEmail) {
		email = emailOf(g.Wallet)
	}
	login, err := o.issue(project, g.Wallet, g.Proven, email)
	if err != nil {
		return nil, err
	}
	response := types.OAuthTokenResponse{
		AccessToken: login.AccessToken,
		TokenType:   "Bearer",
		ExpiresIn:   int64(tokens.Lifetime.Seconds()),
		User:        &login.User,
		Scope:       strings.Join(g.Scopes, " "),
	}
	if slices.Contains(g.Scopes, scopeOpenID) {
		now := project.Clock.Now()
		response.IDToken, err = o.tokens.IssueID(tokens.IDClaims{
			Issuer:          issuer,
			Subject:         tokens.Subject(login.User.Chain, login.User.WalletAddress),
			Audience:        project.PublishableKey,
			IssuedAt:        picket.NumericDate(now.Unix()),
			ExpiresAt:       picket.NumericDate(now.Add(tokens.Lifetime).Unix()),
			LoggedInAt:      picket.NumericDate(g.LoggedInAt.Unix()),
			AccessTokenHash: tokens.HashOf(login.AccessToken),
			Nonce:           g.Nonce,
			Email:           email,
			Custom:          project.Settings.IDTokenClaims,
		})
	}
	return open{response}, err
}

// isVerifier reports whether a text has the form of a PKCE code verifier (RFC 7636 section 4.1).
func isVerifier(text string) bool {
	return len(text) >= 43 && len(text) <= 128 && verifierForm.MatchString(text)
}

var verifierForm = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)

// redeemCode exchanges an authorization code. The first exchange that names a code spends it, whether it is right or wrong, so that
// nobody can try verifiers out.
func redeemCode(project *tenant.Project, body picket.OAuthTokenRequest) (state.Grant, error) {
	switch {
	case body.Code == "":
		return state.Grant{}, missingFromGrant("code", body)
	case body.RedirectURI == "":
		return state.Grant{}, missingFromGrant("redirect_uri", body)
	case body.CodeVerifier == "":
		return state.Grant{}, missingFromGrant("code_verifier", body)
	case !isVerifier(string(body.CodeVerifier)):
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidRequest, "code_verifier must be 43 to 128 letters, digits or any of - . _ ~ (RFC 7636 section 4.1)")
	}
	g, alive := project.State.TakeCode(body.Code)
	switch {
	case !alive:
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidGrant, "the code is not known, was used before, is over five minutes old, or is of another client")
	case body.RedirectURI != g.RedirectURI:
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidGrant, "redirect_uri is not the one that the code was asked for with; the code is spent now")
	case subtle.ConstantTimeCompare([]byte(challengeOf(body.CodeVerifier)), []byte(g.Challenge)) != 1:
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidGrant, "code_verifier is not the one that the code_challenge was made from; the code is spent now")
	}
	return g, nil
}

// challengeOf returns the PKCE challenge of a verifier, by S256 (RFC 7636 section 4.2).
func challengeOf(verifier picket.Secret) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// passwordGrant logs a wallet in: the username is its address, the password its signature of the simple message.
func passwordGrant(project *tenant.Project, body picket.OAuthTokenRequest) (state.Grant, error) {
	switch {
	case body.Username == "":
		return state.Grant{}, missingFromGrant("username", body)
	case body.Password == "":
		return state.Grant{}, missingFromGrant("password", body)
	}
	if _, err := wallets.FindChain(body.Chain); err != nil {
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidRequest, err.Error())
	}
	w, proven, err := login(project, types.AuthRequest{
		Chain:         body.Chain,
		WalletAddress: body.Username,
		Signature:     body.Password,
	})
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return state.Grant{}, refusal.Grant(picket.CodeOAuthInvalidGrant, "the wallet of username and password is not logged in: "+refused.Message).Because(refused.Explained())
	}
	return state.Grant{Wallet: w, Proven: proven, Scopes: grantedScopes(body.Scope), LoggedInAt: project.Clock.Now()}, err
}

func missingFromGrant(name string, body picket.OAuthTokenRequest) error {
	return refusal.Grant(picket.CodeOAuthInvalidRequest, name+" is required for the grant "+body.GrantType)
}
