package verify

import (
	"context"
	"errors"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// gate is a gate that a wallet comes to, and what should happen there.
type gate struct {
	name  string
	opens bool
	// asks returns the requirements, and makes the wallet hold what it should hold.
	asks func(ctx context.Context, wallet string) (picket.Requirements, error)
}

// judge returns nil if the result of trying the gate is what it should be.
func (g gate) judge(err error) error {
	if g.opens {
		return err
	}
	return refused(err, picket.CodePermissionDenied)
}

// entrance is a call of the API that decides about a gate.
type entrance struct {
	name string
	// come makes a wallet that is ready to try the gate. It returns its address, and the call.
	come func(ctx context.Context, chain string) (wallet string, try func(context.Context, picket.Requirements) error, err error)
}

// gates tries every gate by every entrance, each time with a new wallet.
func (r *run) gates(ctx context.Context, chain string) {
	for _, g := range r.gatesOf(chain) {
		for _, e := range r.entrances() {
			r.check(ctx, chain+": "+e.name+": "+g.name, func(ctx context.Context) error {
				wallet, try, err := e.come(ctx, chain)
				if err != nil {
					return err
				}
				asked, err := g.asks(ctx, wallet)
				if err != nil {
					return err
				}
				return g.judge(try(ctx, asked))
			})
		}
	}
}

func (r *run) entrances() []entrance {
	return []entrance{
		{"auth", r.comeToAuth},
		{"authz", r.comeToAuthz(false)},
		{"authz with revalidate", r.comeToAuthz(true)},
		{"validate", r.comeToValidate},
	}
}

func (r *run) comeToAuth(ctx context.Context, chain string) (string, func(context.Context, picket.Requirements) error, error) {
	login, err := r.signed(ctx, r.project, chain, "")
	return login.WalletAddress, func(ctx context.Context, asked picket.Requirements) error {
		login.Requirements = &asked
		_, err := r.client.Auth(ctx, login)
		return err
	}, err
}

func (r *run) comeToAuthz(revalidate bool) func(context.Context, string) (string, func(context.Context, picket.Requirements) error, error) {
	return func(ctx context.Context, chain string) (string, func(context.Context, picket.Requirements) error, error) {
		login, auth, err := r.loggedIn(ctx, r.project, chain, "")
		return login.WalletAddress, func(ctx context.Context, asked picket.Requirements) error {
			again, err := r.client.Authz(ctx, picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: asked, Revalidate: revalidate})
			if err == nil && again.AccessToken == auth.AccessToken {
				err = errors.New("the access token is the old one, and must be a new one")
			}
			return err
		}, err
	}
}

func (r *run) comeToValidate(ctx context.Context, chain string) (string, func(context.Context, picket.Requirements) error, error) {
	login, auth, err := r.loggedIn(ctx, r.project, chain, "")
	return login.WalletAddress, func(ctx context.Context, asked picket.Requirements) error {
		_, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken, Requirements: &asked})
		return err
	}, err
}

func (r *run) gatesOf(chain string) []gate {
	list := []gate{
		{"a gate opens for a wallet on its list", true, func(_ context.Context, wallet string) (picket.Requirements, error) {
			if chain != "solana" {
				wallet = "0x" + strings.ToLower(wallet[2:]) // EVM addresses compare without case
			}
			return picket.Requirements{AllowedWallets: []string{wallet}}, nil
		}},
		{"a gate stays closed for a wallet that is not on its list", false, func(context.Context, string) (picket.Requirements, error) {
			other, err := newWallet(chain)
			if err != nil {
				return picket.Requirements{}, err
			}
			return picket.Requirements{AllowedWallets: []string{other.Address}}, nil
		}},
		{"a gate stays closed for a wallet that holds nothing", false, func(context.Context, string) (picket.Requirements, error) {
			return asking(realTokens[chain], "1"), nil
		}},
	}
	for _, h := range holdings(chain) {
		list = append(list, gate{"a gate opens for a wallet that holds enough, by " + h.kind, true, r.seededGate(chain, h, balance)})
	}
	return append(list, gate{"a gate stays closed for a wallet that holds too little", false, r.seededGate(chain, holdings(chain)[0], "12.51")})
}

// seededGate makes the wallet hold balance tokens, and asks for a minimum of them.
func (r *run) seededGate(chain string, h holding, minimum picket.Decimal) func(context.Context, string) (picket.Requirements, error) {
	return func(ctx context.Context, wallet string) (picket.Requirements, error) {
		return asking(h.asks, minimum), r.seed(ctx, chain, wallet, h)
	}
}

// asking returns requirements for a minimum of tokens.
func asking(tokens picket.TokenRequirements, minimum picket.Decimal) picket.Requirements {
	return picket.Requirements{
		ContractAddress: tokens.ContractAddress,
		TokenIDs:        tokens.TokenIDs,
		Collection:      tokens.Collection,
		CreatorAddress:  tokens.CreatorAddress,
		MinTokenBalance: minimum,
	}
}
