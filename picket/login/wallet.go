package login

import (
	"encoding/hex"
	"errors"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// canonicalAddress returns an address in the form in which it is in messages: EIP-55 on EVM chains, and unchanged on Solana, where
// there is only one form. It refuses addresses that no wallet can have.
func canonicalAddress(family picket.ChainType, address string) (string, error) {
	if family == picket.ChainTypeSolana {
		_, err := solanaKey(address)
		return address, err
	}
	octets, ok := hexBytes(address)
	if !ok || len(octets) != ethereumAddressBytes {
		return "", errors.New("it is not 0x and 40 hexadecimal digits")
	}
	return checksummed(octets), nil
}

var (
	// errSignatureForm means that something does not have the form of a signature.
	errSignatureForm = errors.New("not a signature")
	// errSignature means that a signature is not the wallet's over the message.
	errSignature = errors.New("the signature is not by this wallet over the message")
)

// parseSignature returns the bytes of a signature, which may have any of the forms in which wallets return it.
func parseSignature(family picket.ChainType, text string) ([]byte, error) {
	if signature, ok := hexBytes(text); ok && len(signature) > 0 {
		return signature, nil
	}
	if family == picket.ChainTypeSolana {
		return parseBase58(text, maxSolanaSignatureLength)
	}
	return nil, errSignatureForm
}

// formatSignature returns a signature in the form of the API.
func formatSignature(family picket.ChainType, signature []byte) picket.Secret {
	if family == picket.ChainTypeSolana {
		return formatBase58(signature)
	}
	return picket.Secret("0x" + hex.EncodeToString(signature))
}

// verify checks that a wallet signed exactly this message, and returns the signature in its usual form.
//
// Errors: errSignatureForm, errSignature.
func verify(family picket.ChainType, address, message string, signature []byte) ([]byte, error) {
	if family == picket.ChainTypeSolana {
		return signature, verifySolana(address, message, signature)
	}
	return verifyEthereum(address, message, signature)
}

// hexBytes returns the bytes of 0x and hexadecimal digits.
func hexBytes(text string) ([]byte, bool) {
	digits, ok := strings.CutPrefix(text, "0x")
	octets, err := hex.DecodeString(digits)
	return octets, ok && err == nil
}
