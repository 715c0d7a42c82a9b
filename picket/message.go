package picket

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// SigningMessage returns the message that a wallet signs to log in, to the byte. For the format simple it is made from
// the nonce response and the address alone; for siwe (EIP-4361, version 1) also from context, of which Domain, URI,
// ChainID and IssuedAt are required. Pass the same address and context to Auth.
//
// It fails when something that the format needs is absent, or has a line break in it where the message cannot have one.
func SigningMessage(nonce *NonceResponse, walletAddress string, context SigningMessageContext) (string, error) {
	message, err := signingMessage(nonce, walletAddress, context)
	if err != nil {
		return "", fmt.Errorf("picket: signing message: %w", err)
	}
	return message, nil
}

func signingMessage(nonce *NonceResponse, walletAddress string, context SigningMessageContext) (string, error) {
	if nonce == nil {
		return "", errors.New("there is no nonce response")
	}
	if err := cmp.Or(
		checkLine("the nonce", nonce.Nonce),
		checkLine("the wallet address", walletAddress),
	); err != nil {
		return "", err
	}
	switch nonce.Format {
	case MessageFormatSimple:
		return fmt.Sprintf("%s\n\nAddress: %s\nNonce: %s", nonce.Statement, walletAddress, nonce.Nonce), nil
	case MessageFormatSIWE:
		return siweMessage(nonce, walletAddress, context)
	}
	return "", fmt.Errorf("the format %q is not known", nonce.Format)
}

func siweMessage(nonce *NonceResponse, walletAddress string, context SigningMessageContext) (string, error) {
	if err := cmp.Or(
		checkLine("the statement", nonce.Statement),
		checkLine("Domain", context.Domain),
		checkLine("URI", context.URI),
		checkLine("IssuedAt", context.IssuedAt),
	); err != nil {
		return "", err
	}
	if context.ChainID <= 0 {
		return "", errors.New("ChainID is not given, and the siwe format needs it")
	}
	message := fmt.Sprintf(`%s wants you to sign in with your Ethereum account:
%s

%s

URI: %s
Version: 1
Chain ID: %d
Nonce: %s
Issued At: %s`, context.Domain, walletAddress, nonce.Statement, context.URI, context.ChainID, nonce.Nonce, context.IssuedAt)

	// Everywhere, the statement included: so does picket-js, and the server rebuilds what the wallet signed.
	switch context.ChainType {
	case ChainTypeSolana:
		message = strings.ReplaceAll(message, "Ethereum", "Solana")
	case ChainTypeFlow:
		message = strings.ReplaceAll(message, "Ethereum", "Flow")
	}
	return message, nil
}

func checkLine(what, line string) error {
	switch {
	case line == "":
		return fmt.Errorf("%s is not given, and the message needs it", what)
	case strings.ContainsAny(line, "\r\n"):
		return fmt.Errorf("%s has a line break in it", what)
	}
	return nil
}
