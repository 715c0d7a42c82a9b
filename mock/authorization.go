package mock

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/seed-a13ee279/picket/picket"
)

// caller is whom a request is from.
type caller struct {
	project *Project
	secret  bool // whether the API key is a secret one
}

// projectOf returns the project of the request's API key, or nil. Operations that need a key have one.
func projectOf(ctx context.Context) *Project { return incomingOf(ctx).caller.project }

// claimsOf returns the claims of the request's access token, or nil. Operations that need one have them.
func claimsOf(ctx context.Context) *picket.AccessTokenPayload { return incomingOf(ctx).claims }

func usesSecretKey(ctx context.Context) bool { return incomingOf(ctx).caller.secret }

// keyring finds projects by their keys and IDs. It compares keys by their hashes and in constant time.
type keyring struct {
	max     int // how many projects there may be
	mu      sync.RWMutex
	callers map[[sha256.Size]byte]caller
	byID    map[string]*Project
	ordered []*Project
}

// add adds a project, unless another one has one of its keys.
func (k *keyring) add(p *Project) error {
	secret, publishable := sha256.Sum256([]byte(p.SecretKey)), sha256.Sum256([]byte(p.PublishableKey))
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ordered) >= k.max {
		return tooMany("there are %d projects, and no more are allowed; use them again after a reset, or allow more (-max-projects, WithMaxProjects)", k.max)
	}
	if k.callers[secret].project != nil || k.callers[publishable].project != nil {
		return errors.New("mock: another project has one of these keys")
	}
	k.callers[secret] = caller{p, true}
	k.callers[publishable] = caller{p, false}
	k.byID[p.ID] = p
	k.ordered = append(k.ordered, p)
	return nil
}

func (k *keyring) projects() []*Project {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.ordered)
}

func (k *keyring) project(id string) (*Project, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	p, ok := k.byID[id]
	return p, ok
}

func (k *keyring) find(key string) (caller, bool) {
	k.mu.RLock()
	c, ok := k.callers[sha256.Sum256([]byte(key))]
	k.mu.RUnlock()
	if !ok {
		return caller{}, false
	}
	known := c.project.PublishableKey
	if c.secret {
		known = c.project.SecretKey
	}
	return c, subtle.ConstantTimeCompare([]byte(known), []byte(key)) == 1
}

// authenticate returns whom a request is from, by its Authorization header.
func (k *keyring) authenticate(header http.Header) (caller, error) {
	key, password, err := basicCredentials(header)
	if err != nil {
		return caller{}, err
	}
	if password != "" {
		return caller{}, invalidKey("the key is the username, and the password stays empty")
	}
	c, ok := k.find(key)
	if !ok {
		return caller{}, invalidKey("no project has this key")
	}
	return c, nil
}

// tenant returns the project that a request is for, whether or not it may do what it asks: that of its key, else that of
// the client_id in its query, else the default one. It also returns whom the key authenticates, or why it does not.
func (k *keyring) tenant(r *http.Request, otherwise *Project) (*Project, caller, error) {
	c, err := k.authenticate(r.Header)
	if err == nil {
		return c.project, c, nil
	}
	if client, ok := k.find(r.URL.Query().Get("client_id")); ok {
		return client.project, c, err
	}
	return otherwise, c, err
}

// basicCredentials returns the username, which is an API key, and the password of HTTP Basic authorization. An API key
// comes in any of the forms that the SDKs send: with the colon of HTTP Basic, without it (picket-node), and without it
// after two spaces (picket-js).
func basicCredentials(header http.Header) (key, password string, err error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", "", &apiError{http.StatusUnauthorized, picket.CodeAuthenticationRequired,
			"authentication required: send the API key as the username of HTTP Basic authorization"}
	}
	if len(values) > 1 {
		return "", "", invalidKey("there are several Authorization headers")
	}
	scheme, credentials, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", invalidKey("the Authorization header is not Basic")
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.Trim(credentials, " "))
	if err != nil {
		return "", "", invalidKey("what follows Basic is not base64")
	}
	key, password, _ = strings.Cut(string(decoded), ":")
	return key, password, nil
}

func invalidKey(why string) *apiError {
	return &apiError{http.StatusUnauthorized, picket.CodeAPIKeyInvalid, "invalid project key: " + why}
}

// authenticateBearer returns the claims of the access token that a request is authorized with (RFC 6750 section 2.1). Its
// errors have the status 401; challenge says what goes into WWW-Authenticate.
func (s *Server) authenticateBearer(header http.Header) (claims *picket.AccessTokenPayload, challenge string, err error) {
	const realm = `Bearer realm="Picket API"`
	values := header.Values("Authorization")
	if len(values) == 0 {
		// Without an error code, because the client may not have known (RFC 6750 section 3.1).
		return nil, realm, &apiError{http.StatusUnauthorized, picket.CodeAuthenticationRequired,
			"authentication required: send the access token as Bearer authorization"}
	}
	refused := func(why string) (*picket.AccessTokenPayload, string, error) {
		return nil, realm + `, error="invalid_token"`, &apiError{http.StatusUnauthorized, picket.CodeParameterInvalid, why}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return refused("invalid access token: send one Authorization header, with Bearer and the token")
	}
	claims, err = s.tokens.verify(picket.Secret(strings.Trim(token, " ")))
	if err != nil {
		return refused("invalid access token: " + err.Error())
	}
	project, ok := s.keys.project(claims.Audience)
	if !ok {
		return refused("invalid access token: it is not for any project")
	}
	if err := checkClaims(claims, project.ID, project.Now()); err != nil {
		return refused("invalid access token: " + err.Error())
	}
	return claims, "", nil
}
