package mock

import (
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// Balance is how much of a token a wallet holds on a chain.
type Balance struct {
	Chain, WalletAddress string
	Token                Token
	Balance              picket.Decimal
}

// DisplayName is the name that a wallet is shown by on a chain.
type DisplayName struct {
	Chain, WalletAddress, Name string
}

// SetBalance sets how much of a token a wallet holds on a chain, such as
//
//	srv.SetBalance("ethereum", wallet.Address, mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"), "12.5")
//
// The balance is an exact decimal. What is not set is 0.
func (p *Project) SetBalance(chain, walletAddress string, token Token, balance picket.Decimal) {
	p.must("SetBalance", p.setBalance(Balance{chain, walletAddress, token, balance}))
}

func (p *Project) setBalance(b Balance) error {
	w, err := findWallet(b.Chain, b.WalletAddress)
	if err != nil {
		return err
	}
	token, ok := b.Token.canonical(w.chain.ChainType)
	if !ok {
		return invalidParameter("%s does not name a token on %s", b.Token.kind, w.chain.ChainSlug)
	}
	balance, err := wire.ParseDecimal(string(b.Balance))
	if err != nil {
		return invalidParameter("balance: %v", err)
	}
	return p.store.setBalance(tokenKey{w.key(), token}, balance)
}

// Balances returns the balances that were set, with addresses in canonical form, in order.
func (p *Project) Balances() []Balance { return p.store.allBalances() }

// SetNotToken declares that the contract at an address is no token: a requirement that names it is refused, as the API
// refuses what is not an ERC-20, ERC-721 or ERC-1155 contract.
func (p *Project) SetNotToken(chain, contractAddress string) {
	p.must("SetNotToken", p.setNotToken(chain, contractAddress))
}

func (p *Project) setNotToken(chain, contractAddress string) error {
	info, err := findChain(chain)
	if err != nil {
		return err
	}
	token, ok := Contract(contractAddress).canonical(info.ChainType)
	if !ok {
		return invalidParameter("contractAddress is not a contract on %s: it must be %s", info.ChainSlug, addressForm(info.ChainType))
	}
	return p.store.setNotToken(tokenKey{walletKey{chain: info.ChainSlug}, token})
}

// SetDisplayName sets the name that a wallet is shown by, such as an ENS name. Without one it is shown by its address.
func (p *Project) SetDisplayName(chain, walletAddress, name string) {
	p.must("SetDisplayName", p.setDisplayName(DisplayName{chain, walletAddress, name}))
}

func (p *Project) setDisplayName(n DisplayName) error {
	w, err := findWallet(n.Chain, n.WalletAddress)
	if err != nil {
		return err
	}
	return p.store.setDisplayName(w.key(), n.Name)
}

// DisplayNames returns the names that were set, with addresses in canonical form, in order.
func (p *Project) DisplayNames() []DisplayName { return p.store.allDisplayNames() }

// AddFlowKey adds a key of a Flow account, with which the account's wallet can log in.
func (p *Project) AddFlowKey(key FlowKey) { p.must("AddFlowKey", p.addFlowKey(key)) }

func (p *Project) addFlowKey(key FlowKey) error {
	key, err := key.check()
	if err != nil {
		return invalidParameter("%v", err)
	}
	return p.store.addFlowKey(key)
}

// FlowKeys returns the keys that were added, in that order.
func (p *Project) FlowKeys() []FlowKey { return p.store.flowKeysOf("") }

// must stops the test when seeding it failed.
func (p *Project) must(what string, err error) {
	if err != nil {
		p.fail("%s", fmt.Sprintf("mock: %s: %v", what, err))
	}
}
