package mock

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
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

// maxDisplayName is the limit of control.yaml.
const maxDisplayName = 4096

func (p *Project) seedDisplayName(n DisplayName) error {
	w, err := wallets.Find(n.Chain, n.WalletAddress)
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(n.Name) > maxDisplayName {
		return refusal.InvalidParameter("name must have at most %d characters", maxDisplayName)
	}
	return state.DisplayNames.Set(p.inside().State, w.ID(), n.Name)
}

// DisplayNames returns the names that were set, with addresses in canonical form, in order.
func (p *Project) DisplayNames() []DisplayName {
	var list []DisplayName
	for _, e := range state.DisplayNames.All(p.inside().State) {
		list = append(list, DisplayName{e.Key.Chain, e.Key.Address, e.Value})
	}
	slices.SortFunc(list, func(a, b DisplayName) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.WalletAddress, b.WalletAddress))
	})
	return list
}

func (c control) SetDisplayName(ctx context.Context, request controls.SetDisplayNameRequestObject) (controls.SetDisplayNameResponseObject, error) {
	return controls.SetDisplayName204Response{}, c.of(ctx).importDisplayName(*request.Body)
}

func (p *Project) importDisplayName(n controls.DisplayName) error {
	return p.seedDisplayName(DisplayName{n.Chain, n.WalletAddress, n.Name})
}

func (c control) ListDisplayNames(ctx context.Context, _ controls.ListDisplayNamesRequestObject) (controls.ListDisplayNamesResponseObject, error) {
	return append(controls.ListDisplayNames200JSONResponse{}, c.of(ctx).exportDisplayNames()...), nil
}

func (p *Project) exportDisplayNames() (list []controls.DisplayName) {
	for _, n := range p.DisplayNames() {
		if n.Name != "" { // which stands for none
			list = append(list, controls.DisplayName{Chain: n.Chain, WalletAddress: n.WalletAddress, Name: n.Name})
		}
	}
	return list
}

// displayNameConfig is a name in a configuration file.
type displayNameConfig struct {
	Chain         string `yaml:"chain"`
	WalletAddress string `yaml:"walletAddress"`
	Name          string `yaml:"name"`
}

func (n displayNameConfig) seed(p *Project) error { return p.seedDisplayName(DisplayName(n)) }
