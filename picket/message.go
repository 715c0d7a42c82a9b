package picket

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// SigningMessage returns the message that a wallet signs to log in, which the API rebuilds byte for byte. In the simple format it
// is made from the nonce response and the address only; in the siwe format (EIP-4361, version 1) also from context. Pass the same
// address and context to Auth.
//
// It fails when the nonce or the address is empty or has a line break in it, and in the siwe format when a field does not have the
// form that EIP-4361 defines:
//
//   - Domain: a host with or without a port, such as "example.com" or "localhost:3000" (RFC 3986 section 3.2)
//   - URI: an absolute URI, such as "https://example.com" (RFC 3986 section 3); like Domain, it must name no user
//   - ChainID: above 0
//   - IssuedAt: a time such as "2022-10-25T01:12:36Z" (RFC 3339), without leap seconds
//   - ChainType: that of the address, by default ChainTypeEthereum. An EVM address is 0x and 40 hexadecimal digits, one on
//     Solana 32 to 44 characters of base58, one on Flow 0x and 16 hexadecimal digits. The checksum of EIP-55 is not checked
//   - the nonce: 8 or more letters and digits of ASCII
//   - the statement: one line, in any language
//
// The address is written as it is given, because the API compares the message with the address that Auth sends. Many parsers of
// EIP-4361 refuse an EVM address that is not in the mixed case of EIP-55, and a statement beyond ASCII; so give the address as the wallet
// does, or as picket/login does, in EIP-55.
//
// A message can be read in only one way. In the simple format the statement, which the owner of the project sets, may have several
// lines, and some of them may look like an address and a nonce. The last two lines are the real ones, because neither the address
// nor the nonce can have a line break in it. The person who signs may still be misled, so show the address that logs in.
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
	if err := checkSIWE(nonce, walletAddress, context); err != nil {
		return "", err
	}
	message := fmt.Sprintf(`%s wants you to sign in with your Ethereum account:
%s

%s

URI: %s
Version: 1
Chain ID: %d
Nonce: %s
Issued At: %s`, context.Domain, walletAddress, nonce.Statement, context.URI, context.ChainID, nonce.Nonce, context.IssuedAt)

	// Everywhere, even in the statement, because picket-js does so and the server rebuilds what the wallet signed.
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
