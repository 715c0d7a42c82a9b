package picket_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/picket"
)

var hexadecimal = regexp.MustCompile(`^0[xX][0-9a-fA-F]+$`)

// plainOutcome is what a gate means, written down as plainly as can be.
func plainOutcome(gateChain string, r picket.Requirements, user picket.AuthenticatedUser) picket.Outcome {
	if gateChain != picket.AnyChain && gateChain != user.Chain {
		return picket.OutcomeOtherChain
	}
	same := func(a, b string) bool {
		return a == b || (hexadecimal.MatchString(a) && hexadecimal.MatchString(b) && strings.EqualFold(a, b))
	}
	for _, allowed := range r.AllowedWallets {
		if same(allowed, user.WalletAddress) {
			return picket.OutcomeMet
		}
	}
	sum, all := new(big.Rat), true
	add := func(balances map[string]picket.Decimal, names ...string) {
		for i, name := range names {
			repeated := name == ""
			for _, earlier := range names[:i] {
				repeated = repeated || same(earlier, name)
			}
			if repeated {
				continue
			}
			var least *big.Rat
			for spelling, balance := range balances {
				value, ok := new(big.Rat).SetString(string(balance))
				if ok && same(spelling, name) && (least == nil || value.Cmp(least) < 0) {
					least = value
				}
			}
			if least == nil {
				all = false
				continue
			}
			sum.Add(sum, least)
		}
	}
	add(user.TokenBalances.ContractAddress, r.ContractAddress)
	add(user.TokenBalances.Collection, r.Collection...)
	add(user.TokenBalances.CreatorAddress, r.CreatorAddress)
	add(user.TokenBalances.TokenIDs, r.TokenIDs...)
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

// Few names and small balances, so that what is asked for is often known, and sums are often just enough. Some differ in case
// only: in hexadecimal they are the same.
var (
	hexNames = []string{
		"0x00000000000000000000000000000000000000aa", "0x00000000000000000000000000000000000000AA", "0x00000000000000000000000000000000000000aA",
		"0x00000000000000000000000000000000000000bb", "0x00000000000000000000000000000000000000Bb",
	}
	base58Names = []string{mint, otherMint, "ePjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", collection}
	flowNames   = []string{"0x00000000000000aa", "0x00000000000000AA", "A.00000000000000aa.Token", "A.00000000000000aa.token"}
	amounts     = rapid.StringMatching(`(0|[1-3])(\.(0|1|5|9))?`)
)

// world is the tokens and wallets of a chain.
func world(chain string) *rapid.Generator[string] {
	switch chain {
	case "solana":
		return rapid.SampledFrom(base58Names)
	case "flow":
		return rapid.SampledFrom(flowNames)
	case "newchain":
		return rapid.SampledFrom(append(append([]string{}, hexNames...), base58Names...))
	}
	return rapid.SampledFrom(hexNames)
}

func someBalances(t *rapid.T, names *rapid.Generator[string]) picket.TokenBalances {
	kind := func(name string) map[string]picket.Decimal {
		known := map[string]picket.Decimal{}
		for token, balance := range rapid.MapOf(names, amounts).Draw(t, name) {
			known[token] = picket.Decimal(balance)
		}
		return known
	}
	return picket.TokenBalances{
		ContractAddress: kind("known contracts"),
		Collection:      kind("known collections"),
		CreatorAddress:  kind("known creators"),
		TokenIDs:        kind("known tokens"),
	}
}

// someGate generates a chain, requirements that a gate for it can have, and a user who is on that chain more often than not.
func someGate(t *rapid.T) (string, picket.Requirements, picket.AuthenticatedUser) {
	chain := rapid.SampledFrom([]string{"ethereum", "polygon", "solana", "flow", "newchain", picket.AnyChain}).Draw(t, "chain")
	usersChain := chain
	if chain == picket.AnyChain || rapid.IntRange(0, 9).Draw(t, "elsewhere") == 0 {
		usersChain = rapid.SampledFrom([]string{"ethereum", "solana", "flow", "newchain"}).Draw(t, "user's chain")
	}
	names := world(usersChain)
	maybe := func(name string, g *rapid.Generator[string]) string {
		if rapid.Bool().Draw(t, "has "+name) {
			return g.Draw(t, name)
		}
		return ""
	}
	list := func(name string) []string {
		if rapid.Bool().Draw(t, "has "+name) {
			return rapid.SliceOfN(world(chain), 1, 4).Draw(t, name)
		}
		return nil
	}
	r := picket.Requirements{AllowedWallets: list("wallets")}
	if chain == "solana" || chain == "newchain" {
		r.Collection, r.TokenIDs, r.CreatorAddress = list("collections"), list("tokens"), maybe("creator", world(chain))
	}
	if chain != "solana" && chain != picket.AnyChain {
		r.ContractAddress = maybe("contract", world(chain))
	}
	if r.ContractAddress+r.CreatorAddress != "" || r.Collection != nil || r.TokenIDs != nil {
		r.MinTokenBalance = picket.Decimal(maybe("minimum", rapid.StringMatching(`[0-6](\.(0|05|5|9))?`)))
	}
	return chain, r, picket.AuthenticatedUser{Chain: usersChain, WalletAddress: names.Draw(t, "wallet"), TokenBalances: someBalances(t, names)}
}

func TestGatesDecideAsThePlainModelHasIt(t *testing.T) {
	seen := map[picket.Outcome]int{}
	rapid.Check(t, func(t *rapid.T) {
		chain, r, user := someGate(t)
		gate, err := picket.NewGate(chain, r)
		if err != nil {
			t.Skip(err) // such as requirements that turned out empty
		}
		got, err := gate.Evaluate(user)
		if want := plainOutcome(chain, r, user); err != nil || got != want {
			t.Fatalf("got %v, %v; want %v", got, err, want)
		}
		seen[got]++
	})
	for _, outcome := range []picket.Outcome{picket.OutcomeMet, picket.OutcomeNotMet, picket.OutcomeUnknown, picket.OutcomeOtherChain} {
		if seen[outcome] == 0 {
			t.Errorf("the model was never asked about %v: %v", outcome, seen)
		}
	}
}

func TestMoreBalancesNeverCloseAGate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain, r, user := someGate(t)
		gate, err := picket.NewGate(chain, r)
		if err != nil {
			t.Skip(err)
		}
		before, err := gate.Evaluate(user)
		if err != nil {
			t.Fatal(err)
		}
		known := user.TokenBalances
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
		after, err := gate.Evaluate(user)
		if err != nil || (before == picket.OutcomeMet && after != picket.OutcomeMet) || (before == picket.OutcomeUnknown && after == picket.OutcomeNotMet) {
			t.Fatalf("it was %v, and with more it is %v, %v", before, after, err)
		}
	})
}

