package mock

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"filippo.io/edwards25519"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/picket"
)

// verifySignature checks that the wallet with the given canonical address signed one of the messages. The keys are those
// that are known of a Flow account. Its errors say what is wrong, and never the signature.
func verifySignature(family picket.ChainType, address string, signature picket.Secret, messages []string, keys []FlowKey) error {
	switch family {
	case picket.ChainTypeEthereum:
		return verifyEthereum(address, string(signature), messages)
	case picket.ChainTypeSolana:
		return verifySolana(address, string(signature), messages)
	}
	return verifyFlow(keys, string(signature), messages)
}

// personalHash is what personal_sign signs (EIP-191, version 0x45).
func personalHash(message string) []byte {
	return keccak256(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d", len(message)), []byte(message))
}

func verifyEthereum(address, signature string, messages []string) error {
	bytes, ok := hexBytes(signature, 65)
	if !ok {
		return errors.New("it is not 0x and 130 hexadecimal digits")
	}
	v := bytes[64]
	if v >= 27 {
		v -= 27
	}
	var s secp256k1.ModNScalar
	switch overflow := s.SetByteSlice(bytes[32:64]); {
	case v > 1:
		return errors.New("its last byte, v, is not 0, 1, 27 or 28")
	case overflow || s.IsOverHalfOrder():
		return errors.New("its s is in the upper half of the order (EIP-2)")
	}
	compact := append([]byte{27 + v}, bytes[:64]...)
	for _, message := range messages {
		key, _, err := ecdsa.RecoverCompact(compact, personalHash(message))
		if err == nil && ethereumAddress(key) == address {
			return nil
		}
	}
	return errors.New("it is not by this wallet over the message with its current nonce")
}

func ethereumAddress(key *secp256k1.PublicKey) string {
	return checksummed(keccak256(key.SerializeUncompressed()[1:])[12:])
}

func signEthereum(key *secp256k1.PrivateKey, message string) picket.Secret {
	compact := ecdsa.SignCompact(key, personalHash(message), false)
	return picket.Secret("0x" + strings.ToLower(hex.EncodeToString(append(compact[1:], compact[0]))))
}

// verifySolana is as strict as RFC 8032 lets a verifier be, and as Solana is: crypto/ed25519 takes s below the order only, and here
// neither the key nor R may be of small order.
func verifySolana(address, signature string, messages []string) error {
	key, err := base58.Decode(address)
	if err != nil || len(key) != ed25519.PublicKeySize || checkEd25519Key(key) != nil {
		return errors.New("the address is not a public key")
	}
	bytes, err := base58.Decode(signature)
	if err != nil || len(bytes) != ed25519.SignatureSize {
		return errors.New("it is not the base58 form of 64 bytes")
	}
	if r, err := new(edwards25519.Point).SetBytes(bytes[:32]); err != nil || isSmallOrder(r) {
		return errors.New("its R is not a point, or one of small order")
	}
	for _, message := range messages {
		if ed25519.Verify(key, []byte(message), bytes) {
			return nil
		}
	}
	return errors.New("it is not by this wallet over the message with its current nonce")
}
