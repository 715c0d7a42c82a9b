package picket_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/picket"
)

// plainOutcome is what requirements mean, written down as plainly as can be. It knows no spellings: balances must be
// known by the name that is asked for, or not at all.
func plainOutcome(wallet string, known picket.TokenBalances, r picket.Requirements) picket.Outcome {
	for _, allowed := range r.AllowedWallets {
		same := allowed == wallet
		if strings.HasPrefix(allowed, "0x") && strings.HasPrefix(wallet, "0x") {
			same = strings.EqualFold(allowed, wallet)
		}
		if same && wallet != "" {
			return picket.OutcomeMet
		}
	}
	sum, all := new(big.Rat), true
	add := func(balances map[string]picket.Decimal, names ...string) {
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if balance, ok := balances[name]; name != "" && ok {
				value, _ := new(big.Rat).SetString(string(balance))
				sum.Add(sum, value)
			} else if name != "" {
				all = false
			}
		}
	}
	add(known.ContractAddress, r.ContractAddress)
	add(known.Collection, slices.Clone(r.Collection)...)
	add(known.CreatorAddress, r.CreatorAddress)
	add(known.TokenIDs, slices.Clone(r.TokenIDs)...)
	minimum := new(big.Rat)
	if r.MinTokenBalance != "" {
		minimum.SetString(string(r.MinTokenBalance))
	}
	switch {
	case sum.Sign() > 0 && sum.Cmp(minimum) >= 0:
		return picket.OutcomeMet
	case !all:
		return picket.OutcomeUnknown
	}
	return picket.OutcomeNotMet
}

// Few names and small balances, so that what is asked for is often known, and sums are often just enough.
var (
	contracts = rapid.SampledFrom([]string{"0xAa", "0xBb", "0xCc"})
	names     = rapid.SampledFrom([]string{"apes", "birds", "cats", "Apes"})
	amounts   = rapid.StringMatching(`(0|[1-3])(\.(0|1|5|9))?`)
)

func someBalances(t *rapid.T) picket.TokenBalances {
	kind := func(name string, tokens *rapid.Generator[string]) map[string]picket.Decimal {
		known := map[string]picket.Decimal{}
		for token, balance := range rapid.MapOf(tokens, amounts).Draw(t, name) {
			known[token] = picket.Decimal(balance)
		}
		return known
	}
	return picket.TokenBalances{
		ContractAddress: kind("known contracts", contracts),
		Collection:      kind("known collections", names),
		CreatorAddress:  kind("known creators", names),
		TokenIDs:        kind("known tokens", names),
	}
}

// someRequirements generates requirements that a gate can have.
func someRequirements(t *rapid.T, wallets *rapid.Generator[string]) picket.Requirements {
	maybe := func(name string, g *rapid.Generator[string]) string {
		if rapid.Bool().Draw(t, "has "+name) {
			return g.Draw(t, name)
		}
		return ""
	}
	list := func(name string, g *rapid.Generator[string]) []string {
		if rapid.Bool().Draw(t, "has "+name) {
			return rapid.SliceOfN(g, 1, 4).Draw(t, name)
		}
		return nil
	}
	r := picket.Requirements{
		ContractAddress: maybe("contract", contracts),
		Collection:      list("collections", names),
		CreatorAddress:  maybe("creator", names),
		TokenIDs:        list("tokens", names),
		AllowedWallets:  list("wallets", wallets),
	}
	if r.ContractAddress+r.CreatorAddress != "" || r.Collection != nil || r.TokenIDs != nil {
		r.MinTokenBalance = picket.Decimal(maybe("minimum", rapid.StringMatching(`[0-6](\.(0|05|5|9))?`)))
	} else if r.AllowedWallets == nil {
		r.ContractAddress = contracts.Draw(t, "contract")
	}
	return r
}

func TestRequirementsAreEvaluatedAsThePlainModelHasIt(t *testing.T) {
	wallets := rapid.SampledFrom([]string{"0xA1", "0xa1", "0xB2", "sol1", "SOL1"})
	rapid.Check(t, func(t *rapid.T) {
		wallet, known, r := wallets.Draw(t, "wallet"), someBalances(t), someRequirements(t, wallets)
		got, err := picket.Evaluate(wallet, known, r)
		if want := plainOutcome(wallet, known, r); err != nil || got != want {
			t.Fatalf("got %v, %v; want %v", got, err, want)
		}
	})
}

