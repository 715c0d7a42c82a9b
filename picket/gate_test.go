package picket_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	contract      = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	otherContract = "0x0000000000000000000000000000000000000001"
	solanaWallet  = "6VnAmejskVXfYik12tggk9YDiHz22e6esteoxNNJdZsB"
	collection    = "So11111111111111111111111111111111111111112"
	mint          = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	otherMint     = "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"
	flowWallet    = "0x1654653399040a61"
)

func newGate(t testing.TB, chain string, r picket.Requirements) *picket.Gate {
	t.Helper()
	gate, err := picket.NewGate(chain, r)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func TestAGateThatCouldOnlyBeAMistakeIsNotMade(t *testing.T) {
	wallets := func(list ...string) picket.Requirements { return picket.Requirements{AllowedWallets: list} }
	token := func(address string) picket.Requirements { return picket.Requirements{ContractAddress: address} }
	mints := func(list ...string) picket.Requirements { return picket.Requirements{TokenIDs: list} }
	for name, test := range map[string]struct {
		chain        string
		requirements picket.Requirements
		want         string
	}{
		"no chain":                   {"", token(contract), "names no chain"},
		"a chain of spaces":          {" ", token(contract), "the chain"},
		"a chain with a space":       {"ethereum ", token(contract), "the chain"},
		"a chain in capitals":        {"Ethereum", token(contract), "slug"},
		"a chain's number":           {"137", token(contract), "slug"},
		"a CAIP-2 chain":             {"eip155:1", token(contract), "slug"},
		"a path for a chain":         {"../auth", token(contract), "slash"},
		"two chains":                 {"ethereum,polygon", token(contract), "slug"},
		"any chain in words":         {"**", token(contract), "slug"},
		"nothing required":           {"ethereum", picket.Requirements{}, "names nothing"},
		"nothing required, anywhere": {picket.AnyChain, picket.Requirements{}, "names nothing"},
		"a nil list":                 {"ethereum", wallets(), "names nothing"},
		"an empty list, not absent":  {"ethereum", picket.Requirements{AllowedWallets: []string{}}, "AllowedWallets is empty"},
		"a blank wallet":             {"ethereum", wallets(address, ""), "AllowedWallets[1] is empty"},
		"a minimum of nothing":       {"ethereum", picket.Requirements{MinTokenBalance: "3"}, "needs a token"},
		"a minimum of a list":        {"ethereum", picket.Requirements{MinTokenBalance: "3", AllowedWallets: []string{address}}, "needs a token"},
		"a minimum in words":         {"ethereum", picket.Requirements{MinTokenBalance: "three", ContractAddress: contract}, "MinTokenBalance"},
		"a negative minimum":         {"ethereum", picket.Requirements{MinTokenBalance: "-3", ContractAddress: contract}, "MinTokenBalance"},

		"too few digits":              {"ethereum", token("0x1234"), "40 hexadecimal digits"},
		"a digit too many":            {"ethereum", token(contract + "0"), "40 hexadecimal digits"},
		"a digit too few":             {"polygon", token(contract[:41]), "40 hexadecimal digits"},
		"no 0x":                       {"optimism", token(contract[2:]), "40 hexadecimal digits"},
		"0X":                          {"arbitrum", token("0X" + contract[2:]), "40 hexadecimal digits"},
		"a letter that is no digit":   {"avalanche", token("0xg" + contract[3:]), "40 hexadecimal digits"},
		"a digit of another script":   {"ethereum", token("0x１f9840a85d5aF5bf1D1762F925BDADdC4201F984"[:42]), "ContractAddress"},
		"a name":                      {"ethereum", token("alice.eth"), "40 hexadecimal digits"},
		"a CAIP-10 address":           {"ethereum", token("eip155:1:" + contract), "40 hexadecimal digits"},
		"spaces around":               {"ethereum", token(" " + contract), "space"},
		"a zero-width space":          {"ethereum", token(contract + "\u200b"), "40 hexadecimal digits"},
		"two contracts":               {"ethereum", token(contract + "," + otherContract), "40 hexadecimal digits"},
		"an address of Solana":        {"ethereum", token(mint), "40 hexadecimal digits"},
		"an address of Flow":          {"ethereum", token(flowWallet), "40 hexadecimal digits"},
		"a wallet by name":            {"ethereum", wallets(address, "alice.eth"), "AllowedWallets[1]"},
		"a wallet of Solana":          {"ethereum", wallets(solanaWallet), "AllowedWallets[0]"},
		"a wallet with a digit more":  {"polygon", wallets(address + "0"), "AllowedWallets[0]"},
		"a wallet with a space":       {"polygon", wallets(address + " "), "AllowedWallets[0]"},
		"mints on Ethereum":           {"ethereum", mints(mint), "use ContractAddress"},
		"a collection on Ethereum":    {"polygon", picket.Requirements{Collection: []string{contract}}, "use ContractAddress"},
		"a creator on Ethereum":       {"ethereum", picket.Requirements{CreatorAddress: contract}, "use ContractAddress"},
		"a creator beside a contract": {"ethereum", picket.Requirements{CreatorAddress: contract, ContractAddress: contract}, "use ContractAddress"},

		"a contract on Solana":       {"solana", token(mint), "use TokenIDs"},
		"a contract of Ethereum":     {"solana", mints(contract), "base58 form of 32 bytes"},
		"31 bytes":                   {"solana", mints("cpFJNygUWFSzGfZwVB7UTcpZyLDRZfADERqm4LDRL9"), "base58 form of 32 bytes"},
		"31 bytes of zero":           {"solana", mints(strings.Repeat("1", 31)), "base58 form of 32 bytes"},
		"33 bytes":                   {"solana", mints(strings.Repeat("1", 33)), "base58 form of 32 bytes"},
		"33 bytes in 44 characters":  {"solana", mints(strings.Repeat("z", 44)), "base58 form of 32 bytes"},
		"45 characters":              {"solana", mints("1" + mint + "1"), "base58 form of 32 bytes"},
		"a letter without a place":   {"solana", mints("0" + mint[1:]), "base58 form of 32 bytes"},
		"a name on Solana":           {"solana", wallets("alice.sol"), "AllowedWallets[0]"},
		"a wallet of Ethereum":       {"solana", wallets(address), "AllowedWallets[0]"},
		"one of several mints":       {"solana", mints(mint, "usdc"), "TokenIDs"},
		"a collection by name":       {"solana", picket.Requirements{Collection: []string{"apes"}}, "Collection"},
		"a creator by name":          {"solana", picket.Requirements{CreatorAddress: "apes"}, "CreatorAddress"},
		"a mint with spaces":         {"solana", mints(mint + " "), "space"},
		"an empty list of mints":     {"solana", picket.Requirements{TokenIDs: []string{}}, "TokenIDs is empty"},
		"a wallet of Flow too long":  {"flow", wallets(address), "16 hexadecimal digits"},
		"a contract of Flow no more": {"flow", token(contract), "16 hexadecimal digits"},
		"a name on Flow":             {"flow", token("alice.find"), "16 hexadecimal digits"},

		"a token on any chain":     {picket.AnyChain, token(contract), "name the chain"},
		"a token beside a list":    {picket.AnyChain, picket.Requirements{ContractAddress: contract, AllowedWallets: []string{address}}, "name the chain"},
		"mints on any chain":       {picket.AnyChain, mints(mint), "name the chain"},
		"a collection anywhere":    {picket.AnyChain, picket.Requirements{Collection: []string{collection}}, "name the chain"},
		"a creator anywhere":       {picket.AnyChain, picket.Requirements{CreatorAddress: mint}, "name the chain"},
		"a name on any chain":      {picket.AnyChain, wallets("alice.eth"), "AllowedWallets[0]"},
		"0x1234 on any chain":      {picket.AnyChain, wallets(address, "0x1234"), "AllowedWallets[1]"},
		"CAIP-10 on any chain":     {picket.AnyChain, wallets("eip155:1:" + address), "AllowedWallets[0]"},
		"a name on a new chain":    {"newchain", wallets("Alice.ETH"), "not an address"},
		"CAIP-10 on a new chain":   {"newchain", token("eip155:1:" + contract), "not an address"},
		"spaces on a new chain":    {"newchain", token(contract + " "), "space"},
		"two mints in one, anyhow": {"newchain", mints(mint + "," + otherMint), "not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			gate, err := picket.NewGate(test.chain, test.requirements)
			if gate != nil || !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("got %v, %v; want %q", gate, err, test.want)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\r\n\u200b") {
				t.Errorf("the error is not one plain line: %q", err)
			}
		})
	}
}

