package mock_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestATokenCountsOnceInWhateverSpellings seeds in one spelling and asks in others: what is one token on the chain counts once, and
// what is two counts twice.
func TestATokenCountsOnceInWhateverSpellings(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	lower, upper := strings.ToLower(contract), "0x"+strings.ToUpper(contract[2:])
	type requirements = picket.Requirements
	for name, test := range map[string]struct {
		chain  string
		seeded mock.Token
		r      requirements
		total  picket.Decimal
	}{
		"contract on ethereum":                     {"ethereum", mock.Contract(lower), requirements{ContractAddress: upper}, "2"},
		"contract on polygon":                      {"polygon", mock.Contract(upper), requirements{ContractAddress: lower}, "2"},
		"collection on ethereum, twice":            {"ethereum", mock.Collection(upper), requirements{Collection: picket.StringList{contract, lower}}, "2"},
		"collection on ethereum, 0X":               {"ethereum", mock.Collection("0X" + contract[2:]), requirements{Collection: picket.StringList{contract, lower, "0X" + lower[2:]}}, "2"},
		"creator on ethereum":                      {"ethereum", mock.Creator(contract), requirements{CreatorAddress: lower}, "2"},
		"mint on ethereum, twice":                  {"ethereum", mock.Mint(contract), requirements{TokenIDs: []string{lower, upper}}, "2"},
		"collection on solana, twice":              {"solana", mock.Collection(firstMint), requirements{Collection: picket.StringList{firstMint, firstMint}}, "2"},
		"mint on solana, and another one by case":  {"solana", mock.Mint(firstMint), requirements{TokenIDs: []string{firstMint, secondMint}}, "2"},
		"mint on solana, asked in another case":    {"solana", mock.Mint(firstMint), requirements{TokenIDs: []string{secondMint}}, "0"},
		"creator on solana, asked in another case": {"solana", mock.Creator(firstMint), requirements{CreatorAddress: secondMint}, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			wallet := map[bool]func(mock.TB) *mock.Wallet{true: mock.NewSolanaWallet, false: mock.NewEthereumWallet}[test.chain == "solana"](t)
			wallet.Chain = test.chain
			srv.SetBalance(test.chain, wallet.Address, test.seeded, "2")
			owned, err := client.TokenOwnership(ctx, test.chain, wallet.Address, picket.TokenOwnershipRequest{
				ContractAddress: test.r.ContractAddress, Collection: test.r.Collection, CreatorAddress: test.r.CreatorAddress, TokenIDs: test.r.TokenIDs,
			})
			if err != nil || owned.TokenBalance != test.total {
				t.Errorf("the wallet holds %v, %v; want %s", owned, err, test.total)
			}
			token := wallet.Login(t, client).AccessToken
			for minimum, opens := range map[picket.Decimal]bool{"2": test.total == "2", "2.5": false, "4": false} {
				r := test.r
				r.MinTokenBalance = minimum
				_, err := client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: r})
				if opens != (err == nil) || (err != nil && !errors.Is(err, picket.CodePermissionDenied)) {
					t.Errorf("a gate for %s: %v", minimum, err)
				}
			}
		})
	}
}

func TestAnAllowedWalletIsKnownByTheRulesOfItsChain(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	evm, solana, flow := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t), mock.NewFlowWallet(t, srv.Project, mock.CurveP256)
	for _, wallet := range []*mock.Wallet{evm, solana, flow} {
		token := wallet.Login(t, client).AccessToken
		for spelling, same := range map[string]bool{
			wallet.Address:                               true,
			strings.ToLower(wallet.Address):              wallet != solana,
			"0x" + strings.ToUpper(wallet.Address[2:]):   wallet != solana,
			"0X" + wallet.Address[2:]:                    wallet != solana,
			wallet.Address[2:]:                           false,
			" " + wallet.Address:                         false,
			wallet.Address + "0":                         false,
			strings.Replace(wallet.Address, "0", "O", 1): wallet == solana, // which has no 0
		} {
			_, err := client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: []string{spelling}}})
			if strings.Contains(spelling, " ") { // which the client refuses
				continue
			}
			if same != (err == nil) || (err != nil && !errors.Is(err, picket.CodePermissionDenied)) {
				t.Errorf("%s on %s as %q: %v", wallet.Address, wallet.Chain, spelling, err)
			}
		}
	}
}

func TestABalanceInATokenIsKnownInEverySpelling(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	lower, upper := strings.ToLower(contract), "0x"+strings.ToUpper(contract[2:])
	authz := func(token picket.Secret, spelling string, minimum picket.Decimal, revalidate bool) (*picket.AuthResponse, error) {
		t.Helper()
		return client.Authz(ctx, picket.AuthzRequest{
			AccessToken: token, Requirements: picket.Requirements{ContractAddress: spelling, MinTokenBalance: minimum}, Revalidate: revalidate,
		})
	}
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	proven, err := authz(wallet.Login(t, client).AccessToken, lower, "3", false)
	if err != nil {
		t.Fatal(err)
	}
	// What the token proves is trusted, in whatever spelling it is asked for.
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "7")
	for _, spelling := range []string{contract, lower, upper} {
		if _, err := authz(proven.AccessToken, spelling, "3", false); err != nil {
			t.Errorf("%s: %v", spelling, err)
		}
		if _, err := authz(proven.AccessToken, spelling, "7", false); !errors.Is(err, picket.CodePermissionDenied) {
			t.Errorf("%s is not that of the token: %v", spelling, err)
		}
	}
	// A new balance takes the place of the old one, also in another spelling: a token with both would be one with the lower.
	renewed, err := authz(proven.AccessToken, upper, "7", true)
	if err != nil {
		t.Fatal(err)
	}
	want := picket.TokenBalances{ContractAddress: map[string]picket.Decimal{upper: "7"}}
	if diff := cmp.Diff(want, renewed.User.TokenBalances); diff != "" {
		t.Error(diff)
	}
}

// TestSeedingAndAskingAgreeOnWhatIsAContract has what is refused in one refused in the other.
func TestSeedingAndAskingAgreeOnWhatIsAContract(t *testing.T) {
	var failed string
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	o := offline{srv, offlineClient(t, srv, srv.SecretKey), fixedWallet(t, "ethereum", 1)}
	token := o.wallet.Login(t, o.client).AccessToken
	for spelling, good := range map[string]bool{
		contract: true, strings.ToLower(contract): true, "0X" + contract[2:]: false, contract[2:]: false, contract + "0": false, "alice.eth": false, " " + contract: false, "eip155:1:" + contract: false,
	} {
		func() {
			failed = ""
			defer func() {
				if reason := recover(); reason != nil {
					failed = fmt.Sprint(reason)
				}
			}()
			srv.SetBalance("ethereum", o.wallet.Address, mock.Contract(spelling), "1")
		}()
		status, _, msg := o.postTo(t, "/authz", map[string]any{"accessToken": string(token), "requirements": map[string]any{"contractAddress": spelling}})
		if good != (failed == "") || good != (status == 200) || (!good && (status != 400 || !strings.Contains(msg, "0x and 40 hexadecimal digits"))) {
			t.Errorf("%q: seeding says %q, asking %d %q", spelling, failed, status, msg)
		}
	}
}
