package mock

import (
	"cmp"
	"context"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

// DisplayName is the name that a wallet is shown by on a chain.
type DisplayName struct {
	Chain, WalletAddress, Name string
}

// SetDisplayName sets the name that a wallet is shown by, such as an ENS name. Without one it is shown by its address.
func (p *Project) SetDisplayName(chain, walletAddress, name string) {
	p.must("SetDisplayName", p.seedDisplayName(DisplayName{chain, walletAddress, name}))
}

func (p *Project) seedDisplayName(n DisplayName) error {
	w, err := wallets.Find(n.Chain, n.WalletAddress)
	if err != nil {
		return err
	}
	return state.DisplayNames.Set(p.tenant.State, w.ID(), n.Name)
}

// DisplayNames returns the names that were set, with addresses in canonical form, in order.
func (p *Project) DisplayNames() []DisplayName {
	var list []DisplayName
	for _, e := range state.DisplayNames.All(p.tenant.State) {
		list = append(list, DisplayName{e.Key.Chain, e.Key.Address, e.Value})
	}
	slices.SortFunc(list, func(a, b DisplayName) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.WalletAddress, b.WalletAddress))
	})
	return list
}

func (c control) SetDisplayName(ctx context.Context, request controls.SetDisplayNameRequestObject) (controls.SetDisplayNameResponseObject, error) {
	body := request.Body
	return controls.SetDisplayName204Response{}, c.of(ctx).seedDisplayName(DisplayName{body.Chain, body.WalletAddress, body.Name})
}

func (c control) ListDisplayNames(ctx context.Context, _ controls.ListDisplayNamesRequestObject) (controls.ListDisplayNamesResponseObject, error) {
	list := controls.ListDisplayNames200JSONResponse{}
	for _, n := range c.of(ctx).DisplayNames() {
		list = append(list, controls.DisplayName{Chain: n.Chain, WalletAddress: n.WalletAddress, Name: n.Name})
	}
	return list, nil
}

// displayNameConfig is a name in a configuration file.
type displayNameConfig struct {
	Chain         string `yaml:"chain"`
	WalletAddress string `yaml:"walletAddress"`
	Name          string `yaml:"name"`
}

func (n displayNameConfig) seed(p *Project) error { return p.seedDisplayName(DisplayName(n)) }