func TestAGateIsMadeOfEveryFormThatItsChainHas(t *testing.T) {
	for name, test := range map[string]struct {
		chain        string
		requirements picket.Requirements
	}{
		"EVM":                {"ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "1e3", AllowedWallets: []string{address, strings.ToLower(address)}}},
		"EVM in capitals":    {"polygon", picket.Requirements{ContractAddress: "0x" + strings.ToUpper(contract[2:])}},
		"Solana":             {"solana", picket.Requirements{TokenIDs: []string{mint, mint}, Collection: []string{collection}, CreatorAddress: otherMint, AllowedWallets: []string{solanaWallet}}},
		"zeros on Solana":    {"solana", picket.Requirements{AllowedWallets: []string{strings.Repeat("1", 32)}}},
		"Flow":               {"flow", picket.Requirements{ContractAddress: flowWallet, AllowedWallets: []string{flowWallet}}},
		"a contract on Flow": {"flow", picket.Requirements{ContractAddress: "A.1654653399040a61.FlowToken"}},
		"any chain":          {picket.AnyChain, picket.Requirements{AllowedWallets: []string{address, solanaWallet, flowWallet}}},
		"a new chain":        {"new-chain2", picket.Requirements{ContractAddress: "whatever", TokenIDs: []string{"0x1"}}},
	} {
		gate, err := picket.NewGate(test.chain, test.requirements)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(test.requirements, gate.Requirements()); diff != "" || gate.Chain() != test.chain || gate.Key() == "" {
			t.Errorf("%s: %s, %q, %q", name, diff, gate.Chain(), gate.Key())
		}
	}
}

func TestAGateDoesNotChange(t *testing.T) {
	list := []string{address}
	gate := newGate(t, "ethereum", picket.Requirements{AllowedWallets: list})
	list[0] = otherContract
	gate.Requirements().AllowedWallets[0] = otherContract
	for wallet, want := range map[string]picket.Outcome{address: picket.OutcomeMet, otherContract: picket.OutcomeNotMet} {
		if got, err := gate.Evaluate(picket.AuthenticatedUser{Chain: "ethereum", WalletAddress: wallet}); got != want || err != nil {
			t.Errorf("%s: %v, %v", wallet, got, err)
		}
	}
	if diff := cmp.Diff(picket.Requirements{AllowedWallets: []string{address}}, gate.Requirements()); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyGatesThatAreTheSameShareAKey(t *testing.T) {
	keys := map[string]string{}
	for name, gate := range map[string]*picket.Gate{
		"contract":          newGate(t, "ethereum", picket.Requirements{ContractAddress: contract}),
		"on another chain":  newGate(t, "polygon", picket.Requirements{ContractAddress: contract}),
		"with a minimum":    newGate(t, "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}),
		"another contract":  newGate(t, "ethereum", picket.Requirements{ContractAddress: otherContract}),
		"wallets":           newGate(t, "ethereum", picket.Requirements{AllowedWallets: []string{address}}),
		"wallets anywhere":  newGate(t, picket.AnyChain, picket.Requirements{AllowedWallets: []string{address}}),
		"a mint":            newGate(t, "solana", picket.Requirements{TokenIDs: []string{mint}}),
		"a collection":      newGate(t, "solana", picket.Requirements{Collection: []string{mint}}),
		"a creator":         newGate(t, "solana", picket.Requirements{CreatorAddress: mint}),
		"a wallet on there": newGate(t, "solana", picket.Requirements{AllowedWallets: []string{mint}}),
	} {
		if other, taken := keys[gate.Key()]; taken || gate.Key() == "" {
			t.Errorf("%s has the key of %s", name, other)
		}
		keys[gate.Key()] = name
	}
	one := newGate(t, "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "2.50"})
	if same := newGate(t, "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "2.5"}); one.Key() != same.Key() {
		t.Error("two gates that are the same have two keys")
	}
}

func TestAGateThatNobodyMadeLetsNobodyPass(t *testing.T) {
	user := picket.AuthenticatedUser{Chain: "ethereum", WalletAddress: address, TokenBalances: picket.TokenBalances{ContractAddress: balances{contract: "9"}}}
	for name, gate := range map[string]*picket.Gate{"nil": nil, "zero": {}} {
		outcome, err := gate.Evaluate(user)
		if outcome != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: %v, %v", name, outcome, err)
		}
		outcome, err = gate.EvaluateClaims(&picket.AccessTokenPayload{Chain: "ethereum", WalletAddress: address})
		if outcome != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: %v, %v", name, outcome, err)
		}
		if gate.Chain() != "" || gate.Key() != "" || gate.IsFor("ethereum") || gate.IsFor("") || cmp.Diff(picket.Requirements{}, gate.Requirements()) != "" {
			t.Errorf("%s: it says %q, %q, %+v", name, gate.Chain(), gate.Key(), gate.Requirements())
		}
	}
}

func TestAGateIsForItsChainOnly(t *testing.T) {
	one := newGate(t, "polygon", picket.Requirements{ContractAddress: contract})
	all := newGate(t, picket.AnyChain, picket.Requirements{AllowedWallets: []string{address}})
	for chain, want := range map[string][2]bool{
		"polygon": {true, true}, "ethereum": {false, true}, "Polygon": {false, true}, "newchain": {false, true},
		"": {false, false}, "*": {false, true},
	} {
		if got := [2]bool{one.IsFor(chain), all.IsFor(chain)}; got != want {
			t.Errorf("%q: %v", chain, got)
		}
	}
}

// gateOf returns a gate of many allowed wallets, and a user who is none of them.
func gateOf(tb testing.TB, n int) (*picket.Gate, *picket.AccessTokenPayload) {
	wallets := make([]string, n)
	for i := range wallets {
		wallets[i] = fmt.Sprintf("0x%040X", i)
	}
	return newGate(tb, "ethereum", picket.Requirements{AllowedWallets: wallets, ContractAddress: contract, MinTokenBalance: "3"}),
		&picket.AccessTokenPayload{
			Chain: "ethereum", WalletAddress: address, TokenBalances: picket.TokenBalances{ContractAddress: balances{contract: "5"}},
		}
}

func TestADecisionCostsTheSameForTenThousandWalletsAsForOne(t *testing.T) {
	cost := func(n int) time.Duration {
		gate, claims := gateOf(t, n)
		least := time.Hour
		for range 20 {
			started := time.Now()
			for range 20 {
				if outcome, err := gate.EvaluateClaims(claims); outcome != picket.OutcomeMet || err != nil {
					t.Fatal(outcome, err)
				}
			}
			least = min(least, time.Since(started))
		}
		return least
	}
	// A walk over the list would cost hundreds of times as much.
	if one, many := cost(1), cost(10_000); many > 10*one {
		t.Errorf("20 decisions cost %v with one wallet, and %v with 10,000", one, many)
	}
}

func BenchmarkGate(b *testing.B) {
	for _, n := range []int{1, 10_000} {
		gate, claims := gateOf(b, n)
		b.Run(fmt.Sprintf("%d wallets", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if outcome, err := gate.EvaluateClaims(claims); outcome != picket.OutcomeMet || err != nil {
					b.Fatal(outcome, err)
				}
			}
		})
	}
}
