package tenant

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/picket"
)

// Of returns the project that a request is for, whether or not it may do what it asks: that of its key, else that of its client_id,
// else the default one. It also returns whom the key authenticates, or why it does not.
func (ps *Projects) Of(header http.Header, clientID string) (*Project, Caller, error) {
	c, err := ps.authenticate(header)
	if err == nil {
		return c.Project, c, nil
	}
	key, _, _ := basicCredentials(header) // of a client that sends its secret as well
	for _, id := range []string{formDecoded(key), clientID} {
		if client, ok := ps.ByKey(id); ok {
			return client.Project, c, err
		}
	}
	return ps.Default(), c, err
}

// authenticate returns whom a request is from, by its Authorization header.
func (ps *Projects) authenticate(header http.Header) (Caller, error) {
	key, password, err := basicCredentials(header)
	if err != nil {
		return Caller{}, err
	}
	if password != "" {
		return Caller{}, refusal.InvalidKey("the key is the username, and the password stays empty")
	}
	return ps.Keyed(key)
}

// Keyed returns whom an API key authenticates.
func (ps *Projects) Keyed(key string) (Caller, error) {
	c, ok := ps.ByKey(key)
	if !ok {
		return Caller{}, refusal.InvalidKey("no project has this key")
	}
	return c, nil
}

// basicCredentials returns the username, which is an API key, and the password of HTTP Basic authorization. An API key
// comes in any of the forms that the SDKs send: with the colon of HTTP Basic, without it (picket-node), and without it
// after two spaces (picket-js).
func basicCredentials(header http.Header) (key, password string, err error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", "", refusal.NotAuthenticated("authentication required: send the API key as the username of HTTP Basic authorization")
	}
	if len(values) > 1 {
		return "", "", refusal.InvalidKey("there are several Authorization headers")
	}
	scheme, credentials, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", refusal.InvalidKey("the Authorization header is not Basic")
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.Trim(credentials, " "))
	if err != nil {
		return "", "", refusal.InvalidKey("what follows Basic is not base64")
	}
	key, password, _ = strings.Cut(string(decoded), ":")
	return key, password, nil
}

// formDecoded returns a username or password that was form-encoded before it went into HTTP Basic, as RFC 6749 section 2.3.1 demands.
// API keys are the same when they were not.
func formDecoded(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// Bearer returns the claims of the access token that a request is authorized with (RFC 6750 section 2.1). Its errors have the
// status 401, and challenge is what belongs into WWW-Authenticate then.
func (ps *Projects) Bearer(header http.Header, signer *tokens.Signer) (claims *picket.AccessTokenPayload, challenge string, err error) {
	const realm = `Bearer realm="Picket API"`
	values := header.Values("Authorization")
	if len(values) == 0 {
		// Without an error code, because the client may not have known (RFC 6750 section 3.1).
		return nil, realm, refusal.NotAuthenticated("authentication required: send the access token as Bearer authorization")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	refused := func(err error) (*picket.AccessTokenPayload, string, error) {
		return nil, realm + `, error="invalid_token"`, refusal.InvalidToken(err.Error()).Because(tokens.Explain(picket.Secret(token), err))
	}
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return refused(errors.New("send one Authorization header, with Bearer and the token"))
	}
	claims, err = signer.Verify(picket.Secret(token))
	if err != nil {
		return refused(err)
	}
	project, ok := ps.ByID(claims.Audience)
	if !ok {
		return refused(errors.New("it is not for any project"))
	}
	if err := tokens.CheckClaims(claims, project.ID, project.Clock.Now()); err != nil {
		return refused(err)
	}
	return claims, "", nil
}

// Client returns the project that a request to the token endpoint is from. Besides the API key in the forms that every operation
// takes, standard clients send the publishable key as the ID and the secret key as the secret of a client, in HTTP Basic or in the
// body (RFC 6749 section 2.3.1). All credentials must be of one project.
func (ps *Projects) Client(header http.Header, clientID string, secret picket.Secret) (*Project, error) {
	var c Caller
	if len(header.Values("Authorization")) > 0 {
		key, password, err := basicCredentials(header)
		if err != nil {
			return nil, err
		}
		var known bool
		c, known = ps.ByKey(formDecoded(key))
		switch {
		case !known:
			return nil, refusal.InvalidKey("no project has this key")
		case secret != "":
			return nil, refusal.InvalidKey("there are both an Authorization header and a client_secret; send one of them (RFC 6749 section 2.3)")
		case clientID != "" && clientID != c.Project.PublishableKey:
			return nil, refusal.InvalidKey("client_id is not the publishable key of the project that the Authorization header names")
		}
		secret = picket.Secret(formDecoded(password))
	} else {
		if clientID == "" {
			return nil, refusal.InvalidKey("the request has none; send the API key as the username of HTTP Basic authorization, or a publishable key as client_id")
		}
		var known bool
		if c, known = ps.ByKey(clientID); !known || c.Secret {
			return nil, refusal.InvalidKey("client_id is not a publishable key of any project")
		}
	}
	if secret != "" && (c.Secret || subtle.ConstantTimeCompare([]byte(secret), []byte(c.Project.SecretKey)) != 1) {
		return nil, refusal.InvalidKey("the client's secret is not the secret key that belongs to its publishable key; a public client sends none")
	}
	return c.Project, nil
}
