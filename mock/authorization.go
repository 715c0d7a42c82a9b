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

type callerKey struct{}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// projectOf returns the project of the request's API key. Operations that need a key have one.
func projectOf(ctx context.Context) *Project { return ctx.Value(callerKey{}).(caller).project }

func usesSecretKey(ctx context.Context) bool { return ctx.Value(callerKey{}).(caller).secret }

// keyring finds projects by their keys. It compares keys by their hashes and in constant time.
type keyring struct {
	mu      sync.RWMutex
	callers map[[sha256.Size]byte]caller
	ordered []*Project
}

// add adds a project, unless another one has one of its keys.
func (k *keyring) add(p *Project) error {
	secret, publishable := sha256.Sum256([]byte(p.SecretKey)), sha256.Sum256([]byte(p.PublishableKey))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.callers[secret].project != nil || k.callers[publishable].project != nil {
		return errors.New("mock: another project has one of these keys")
	}
	k.callers[secret] = caller{p, true}
	k.callers[publishable] = caller{p, false}
	k.ordered = append(k.ordered, p)
	return nil
}

func (k *keyring) projects() []*Project {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Clone(k.ordered)
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

// authenticate returns whom a request is from, by its Authorization header. An API key comes in any of the forms that the
// SDKs send: with the colon of HTTP Basic, without it (picket-node), and without it after two spaces (picket-js).
func (k *keyring) authenticate(header http.Header) (caller, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return caller{}, &apiError{http.StatusUnauthorized, picket.ErrAuthenticationRequired,
			"authentication required: send the API key as the username of HTTP Basic authorization"}
	}
	refused := func(why string) (caller, error) {
		return caller{}, &apiError{http.StatusUnauthorized, picket.ErrAPIKeyInvalid, "invalid project key: " + why}
	}
	if len(values) > 1 {
		return refused("there are several Authorization headers")
	}
	scheme, credentials, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return refused("the Authorization header is not Basic")
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.Trim(credentials, " "))
	if err != nil {
		return refused("what follows Basic is not base64")
	}
	key, password, _ := strings.Cut(string(decoded), ":")
	if password != "" {
		return refused("the key is the username, and the password stays empty")
	}
	c, ok := k.find(key)
	if !ok {
		return refused("no project has this key")
	}
	return c, nil
}

// tenant returns the project that a request is for, whether or not it may do what it asks: that of its key, else that of
// the client_id in its query, else the default one.
func (k *keyring) tenant(r *http.Request, otherwise *Project) *Project {
	if c, err := k.authenticate(r.Header); err == nil {
		return c.project
	}
	if c, ok := k.find(r.URL.Query().Get("client_id")); ok {
		return c.project
	}
	return otherwise
}
