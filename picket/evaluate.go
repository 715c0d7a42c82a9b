package picket

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Outcome is what can be said of a user and requirements without asking the API. The zero value is OutcomeUnknown, so
// that an outcome which nobody decided opens no gate.
type Outcome int

const (
	// OutcomeUnknown: the balances that are known do not suffice, and there are some that are not known. Ask the API.
	OutcomeUnknown Outcome = iota
	// OutcomeMet: the user meets the requirements.
	OutcomeMet
	// OutcomeNotMet: every balance that counts is known, and they do not suffice.
	OutcomeNotMet
)

// String returns "unknown", "met" or "not met".
func (o Outcome) String() string {
	switch o {
	case OutcomeUnknown:
		return "unknown"
	case OutcomeMet:
		return "met"
	case OutcomeNotMet:
		return "not met"
	}
	return "Outcome(" + strconv.Itoa(int(o)) + ")"
}

// Evaluate decides whether a user meets requirements, from the balances that the user's access token has proven, as the
// API would decide. A server asks the API, with Authz, only when the outcome is OutcomeUnknown:
//
//	outcome, err := picket.Evaluate(claims.WalletAddress, claims.TokenBalances, requirements)
//
// Requirements are a logical or. AllowedWallets is met by membership; addresses that start with 0x compare without case.
// Of tokens the balances of ContractAddress, of each Collection, of CreatorAddress and of each of TokenIDs are added up,
// each token once and exactly; the sum must reach MinTokenBalance, or be above zero when that is absent or 0. A balance is
// never below zero, so a sum that suffices does so whatever is not known.
//
// A balance is as old as the token that it was read from, up to 12 hours; Authz with Revalidate asks for it anew.
//
// Errors: ErrInvalidArgument for requirements that Auth would not send either, such as empty ones, and for a balance that
// is not a decimal. The outcome is OutcomeUnknown then.
func Evaluate(walletAddress string, balances TokenBalances, requirements Requirements) (Outcome, error) {
	if err := CheckRequirements(requirements); err != nil {
		return OutcomeUnknown, err
	}
	if walletAddress != "" && slices.ContainsFunc(requirements.AllowedWallets, func(allowed string) bool {
		return sameAddress(allowed, walletAddress)
	}) {
		return OutcomeMet, nil
	}
	return evaluateTokens(balances, requirements)
}

// CheckRequirements returns an error when requirements are none that a gate can have: empty, with an empty list or a blank
// address in them, or with a minimum that is not a decimal or counts no token. The error is an ErrInvalidArgument.
func CheckRequirements(requirements Requirements) error {
	if err := checkRequirements(requirements); err != nil {
		return fmt.Errorf("picket: %w: %w", ErrInvalidArgument, err)
	}
	return nil
}

func evaluateTokens(balances TokenBalances, r Requirements) (Outcome, error) {
	sum, missing := Decimal("0"), false
	for _, kind := range []struct {
		named []string
		known map[string]Decimal
	}{
		{[]string{r.ContractAddress}, balances.ContractAddress},
		{r.Collection, balances.Collection},
		{[]string{r.CreatorAddress}, balances.CreatorAddress},
		{r.TokenIDs, balances.TokenIDs},
	} {
		for i, token := range kind.named {
			if token == "" || slices.Contains(kind.named[:i], token) {
				continue
			}
			balance, err := balanceOf(kind.known, token)
			if err == nil && balance != "" {
				sum, err = sum.Add(balance)
			}
			if err != nil {
				return OutcomeUnknown, fmt.Errorf("picket: %w: a token balance: %w", ErrInvalidArgument, err)
			}
			missing = missing || balance == ""
		}
	}
	above, _ := sum.Cmp("0") // sum is a decimal, and the minimum was checked
	reached, _ := sum.Cmp(cmp.Or(r.MinTokenBalance, "0"))
	switch {
	case above > 0 && reached >= 0:
		return OutcomeMet, nil
	case missing:
		return OutcomeUnknown, nil
	}
	return OutcomeNotMet, nil
}

// balanceOf returns the balance of a token, or "" when it is not known. Where a contract is known in several spellings and
// not in the one that is asked for, the least of their balances counts.
func balanceOf(known map[string]Decimal, token string) (Decimal, error) {
	if balance, ok := known[token]; ok {
		return balance, nil
	}
	var least Decimal
	for spelling, balance := range known {
		if !sameAddress(spelling, token) {
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

// sameAddress compares addresses: those in hexadecimal without case, others to the letter.
func sameAddress(a, b string) bool {
	return a == b || (strings.HasPrefix(a, "0x") && strings.HasPrefix(b, "0x") && strings.EqualFold(a, b))
}
