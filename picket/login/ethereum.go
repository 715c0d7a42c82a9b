package login

import (
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"golang.org/x/crypto/sha3"
)

const (
	ethereumAddressBytes   = 20
	ethereumSignatureBytes = 65 // r and s of 32 each, and v
)

// verifyEthereum verifies a signature of personal_sign (EIP-191, version 0x45) by the owner of a key. It returns the signature with
// v as 27 or 28 and s in the lower half of the order (EIP-2). Wallets also write v as 0 or 1, and some write a high s.
func verifyEthereum(address, message string, signature []byte) ([]byte, error) {
	if len(signature) != ethereumSignatureBytes {
		return nil, errSignatureForm
	}
	r, v := signature[:32], signature[64]
	if v >= 27 {
		v -= 27
	}
	if v > 1 {
		return nil, errSignatureForm
	}
	var s secp256k1.ModNScalar
	if overflow := s.SetByteSlice(signature[32:64]); overflow {
		return nil, errSignatureForm
	}
	if s.IsOverHalfOrder() {
		s.Negate()
		v ^= 1
	}
	low := s.Bytes()
	key, _, err := ecdsa.RecoverCompact(slices.Concat([]byte{27 + v}, r, low[:]), personalHash(message))
	if err != nil || checksummed(keccak256(key.SerializeUncompressed()[1:])[12:]) != address {
		return nil, errSignature
	}
	return slices.Concat(r, low[:], []byte{27 + v}), nil
}

func personalHash(message string) []byte {
	return keccak256(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d", len(message)), []byte(message))
}

// checksummed returns an address in the mixed case of EIP-55.
func checksummed(address []byte) string {
	digits := []byte(hex.EncodeToString(address))
	hash := hex.EncodeToString(keccak256(digits))
	for i, digit := range digits {
		if digit >= 'a' && hash[i] >= '8' {
			digits[i] = digit - 'a' + 'A'
		}
	}
	return "0x" + string(digits)
}

// keccak256 is the hash function of Ethereum: SHA3-256 as it was before it became a standard.
func keccak256(data ...[]byte) []byte {
	h := sha3.NewLegacyKeccak256()
	for _, d := range data {
		_, _ = h.Write(d) // a hash does not fail
	}
	return h.Sum(nil)
}
