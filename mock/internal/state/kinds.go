package state

import (
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// TokenOn is a token, in canonical form, and the wallet that holds it.
type TokenOn struct {
	Wallet wallets.ID
	Token  gating.Token
}

// ContractOn is a contract, in canonical form, and its chain.
type ContractOn struct {
	Chain    string
	Contract gating.Token
}

// What can be seeded.
var (
	Balances        = NewKind(func(k TokenOn, v picket.Decimal) []string { return []string{k.Wallet.Address, k.Token.ID, string(v)} })
	NotTokens       = NewKind(func(k ContractOn, _ bool) []string { return []string{k.Contract.ID} })
	DisplayNames    = NewKind(func(k wallets.ID, name string) []string { return []string{k.Address, name} })
	ContractWallets = NewKind(func(k wallets.ID, w wallets.ContractWallet) []string { return append([]string{k.Address}, w.Owners...) })
	// FlowKeys are by the canonical address of their account.
	FlowKeys = NewKind(func(address string, keys []wallets.FlowKey) []string {
		texts := []string{address}
		for _, key := range keys {
			texts = append(texts, key.Address, key.PublicKey)
		}
		return texts
	})
)

var _ gating.Ledger = (*State)(nil)

// Balance returns what was seeded, and otherwise "0".
func (s *State) Balance(wallet wallets.ID, token gating.Token) picket.Decimal {
	if balance, ok := Balances.Get(s, TokenOn{wallet, token}); ok {
		return balance
	}
	return "0"
}

// IsNotToken reports whether a contract was declared to be no token.
func (s *State) IsNotToken(chain string, token gating.Token) bool {
	isNot, _ := NotTokens.Get(s, ContractOn{chain, token})
	return isNot
}

// DisplayName returns the name of a wallet if it has one, and otherwise its address.
func (s *State) DisplayName(wallet wallets.ID) string {
	if name, _ := DisplayNames.Get(s, wallet); name != "" {
		return name
	}
	return wallet.Address
}
