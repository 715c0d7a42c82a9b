package mock_test

import (
	"bytes"
	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// BenchmarkLogin compares a whole login (nonce, signature by the wallet, Auth, Validate), between the client and the mock over
// HTTP, with the cryptographic operations that it cannot do without.
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
		wallet, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			b.Fatal(err)
		}
		signer, err := stdecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		address := addressHash(wallet.PubKey())
		message, token := bytes.Repeat([]byte("m"), 256), bytes.Repeat([]byte("t"), 512) // about as long as real ones
		b.ReportAllocs()
		for b.Loop() {
			signature := ecdsa.SignCompact(wallet, keccak(message), false) // the wallet signs
			key, _, err := ecdsa.RecoverCompact(signature, keccak(message))
			if err != nil || !bytes.Equal(addressHash(key), address) { // Auth recovers who signed
				b.Fatal("the signature is not by the wallet")
			}
			digest := sha256.Sum256(token)
			tokenSignature, err := stdecdsa.SignASN1(rand.Reader, signer, digest[:]) // and signs a token
			if err != nil {
				b.Fatal(err)
			}
			digest = sha256.Sum256(token)
			if !stdecdsa.VerifyASN1(&signer.PublicKey, digest[:], tokenSignature) { // Validate verifies it
				b.Fatal("the token does not verify")
			}
		}
	})
}

func addressHash(key *secp256k1.PublicKey) []byte {
	return keccak(key.SerializeUncompressed()[1:])[12:]
}

func keccak(data []byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	hash.Write(data)
	return hash.Sum(nil)
}
