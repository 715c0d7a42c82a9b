package accesstoken

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Keys are the public keys that verify access tokens. DiscoverKeys, RemoteKeys, StaticKeys and ParseKeys make them. They are safe
// for concurrent use, and several verifiers may share them.
//
// Other packages cannot implement the interface, because the difference between ErrInvalid and ErrKeysUnavailable depends on it.
type Keys interface {
	// Load fetches the keys if there are none yet, and waits for them until ctx ends. Call it when the program starts, so that a
	// wrong issuer or URL shows there and not at the first token, and so that the first user does not wait. Keys that are static
	// are there from the beginning.
	//
	// After an error the keys are as before, and verifying a token tries to fetch them again. A program that can wait for an
	// issuer that does not answer yet may log the error and go on.
	//
	// Errors: ErrKeysUnavailable, which also is the error of ctx if that ended first.
	Load(ctx context.Context) error

	// current returns the keys to verify with. It waits only if there are none.
	current(ctx context.Context) (*keySet, error)
	// newer returns keys that came after stale, for a token that stale does not verify and that was issued at least age ago. A
	// negative age can come from clocks that differ. If final is true there will be no newer keys: a token that they do not
	// verify is bad. No keys at all means that stale was final. It fails when the token may be signed with a key that could not
	// be fetched.
	newer(ctx context.Context, stale *keySet, age time.Duration) (set *keySet, final bool, err error)
}

// keySet is a set of keys that does not change.
type keySet struct {
	keys []key
	at   time.Time // when they were fetched
}

type key struct {
	id     string // its kid; empty if it has none
	public *ecdsa.PublicKey
}

// staticKeys are keys that never change.
type staticKeys keySet

func (*staticKeys) Load(context.Context) error { return nil }

func (s *staticKeys) current(context.Context) (*keySet, error) { return (*keySet)(s), nil }

func (s *staticKeys) newer(context.Context, *keySet, time.Duration) (*keySet, bool, error) {
	return nil, true, nil
}

// StaticKeys returns keys that are known beforehand, for tests and for programs without a network. When Picket changes its key,
// the program needs the new one; until then it refuses every token.
//
// StaticKeys fails when there is no key, or one that is nil or not on the curve P-256.
func StaticKeys(publicKeys ...*ecdsa.PublicKey) (Keys, error) {
	set := &staticKeys{}
	for i, public := range publicKeys {
		copied, err := checkKey(public)
		if err != nil {
			return nil, fmt.Errorf("accesstoken: key %d of %d: %w", i+1, len(publicKeys), err)
		}
		set.keys = append(set.keys, key{public: copied})
	}
	if len(set.keys) == 0 {
		return nil, errors.New("accesstoken: there is no key")
	}
	return set, nil
}

// ParseKeys returns the keys in a text, which are static then; see StaticKeys. The text is PEM, with one or more blocks "PUBLIC
// KEY" (RFC 7468 section 13), or JSON, with a JWK or a JWK set (RFC 7517). Keys of a JWK set that cannot verify access tokens are
// ignored, as by DiscoverKeys.
//
// ParseKeys fails when the text is neither, or has no key that can verify access tokens.
func ParseKeys(text []byte) (Keys, error) {
	parse := parsePEM
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		parse = parseJWKOrSet
	}
	keys, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("accesstoken: %w", err)
	}
	return &staticKeys{keys: keys}, nil
}

func parsePEM(text []byte) ([]key, error) {
	var keys []key
	for len(bytes.TrimSpace(text)) > 0 {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil, errors.New("the keys are neither PEM nor JSON")
		}
		if block.Type != "PUBLIC KEY" {
			return nil, fmt.Errorf("the PEM block is %q, not \"PUBLIC KEY\"", block.Type)
		}
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the PEM block \"PUBLIC KEY\" is malformed")
		}
		public, _ := parsed.(*ecdsa.PublicKey)
		if public, err = checkKey(public); err != nil {
			return nil, err
		}
		keys = append(keys, key{public: public})
		text = rest
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no key")
	}
	return keys, nil
}

func parseJWKOrSet(text []byte) ([]key, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, errors.New("the keys are malformed JSON")
	}
	if _, ok := object["keys"]; ok {
		return parseJWKS(text)
	}
	return usableKeys([]json.RawMessage{text})
}

// maxKeys limits how many keys a set may have, because a token without a kid is tried with each of them.
const maxKeys = 16

// parseJWKS returns the keys of a JWK set (RFC 7517 section 5) that can verify access tokens.
func parseJWKS(text []byte) ([]key, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errors.New("the JWK set is malformed JSON, or has a name twice")
	}
	return usableKeys(set.Keys)
}

func usableKeys(jwks []json.RawMessage) ([]key, error) {
	var keys []key
	for _, text := range jwks {
		if k, ok := usableKey(text); ok {
			keys = append(keys, k)
		}
	}
	switch {
	case len(keys) == 0:
		return nil, errors.New("none of the keys can verify access tokens: that takes a public EC key on P-256 for signatures with ES256")
	case len(keys) > maxKeys:
		return nil, fmt.Errorf("there are more than %d keys", maxKeys)
	}
	return keys, nil
}

func usableKey(text []byte) (key, bool) {
	var jwk jose.JSONWebKey
	if err := json.Unmarshal(text, &jwk); err != nil {
		return key{}, false
	}
	if (jwk.Use != "" && jwk.Use != "sig") || (jwk.Algorithm != "" && jwk.Algorithm != string(jose.ES256)) {
		return key{}, false
	}
	public, _ := jwk.Key.(*ecdsa.PublicKey) // a private key does not count: the world knows it, so it proves nothing
	public, err := checkKey(public)
	return key{jwk.KeyID, public}, err == nil
}

// checkKey returns a copy of a key that can verify ES256.
func checkKey(public *ecdsa.PublicKey) (*ecdsa.PublicKey, error) {
	if public == nil || public.Curve != elliptic.P256() || public.X == nil || public.Y == nil {
		return nil, errors.New("it is not an EC public key on the curve P-256, which ES256 needs")
	}
	point, err := public.Bytes()
	if err != nil {
		return nil, errors.New("it is not on the curve P-256")
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
}
