package wallets

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	"github.com/seed-a13ee279/picket/picket"
)

// personalHash is what personal_sign signs (EIP-191, version 0x45).
func personalHash(message string) []byte {
	return keccak256(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d", len(message)), []byte(message))
}

func verifyEthereum(address, signature string, messages []string) error {
	bytes, ok := hexBytes(signature, 65)
	if !ok {
		return errors.New("it is not 0x and 130 hexadecimal digits; of a contract wallet the mock has to be told (AddContractWallet, /_mock/contractWallets)")
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
