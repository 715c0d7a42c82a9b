package wallets

import (
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

// DefaultChain is the slug of the chain that is meant when none is named.
const DefaultChain = "ethereum"

// Chains returns the chains that the mock knows, which must not be changed. Their public nodes are made up: the mock asks none.
var Chains = sync.OnceValue(func() []picket.ChainInfo {
	chain := func(slug, name string, id picket.ChainID, family picket.ChainType, gating bool) picket.ChainInfo {
		return picket.ChainInfo{
			ChainSlug:              slug,
			ChainName:              name,
			ChainID:                id,
			ChainType:              family,
			PublicRPC:              "https://" + slug + ".rpc.example.com",
			AuthorizationSupported: gating,
		}
	}
	return []picket.ChainInfo{
		chain("ethereum", "Ethereum", 1, picket.ChainTypeEthereum, true),
		chain("polygon", "Polygon", 137, picket.ChainTypeEthereum, true),
		chain("optimism", "Optimism", 10, picket.ChainTypeEthereum, true),
		chain("arbitrum", "Arbitrum", 42161, picket.ChainTypeEthereum, true),
		chain("avalanche", "Avalanche", 43114, picket.ChainTypeEthereum, true),
		chain("solana", "Solana", 101, picket.ChainTypeSolana, true),
		chain("flow", "Flow", 747, picket.ChainTypeFlow, false),
	}
})

// FindChain returns the chain with a slug. An empty slug is DefaultChain.
func FindChain(slug string) (picket.ChainInfo, error) {
	if slug == "" {
		slug = DefaultChain
	}
	all := Chains()
	i := slices.IndexFunc(all, func(c picket.ChainInfo) bool { return c.ChainSlug == slug })
	if i < 0 {
		return picket.ChainInfo{}, refusal.NotFound(`there is no chain "%s"; GET /chains lists them`, names.Shown(slug))
	}
	return all[i], nil
}
