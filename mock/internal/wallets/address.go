package wallets

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/mr-tron/base58"
	"golang.org/x/crypto/sha3"

	"github.com/seed-a13ee279/picket/picket"
)

// AddressForm says what an address on a chain must be, as the end of a sentence.
func AddressForm(family picket.ChainType) string {
	switch family {
	case picket.ChainTypeSolana:
		return "the base58 form of 32 bytes"
	case picket.ChainTypeFlow:
		return "0x and 16 hexadecimal digits"
	}
	return "0x and 40 hexadecimal digits"
}

// CanonicalAddress returns the one form that all spellings of an address share, which serves as a key and stands in tokens:
// EIP-55 mixed case on EVM chains, lower case on Flow, and as it is on Solana, where case matters.
func CanonicalAddress(family picket.ChainType, address string) (string, bool) {
	switch family {
	case picket.ChainTypeSolana:
		key, err := base58.Decode(address)
		return address, err == nil && len(key) == ed25519.PublicKeySize
	case picket.ChainTypeFlow:
		_, ok := hexBytes(address, 8)
		return strings.ToLower(address), ok
	}
	bytes, ok := hexBytes(address, 20)
	if !ok {
		return "", false
	}
	return checksummed(bytes), true
}

// IsCanonical reports whether an address is in the canonical form of some chain.
func IsCanonical(address string) bool {
	for _, family := range []picket.ChainType{picket.ChainTypeEthereum, picket.ChainTypeSolana, picket.ChainTypeFlow} {
		if canonical, ok := CanonicalAddress(family, address); ok && canonical == address {
			return true
		}
	}
	return false
}

// isOfAnother reports whether an address has the form of another kind of chain.
func isOfAnother(family picket.ChainType, address string) bool {
	for _, other := range []picket.ChainType{picket.ChainTypeEthereum, picket.ChainTypeSolana, picket.ChainTypeFlow} {
		if _, ok := CanonicalAddress(other, address); ok && other != family {
			return true
		}
	}
	return false
}

// checkKey refuses a canonical address that does not belong to a usable public key, because no wallet could rightly log in with it.
// Everything else works for accounts without a key, such as those of programs on Solana.
func checkKey(family picket.ChainType, address string) error {
	switch family {
	case picket.ChainTypeEthereum:
		if strings.Trim(address, "0x") == "" {
			return errors.New("it is the zero address, of which nobody has the key")
		}
	case picket.ChainTypeSolana:
		key, err := base58.Decode(address)
		if err != nil {
			return errors.New("it is not base58")
		}
		return checkEd25519Key(key)
	}
	return nil
}

// hexBytes returns the n bytes of 0x and 2n hexadecimal digits.
func hexBytes(s string, n int) ([]byte, bool) {
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok || len(digits) != 2*n {
		return nil, false
	}
	bytes, err := hex.DecodeString(digits)
	return bytes, err == nil
}

// checksummed returns an EVM address in the mixed case of EIP-55.
func checksummed(address []byte) string {
	text := hex.AppendEncode([]byte("0x"), address)
	digits := text[len("0x"):]
	hash := keccak256(digits)
	for i, digit := range digits {
		nibble := hash[i/2] >> 4
		if i%2 == 1 {
			nibble = hash[i/2] & 0xf
		}
		if digit >= 'a' && nibble >= 8 {
			digits[i] = digit - 'a' + 'A'
		}
	}
	return string(text)
}

// keccak256 is the hash of Ethereum, which is SHA3-256 as it was before it became a standard.
func keccak256(data ...[]byte) []byte {
	h := sha3.NewLegacyKeccak256()
	for _, d := range data {
		_, _ = h.Write(d) // a hash does not fail
	}
	return h.Sum(nil)
}
