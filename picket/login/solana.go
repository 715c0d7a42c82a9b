package login

import (
	"bytes"
	"crypto/ed25519"
	"errors"

	"filippo.io/edwards25519"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	maxSolanaAddressLength   = 44 // base58 of 32 bytes
	maxSolanaSignatureLength = 88 // base58 of 64 bytes
)

// solanaKey returns the public key of an address on Solana. It refuses what is not a key (RFC 8032 section 5.1.3), and keys of small
// order, for which anyone can make signatures.
func solanaKey(address string) (ed25519.PublicKey, error) {
	key, err := parseBase58(address, maxSolanaAddressLength)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("it is not the base58 form of 32 bytes")
	}
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil || !bytes.Equal(point.Bytes(), key) {
		return nil, errors.New("it is not an ed25519 public key, so no wallet has it")
	}
	if new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return nil, errors.New("it is an ed25519 public key of small order, for which anyone can sign")
	}
	return key, nil
}

func verifySolana(address, message string, signature []byte) error {
	if len(signature) != ed25519.SignatureSize {
		return errSignatureForm
	}
	key, err := solanaKey(address)
	if err != nil || !ed25519.Verify(key, []byte(message), signature) {
		return errSignature
	}
	return nil
}

// parseBase58 limits the length of the text, because the time for decoding grows with its square.
func parseBase58(text string, maxLength int) ([]byte, error) {
	if len(text) > maxLength {
		return nil, errSignatureForm
	}
	octets, err := base58.Decode(text)
	if err != nil || len(octets) == 0 {
		return nil, errSignatureForm
	}
	return octets, nil
}

func formatBase58(octets []byte) picket.Secret { return picket.Secret(base58.Encode(octets)) }
