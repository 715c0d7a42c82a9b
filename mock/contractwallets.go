package mock

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// ContractWallet is a wallet that is a smart contract on an EVM chain (EIP-1271). Its code decides on the chain which signatures are
// good, and the mock asks no chain, so it knows only the wallets that it was given. What the API does with such wallets is not known.
//
// A signature may be wrapped as EIP-6492 describes it, for wallets that are not deployed yet; the mock looks at what is within.
type ContractWallet struct {
	// Chain is the slug of an EVM chain, and Address the contract.
	Chain, Address string
	// Owners are addresses of ordinary wallets. A signature of the message by any of them is good.
	Owners []string
	// AnySignature says that every signature is good, for wallets that sign in a way of their own, such as with a passkey.
	AnySignature bool
}

// AddContractWallet lets a contract wallet log in, in place of what was said of it before. Once it is named, only the signatures that
// it accepts log it in.
func (p *Project) AddContractWallet(w ContractWallet) {
	p.must("AddContractWallet", p.seedContractWallet(w))
}

func (p *Project) seedContractWallet(w ContractWallet) error {
	found, err := wallets.Find(w.Chain, w.Address)
	switch {
	case err != nil:
		return err
	case found.Chain.ChainType != picket.ChainTypeEthereum:
		return refusal.InvalidParameter("contract wallets are on EVM chains, and %s is none", found.Chain.ChainSlug)
	}
	canonical, err := wallets.ContractWallet{Owners: w.Owners, AnySignature: w.AnySignature}.Canonical()
	if err != nil {
		return refusal.Invalid(err)
	}
	return state.ContractWallets.Set(p.inside().State, found.ID(), canonical)
}

// ContractWallets returns the wallets that were added, with addresses in canonical form, in order.
func (p *Project) ContractWallets() []ContractWallet {
	var list []ContractWallet
	for _, e := range state.ContractWallets.All(p.inside().State) {
		list = append(list, ContractWallet{e.Key.Chain, e.Key.Address, slices.Clone(e.Value.Owners), e.Value.AnySignature})
	}
	slices.SortFunc(list, func(a, b ContractWallet) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.Address, b.Address))
	})
	return list
}

// NewContractWallet returns a contract wallet on Ethereum with one owner, a new key that signs for it, which it adds to the project.
func NewContractWallet(t TB, p *Project) *Wallet {
	t.Helper()
	w := NewEthereumWallet(t)
	owner := w.Address
	var address [20]byte
	_, _ = rand.Read(address[:]) // never fails, by its documentation
	w.Address, _ = wallets.CanonicalAddress(picket.ChainTypeEthereum, "0x"+hex.EncodeToString(address[:]))
	p.AddContractWallet(ContractWallet{Chain: w.Chain, Address: w.Address, Owners: []string{owner}})
	return w
}

func (c control) AddContractWallet(ctx context.Context, request controls.AddContractWalletRequestObject) (controls.AddContractWalletResponseObject, error) {
	return controls.AddContractWallet204Response{}, c.of(ctx).importContractWallet(*request.Body)
}

func (p *Project) importContractWallet(w controls.ContractWallet) error {
	return p.seedContractWallet(ContractWallet{w.Chain, w.Address, w.Owners, w.AnySignature})
}

func (c control) ListContractWallets(ctx context.Context, _ controls.ListContractWalletsRequestObject) (controls.ListContractWalletsResponseObject, error) {
	return append(controls.ListContractWallets200JSONResponse{}, c.of(ctx).exportContractWallets()...), nil
}

func (p *Project) exportContractWallets() (list []controls.ContractWallet) {
	for _, w := range p.ContractWallets() {
		list = append(list, controls.ContractWallet{Chain: w.Chain, Address: w.Address, Owners: w.Owners, AnySignature: w.AnySignature})
	}
	return list
}

// contractWalletConfig is a contract wallet in a configuration file.
type contractWalletConfig struct {
	Chain        string   `yaml:"chain"`
	Address      string   `yaml:"address"`
	Owners       []string `yaml:"owners"`
	AnySignature bool     `yaml:"anySignature"`
}

func (w contractWalletConfig) seed(p *Project) error { return p.seedContractWallet(ContractWallet(w)) }
