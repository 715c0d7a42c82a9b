package picket_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

type balances = map[string]picket.Decimal

func TestEvaluate(t *testing.T) {
	lower, upper := strings.ToLower(contract), "0x"+strings.ToUpper(contract[2:])
	for name, test := range map[string]struct {
		chain        string
		wallet       string
		balances     picket.TokenBalances
		requirements picket.Requirements
		want         picket.Outcome
	}{
		"on the list": {"ethereum", address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{otherContract, address}}, picket.OutcomeMet},
		"on the list in another case": {"ethereum", "0xa548ac9c6f41b19175023b5f09c6e70f99cfeec8", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{address}}, picket.OutcomeMet},
		"a list in another case": {"ethereum", address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{"0xA548AC9C6F41B19175023B5F09C6E70F99CFEEC8"}}, picket.OutcomeMet},
		"not on the list": {"ethereum", address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{otherContract}}, picket.OutcomeNotMet},
		"nobody": {"ethereum", "", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{otherContract}}, picket.OutcomeNotMet},
		"on the list of Solana": {"solana", solanaWallet, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{solanaWallet}}, picket.OutcomeMet},
		"Solana's case matters": {"solana", "6vnAmejskVXfYik12tggk9YDiHz22e6esteoxNNJdZsB", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{solanaWallet}}, picket.OutcomeNotMet},
		"on the list of Flow": {"flow", "0x1654653399040A61", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{flowWallet}}, picket.OutcomeMet},
		"not on the list, but holds": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "1"}},
			picket.Requirements{AllowedWallets: []string{otherContract}, ContractAddress: contract}, picket.OutcomeMet},

		"on another chain": {"polygon", address, picket.TokenBalances{ContractAddress: balances{contract: "3"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeOtherChain},
		"on another chain, and on the list": {"polygon", address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{address}}, picket.OutcomeOtherChain},
		"on a chain in another case": {"Ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "3"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeOtherChain},

		"nothing is known": {"ethereum", address, picket.TokenBalances{},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"another contract is known": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{otherContract: "5"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"the contract as a mint": {"ethereum", address, picket.TokenBalances{TokenIDs: balances{contract: "5"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"the mint as a collection": {"solana", address, picket.TokenBalances{Collection: balances{mint: "5"}},
			picket.Requirements{TokenIDs: []string{mint}}, picket.OutcomeUnknown},
		"any number": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "0.000000000000000001"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeMet},
		"none": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "0"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeNotMet},
		"a minimum of 0 is any number": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "0"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "0.0"}, picket.OutcomeNotMet},
		"exactly enough": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "3"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "3.0"}, picket.OutcomeMet},
		"a hair too few": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "2.999999999999999999999999999999"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}, picket.OutcomeNotMet},
		"beyond what a float tells apart": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "9007199254740992"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "9007199254740993"}, picket.OutcomeNotMet},
		"a contract in another case": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{upper: "1"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeMet},
		"a contract with 0X": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{strings.ToUpper(contract): "1"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeMet},
		"the least of two spellings": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{upper: "3", lower: "1"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"the least, whichever was asked for": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{contract: "3", lower: "1"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"no sum of spellings": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{upper: "1", lower: "1"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"a spelling without a balance": {"ethereum", address, picket.TokenBalances{ContractAddress: balances{upper: "", contract: "2", lower: ""}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeMet},

		"a sum": {"solana", address, picket.TokenBalances{Collection: balances{mint: "1", otherMint: "1"}, CreatorAddress: balances{mint: "1"}, TokenIDs: balances{mint: "1", otherMint: "1"}},
			picket.Requirements{Collection: []string{mint, otherMint}, CreatorAddress: mint, TokenIDs: []string{mint, otherMint}, MinTokenBalance: "5"}, picket.OutcomeMet},
		"a sum that is short": {"solana", address, picket.TokenBalances{Collection: balances{mint: "1", otherMint: "1"}, CreatorAddress: balances{mint: "1"}, TokenIDs: balances{mint: "1", otherMint: "0.9"}},
			picket.Requirements{Collection: []string{mint, otherMint}, CreatorAddress: mint, TokenIDs: []string{mint, otherMint}, MinTokenBalance: "5"}, picket.OutcomeNotMet},
		"a part that suffices": {"solana", address, picket.TokenBalances{Collection: balances{mint: "5"}},
			picket.Requirements{Collection: []string{mint, otherMint}, MinTokenBalance: "5"}, picket.OutcomeMet},
		"a part that does not": {"solana", address, picket.TokenBalances{Collection: balances{mint: "4"}},
			picket.Requirements{Collection: []string{mint, otherMint}, MinTokenBalance: "5"}, picket.OutcomeUnknown},
		"named twice, held once": {"solana", address, picket.TokenBalances{TokenIDs: balances{mint: "1"}},
			picket.Requirements{TokenIDs: []string{mint, mint}, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"a collection in two spellings, on a new chain": {"newchain", address, picket.TokenBalances{Collection: balances{contract: "1", lower: "1"}},
			picket.Requirements{Collection: []string{contract, lower}, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"a mint in another case, on a new chain": {"newchain", address, picket.TokenBalances{TokenIDs: balances{strings.ToLower(mint): "1"}},
			picket.Requirements{TokenIDs: []string{mint}}, picket.OutcomeUnknown},
		"a mint in another case": {"solana", address, picket.TokenBalances{TokenIDs: balances{strings.ToLower(mint): "1"}},
			picket.Requirements{TokenIDs: []string{mint}}, picket.OutcomeUnknown},
		"a collection in another case": {"solana", address, picket.TokenBalances{Collection: balances{strings.ToUpper(mint): "1"}},
			picket.Requirements{Collection: []string{mint}}, picket.OutcomeUnknown},
		"a contract on Flow in another case": {"flow", flowWallet, picket.TokenBalances{ContractAddress: balances{"A.1654653399040a61.flowtoken": "1"}},
			picket.Requirements{ContractAddress: "A.1654653399040a61.FlowToken"}, picket.OutcomeUnknown},
		"a balance that is not there": {"solana", address, picket.TokenBalances{TokenIDs: balances{mint: ""}},
			picket.Requirements{TokenIDs: []string{mint}}, picket.OutcomeUnknown},
	} {
		chain := test.chain
		if test.want == picket.OutcomeOtherChain {
			chain = "ethereum"
		}
		gate := newGate(t, chain, test.requirements)
		got, err := gate.Evaluate(picket.AuthenticatedUser{Chain: test.chain, WalletAddress: test.wallet, TokenBalances: test.balances})
		if got != test.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
		claims := &picket.AccessTokenPayload{Chain: test.chain, WalletAddress: test.wallet, TokenBalances: test.balances}
		if got, err := gate.EvaluateClaims(claims); got != test.want || err != nil {
			t.Errorf("%s, of claims: %v, %v; want %v", name, got, err, test.want)
		}
	}
}

func TestAListForAnyChainKeepsTheSpellingsOfEachChain(t *testing.T) {
	gate := newGate(t, picket.AnyChain, picket.Requirements{AllowedWallets: []string{address, solanaWallet, flowWallet}})
	for _, test := range []struct {
		chain, wallet string
		want          picket.Outcome
	}{
		{"ethereum", address, picket.OutcomeMet},
		{"polygon", strings.ToLower(address), picket.OutcomeMet},
		{"newchain", strings.ToLower(address), picket.OutcomeMet},
		{"solana", solanaWallet, picket.OutcomeMet},
		{"solana", strings.ToLower(solanaWallet), picket.OutcomeNotMet},
		{"flow", strings.ToUpper(flowWallet), picket.OutcomeMet},
		{"ethereum", otherContract, picket.OutcomeNotMet},
		{"ethereum", "", picket.OutcomeNotMet},
	} {
		got, err := gate.Evaluate(picket.AuthenticatedUser{Chain: test.chain, WalletAddress: test.wallet})
		if got != test.want || err != nil {
			t.Errorf("%s on %s: %v, %v", test.wallet, test.chain, got, err)
		}
	}
}

func TestEvaluateFailsClosed(t *testing.T) {
	onSolana := newGate(t, "solana", picket.Requirements{TokenIDs: []string{mint, otherMint}})
	onEthereum := newGate(t, "ethereum", picket.Requirements{ContractAddress: contract})
	nines := picket.Decimal(strings.Repeat("9", 256))
	for name, test := range map[string]struct {
		gate *picket.Gate
		user picket.AuthenticatedUser
	}{
		"no user":            {onSolana, picket.AuthenticatedUser{}},
		"no chain":           {onEthereum, picket.AuthenticatedUser{WalletAddress: address, TokenBalances: picket.TokenBalances{ContractAddress: balances{contract: "9"}}}},
		"a broken balance":   {onSolana, picket.AuthenticatedUser{Chain: "solana", TokenBalances: picket.TokenBalances{TokenIDs: balances{mint: "x"}}}},
		"a negative balance": {onSolana, picket.AuthenticatedUser{Chain: "solana", TokenBalances: picket.TokenBalances{TokenIDs: balances{mint: "-1", otherMint: "9"}}}},
		"a broken one in two": {onSolana, picket.AuthenticatedUser{Chain: "solana",
			TokenBalances: picket.TokenBalances{TokenIDs: balances{mint: "9", otherMint: "x"}}}},
		"a broken spelling": {onEthereum, picket.AuthenticatedUser{Chain: "ethereum",
			TokenBalances: picket.TokenBalances{ContractAddress: balances{contract: "9", strings.ToLower(contract): "x"}}}},
		"too much to add": {onSolana, picket.AuthenticatedUser{Chain: "solana", TokenBalances: picket.TokenBalances{TokenIDs: balances{mint: nines, otherMint: nines}}}},
	} {
		got, err := test.gate.Evaluate(test.user)
		if got != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := onSolana.EvaluateClaims(nil); got != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("no claims: %v, %v", got, err)
	}
}

// What Evaluate makes of the balances in a token is what the mock makes of the balances in its store, for requirements and
// balances at random.
func TestEvaluateDecidesAsTheMockDoes(t *testing.T) {
	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	wallet := mock.NewSolanaWallet(t)
	login := wallet.Login(t, client)
	names := []string{collection, mint, otherMint}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() []string {
		var picked []string
		for range random.IntN(3) {
			picked = append(picked, names[random.IntN(len(names))])
		}
		return picked
	}
	outcomes := map[picket.Outcome]int{}
	for range 300 {
		known := picket.TokenBalances{Collection: balances{}, CreatorAddress: balances{}, TokenIDs: balances{}}
		for _, name := range names {
			for _, kind := range []struct {
				token mock.Token
				known balances
			}{
				{mock.Collection(name), known.Collection},
				{mock.Creator(name), known.CreatorAddress},
				{mock.Mint(name), known.TokenIDs},
			} {
				balance := []picket.Decimal{"0", "0.1", "0.2", "1", "2"}[random.IntN(5)]
				srv.SetBalance("solana", wallet.Address, kind.token, balance)
				kind.known[name] = balance
			}
		}
		requirements := picket.Requirements{
			Collection:      pick(),
			TokenIDs:        pick(),
			MinTokenBalance: []picket.Decimal{"", "0", "0.3", "1", "2.2"}[random.IntN(5)],
		}
		if random.IntN(2) == 0 {
			requirements.CreatorAddress = names[0]
		}
		if random.IntN(8) == 0 {
			requirements.AllowedWallets = []string{[]string{wallet.Address, names[0]}[random.IntN(2)]}
		}
		gate, err := picket.NewGate("solana", requirements)
		if err != nil { // Authz would not ask for it
			continue
		}
		outcome, err := gate.Evaluate(picket.AuthenticatedUser{Chain: "solana", WalletAddress: wallet.Address, TokenBalances: known})
		if err != nil {
			t.Fatal(err)
		}
		outcomes[outcome]++
		_, err = client.Authz(t.Context(), picket.AuthzRequest{AccessToken: login.AccessToken, Requirements: requirements})
		if (err == nil) != (outcome == picket.OutcomeMet) || (err != nil && !errors.Is(err, picket.CodePermissionDenied)) {
			t.Errorf("%+v with %+v: %v, but the mock says %v", requirements, known, outcome, err)
		}
	}
	if outcomes[picket.OutcomeMet] < 50 || outcomes[picket.OutcomeNotMet] < 50 {
		t.Errorf("the outcomes are too much alike: %v", outcomes)
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	for outcome, want := range map[picket.Outcome]string{
		picket.OutcomeUnknown: "unknown", picket.OutcomeMet: "met",
		picket.OutcomeNotMet: "not met", picket.OutcomeOtherChain: "other chain", 7: "Outcome(7)",
	} {
		if got := outcome.String(); got != want {
			t.Errorf("%d is %q; want %q", int(outcome), got, want)
		}
	}
}
