package picket_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// TestAnEmptyListIsNotAnAbsentOne holds that requirements keep an empty list when they are written: it lets nobody in, and
// without it they would let everyone in.
func TestAnEmptyListIsNotAnAbsentOne(t *testing.T) {
	none, some := []string{}, picket.StringList{}
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"requirements": {
			picket.Requirements{AllowedWallets: none, TokenIDs: none, Collection: some},
			`{"allowedWallets":[],"collection":[],"tokenIds":[]}`,
		},
		"requirements without lists": {picket.Requirements{}, `{}`},
		"token requirements": {
			picket.TokenRequirements{TokenIDs: none, Collection: some},
			`{"collection":[],"tokenIds":[]}`,
		},
		"token requirements without lists": {picket.TokenRequirements{}, `{}`},
		"a question of ownership": {
			picket.TokenOwnershipRequest{TokenIDs: none, Collection: some},
			`{"collection":[],"tokenIds":[]}`,
		},
	} {
		if got, err := wire.Marshal(test.value); err != nil || string(got) != test.want {
			t.Errorf("%s: %s (%v); want %s", name, got, err, test.want)
		}
	}
}

// TestTokenBalancesAreWrittenWhereThereAreNone holds what picket-python cannot do without.
func TestTokenBalancesAreWrittenWhereThereAreNone(t *testing.T) {
	for want, value := range map[string]any{
		`{"chain":"","displayAddress":"","tokenBalances":{},"walletAddress":""}`: picket.AuthenticatedUser{},
		`{"allowed":false,"tokenBalances":{}}`:                                   picket.TokenOwnershipResponse{},
	} {
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("%s (%v); want %s", got, err, want)
		}
	}
}
