package accesstoken_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/seed-a13ee279/picket/picket"
)

const projectID = "7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11"

func nowSeconds() int64 { return time.Now().Unix() }

func newKey(t testing.TB) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func goodClaims() map[string]any {
	return map[string]any{
		"chain": "ethereum", "walletAddress": "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "displayAddress": "alice.eth",
		"tokenBalances": map[string]any{"contractAddress": map[string]any{"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984": "12.5"}},
		"iat":           1666660356, "exp": 1666660356 + 12*3600, "iss": "picketapi.com",
		"sub": "ethereum:0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "aud": projectID,
		"tid": "0f9b8a7c-6d5e-4f3a-8b2c-1d0e9f8a7b6c", "ver": 1,
	}
}

func sign(t testing.TB, key *ecdsa.PrivateKey, claims any) picket.Secret {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return picket.Secret(token)
}
