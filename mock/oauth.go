package mock

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Token is the token endpoint of OAuth 2.0.
func (o operations) Token(ctx context.Context, request server.TokenRequestObject) (server.TokenResponseObject, error) {
	r := incomingOf(ctx).request
	var body picket.OAuthTokenRequest
	switch {
	case r.URL.RawQuery != "":
		return nil, refusedGrant(picket.CodeOAuthInvalidRequest, "the URL has a query; send the parameters in the body, where no log shows them")
	case request.JSONBody != nil:
		body = *request.JSONBody
	case request.FormdataBody != nil:
		body = *request.FormdataBody
	}
	project, err := o.server.keys.authenticateClient(r.Header, body.ClientID, body.ClientSecret)
	if err != nil {
		return nil, err
	}
	var g grant
	switch body.GrantType {
	case picket.GrantAuthorizationCode:
		g, err = redeemCode(project, body)
	case picket.GrantPassword:
		g, err = o.passwordGrant(project, body)
	default:
		err = refusedGrant(picket.CodeOAuthUnsupportedGrantType, "grant_type must be authorization_code or password")
	}
	if err != nil {
		return nil, err
	}
	return o.grantToken(project, g, baseURL(r))
}

// grantToken makes the response for a grant. The issuer is that of the ID token.
func (o operations) grantToken(project *Project, g grant, issuer string) (server.TokenResponseObject, error) {
	var email string
	if slices.Contains(g.scopes, scopeEmail) {
		email = emailOf(g.wallet)
	}
	login, err := o.issue(project, g.wallet, g.proven, email)
	if err != nil {
		return nil, err
	}
	response := types.OAuthTokenResponse{
		AccessToken:      login.AccessToken,
		TokenType:        "Bearer",
		ExpiresIn:        int64(tokenLifetime.Seconds()),
		User:             &login.User,
		OAuthAccessToken: login.AccessToken,
		OAuthTokenType:   "Bearer",
		OAuthExpiresIn:   int64(tokenLifetime.Seconds()),
		Scope:            strings.Join(g.scopes, " "),
	}
	if slices.Contains(g.scopes, scopeOpenID) {
		now := project.Now()
		response.IDToken, err = o.server.tokens.issueID(idClaims{
			Issuer:    issuer,
			Subject:   subject(login.User.Chain, login.User.WalletAddress),
			Audience:  project.PublishableKey,
			IssuedAt:  picket.NumericDate(now.Unix()),
			ExpiresAt: picket.NumericDate(now.Add(tokenLifetime).Unix()),
			Nonce:     g.nonce,
			Email:     email,
		})
	}
	return open{response}, err
}

// verifierForm is that of a PKCE code verifier (RFC 7636 section 4.1).
var verifierForm = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// redeemCode exchanges an authorization code. The first exchange that names a code spends it, be it right or wrong, so that
// nobody can try verifiers out.
func redeemCode(project *Project, body picket.OAuthTokenRequest) (grant, error) {
	switch {
	case body.Code == "":
		return grant{}, missingFromGrant("code", body)
	case body.RedirectURI == "":
		return grant{}, missingFromGrant("redirect_uri", body)
	case body.CodeVerifier == "":
		return grant{}, missingFromGrant("code_verifier", body)
	case !verifierForm.MatchString(string(body.CodeVerifier)):
		return grant{}, refusedGrant(picket.CodeOAuthInvalidRequest, "code_verifier must be 43 to 128 letters, digits or any of - . _ ~ (RFC 7636 section 4.1)")
	}
	g, alive := project.store.takeCode(body.Code)
	switch {
	case !alive:
		return grant{}, refusedGrant(picket.CodeOAuthInvalidGrant, "the code is not known, was used before, is over five minutes old, or is of another client")
	case body.RedirectURI != g.redirectURI:
		return grant{}, refusedGrant(picket.CodeOAuthInvalidGrant, "redirect_uri is not the one that the code was asked for with; the code is spent now")
	case subtle.ConstantTimeCompare([]byte(challengeOf(body.CodeVerifier)), []byte(g.challenge)) != 1:
		return grant{}, refusedGrant(picket.CodeOAuthInvalidGrant, "code_verifier is not the one that the code_challenge was made from; the code is spent now")
	}
	return g, nil
}