// FuzzEvaluate makes a gate of any chain and requirements, as JSON, and asks it about any user.
func FuzzEvaluate(f *testing.F) {
	for _, seed := range []struct{ chain, usersChain, wallet, balances, requirements string }{
		{"ethereum", "ethereum", address, `{"contractAddress":{"` + contract + `":"12.5"}}`, `{"contractAddress":"` + contract + `","minTokenBalance":"12.50"}`},
		{"ethereum", "polygon", address, `{"contractAddress":{"` + contract + `":"12.5"}}`, `{"contractAddress":"` + contract + `"}`},
		{"newchain", "newchain", "0xA1", `{"contractAddress":{"0xaa":"1","0xAA":"2"}}`, `{"contractAddress":"0xAa","minTokenBalance":2}`},
		{"newchain", "newchain", "sol1", `{"collection":{"apes":1e3},"tokenIds":{"mint":"0.1"},"creatorAddress":{"c":0}}`, `{"collection":["apes","birds"],"tokenIds":["mint","mint"],"creatorAddress":"c"}`},
		{"solana", "solana", solanaWallet, `{"tokenIds":{"` + mint + `":""}}`, `{"tokenIds":["` + mint + `"]}`},
		{"*", "ethereum", address, `{}`, `{"allowedWallets":["` + address + `"]}`},
		{"*", "*", "", `{}`, `{"allowedWallets":[""]}`},
		{"", "", "", `null`, `{"allowedWallets":[]}`},
		{"Ethereum", "", "x", `{}`, `{"minTokenBalance":"1"}`},
		{"ethereum", "ethereum", "x", `{}`, `{}`},
	} {
		f.Add(seed.chain, seed.usersChain, seed.wallet, []byte(seed.balances), []byte(seed.requirements))
	}
	f.Fuzz(func(t *testing.T, chain, usersChain, wallet string, balances, requirements []byte) {
		var known picket.TokenBalances
		var r picket.Requirements
		if json.Unmarshal(balances, &known) != nil || json.Unmarshal(requirements, &r) != nil {
			return
		}
		fails := func(err error) {
			if !errors.Is(err, picket.ErrInvalidArgument) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("got %q", err)
			}
		}
		gate, err := picket.NewGate(chain, r)
		if err != nil {
			fails(err)
			return
		}
		user := picket.AuthenticatedUser{Chain: usersChain, WalletAddress: wallet, TokenBalances: known}
		got, err := gate.Evaluate(user)
		if err != nil {
			fails(err)
			if got != picket.OutcomeUnknown {
				t.Errorf("got %v with %v", got, err)
			}
			return
		}
		if want := plainOutcome(chain, r, user); got != want {
			t.Errorf("on %s, %s with %s is %v; want %v", chain, requirements, balances, got, want)
		}
	})
}
