package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
)

// realTokens are tokens that exist on the real chains, where a new wallet holds none of them: UNI and USDC, whose addresses never
// change.
var realTokens = map[string]picket.TokenRequirements{
	"ethereum": {ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"},
	"solana":   {TokenIDs: []string{"EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"}},
}

// holding is a token that picket-mock can be told a wallet holds, and the requirements that ask for it.
type holding struct {
	kind  string // the name of the field, in requirements and in PUT /_mock/balances
	token string
	asks  picket.TokenRequirements
}

func holdings(chain string) []holding {
	if chain != "solana" {
		contract := realTokens[chain].ContractAddress
		return []holding{{"contractAddress", contract, picket.TokenRequirements{ContractAddress: contract}}}
	}
	mint := realTokens[chain].TokenIDs[0]
	return []holding{
		{"tokenId", mint, picket.TokenRequirements{TokenIDs: []string{mint}}},
		{"collection", "birds", picket.TokenRequirements{Collection: picket.StringList{"apes", "birds"}}},
		{"creatorAddress", mint, picket.TokenRequirements{CreatorAddress: mint}},
	}
}

// balance is how many tokens the wallets of seeded checks hold.
const balance = "12.5"

// seed tells picket-mock that a wallet holds a token.
func (r *run) seed(ctx context.Context, chain, wallet string, h holding) error {
	if r.control == nil {
		return needsMock
	}
	return r.control.call(ctx, r.secretKey, http.MethodPut, "/balances",
		map[string]any{"chain": chain, "walletAddress": wallet, h.kind: h.token, "balance": balance}, nil)
}

func (r *run) ownership(ctx context.Context, chain string) {
	r.check(ctx, chain+": tokenOwnership: a wallet that holds nothing is not allowed", func(ctx context.Context) error {
		wallet, err := newWallet(chain)
		if err != nil {
			return err
		}
		owned, err := r.owned(ctx, chain, wallet.Address, realTokens[chain], "1")
		if err == nil && owned.Allowed {
			err = errors.New("the wallet is allowed")
		}
		return err
	})
	for _, h := range holdings(chain) {
		r.check(ctx, chain+": tokenOwnership: a wallet that holds enough is allowed, by "+h.kind, func(ctx context.Context) error {
			return r.owns(ctx, chain, h)
		})
	}
	r.checkWrong(ctx, chain+": tokenOwnership: a malformed address is refused", func(ctx context.Context) error {
		_, err := r.owned(ctx, chain, "nobody", realTokens[chain], "1")
		return refused(err, picket.CodeParameterInvalid)
	})
}

// owns checks what a wallet owns that holds balance tokens.
func (r *run) owns(ctx context.Context, chain string, h holding) error {
	wallet, err := newWallet(chain)
	if err != nil {
		return err
	}
	if err := r.seed(ctx, chain, wallet.Address, h); err != nil {
		return err
	}
	owned, err := r.owned(ctx, chain, wallet.Address, h.asks, "3")
	switch {
	case err != nil:
		return err
	case !owned.Allowed:
		return errors.New("the wallet is not allowed")
	case owned.TokenBalance != balance:
		return fmt.Errorf("the balance is not %s, which picket-mock was told", balance)
	}
	return nil
}

func (r *run) owned(ctx context.Context, chain, wallet string, tokens picket.TokenRequirements, minimum picket.Decimal) (*picket.TokenOwnershipResponse, error) {
	return r.client.TokenOwnership(ctx, chain, wallet, picket.TokenOwnershipRequest{
		ContractAddress: tokens.ContractAddress,
		TokenIDs:        tokens.TokenIDs,
		Collection:      tokens.Collection,
		CreatorAddress:  tokens.CreatorAddress,
		MinTokenBalance: minimum,
	})
}
