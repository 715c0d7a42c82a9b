package picket

import (
	"fmt"
	"strconv"
)

// Outcome is what can be said about a user and a gate without asking the API. The zero value is OutcomeUnknown, so that an outcome
// that nobody decided opens no gate.
type Outcome int

const (
	// OutcomeUnknown: the known balances are not enough, and others are not known. Ask the API.
	OutcomeUnknown Outcome = iota
	// OutcomeMet: the user may pass.
	OutcomeMet
	// OutcomeNotMet: all balances that count are known, and they are not enough.
	OutcomeNotMet
	// OutcomeOtherChain: the user logged in on another chain than the gate's.
	OutcomeOtherChain
)

// String returns "unknown", "met", "not met" or "other chain".
func (o Outcome) String() string {
	switch o {
	case OutcomeUnknown:
		return "unknown"
	case OutcomeMet:
		return "met"
	case OutcomeNotMet:
		return "not met"
	case OutcomeOtherChain:
		return "other chain"
	}
	return "Outcome(" + strconv.Itoa(int(o)) + ")"
}

// requiredTokens are the tokens that requirements name, each once and in canonical form.
type requiredTokens struct {
	contracts, collections, creators, mints []string
}

func newRequiredTokens(r Requirements) requiredTokens {
	list := func(named ...string) []string {
		var tokens []string
		seen := make(map[string]bool, len(named))
		for _, token := range named {
			if token = canonical(token); token != "" && !seen[token] {
				seen[token] = true
				tokens = append(tokens, token)
			}
		}
		return tokens
	}
	return requiredTokens{
		contracts:   list(r.ContractAddress),
		collections: list(r.Collection...),
		creators:    list(r.CreatorAddress),
		mints:       list(r.TokenIDs...),
	}
}

func (t requiredTokens) evaluate(balances TokenBalances, minimum Decimal) (Outcome, error) {
	sum, missing := Decimal("0"), false
	for _, kind := range []struct {
		named []string
		known map[string]Decimal
	}{
		{t.contracts, balances.ContractAddress},
		{t.collections, balances.Collection},
		{t.creators, balances.CreatorAddress},
		{t.mints, balances.TokenIDs},
	} {
		if len(kind.named) == 0 {
			continue
		}
		known, err := canonicalBalances(kind.known)
		for _, token := range kind.named {
			balance := known[token]
			if balance == "" {
				missing = true
				continue
			}
			if err == nil {
				sum, err = sum.Add(balance)
			}
		}
		if err != nil {
			return OutcomeUnknown, fmt.Errorf("picket: %w: a token balance: %w", ErrInvalidArgument, err)
		}
	}
	above, _ := sum.Cmp("0") // both are decimals in canonical form
	reached, _ := sum.Cmp(minimum)
	switch {
	case above > 0 && reached >= 0:
		return OutcomeMet, nil
	case missing:
		return OutcomeUnknown, nil
	}
	return OutcomeNotMet, nil
}

// canonicalBalances returns the balances by the canonical form of their tokens. Of several spellings it has the smallest balance.
func canonicalBalances(known map[string]Decimal) (map[string]Decimal, error) {
	least := make(map[string]Decimal, len(known))
	for spelling, balance := range known {
		token := canonical(spelling)
		other := least[token]
		switch {
		case balance == "":
			continue
		case other != "":
			order, err := balance.Cmp(other)
			if err != nil {
				return nil, err
			}
			if order >= 0 {
				continue
			}
		}
		least[token] = balance
	}
	return least, nil
}
