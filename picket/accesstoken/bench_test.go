package accesstoken_test

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

// BenchmarkVerify compares Verify with the least that any verification does: the hash, the signature, and the claims in
// Go.
func BenchmarkVerify(b *testing.B) {
	key := newKey(b)
	token := sign(b, key, "", goodClaims())
	verifier := staticVerifier(b, key)
	b.Run("picket", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := verifier.Verify(ctx, token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yardstick", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bareVerify(&key.PublicKey, string(token)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func bareVerify(key *ecdsa.PublicKey, token string) (*picket.AccessTokenPayload, error) {
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(token[:dot]))
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return nil, errors.New("the signature does not verify")
	}
	text, err := base64.RawURLEncoding.DecodeString(token[strings.IndexByte(token, '.')+1 : dot])
	if err != nil {
		return nil, err
	}
	var claims picket.AccessTokenPayload
	return &claims, json.Unmarshal(text, &claims)
}
