package tokens

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Key signs tokens, with ES256. It does not change, and is safe for concurrent use.
type Key struct {
	ID string // "picket-mock-" and the thumbprint of the public key (RFC 7638)

	signer   jose.Signer // of access tokens, whose header names no key
	idSigner jose.Signer
	public   *ecdsa.PublicKey
	jwk      types.JSONWebKey
}

// DefaultKey returns the key that signs when no other was given. Everybody knows it: it is made from the name of the program.
func DefaultKey() (*Key, error) { return defaultKey() }

var defaultKey = sync.OnceValues(func() (*Key, error) {
	scalar := sha256.Sum256([]byte("picket-mock"))
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		return nil, err
	}
	return NewKey(private)
})

// RandomKey returns a new key.
func RandomKey() (*Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return NewKey(private)
}

// ParseKey returns the key that signs with a private key in PEM.
func ParseKey(text picket.Secret) (*Key, error) {
	private, err := ParsePEM(text)
	if err != nil {
		return nil, err
	}
	return NewKey(private)
}

// ParsePEM reads a private key in PEM, as openssl ecparam and openssl genpkey write it.
func ParsePEM(text picket.Secret) (*ecdsa.PrivateKey, error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		switch {
		case block == nil:
			return nil, errors.New("there is no private key in PEM in it; openssl ecparam -name prime256v1 -genkey -noout makes one")
		case block.Type == "EC PARAMETERS": // openssl writes them in front of the key
			continue
		}
		var key any
		var err error
		if block.Type == "EC PRIVATE KEY" {
			key, err = x509.ParseECPrivateKey(block.Bytes)
		} else {
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		}
		private, ok := key.(*ecdsa.PrivateKey)
		if err != nil || !ok {
			return nil, errors.New("the PEM is not that of an unencrypted private key on P-256; openssl ecparam -name prime256v1 -genkey -noout makes one")
		}
		return private, nil
	}
}

// NewKey returns the key that signs with a private key.
func NewKey(private *ecdsa.PrivateKey) (*Key, error) {
	switch {
	case private == nil:
		return nil, errors.New("the key is nil")
	case private.Curve != elliptic.P256():
		return nil, errors.New("the key is not on P-256, and tokens are signed with ES256")
	}
	public := jose.JSONWebKey{Key: &private.PublicKey, Algorithm: string(jose.ES256), Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("the key cannot be used: %w", err)
	}
	k := &Key{ID: "picket-mock-" + base64.RawURLEncoding.EncodeToString(thumbprint), public: &private.PublicKey}
	public.KeyID = k.ID
	text, err := json.Marshal(public)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &k.jwk); err != nil {
		return nil, err
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	if k.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, options); err != nil {
		return nil, err
	}
	named := jose.JSONWebKey{Key: private, KeyID: k.ID}
	k.idSigner, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: named}, options)
	return k, err
}
