package mock_test

import (
	"bytes"
	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/bench/bare"
	"github.com/seed-a13ee279/picket/picket"
)

// BenchmarkLogin compares a whole login (nonce, signature by the wallet, Auth, Validate), between the client and the mock over
// HTTP, with the cryptographic operations that it cannot do without: by themselves, and behind three bare requests.
func BenchmarkLogin(b *testing.B) {
	b.Run("picket", func(b *testing.B) {
		srv := mock.Start(b)
		client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
		if err != nil {
			b.Fatal(err)
		}
		wallet := mock.NewEthereumWallet(b)
		b.ReportAllocs()
		for b.Loop() {
			auth := wallet.Login(b, client)
			if _, err := client.Validate(b.Context(), picket.ValidateRequest{AccessToken: auth.AccessToken}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yardstick", func(b *testing.B) {
		login := newBareLogin(b)
		b.ReportAllocs()
		for b.Loop() {
			signature := login.sign()
			token := login.auth(b, signature)
			login.validate(b, token)
		}
	})
	b.Run("requests", func(b *testing.B) {
		login := newBareLogin(b)
		var signature, token []byte
		var step func() // what the server does before it answers; client and server take turns
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			step()
			bare.Nonce(w, r)
		}))
		defer server.Close()
		ask := func(does func()) {
			step = does
			response, err := server.Client().Post(server.URL, "application/json", strings.NewReader(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
		b.ReportAllocs()
		for b.Loop() {
			ask(func() {})
			signature = login.sign()
			ask(func() { token = login.auth(b, signature) })
			ask(func() { login.validate(b, token) })
		}
	})
}

// bareLogin is the cryptography of a login, over texts about as long as real ones.
type bareLogin struct {
	wallet         *secp256k1.PrivateKey
	address        []byte
	signer         *stdecdsa.PrivateKey
	message, token []byte
}

func newBareLogin(b *testing.B) bareLogin {
	wallet, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		b.Fatal(err)
	}
	signer, err := stdecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	return bareLogin{wallet, addressHash(wallet.PubKey()), signer, bytes.Repeat([]byte("m"), 256), bytes.Repeat([]byte("t"), 512)}
}

// sign signs as the wallet.
func (l bareLogin) sign() []byte { return ecdsa.SignCompact(l.wallet, keccak(l.message), false) }

// auth recovers who signed, and signs a token.
func (l bareLogin) auth(b *testing.B, signature []byte) []byte {
	key, _, err := ecdsa.RecoverCompact(signature, keccak(l.message))
	if err != nil || !bytes.Equal(addressHash(key), l.address) {
		b.Error("the signature is not by the wallet")
	}
	digest := sha256.Sum256(l.token)
	signed, err := stdecdsa.SignASN1(rand.Reader, l.signer, digest[:])
	if err != nil {
		b.Error(err)
	}
	return signed
}

// validate verifies the signature of the token.
func (l bareLogin) validate(b *testing.B, signature []byte) {
	digest := sha256.Sum256(l.token)
	if !stdecdsa.VerifyASN1(&l.signer.PublicKey, digest[:], signature) {
		b.Error("the token does not verify")
	}
}

func addressHash(key *secp256k1.PublicKey) []byte {
	return keccak(key.SerializeUncompressed()[1:])[12:]
}

func keccak(data []byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	hash.Write(data)
	return hash.Sum(nil)
}