// challengeOf returns the PKCE challenge of a verifier, by S256 (RFC 7636 section 4.2).
func challengeOf(verifier picket.Secret) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// passwordGrant logs a wallet in: the username is its address, the password its signature of the simple message.
func (o operations) passwordGrant(project *Project, body picket.OAuthTokenRequest) (grant, error) {
	switch {
	case body.Username == "":
		return grant{}, missingFromGrant("username", body)
	case body.Password == "":
		return grant{}, missingFromGrant("password", body)
	}
	if _, err := findChain(body.Chain); err != nil {
		return grant{}, refusedGrant(picket.CodeOAuthInvalidRequest, err.Error())
	}
	w, proven, err := login(project, types.AuthRequest{
		Chain:         body.Chain,
		WalletAddress: body.Username,
		Signature:     body.Password,
	})
	var refused *apiError
	if errors.As(err, &refused) {
		return grant{}, refusedGrant(picket.CodeOAuthInvalidGrant, "the wallet of username and password is not logged in: "+refused.message)
	}
	return grant{wallet: w, proven: proven, scopes: grantedScopes(body.Scope)}, err
}

func missingFromGrant(name string, body picket.OAuthTokenRequest) error {
	return refusedGrant(picket.CodeOAuthInvalidRequest, name+" is required for the grant "+body.GrantType)
}

func refusedGrant(code picket.ErrorCode, message string) error {
	return &apiError{http.StatusBadRequest, code, message}
}

// authenticateClient returns the project that a request to the token endpoint is from. Besides the API key in the forms that
// every operation takes, standard clients send the publishable key as the ID and the secret key as the secret of a client,
// in HTTP Basic or in the body (RFC 6749 section 2.3.1). Whatever there is must be of one project.
func (k *keyring) authenticateClient(header http.Header, clientID string, secret picket.Secret) (*Project, error) {
	refused := func(why string) (*Project, error) { return nil, invalidKey(why) }
	var c caller
	if len(header.Values("Authorization")) > 0 {
		key, password, err := basicCredentials(header)
		if err != nil {
			return nil, err
		}
		var known bool
		c, known = k.find(key)
		switch {
		case !known:
			return refused("no project has this key")
		case secret != "":
			return refused("client_secret comes besides an Authorization header; send one of them (RFC 6749 section 2.3)")
		case clientID != "" && clientID != c.project.PublishableKey:
			return refused("client_id is not the publishable key of the project that the Authorization header names")
		}
		secret = picket.Secret(password)
	} else {
		if clientID == "" {
			return refused("there is none; send the API key as the username of HTTP Basic authorization, or a publishable key as client_id")
		}
		var known bool
		if c, known = k.find(clientID); !known || c.secret {
			return refused("client_id is not a publishable key of any project")
		}
	}
	if secret != "" && (c.secret || subtle.ConstantTimeCompare([]byte(secret), []byte(c.project.SecretKey)) != 1) {
		return refused("the client's secret is not the secret key that belongs to its publishable key; a public client sends none")
	}
	return c.project, nil
}

// writeOAuth writes the refusal in the shape of RFC 6749 section 5.2, and in the API's.
func (e *apiError) writeOAuth(w http.ResponseWriter, r *http.Request) {
	if e.status == http.StatusUnauthorized && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="Picket API"`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.status)
	code := string(e.oauthCode())
	_ = json.NewEncoder(w).Encode(types.OAuthError{ // the client is gone
		Code:             code,
		Msg:              e.message,
		Error:            code,
		ErrorDescription: errorDescription(e.message),
	})
}

// oauthCode returns the code of RFC 6749 section 5.2 that tells the refusal best.
func (e *apiError) oauthCode() picket.ErrorCode {
	switch e.code {
	case picket.CodeOAuthInvalidRequest, picket.CodeOAuthInvalidClient, picket.CodeOAuthInvalidGrant, picket.CodeOAuthUnauthorizedClient, picket.CodeOAuthUnsupportedGrantType:
		return e.code
	}
	if e.status == http.StatusUnauthorized {
		return picket.CodeOAuthInvalidClient
	}
	return picket.CodeOAuthInvalidRequest
}

// errorDescription returns a message in the characters that error_description may have (RFC 6749 sections 4.1.2.1, 5.2).
func errorDescription(message string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < ' ' || r > '~' || r == '\\':
			return '?'
		}
		return r
	}, message)
}
