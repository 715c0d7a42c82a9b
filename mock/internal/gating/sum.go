package gating

import (
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Holdings is what a wallet holds of the tokens that were asked for.
type Holdings struct {
	Balances picket.TokenBalances
	Total    picket.Decimal
	Enough   bool // whether the total is above 0 and reaches the minimum

	counted []counted // in their order
}

// counted is what was added up for a token.
type counted struct {
	token    Token
	balance  picket.Decimal
	isProven bool // by the access token
}

// count adds up what a wallet holds of the tokens, each once, however often and in whatever spellings it is named.
func count(ledger Ledger, w wallets.Wallet, r picket.Requirements, tokens []Token, known picket.TokenBalances) (Holdings, error) {
	held := Holdings{Total: "0"}
	trusted, err := byToken(known, w.Chain.ChainType)
	if err != nil {
		return Holdings{}, err
	}
	seen := map[Token]bool{}
	for _, token := range tokens {
		canonical, _ := token.Canonical(w.Chain.ChainType) // checkTokens saw that it has one
		if seen[canonical] {
			continue
		}
		seen[canonical] = true
		balance, ok := trusted[canonical]
		if !ok {
			balance = ledger.Balance(w.ID(), canonical)
		}
		put(&held.Balances, token, balance)
		held.counted = append(held.counted, counted{token, balance, ok})
		if held.Total, err = held.Total.Add(balance); err != nil {
			return Holdings{}, err
		}
	}
	held.Enough, err = reaches(held.Total, r.MinTokenBalance)
	return held, err
}

// reaches reports whether a total is above 0 and reaches a minimum, which may be empty.
func reaches(total, minimum picket.Decimal) (bool, error) {
	aboveZero, err := total.Cmp("0")
	if err != nil {
		return false, err
	}
	if minimum == "" {
		return aboveZero > 0, nil
	}
	order, err := total.Cmp(minimum)
	if err != nil {
		return false, refusal.InvalidParameter("minTokenBalance: %v", err)
	}
	return aboveZero > 0 && order >= 0, nil
}
