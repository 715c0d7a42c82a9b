package mock

import (
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

const defaultChain = "ethereum"

// chains returns the chains that the mock knows; they must not be changed. Their public nodes are made up: the mock asks none.
var chains = sync.OnceValue(func() []picket.ChainInfo {
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

// findChain returns the chain with the given slug; an empty slug is the default chain.
func findChain(slug string) (picket.ChainInfo, error) {
	if slug == "" {
		slug = defaultChain
	}
	all := chains()
	i := slices.IndexFunc(all, func(c picket.ChainInfo) bool { return c.ChainSlug == slug })
	if i < 0 {
		return picket.ChainInfo{}, notFound(`there is no chain "%s"; GET /chains lists them`, names.Shown(slug))
	}
	return all[i], nil
}
