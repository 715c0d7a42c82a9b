package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// What is asked for on real chains, where a wallet that was just made holds none of it: UNI and USDC, which are tokens there,
// under addresses that never change.
var realTokens = map[string]picket.TokenRequirements{
	"ethereum": {ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"},
	"solana":   {TokenIDs: []string{"EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"}},
}

// holding is a balance that picket-mock can be told of, and what asks for it.
type holding struct {
	kind  string // as PUT /balances has it
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

// balance is what the wallets of seeded checks hold.
const balance = "12.5"

// seed tells picket-mock that a wallet holds a token.
func (r *run) seed(ctx context.Context, chain, wallet string, h holding) error {
	if r.control == nil {
		return needsMock
	}
	return r.control.tell(ctx, r.key, http.MethodPut, "/balances",
		map[string]any{"chain": chain, "walletAddress": wallet, h.kind: h.token, "balance": balance}, nil)
}

// asking returns requirements for at least so many tokens.
func asking(tokens picket.TokenRequirements, minimum picket.Decimal) picket.Requirements {
	return picket.Requirements{
		ContractAddress: tokens.ContractAddress,
		TokenIDs:        tokens.TokenIDs,
		Collection:      tokens.Collection,
		CreatorAddress:  tokens.CreatorAddress,
		MinTokenBalance: minimum,
	}
}

func (r *run) gates(ctx context.Context, chain string) {
	// open and closed try a gate in each way that there is to come to one.
	gate := func(name string, requirements func(ctx context.Context, wallet string) (picket.Requirements, error), judge func(error) error) {
		r.check(ctx, chain+": auth: "+name, func(ctx context.Context) error {
			login, err := r.signed(ctx, r.client, chain, "")
			if err != nil {
				return err
			}
			asked, err := requirements(ctx, login.WalletAddress)
			if err != nil {
				return err
			}
			login.Requirements = &asked
			_, err = r.client.Auth(ctx, login)
			return judge(err)
		})
		for _, revalidate := range []bool{false, true} {
			way := "authz"
			if revalidate {
				way = "authz with balances fetched anew"
			}
			r.check(ctx, chain+": "+way+": "+name, func(ctx context.Context) error {
				login, auth, err := r.loggedIn(ctx, r.client, chain, "")
				if err != nil {
					return err
				}
				asked, err := requirements(ctx, login.WalletAddress)
				if err != nil {
					return err
				}
				again, err := r.client.Authz(ctx, picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: asked, Revalidate: revalidate})
				if err == nil && again.AccessToken == auth.AccessToken {
					err = errors.New("the access token is not a new one")
				}
				return judge(err)
			})
		}
		r.check(ctx, chain+": validate: "+name, func(ctx context.Context) error {
			login, auth, err := r.loggedIn(ctx, r.client, chain, "")
			if err != nil {
				return err
			}
			asked, err := requirements(ctx, login.WalletAddress)
			if err != nil {
				return err
			}
			_, err = r.client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken, Requirements: &asked})
			return judge(err)
		})
	}
	opens := func(err error) error { return err }
	staysClosed := func(err error) error { return refused(err, picket.CodePermissionDenied) }

	gate("a gate opens to a wallet on its list", func(_ context.Context, wallet string) (picket.Requirements, error) {
		if chain != "solana" {
			wallet = "0x" + strings.ToLower(wallet[2:]) // EVM addresses compare without case
		}
		return picket.Requirements{AllowedWallets: []string{wallet}}, nil
	}, opens)
	gate("a gate stays closed to a wallet that is not on its list", func(context.Context, string) (picket.Requirements, error) {
		other, err := newWallet(chain)
		if err != nil {
			return picket.Requirements{}, err
		}
		return picket.Requirements{AllowedWallets: []string{other.Address}}, nil
	}, staysClosed)
	gate("a gate stays closed to a wallet that holds nothing", func(context.Context, string) (picket.Requirements, error) {
		return asking(realTokens[chain], "1"), nil
	}, staysClosed)
	for _, h := range holdings(chain) {
		gate("a gate opens to who holds enough of a "+h.kind, func(ctx context.Context, wallet string) (picket.Requirements, error) {
			return asking(h.asks, balance), r.seed(ctx, chain, wallet, h)
		}, opens)
	}
	gate("a gate stays closed to who holds too little", func(ctx context.Context, wallet string) (picket.Requirements, error) {
		return asking(holdings(chain)[0].asks, "12.51"), r.seed(ctx, chain, wallet, holdings(chain)[0])
	}, staysClosed)
}

func (r *run) ownership(ctx context.Context, chain string) {
	ask := func(ctx context.Context, wallet string, tokens picket.TokenRequirements, minimum picket.Decimal) (*picket.TokenOwnershipResponse, error) {
		return r.client.TokenOwnership(ctx, chain, wallet, picket.TokenOwnershipRequest{
			ContractAddress: tokens.ContractAddress, TokenIDs: tokens.TokenIDs, Collection: tokens.Collection,
			CreatorAddress: tokens.CreatorAddress, MinTokenBalance: minimum,
		})
	}
	r.check(ctx, chain+": tokenOwnership: a wallet that holds nothing", func(ctx context.Context) error {
		wallet, err := newWallet(chain)
		if err != nil {
			return err
		}
		owned, err := ask(ctx, wallet.Address, realTokens[chain], "1")
		if err == nil && owned.Allowed {
			err = errors.New("it is allowed")
		}
		return err
	})
	for _, h := range holdings(chain) {
		r.check(ctx, chain+": tokenOwnership: a wallet that holds enough of a "+h.kind, func(ctx context.Context) error {
			wallet, err := newWallet(chain)
			if err != nil {
				return err
			}
			if err := r.seed(ctx, chain, wallet.Address, h); err != nil {
				return err
			}
			owned, err := ask(ctx, wallet.Address, h.asks, "3")
			switch {
			case err != nil:
				return err
			case !owned.Allowed:
				return errors.New("it is not allowed")
			case owned.TokenBalance != balance:
				return fmt.Errorf("the balance is not the %s that it was given", balance)
			}
			return nil
		})
	}
	r.checkWrong(ctx, chain+": tokenOwnership: what is no address", func(ctx context.Context) error {
		_, err := ask(ctx, "nobody", realTokens[chain], "1")
		return refused(err, picket.CodeParameterInvalid)
	})
}
