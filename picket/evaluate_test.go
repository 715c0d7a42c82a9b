package picket_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

type balances = map[string]picket.Decimal

func TestEvaluate(t *testing.T) {
	const contract, other = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", "0x0000000000000000000000000000000000000001"
	for name, test := range map[string]struct {
		wallet       string
		balances     picket.TokenBalances
		requirements picket.Requirements
		want         picket.Outcome
	}{
		"on the list": {address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{other, address}}, picket.OutcomeMet},
		"on the list in another case": {"0xa548ac9c6f41b19175023b5f09c6e70f99cfeec8", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{address}}, picket.OutcomeMet},
		"not on the list": {address, picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{other}}, picket.OutcomeNotMet},
		"nobody": {"", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{other}}, picket.OutcomeNotMet},
		"Solana's case matters": {"4Nd1mYQzvgV8Vr3Z3nYb7pD6T8K9jF2eqWxsPfVnA1Bc", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{"4nd1mYQzvgV8Vr3Z3nYb7pD6T8K9jF2eqWxsPfVnA1Bc"}}, picket.OutcomeNotMet},
		"0X is not 0x": {"0XA548ac9c6f41B19175023B5f09c6E70f99cFeec8", picket.TokenBalances{},
			picket.Requirements{AllowedWallets: []string{address}}, picket.OutcomeNotMet},
		"not on the list, but holds": {address, picket.TokenBalances{ContractAddress: balances{contract: "1"}},
			picket.Requirements{AllowedWallets: []string{other}, ContractAddress: contract}, picket.OutcomeMet},

		"nothing is known": {address, picket.TokenBalances{},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"another contract is known": {address, picket.TokenBalances{ContractAddress: balances{other: "5"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"the contract as a mint": {address, picket.TokenBalances{TokenIDs: balances{contract: "5"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeUnknown},
		"any number": {address, picket.TokenBalances{ContractAddress: balances{contract: "0.000000000000000001"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeMet},
		"none": {address, picket.TokenBalances{ContractAddress: balances{contract: "0"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeNotMet},
		"a minimum of 0 is any number": {address, picket.TokenBalances{ContractAddress: balances{contract: "0"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "0.0"}, picket.OutcomeNotMet},
		"exactly enough": {address, picket.TokenBalances{ContractAddress: balances{contract: "3"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "3.0"}, picket.OutcomeMet},
		"a hair too few": {address, picket.TokenBalances{ContractAddress: balances{contract: "2.999999999999999999999999999999"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}, picket.OutcomeNotMet},
		"beyond what a float tells apart": {address, picket.TokenBalances{ContractAddress: balances{contract: "9007199254740992"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "9007199254740993"}, picket.OutcomeNotMet},
		"a contract in another case": {address, picket.TokenBalances{ContractAddress: balances{"0x1F9840A85D5AF5BF1D1762F925BDADDC4201F984": "1"}},
			picket.Requirements{ContractAddress: contract}, picket.OutcomeMet},
		"the least of two spellings": {address, picket.TokenBalances{ContractAddress: balances{
			"0x1F9840A85D5AF5BF1D1762F925BDADDC4201F984": "3", "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984": "1"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"the spelling that was asked for": {address, picket.TokenBalances{ContractAddress: balances{
			contract: "3", "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984": "1"}},
			picket.Requirements{ContractAddress: contract, MinTokenBalance: "2"}, picket.OutcomeMet},

		"a sum": {address, picket.TokenBalances{Collection: balances{"A": "1", "B": "1"}, CreatorAddress: balances{"C": "1"}, TokenIDs: balances{"D": "1", "E": "1"}},
			picket.Requirements{Collection: []string{"A", "B"}, CreatorAddress: "C", TokenIDs: []string{"D", "E"}, MinTokenBalance: "5"}, picket.OutcomeMet},
		"a sum that is short": {address, picket.TokenBalances{Collection: balances{"A": "1", "B": "1"}, CreatorAddress: balances{"C": "1"}, TokenIDs: balances{"D": "1", "E": "0.9"}},
			picket.Requirements{Collection: []string{"A", "B"}, CreatorAddress: "C", TokenIDs: []string{"D", "E"}, MinTokenBalance: "5"}, picket.OutcomeNotMet},
		"a part that suffices": {address, picket.TokenBalances{Collection: balances{"A": "5"}},
			picket.Requirements{Collection: []string{"A", "B"}, MinTokenBalance: "5"}, picket.OutcomeMet},
		"a part that does not": {address, picket.TokenBalances{Collection: balances{"A": "4"}},
			picket.Requirements{Collection: []string{"A", "B"}, MinTokenBalance: "5"}, picket.OutcomeUnknown},
		"named twice, held once": {address, picket.TokenBalances{TokenIDs: balances{"A": "1"}},
			picket.Requirements{TokenIDs: []string{"A", "A"}, MinTokenBalance: "2"}, picket.OutcomeNotMet},
		"a balance that is not there": {address, picket.TokenBalances{TokenIDs: balances{"A": ""}},
			picket.Requirements{TokenIDs: []string{"A"}}, picket.OutcomeUnknown},
	} {
		if got, err := picket.Evaluate(test.wallet, test.balances, test.requirements); got != test.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}

func TestEvaluateFailsClosed(t *testing.T) {
	rich := picket.TokenBalances{ContractAddress: balances{address: "99"}, TokenIDs: balances{"A": "x", "B": "-1"}}
	for name, requirements := range map[string]picket.Requirements{
		"empty":               {},
		"an empty list":       {AllowedWallets: []string{}},
		"a blank wallet":      {AllowedWallets: []string{""}},
		"a minimum alone":     {MinTokenBalance: "1"},
		"a negative minimum":  {ContractAddress: address, MinTokenBalance: "-1"},
		"a minimum in words":  {ContractAddress: address, MinTokenBalance: "one"},
		"no tokens":           {TokenIDs: []string{}},
		"a broken balance":    {TokenIDs: []string{"A"}},
		"a negative balance":  {TokenIDs: []string{"B"}},
		"a broken one in two": {ContractAddress: address, TokenIDs: []string{"A"}},
	} {
		got, err := picket.Evaluate("", rich, requirements)
		if got != picket.OutcomeUnknown || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
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
	names := []string{
		"So11111111111111111111111111111111111111112",
		"EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
		"Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",
	}
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
		outcome, err := picket.Evaluate(wallet.Address, known, requirements)
		outcomes[outcome]++
		if err != nil { // Authz would not ask for it
			continue
		}
		_, err = client.Authz(t.Context(), picket.AuthzRequest{AccessToken: login.AccessToken, Requirements: requirements})
		if (err == nil) != (outcome == picket.OutcomeMet) || (err != nil && !errors.Is(err, picket.ErrPermissionDenied)) {
			t.Errorf("%+v with %+v: %v, but the mock says %v", requirements, known, outcome, err)
		}
	}
	if outcomes[picket.OutcomeMet] < 50 || outcomes[picket.OutcomeNotMet] < 50 {
		t.Errorf("the outcomes are too much alike: %v", outcomes)
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	for outcome, want := range map[picket.Outcome]string{
		picket.OutcomeUnknown: "unknown", picket.OutcomeMet: "met", picket.OutcomeNotMet: "not met", 7: "Outcome(7)",
	} {
		if got := outcome.String(); got != want {
			t.Errorf("%d is %q; want %q", int(outcome), got, want)
		}
	}
}