// TestMoreBalancesNeverCloseAGate also holds for what the plain model does not know: contracts in several spellings.
func TestMoreBalancesNeverCloseAGate(t *testing.T) {
	wallets := rapid.SampledFrom([]string{"0xA1", "0xB2"})
	rapid.Check(t, func(t *rapid.T) {
		wallet, known, r := wallets.Draw(t, "wallet"), someBalances(t), someRequirements(t, wallets)
		r.ContractAddress = strings.ToLower(r.ContractAddress)
		before, err := picket.Evaluate(wallet, known, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, grown := range []map[string]picket.Decimal{known.ContractAddress, known.Collection, known.CreatorAddress, known.TokenIDs} {
			for name, balance := range grown {
				if rapid.Bool().Draw(t, "grows") {
					grown[name], err = balance.Add("1.5")
					if err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		after, err := picket.Evaluate(wallet, known, r)
		if err != nil || (before == picket.OutcomeMet && after != picket.OutcomeMet) || (before == picket.OutcomeUnknown && after == picket.OutcomeNotMet) {
			t.Fatalf("it was %v, and with more it is %v, %v", before, after, err)
		}
	})
}

// FuzzEvaluate evaluates any requirements, as JSON, for any balances.
func FuzzEvaluate(f *testing.F) {
	for _, seed := range []struct{ wallet, balances, requirements string }{
		{"0xA1", `{"contractAddress":{"0xAa":"12.5"}}`, `{"contractAddress":"0xAa","minTokenBalance":"12.50"}`},
		{"0xA1", `{"contractAddress":{"0xaa":"1","0xAA":"2"}}`, `{"contractAddress":"0xAa","minTokenBalance":2}`},
		{"sol1", `{"collection":{"apes":1e3},"tokenIds":{"mint":"0.1"},"creatorAddress":{"c":0}}`, `{"collection":["apes","birds"],"tokenIds":["mint","mint"],"creatorAddress":"c"}`},
		{"0xa1", `{}`, `{"allowedWallets":["0xA1"]}`},
		{"", `{}`, `{"allowedWallets":[""]}`},
		{"", `null`, `{"allowedWallets":[]}`},
		{"x", `{}`, `{"minTokenBalance":"1"}`},
		{"x", `{}`, `{}`},
	} {
		f.Add(seed.wallet, []byte(seed.balances), []byte(seed.requirements))
	}
	f.Fuzz(func(t *testing.T, wallet string, balances, requirements []byte) {
		var known picket.TokenBalances
		var r picket.Requirements
		if json.Unmarshal(balances, &known) != nil || json.Unmarshal(requirements, &r) != nil {
			return
		}
		got, err := picket.Evaluate(wallet, known, r)
		if err != nil {
			if got != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("got %v, %q", got, err)
			}
			return
		}
		if picket.CheckRequirements(r) != nil {
			t.Fatalf("requirements that are none are %v", got)
		}
		want := plainOutcome(wallet, known, r)
		if got != want && !spelledOtherwise(known, r) {
			t.Errorf("%s with %s is %v; want %v", requirements, balances, got, want)
		}
	})
}

// spelledOtherwise reports whether one of the names that are asked for is known in another spelling alone.
func spelledOtherwise(known picket.TokenBalances, r picket.Requirements) bool {
	for _, kind := range []struct {
		named    []string
		balances map[string]picket.Decimal
	}{
		{[]string{r.ContractAddress}, known.ContractAddress}, {r.Collection, known.Collection},
		{[]string{r.CreatorAddress}, known.CreatorAddress}, {r.TokenIDs, known.TokenIDs},
	} {
		for _, name := range kind.named {
			if _, exact := kind.balances[name]; exact {
				continue
			}
			for spelling := range kind.balances {
				if strings.EqualFold(spelling, name) {
					return true
				}
			}
		}
	}
	return false
}
