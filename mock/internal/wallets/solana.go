package wallets

import (
	"crypto/ed25519"
	"errors"

	"filippo.io/edwards25519"
	"github.com/mr-tron/base58"
)

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
	return mismatch("it is not by this wallet over the message with its current nonce")
}
