// Package signing has what a wallet signs to log in: the messages that are expected of it, and whether they are for the right site. When
// a signature is refused, it finds out what was probably signed instead.
package signing

import (
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Login is what a login says about the message that was signed.
type Login struct {
	Wallet  wallets.Wallet
	Address string // of the wallet, as the request spells it
	Context picket.SigningMessageContext
}

// Messages returns the messages that a login with a nonce may have signed, the likeliest first: the SIWE message, if the context is
// enough to make it, and the simple message, unless the message must name a site; each with the address as the request spells it and as
// EIP-55 does.
func (l Login) Messages(n state.Nonce, forSite bool) []string {
	addresses := []string{l.Address}
	if l.Wallet.Address != l.Address {
		addresses = append(addresses, l.Wallet.Address)
	}
	formats := []picket.MessageFormat{picket.MessageFormatSIWE, picket.MessageFormatSimple}
	if forSite {
		formats = formats[:1]
	}
	var messages []string
	for _, format := range formats {
		for _, address := range addresses {
			for _, statement := range n.Statements {
				response := &picket.NonceResponse{Nonce: n.Value, Statement: statement, Format: format}
				if message, err := picket.SigningMessage(response, address, l.Context); err == nil {
					messages = append(messages, message)
				}
			}
		}
	}
	return messages
}
