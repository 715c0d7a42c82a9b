package mock

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"strings"

	"filippo.io/edwards25519"
	"github.com/mr-tron/base58"
	"golang.org/x/crypto/sha3"

	"github.com/seed-a13ee279/picket/picket"
)

// addressForm says what an address on a chain must be, as the end of a sentence.
func addressForm(family picket.ChainType) string {
	switch family {
	case picket.ChainTypeSolana:
		return "the base58 form of 32 bytes"
	case picket.ChainTypeFlow:
		return "0x and 16 hexadecimal digits"
	}
	return "0x and 40 hexadecimal digits"
}

// canonicalAddress returns the one form of an address that all its other forms share, for use as a key and in tokens:
// EIP-55 mixed case on EVM chains, lower case on Flow, and as it is on Solana, where case matters.
func canonicalAddress(family picket.ChainType, address string) (string, bool) {
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

// checkKey refuses a canonical address that is no public key, or the address of none, so that no wallet can log in with it. Of an
// account without a key, such as one of a program on Solana, all else can be asked.
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

// checkEd25519Key refuses 32 bytes that are not the canonical encoding of a point (RFC 8032 section 5.1.3) other than the identity
// in the group that the base point generates. For a point of small order anyone can make signatures, and one off the group is
// no multiple of the base point, as every key is.
func checkEd25519Key(key []byte) error {
	point, err := new(edwards25519.Point).SetBytes(key)
	if err != nil || !bytes.Equal(point.Bytes(), key) {
		return errors.New("it is not a point on ed25519, and an account of a program has no key")
	}
	if isSmallOrder(point) {
		return errors.New("it is a point of small order on ed25519, for which anyone can sign")
	}
	// The order of the group times the point, as (order-1)·point + point, because a scalar is below the order.
	product := new(edwards25519.Point).VarTimeDoubleScalarBaseMult(minusOne(), point, edwards25519.NewScalar())
	if product.Add(product, point).Equal(edwards25519.NewIdentityPoint()) != 1 {
		return errors.New("it is a point outside the group of ed25519 keys")
	}
	return nil
}

func isSmallOrder(point *edwards25519.Point) bool {
	return new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1
}

// minusOne returns the order of the group less one.
func minusOne() *edwards25519.Scalar {
	one, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		panic(err) // 1 is below the order
	}
	return edwards25519.NewScalar().Negate(one)
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
	digits := []byte(hex.EncodeToString(address))
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
	return "0x" + string(digits)
}

// keccak256 is the hash of Ethereum, which is SHA3-256 as it was before it became a standard.
func keccak256(data ...[]byte) []byte {
	h := sha3.NewLegacyKeccak256()
	for _, d := range data {
		_, _ = h.Write(d) // a hash does not fail
	}
	return h.Sum(nil)
}
