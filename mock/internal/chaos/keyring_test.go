package chaos_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// keyring is a transport that makes the mock, whose key never changes, look like an API that changes its keys: it signs the access
// tokens in responses again, serves the current keys, and puts the mock's own tokens back into requests.
//
// It also keeps the checks of a crowd waiting for as long as somebody waits for them, and counts them.
type keyring struct {
	transport http.RoundTripper
	now       func() time.Time

	mu        sync.Mutex
	published []*signingKey // the last one signs
	tokens    map[tokenID]signed
	order     []tokenID // the same, the oldest first

	crowd, largest atomic.Int64 // checks that wait
}

type signingKey struct {
	private     *ecdsa.PrivateKey
	jwk         string
	withdrawnAt atomic.Int64 // in nanoseconds since 1970; 0 while it is published
}

// withdrawn reports whether the key was out of the set at a time, and for how long.
func (k *signingKey) withdrawn(now time.Time) (ago time.Duration, ok bool) {
	at := k.withdrawnAt.Load()
	return now.Sub(time.Unix(0, at)), at != 0 && now.UnixNano() >= at
}

type tokenID [16]byte

type signed struct {
	original string // the mock's signature
	key      *signingKey
}

const (
	// publishedKeys is how many keys are in the set, unless one was compromised: the one that signs, and those before it.
	publishedKeys = 3
	// knownTokens is how many tokens the keyring remembers: far more than users share.
	knownTokens = 16 * maxTokens
)

func newKeyring(t *testing.T, transport http.RoundTripper, now func() time.Time) *keyring {
	k := &keyring{transport: transport, now: now, tokens: map[tokenID]signed{}}
	k.rotate(t, publishedKeys)
	return k
}

// rotate publishes a new key, which signs from now on, and withdraws the oldest, so that keep are left.
func (k *keyring) rotate(t *testing.T, keep int) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	id := sha256.Sum256(point)
	key := &signingKey{private: private, jwk: fmt.Sprintf(`{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":%q,"x":%q,"y":%q}`,
		encode(id[:8]), encode(point[1:33]), encode(point[33:]))}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.published = append(k.published, key)
	for len(k.published) > keep {
		withdrawn := k.published[0]
		k.published = k.published[1:]
		withdrawn.withdrawnAt.Store(k.now().UnixNano())
	}
}

// set returns the keys that are published, as a JWK set.
func (k *keyring) set() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	var keys []string
	for _, key := range k.published {
		keys = append(keys, key.jwk)
	}
	return []byte(`{"keys":[` + strings.Join(keys, ",") + `]}`)
}

// keyOf returns what a token was signed with, or nil for one that is not of the API.
func (k *keyring) keyOf(token picket.Secret) *signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tokens[idOf(string(token))].key
}

func idOf(token string) tokenID {
	digest := sha256.Sum256([]byte(token))
	return tokenID(digest[:16])
}

var (
	answeredToken  = regexp.MustCompile(`"(?:accessToken|access_token)":"([^"]+)"`)
	requestedToken = regexp.MustCompile(`"accessToken":"([^"]+)"`)
)

// signing returns the key that signs now.
func (k *keyring) signing() *signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.published[len(k.published)-1]
}

// sign signs the token of a response again, with the keyring's key.
func (k *keyring) sign(response []byte, key *signingKey) []byte {
	found := answeredToken.FindSubmatch(response)
	if found == nil {
		return response
	}
	token := string(found[1])
	message, signature, _ := cutLast(token, ".")
	k.mu.Lock()
	defer k.mu.Unlock()
	text := signJWT(key.private, message)
	id := idOf(text)
	k.tokens[id] = signed{signature, key}
	if k.order = append(k.order, id); len(k.order) > knownTokens {
		delete(k.tokens, k.order[0])
		k.order = k.order[1:]
	}
	return bytes.ReplaceAll(response, []byte(token), []byte(text))
}

// original puts the mock's own token into a request, in place of the one that sign made from it.
func (k *keyring) original(request []byte) []byte {
	found := requestedToken.FindSubmatch(request)
	if found == nil {
		return request
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	known, ok := k.tokens[idOf(string(found[1]))]
	if !ok {
		return request
	}
	message, _, _ := cutLast(string(found[1]), ".")
	return bytes.Replace(request, found[1], []byte(message+"."+known.original), 1)
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// signJWT returns a token with the given header and claims, which are encoded already, signed with ES256.
func signJWT(key *ecdsa.PrivateKey, message string) string {
	digest := sha256.Sum256([]byte(message))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		panic(err) // cannot happen: the key is on P-256, and the source of random bytes never fails
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return message + "." + base64.RawURLEncoding.EncodeToString(signature[:])
}

func (k *keyring) RoundTrip(r *http.Request) (*http.Response, error) {
	path := r.URL.Path[strings.LastIndex(r.URL.Path, "/api/v1")+len("/api/v1"):]
	if path == "/authz" || path == "/auth/validate" {
		text, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
		if bytes.Contains(text, []byte(crowdMark)) {
			return nil, k.wait(r)
		}
		r = withBody(r, k.original(text))
	}
	key := k.signing() // chosen before the call, because a token must not be older than the key that signs it
	response, err := k.transport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	switch path {
	case "/auth", "/authz", "/oauth2/token":
		rewrite(response, func(text []byte) []byte { return k.sign(text, key) })
	case "/oauth2/jwks":
		rewrite(response, func([]byte) []byte { return k.set() })
	}
	return response, nil
}

// wait returns when nobody waits for the answer to a request any more.
func (k *keyring) wait(r *http.Request) error {
	waiting := k.crowd.Add(1)
	defer k.crowd.Add(-1)
	for largest := k.largest.Load(); waiting > largest && !k.largest.CompareAndSwap(largest, waiting); {
		largest = k.largest.Load()
	}
	<-r.Context().Done()
	return r.Context().Err()
}

func withBody(r *http.Request, text []byte) *http.Request {
	r = r.Clone(r.Context())
	r.ContentLength = int64(len(text))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	r.Body, _ = r.GetBody()
	return r
}

// rewrite changes the body of a response that is whole, and leaves one that a fault has damaged.
func rewrite(response *http.Response, change func([]byte) []byte) {
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err == nil && json.Valid(text) {
		text = change(text)
		response.ContentLength = int64(len(text))
		response.Header.Del("Content-Length")
	}
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), failing{err}))
}

// failing is a reader that ends with an error, if there is one.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
