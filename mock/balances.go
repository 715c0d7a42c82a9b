package mock

import (
	"cmp"
	"context"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// Balance is how much of a token a wallet holds on a chain.
type Balance struct {
	Chain, WalletAddress string
	Token                Token
	Balance              picket.Decimal
}

// SetBalance sets how much of a token a wallet holds on a chain, such as
//
//	srv.SetBalance("ethereum", wallet.Address, mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"), "12.5")
//
// The balance is an exact decimal. What is not set is 0.
func (p *Project) SetBalance(chain, walletAddress string, token Token, balance picket.Decimal) {
	p.must("SetBalance", p.seedBalance(Balance{chain, walletAddress, token, balance}))
}

func (p *Project) seedBalance(b Balance) error {
	w, err := wallets.Find(b.Chain, b.WalletAddress)
	if err != nil {
		return err
	}
	token, ok := b.Token.inside.Canonical(w.Chain.ChainType)
	if !ok {
		return refusal.InvalidParameter("%s does not name a token on %s", b.Token.inside.Kind, w.Chain.ChainSlug)
	}
	balance, err := wire.ParseDecimal(string(b.Balance))
	if err != nil {
		return refusal.InvalidParameter("balance: %v", err)
	}
	return state.Balances.Set(p.inside().State, state.TokenOn{Wallet: w.ID(), Token: token}, balance)
}

// Balances returns the balances that were set, with addresses in canonical form, in order.
func (p *Project) Balances() []Balance {
	var list []Balance
	for _, e := range state.Balances.All(p.inside().State) {
		list = append(list, Balance{e.Key.Wallet.Chain, e.Key.Wallet.Address, Token{e.Key.Token}, e.Value})
	}
	slices.SortFunc(list, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.WalletAddress, b.WalletAddress),
			cmp.Compare(a.Token.inside.Kind, b.Token.inside.Kind), cmp.Compare(a.Token.inside.ID, b.Token.inside.ID))
	})
	return list
}

func (c control) SetBalance(ctx context.Context, request controls.SetBalanceRequestObject) (controls.SetBalanceResponseObject, error) {
	return controls.SetBalance204Response{}, c.of(ctx).importBalance(*request.Body)
}

func (p *Project) importBalance(b controls.Balance) error {
	token, err := oneToken(b.ContractAddress, b.Collection, b.TokenID, b.CreatorAddress)
	if err != nil {
		return err
	}
	return p.seedBalance(Balance{b.Chain, b.WalletAddress, token, b.Balance})
}

func (c control) ListBalances(ctx context.Context, _ controls.ListBalancesRequestObject) (controls.ListBalancesResponseObject, error) {
	return append(controls.ListBalances200JSONResponse{}, c.of(ctx).exportBalances()...), nil
}

func (p *Project) exportBalances() (list []controls.Balance) {
	for _, b := range p.Balances() {
		balance := controls.Balance{Chain: b.Chain, WalletAddress: b.WalletAddress, Balance: b.Balance}
		switch id := b.Token.inside.ID; b.Token.inside.Kind {
		case gating.ByContract:
			balance.ContractAddress = id
		case gating.ByCollection:
			balance.Collection = id
		case gating.ByMint:
			balance.TokenID = id
		case gating.ByCreator:
			balance.CreatorAddress = id
		}
		list = append(list, balance)
	}
	return list
}

// balanceConfig is a balance in a configuration file.
type balanceConfig struct {
	Chain           string `yaml:"chain"`
	WalletAddress   string `yaml:"walletAddress"`
	ContractAddress string `yaml:"contractAddress"`
	Collection      string `yaml:"collection"`
	TokenID         string `yaml:"tokenId"`
	CreatorAddress  string `yaml:"creatorAddress"`
	Balance         string `yaml:"balance"`
}

func (b balanceConfig) seed(p *Project) error {
	token, err := oneToken(b.ContractAddress, b.Collection, b.TokenID, b.CreatorAddress)
	if err != nil {
		return err
	}
	return p.seedBalance(Balance{b.Chain, b.WalletAddress, token, picket.Decimal(b.Balance)})
}
