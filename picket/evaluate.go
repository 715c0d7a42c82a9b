package picket

import (
	"fmt"
	"slices"
	"strconv"
)

// Outcome is what can be said of a user and a gate without asking the API. The zero value is OutcomeUnknown, so that an
// outcome which nobody decided opens no gate.
type Outcome int

const (
	// OutcomeUnknown: the balances that are known do not suffice, and there are some that are not known. Ask the API.
	OutcomeUnknown Outcome = iota
	// OutcomeMet: the user may pass.
	OutcomeMet
	// OutcomeNotMet: every balance that counts is known, and they do not suffice.
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
	family                                  ChainType
	contracts, collections, creators, mints []string
}

func newRequiredTokens(family ChainType, r Requirements) requiredTokens {
	list := func(named ...string) []string {
		var tokens []string
		for _, token := range named {
			if token = canonical(family, token); token != "" && !slices.Contains(tokens, token) {
				tokens = append(tokens, token)
			}
		}
		return tokens
	}
	return requiredTokens{
		family:      family,
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
		for _, token := range kind.named {
			balance, err := t.balanceOf(kind.known, token)
			if err == nil && balance != "" {
				sum, err = sum.Add(balance)
			}
			if err != nil {
				return OutcomeUnknown, fmt.Errorf("picket: %w: a token balance: %w", ErrInvalidArgument, err)
			}
			missing = missing || balance == ""
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

// balanceOf returns the least balance that is known of a token, in any spelling, or "" when none is.
func (t requiredTokens) balanceOf(known map[string]Decimal, token string) (Decimal, error) {
	if t.family == ChainTypeSolana {
		return known[token], nil
	}
	var least Decimal
	for spelling, balance := range known {
		if canonical(t.family, spelling) != token {
			continue
		}
		if least != "" {
			order, err := balance.Cmp(least)
			if err != nil {
				return "", err
			}
			if order >= 0 {
				continue
			}
		}
		least = balance
	}
	return least, nil
}
