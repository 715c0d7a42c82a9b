package accesstoken_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// gateOf makes a gate; without requirements there is none.
func gateOf(t testing.TB, chain string, requirements *picket.Requirements) *picket.Gate {
	t.Helper()
	if requirements == nil {
		return nil
	}
	gate, err := picket.NewGate(chain, *requirements)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func TestRequirementsAreDecidedFromTheBalancesInTheToken(t *testing.T) {
	key := newKey(t)
	verifier := staticVerifier(t, key)
	good := sign(t, key, "", goodClaims())
	other := "0x0000000000000000000000000000000000000001"
	const mint, mint2 = "So11111111111111111111111111111111111111112", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	onSolana := object{"chain": "solana", "sub": "solana:" + address}
	manyDigits := goodClaims(onSolana, object{"tokenBalances": object{"tokenIds": object{mint: strings.Repeat("9", 256), mint2: "1"}}})
	for name, test := range map[string]struct {
		token        picket.Secret
		chain        string
		requirements *picket.Requirements
		kind         string
	}{
		"none":                        {good, "ethereum", nil, "none"},
		"met":                         {good, "ethereum", &picket.Requirements{ContractAddress: contract, MinTokenBalance: "12.5"}, "none"},
		"met in another spelling":     {good, "ethereum", &picket.Requirements{ContractAddress: strings.ToLower(contract)}, "none"},
		"met by the list":             {good, "ethereum", &picket.Requirements{AllowedWallets: []string{strings.ToLower(address)}}, "none"},
		"met by the list of any":      {good, picket.AnyChain, &picket.Requirements{AllowedWallets: []string{address}}, "none"},
		"met on another chain":        {good, "polygon", &picket.Requirements{ContractAddress: contract}, "denied, other chain"},
		"on the list, another chain":  {good, "polygon", &picket.Requirements{AllowedWallets: []string{address}}, "denied, other chain"},
		"too few":                     {good, "ethereum", &picket.Requirements{ContractAddress: contract, MinTokenBalance: "12.6"}, "denied"},
		"not on the list":             {good, "ethereum", &picket.Requirements{AllowedWallets: []string{other}}, "denied"},
		"a token that is not known":   {good, "ethereum", &picket.Requirements{ContractAddress: other}, "undecided, denied"},
		"no balances":                 {sign(t, key, "", goodClaims(object{"tokenBalances": nil})), "ethereum", &picket.Requirements{ContractAddress: contract}, "undecided, denied"},
		"a balance that is null":      {sign(t, key, "", goodClaims(object{"tokenBalances": object{"contractAddress": object{contract: nil}}})), "ethereum", &picket.Requirements{ContractAddress: contract}, "undecided, denied"},
		"a kind in another case":      {sign(t, key, "", goodClaims(object{"tokenBalances": object{"ContractAddress": object{contract: "13"}}})), "ethereum", &picket.Requirements{ContractAddress: contract}, "undecided, denied"},
		"more digits than can be":     {sign(t, key, "", manyDigits), "solana", &picket.Requirements{TokenIDs: []string{mint, mint2}}, "denied"},
		"met, with a token of others": {sign(t, newKey(t), "", goodClaims()), "ethereum", &picket.Requirements{ContractAddress: contract}, "invalid"},
		"no token":                    {"", "ethereum", &picket.Requirements{ContractAddress: contract}, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := verifier.Validate(ctx, test.token, gateOf(t, test.chain, test.requirements))
			if kindOf(err) != test.kind || (claims == nil) != (err != nil) {
				t.Errorf("got %v, %s: %v", claims, kindOf(err), err)
			}
			if err != nil {
				wantSecret(t, err, test.token)
			}
		})
	}
}

func TestAGateThatNobodyMadeOpensToNobody(t *testing.T) {
	key := newKey(t)
	claims, err := staticVerifier(t, key).Validate(ctx, sign(t, key, "", goodClaims()), new(picket.Gate))
	if claims != nil || kindOf(err) != "bad argument" {
		t.Errorf("got %v, %s: %v", claims, kindOf(err), err)
	}
}

// TestAUserOfAnotherChainIsRefused has a wallet with nothing on ethereum, and three tokens of a contract on polygon that has
// the same address.
func TestAUserOfAnotherChainIsRefused(t *testing.T) {
	srv, client, verifier := start(t)
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("polygon", wallet.Address, mock.Contract(contract), "3")
	three := picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}
	wallet.Chain = "polygon"
	login := wallet.AuthRequest(t, client)
	login.Requirements = &three
	auth, err := client.Auth(ctx, login)
	if err != nil {
		t.Fatal(err)
	}
	_, err = verifier.Validate(ctx, auth.AccessToken, gateOf(t, "ethereum", &three))
	if !errors.Is(err, picket.ErrChainMismatch) || !errors.Is(err, picket.CodePermissionDenied) {
		t.Errorf("got %v", err)
	}
	if _, err := verifier.Validate(ctx, auth.AccessToken, gateOf(t, "polygon", &three)); err != nil {
		t.Errorf("on its own chain: %v", err)
	}
}
