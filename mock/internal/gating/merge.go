package gating

import "github.com/seed-a13ee279/picket/picket"

// All calls do with each balance.
func All(b picket.TokenBalances, do func(token Token, balance picket.Decimal)) {
	for _, kind := range kinds {
		for id, balance := range *field(&b, kind) {
			do(Token{kind, id}, balance)
		}
	}
}

// byToken returns balances by their tokens in canonical form. Where one is known in several spellings, the least counts.
func byToken(known picket.TokenBalances, family picket.ChainType) (map[Token]picket.Decimal, error) {
	balances := map[Token]picket.Decimal{}
	var failed error
	All(known, func(token Token, balance picket.Decimal) {
		token, _ = token.Canonical(family)
		if least, ok := balances[token]; ok {
			order, err := balance.Cmp(least)
			if err != nil {
				failed = err
			}
			if err != nil || order >= 0 {
				return
			}
		}
		balances[token] = balance
	})
	return balances, failed
}

// Merge returns the balances of both. Those of newer win, also where older has them in another spelling.
func Merge(older, newer picket.TokenBalances, family picket.ChainType) picket.TokenBalances {
	var merged picket.TokenBalances
	renewed := map[Token]bool{}
	All(newer, func(token Token, balance picket.Decimal) {
		canonical, _ := token.Canonical(family)
		renewed[canonical] = true
		put(&merged, token, balance)
	})
	All(older, func(token Token, balance picket.Decimal) {
		if canonical, _ := token.Canonical(family); !renewed[canonical] {
			put(&merged, token, balance)
		}
	})
	return merged
}

func put(b *picket.TokenBalances, token Token, balance picket.Decimal) {
	balances := field(b, token.Kind)
	if *balances == nil {
		*balances = map[string]picket.Decimal{}
	}
	(*balances)[token.ID] = balance
}

// field returns the map that a kind of token has its balances in.
func field(b *picket.TokenBalances, kind Kind) *map[string]picket.Decimal {
	switch kind {
	case ByCollection:
		return &b.Collection
	case ByMint:
		return &b.TokenIDs
	case ByCreator:
		return &b.CreatorAddress
	}
	return &b.ContractAddress
}
