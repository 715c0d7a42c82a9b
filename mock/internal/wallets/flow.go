package wallets

import (
	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// The curves and hashes of Flow account keys.
const (
	CurveP256      = "P-256"
	CurveSecp256k1 = "secp256k1"
	HashSHA3       = "SHA3-256"
	HashSHA2       = "SHA2-256"
)

// FlowKey is a public key of a Flow account. The keys of accounts live on the chain, so the mock knows only those that it
// was given.
type FlowKey struct {
	// Address is the account: 0x and 16 hexadecimal digits.
	Address string
	// PublicKey is the key: the 128 hexadecimal digits of its coordinates.
	PublicKey string
	// Curve is CurveP256, which is the default, or CurveSecp256k1.
	Curve string
	// Hash is HashSHA3, which is the default, or HashSHA2.
	Hash string
	// Weight is what the key counts for its account, from 1 to FullWeight, which is the default.
	Weight int
}

// FullWeight is the weight that acts for an account. Keys of less weight act for it together, which a login with its one signature cannot.
const FullWeight = 1000

// Canonical returns the key with its defaults and in canonical form, or what is wrong with it.
func (k FlowKey) Canonical() (FlowKey, error) {
	address, ok := CanonicalAddress(picket.ChainTypeFlow, k.Address)
	if !ok {
		return k, fmt.Errorf(`"%s" is not an address on flow: it must be %s`, names.Shown(k.Address), AddressForm(picket.ChainTypeFlow))
	}
	k.Address = address
	if k.Curve == "" {
		k.Curve = CurveP256
	}
	if k.Hash == "" {
		k.Hash = HashSHA3
	}
	if k.Hash != HashSHA3 && k.Hash != HashSHA2 {
		return k, fmt.Errorf(`the hash "%s" is not %s or %s`, names.Shown(k.Hash), HashSHA3, HashSHA2)
	}
	if k.Weight == 0 {
		k.Weight = FullWeight
	}
	if k.Weight < 1 || k.Weight > FullWeight {
		return k, fmt.Errorf("the weight %d is not from 1 to %d", k.Weight, FullWeight)
	}
	point, err := hex.DecodeString(strings.TrimPrefix(k.PublicKey, "0x"))
	if err != nil || len(point) != 64 {
		return k, errors.New("the public key is not 128 hexadecimal digits")
	}
	k.PublicKey = hex.EncodeToString(point)
	switch uncompressed := append([]byte{4}, point...); k.Curve {
	case CurveP256:
		_, err = stdecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed)
	case CurveSecp256k1:
		_, err = secp256k1.ParsePubKey(uncompressed)
	default:
		return k, fmt.Errorf(`the curve "%s" is not %s or %s`, names.Shown(k.Curve), CurveP256, CurveSecp256k1)
	}
	if err != nil {
		return k, fmt.Errorf("the public key is not a point on %s", k.Curve)
	}
	return k, nil
}

// verifies reports whether the key made a signature over a message. The key was checked.
func (k FlowKey) verifies(signature []byte, message string) bool {
	point, err := hex.DecodeString(k.PublicKey)
	if err != nil {
		return false
	}
	hash := flowHash(k.Hash, message)
	uncompressed := append([]byte{4}, point...)
	if k.Curve == CurveP256 {
		key, err := stdecdsa.ParseUncompressedPublicKey(elliptic.P256(), uncompressed)
		return err == nil && stdecdsa.Verify(key, hash, new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	}
	key, err := secp256k1.ParsePubKey(uncompressed)
	if err != nil {
		return false
	}
	var r, s secp256k1.ModNScalar
	if r.SetByteSlice(signature[:32]) || s.SetByteSlice(signature[32:]) {
		return false
	}
	return ecdsa.NewSignature(&r, &s).Verify(hash, key)
}

// flowHash is what a Flow account signs for a user message: the hash of the domain tag, filled up with zeros to 32 bytes,
// and the message.
func flowHash(name, message string) []byte {
	var tag [32]byte
	copy(tag[:], "FLOW-V0.0-user")
	signed := append(tag[:], message...)
	if name == HashSHA2 {
		hash := sha256.Sum256(signed)
		return hash[:]
	}
	hash := sha3.Sum256(signed)
	return hash[:]
}

func verifyFlow(keys []FlowKey, signature string, messages []string) error {
	bytes, err := hex.DecodeString(strings.TrimPrefix(signature, "0x"))
	if err != nil || len(bytes) != 64 {
		return errors.New("it is not 128 hexadecimal digits")
	}
	if len(keys) == 0 {
		return errors.New("the mock was given no keys of this Flow account")
	}
	for _, key := range keys {
		if !slices.ContainsFunc(messages, func(message string) bool { return key.verifies(bytes, message) }) {
			continue
		}
		if key.Weight != FullWeight {
			return fmt.Errorf("it is by a key with the weight %d, and only one with the weight %d acts for the account by itself", key.Weight, FullWeight)
		}
		return nil
	}
	return mismatch("it is not by a known key of this account over the message with its current nonce")
}
