package mock

import (
	"context"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

// SetNotToken declares that the contract at an address is not a token: a requirement that names it is refused, as the API
// refuses what is not an ERC-20, ERC-721 or ERC-1155 contract.
func (p *Project) SetNotToken(chain, contractAddress string) {
	p.must("SetNotToken", p.seedNotToken(chain, contractAddress))
}

func (p *Project) seedNotToken(chain, contractAddress string) error {
	info, err := wallets.FindChain(chain)
	if err != nil {
		return err
	}
	contract, ok := gating.Token{Kind: gating.ByContract, ID: contractAddress}.Canonical(info.ChainType)
	if !ok {
		return refusal.InvalidParameter("contractAddress is not a contract on %s: it must be %s", info.ChainSlug, wallets.AddressForm(info.ChainType))
	}
	return state.NotTokens.Set(p.inside().State, state.ContractOn{Chain: info.ChainSlug, Contract: contract}, true)
}

func (c control) SetNotToken(ctx context.Context, request controls.SetNotTokenRequestObject) (controls.SetNotTokenResponseObject, error) {
	return controls.SetNotToken204Response{}, c.of(ctx).importNotToken(*request.Body)
}

func (p *Project) importNotToken(contract controls.Contract) error {
	return p.seedNotToken(contract.Chain, contract.ContractAddress)
}

func (p *Project) exportNotTokens() (list []controls.Contract) {
	for _, e := range state.NotTokens.All(p.inside().State) {
		list = append(list, controls.Contract{Chain: e.Key.Chain, ContractAddress: e.Key.Contract.ID})
	}
	return list
}
