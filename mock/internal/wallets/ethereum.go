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
	compact, err := compactOf(signature)
	if err != nil {
		return err
	}
	for _, message := range messages {
		key, _, err := ecdsa.RecoverCompact(compact, personalHash(message))
		if err == nil && ethereumAddress(key) == address {
			return nil
		}
	}
	return mismatch("it is not by this wallet over the message with its current nonce")
}

// SignerOf returns the wallet whose signature of a message this is. Only on EVM chains does a signature tell.
func SignerOf(family picket.ChainType, signature picket.Secret, message string) (address string, ok bool) {
	compact, err := compactOf(string(signature))
	if family != picket.ChainTypeEthereum || err != nil {
		return "", false
	}
	key, _, err := ecdsa.RecoverCompact(compact, personalHash(message))
	if err != nil {
		return "", false
	}
	return ethereumAddress(key), true
}

// compactOf returns a signature in the form that ecdsa.RecoverCompact takes.
func compactOf(signature string) ([]byte, error) {
	bytes, ok := hexBytes(signature, 65)
	if !ok {
		return nil, errors.New("it is not 0x and 130 hexadecimal digits; of a contract wallet the mock has to be told (AddContractWallet, /_mock/contractWallets)")
	}
	v := bytes[64]
	if v >= 27 {
		v -= 27
	}
	var s secp256k1.ModNScalar
	switch overflow := s.SetByteSlice(bytes[32:64]); {
	case v > 1:
		return nil, errors.New("its last byte, v, is not 0, 1, 27 or 28")
	case overflow || s.IsOverHalfOrder():
		return nil, errors.New("its s is in the upper half of the order (EIP-2)")
	}
	return append([]byte{27 + v}, bytes[:64]...), nil
}

func ethereumAddress(key *secp256k1.PublicKey) string {
	return checksummed(keccak256(key.SerializeUncompressed()[1:])[12:])
}

func signEthereum(key *secp256k1.PrivateKey, message string) picket.Secret {
	compact := ecdsa.SignCompact(key, personalHash(message), false)
	return picket.Secret("0x" + strings.ToLower(hex.EncodeToString(append(compact[1:], compact[0]))))
}
