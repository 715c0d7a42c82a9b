package mock_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestRequirements checks each requirement at every operation that takes it, for a wallet that holds 12.5 of a contract
// on Ethereum, and one that holds SPL tokens on Solana.
func TestRequirements(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	evm, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	other := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", evm.Address, mock.Contract(contract), "12.5")
	srv.SetBalance("ethereum", evm.Address, mock.Contract("0x00000000000000000000000000000000000000aa"), "9007199254740993")
	srv.SetBalance("solana", solana.Address, mock.Collection("apes"), "1")
	srv.SetBalance("solana", solana.Address, mock.Collection("birds"), "2")
	srv.SetBalance("solana", solana.Address, mock.Creator("carol"), "0.1")
	srv.SetBalance("solana", solana.Address, mock.Mint("mint"), "0.2")
	srv.SetNotToken("ethereum", "0x00000000000000000000000000000000000000bb")

	type balances = map[string]picket.Decimal
	for name, test := range map[string]struct {
		wallet *mock.Wallet
		r      picket.Requirements
		proven picket.TokenBalances // when it is met
		denied string               // in the message, when it is not
	}{
		"contract":            {evm, picket.Requirements{ContractAddress: contract}, picket.TokenBalances{ContractAddress: balances{contract: "12.5"}}, ""},
		"contract, any case":  {evm, picket.Requirements{ContractAddress: strings.ToLower(contract)}, picket.TokenBalances{ContractAddress: balances{strings.ToLower(contract): "12.5"}}, ""},
		"exactly enough":      {evm, picket.Requirements{ContractAddress: contract, MinTokenBalance: "12.50"}, picket.TokenBalances{ContractAddress: balances{contract: "12.5"}}, ""},
		"hardly too few":      {evm, picket.Requirements{ContractAddress: contract, MinTokenBalance: "12.500000000000000001"}, picket.TokenBalances{}, "12.500000000000000001 are needed"},
		"minimum of 0":        {evm, picket.Requirements{ContractAddress: contract, MinTokenBalance: "0"}, picket.TokenBalances{ContractAddress: balances{contract: "12.5"}}, ""},
		"none, minimum of 0":  {evm, picket.Requirements{ContractAddress: "0x00000000000000000000000000000000000000cc", MinTokenBalance: "0"}, picket.TokenBalances{}, "more than 0"},
		"none":                {evm, picket.Requirements{ContractAddress: "0x00000000000000000000000000000000000000cc"}, picket.TokenBalances{}, "holds 0 of"},
		"beyond 2^53":         {evm, picket.Requirements{ContractAddress: "0x00000000000000000000000000000000000000aa", MinTokenBalance: "9007199254740993"}, picket.TokenBalances{ContractAddress: balances{"0x00000000000000000000000000000000000000aa": "9007199254740993"}}, ""},
		"one more than 2^53":  {evm, picket.Requirements{ContractAddress: "0x00000000000000000000000000000000000000aa", MinTokenBalance: "9007199254740994"}, picket.TokenBalances{}, "holds 9007199254740993"},
		"allowed":             {evm, picket.Requirements{AllowedWallets: []string{other.Address, strings.ToLower(evm.Address)}}, picket.TokenBalances{}, ""},
		"not allowed":         {evm, picket.Requirements{AllowedWallets: []string{other.Address}}, picket.TokenBalances{}, "allowed wallet addresses"},
		"allowed or contract": {evm, picket.Requirements{AllowedWallets: []string{other.Address}, ContractAddress: contract}, picket.TokenBalances{ContractAddress: balances{contract: "12.5"}}, ""},
		"contract or allowed": {evm, picket.Requirements{AllowedWallets: []string{evm.Address}, ContractAddress: contract, MinTokenBalance: "100"}, picket.TokenBalances{}, ""},
		"neither":             {evm, picket.Requirements{AllowedWallets: []string{other.Address}, ContractAddress: contract, MinTokenBalance: "100"}, picket.TokenBalances{}, "allowed wallet addresses"},
		"another family's":    {evm, picket.Requirements{Collection: picket.StringList{"apes"}}, picket.TokenBalances{}, "holds 0 of"},

		"collection":           {solana, picket.Requirements{Collection: picket.StringList{"apes"}}, picket.TokenBalances{Collection: balances{"apes": "1"}}, ""},
		"collections add up":   {solana, picket.Requirements{Collection: picket.StringList{"apes", "birds"}, MinTokenBalance: "3"}, picket.TokenBalances{Collection: balances{"apes": "1", "birds": "2"}}, ""},
		"one collection alone": {solana, picket.Requirements{Collection: picket.StringList{"birds"}, MinTokenBalance: "3"}, picket.TokenBalances{}, "holds 2 of"},
		"named twice":          {solana, picket.Requirements{Collection: picket.StringList{"birds", "birds"}, MinTokenBalance: "3"}, picket.TokenBalances{}, "holds 2 of"},
		"all kinds add up": {solana, picket.Requirements{Collection: picket.StringList{"apes"}, CreatorAddress: "carol", TokenIDs: []string{"mint"}, MinTokenBalance: "1.3"},
			picket.TokenBalances{Collection: balances{"apes": "1"}, CreatorAddress: balances{"carol": "0.1"}, TokenIDs: balances{"mint": "0.2"}}, ""},
		"0.1 and 0.2 are 0.3":   {solana, picket.Requirements{CreatorAddress: "carol", TokenIDs: []string{"mint"}, MinTokenBalance: "0.3"}, picket.TokenBalances{CreatorAddress: balances{"carol": "0.1"}, TokenIDs: balances{"mint": "0.2"}}, ""},
		"solana is exact":       {solana, picket.Requirements{AllowedWallets: []string{strings.ToLower(solana.Address)}}, picket.TokenBalances{}, "allowed wallet addresses"},
		"solana case of tokens": {solana, picket.Requirements{Collection: picket.StringList{"APES"}}, picket.TokenBalances{}, "holds 0 of"},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(operation string, user *picket.AuthResponse, err error) {
				t.Helper()
				if test.denied != "" {
					if !errors.Is(err, picket.CodePermissionDenied) || !strings.Contains(err.Error(), test.denied) {
						t.Errorf("%s: got %v", operation, err)
					}
					return
				}
				if err != nil {
					t.Errorf("%s: %v", operation, err)
				} else if user != nil {
					if diff := cmp.Diff(test.proven, user.User.TokenBalances); diff != "" {
						t.Errorf("%s: %s", operation, diff)
					}
				}
			}
			request := test.wallet.AuthRequest(t, client)
			request.Requirements = &test.r
			auth, err := client.Auth(ctx, request)
			check("auth", auth, err)

			plain := test.wallet.Login(t, client).AccessToken
			authz, err := client.Authz(ctx, picket.AuthzRequest{AccessToken: plain, Requirements: test.r})
			check("authz", authz, err)
			_, err = client.Validate(ctx, picket.ValidateRequest{AccessToken: plain, Requirements: &test.r})
			check("validate", nil, err)

			if test.r.AllowedWallets != nil {
				return
			}
			owned, err := client.TokenOwnership(ctx, test.wallet.Chain, test.wallet.Address, picket.TokenOwnershipRequest{
				ContractAddress: test.r.ContractAddress,
				Collection:      test.r.Collection,
				CreatorAddress:  test.r.CreatorAddress,
				TokenIDs:        test.r.TokenIDs,
				MinTokenBalance: test.r.MinTokenBalance,
			})
			if err != nil || owned.Allowed != (test.denied == "") || owned.WalletAddress != test.wallet.Address {
				t.Errorf("tokenOwnership: got %+v, %v", owned, err)
			}
		})
	}
}

func TestRequirementsThatMakeNoSenseAreRefused(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	srv.SetNotToken("ethereum", "0x00000000000000000000000000000000000000bb")
	token := string(wallet.Login(t, client).AccessToken)
	for name, test := range map[string]struct{ requirements, phrase string }{
		"minimum alone":      {`{"minTokenBalance":"3"}`, "minTokenBalance needs a token"},
		"not a contract":     {`{"contractAddress":"0xC0"}`, "contractAddress is not a contract on ethereum"},
		"contract no token":  {`{"contractAddress":"0x00000000000000000000000000000000000000BB"}`, "any ERC20, ERC721, ERC1155 tokens"},
		"wallets no array":   {`{"allowedWallets":"` + wallet.Address + `"}`, "allowedWallets must be an array"},
		"blank contract":     {`{"contractAddress":""}`, "contractAddress must not be empty"},
		"blank wallet":       {`{"allowedWallets":[""]}`, "allowedWallets.0 must not be empty"},
		"blank collection":   {`{"collection":""}`, "collection must not be empty"},
		"numeric collection": {`{"collection":7}`, "collection must be an array"},
		"negative minimum":   {`{"contractAddress":"` + contract + `","minTokenBalance":-1}`, "minTokenBalance must be"},
		"malformed minimum":  {`{"contractAddress":"` + contract + `","minTokenBalance":"three"}`, "minTokenBalance must be"},
		"empty minimum":      {`{"contractAddress":"` + contract + `","minTokenBalance":""}`, "minTokenBalance must be"},
		"huge minimum":       {`{"contractAddress":"` + contract + `","minTokenBalance":1e300}`, "minTokenBalance is a number in a form that the mock cannot read; write it in at most 256 digits"},
		"picket-go's name":   {`{"token_ids":["mint"]}`, `did you mean "tokenIds"?`},
		"other case":         {`{"ContractAddress":"` + contract + `"}`, `did you mean "contractAddress"?`},
		"null":               {`null`, "requirements must be an object"},
		"list":               {`[]`, "requirements must be an object"},
	} {
		t.Run(name, func(t *testing.T) {
			for path, body := range map[string]string{
				"/auth":          `{"walletAddress":"` + wallet.Address + `","signature":"0x51","requirements":` + test.requirements + `}`,
				"/authz":         `{"accessToken":"` + token + `","requirements":` + test.requirements + `}`,
				"/auth/validate": `{"accessToken":"` + token + `","requirements":` + test.requirements + `}`,
			} {
				phrase := test.phrase
				if path == "/auth" && !isShapeOnly(name) {
					phrase = "" // the signature is judged first
				}
				got := post(t, srv, path, body)
				got.want(t, http.StatusBadRequest, picket.CodeParameterInvalid, phrase)
			}
		})
	}
}

// isShapeOnly reports whether the contract alone refuses the requirements.
func isShapeOnly(name string) bool {
	return name != "minimum alone" && name != "not a contract" && name != "contract no token"
}

func TestAnEmptyListLetsNobodyInAndNoRequirementEveryone(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	token := string(wallet.Login(t, newClient(t, srv, srv.SecretKey)).AccessToken)
	for requirements, status := range map[string]int{
		`{}`: 200,
		// Nothing that is there and empty opens the gate.
		`{"allowedWallets":[]}`: 403, `{"tokenIds":[]}`: 403, `{"collection":[]}`: 403,
	} {
		got := post(t, srv, "/authz", `{"accessToken":"`+token+`","requirements":`+requirements+`}`)
		if got.status != status || status == 403 && !strings.Contains(got.body, "in requirements is an empty list, which lets nobody in") {
			t.Errorf("%s: got %d %s", requirements, got.status, got.body)
		}
	}
}

func TestRequirementsAtTheTopLevelOfALogin(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "2")
	login := func(more string) answer {
		t.Helper()
		nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
		if err != nil {
			t.Fatal(err)
		}
		nonce.Format = picket.MessageFormatSimple
		message, err := picket.SigningMessage(nonce, wallet.Address, picket.SigningMessageContext{})
		if err != nil {
			t.Fatal(err)
		}
		return post(t, srv, "/auth", `{"walletAddress":"`+wallet.Address+`","signature":"`+string(wallet.Sign(message))+`"`+more+`}`)
	}
	if got := login(`,"allowedWallets":["` + wallet.Address + `"]`); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for _, list := range []string{"allowedWallets", "tokenIds", "collection"} {
		login(`,"`+list+`":[]`).want(t, 403, picket.CodePermissionDenied,
			list+" at the top level of the body is an empty list, which lets nobody in; leave it out if it is no requirement")
		// It is not the cause when the requirements let somebody in.
		login(`,"`+list+`":[],"requirements":{"contractAddress":"`+contract+`","minTokenBalance":3}`).want(t, 403, picket.CodePermissionDenied, "holds 2 of")
		if got := login(`,"` + list + `":[],"contractAddress":"` + contract + `"`); got.status != http.StatusOK {
			t.Errorf("%s: got %d %s", list, got.status, got.body)
		}
	}
	login(`,"allowedWallets":[],"tokenIds":[],"collection":[]`).want(t, 403, picket.CodePermissionDenied,
		"allowedWallets, collection and tokenIds at the top level of the body are empty lists, which let nobody in; leave out those that are no requirement")
	login(`,"requirements":{"allowedWallets":[]}`).want(t, 403, picket.CodePermissionDenied,
		"allowedWallets in requirements is an empty list, which lets nobody in; leave it out if it is no requirement")
	login(`,"requirements":{"allowedWallets":[],"tokenIds":[]}`).want(t, 403, picket.CodePermissionDenied,
		"allowedWallets and tokenIds in requirements are empty lists, which let nobody in; leave out those that are no requirement")
	login(`,"tokenIds":[""]`).want(t, 400, picket.CodeParameterInvalid, "tokenIds.0 must not be empty")
	login(`,"tokenIds":null`).want(t, 400, picket.CodeParameterInvalid, "tokenIds must be an array")
	login(`,"TokenIds":["m"]`).want(t, 400, picket.CodeParameterInvalid, `"TokenIds" is not a property; did you mean "requirements.tokenIds"?`)
	login(`,"contractAddress":"`+contract+`","requirements":null`).want(t, 400, picket.CodeParameterInvalid, "requirements must be an object")
	login(`,"contractAddress":"`+contract+`","minTokenBalance":3`).want(t, 403, picket.CodePermissionDenied, "holds 2 of")
	login(`,"contractAddress":"`+contract+`","requirements":{"minTokenBalance":3}`).want(t, 403, picket.CodePermissionDenied, "holds 2 of")
	for _, both := range []string{
		`"contractAddress":"` + contract + `"`, `"minTokenBalance":"1"`, `"allowedWallets":[]`, `"tokenIds":["m"]`, `"collection":"c"`, `"creatorAddress":"c"`,
	} {
		login(`,`+both+`,"requirements":{`+both+`}`).want(t, 400, picket.CodeParameterInvalid, "both at the top level and in requirements")
	}
}

func TestAuthzAddsWhatIsNewlyProven(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	const second = "0x00000000000000000000000000000000000000aA"
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(second), "7")

	plain := wallet.Login(t, client)
	authz := func(token picket.Secret, r picket.Requirements, revalidate bool) (*picket.AuthResponse, error) {
		return client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: r, Revalidate: revalidate})
	}
	first, err := authz(plain.AccessToken, picket.Requirements{ContractAddress: contract}, false)
	if err != nil {
		t.Fatal(err)
	}
	both, err := authz(first.AccessToken, picket.Requirements{ContractAddress: second}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := picket.TokenBalances{ContractAddress: map[string]picket.Decimal{contract: "3", second: "7"}}
	if diff := cmp.Diff(want, both.User.TokenBalances); diff != "" {
		t.Error(diff)
	}
	var ids []string
	for _, token := range []picket.Secret{plain.AccessToken, first.AccessToken, both.AccessToken} {
		claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, claims.AccessTokenID)
		if token == both.AccessToken {
			if diff := cmp.Diff(want, claims.TokenBalances); diff != "" {
				t.Error(diff)
			}
		}
	}
	if ids[0] == ids[1] || ids[1] == ids[2] {
		t.Errorf("tokens share an ID: %v", ids)
	}

	// What the token proves is trusted, until it is to be fetched anew.
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "0")
	if _, err := authz(both.AccessToken, picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}, false); err != nil {
		t.Errorf("the balance in the token is not trusted: %v", err)
	}
	if _, err := authz(both.AccessToken, picket.Requirements{ContractAddress: contract}, true); !errors.Is(err, picket.CodePermissionDenied) {
		t.Errorf("the balance was not fetched anew: %v", err)
	}
}

func TestTokenOwnershipSaysWhatTheWalletOwns(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewSolanaWallet(t)
	srv.SetBalance("solana", wallet.Address, mock.Collection("apes"), "1.5")
	path := "/chains/solana/wallets/" + wallet.Address + "/tokenOwnership"
	want := `{"allowed":true,"tokenBalance":"1.5","tokenBalances":{"collection":{"apes":"1.5"}},"walletAddress":"` + wallet.Address + `"}`
	for _, body := range []string{`{"collection":"apes"}`, `{"collection":["apes"]}`, `{"requirements":{"collection":"apes"}}`, `{"requirements":{"collection":"apes"},"minTokenBalance":1}`} {
		if got := post(t, srv, path, body); got.status != http.StatusOK || strings.TrimSpace(got.body) != want {
			t.Errorf("%s: got %d %s", body, got.status, got.body)
		}
	}
	post(t, srv, path, `{}`).want(t, 400, picket.CodeParameterInvalid, "contractAddress, tokenIds, collection or creatorAddress is required")
	post(t, srv, path, `{"minTokenBalance":"1"}`).want(t, 400, picket.CodeParameterInvalid, "minTokenBalance needs a token")
	post(t, srv, path, `{"collection":"a","requirements":{"collection":"a"}}`).want(t, 400, picket.CodeParameterInvalid, "collection is given both")
	post(t, srv, path, `{"requirements":[]}`).want(t, 400, picket.CodeParameterInvalid, "requirements must be an object")
	post(t, srv, path, `{"requirements":{"collection":7}}`).want(t, 400, picket.CodeParameterInvalid, "requirements.collection must be an array")
	post(t, srv, path, `{"requirements":{"Collection":"a"}}`).want(t, 400, picket.CodeParameterInvalid, `"Collection" is not a property of requirements; did you mean "collection"?`)
	post(t, srv, path, `{"requirements":{"requirements":{"collection":"a"}}}`).want(t, 400, picket.CodeParameterInvalid, `"requirements" is not a property of requirements`)
	post(t, srv, path, `{"allowedWallets":["`+wallet.Address+`"]}`).want(t, 400, picket.CodeParameterInvalid, `"allowedWallets" is not a property`)
	send(t, srv, srv.PublishableKey, "POST", path, `{"collection":"apes"}`).want(t, 403, picket.CodePermissionDenied, "secret key")
	post(t, srv, "/chains/flow/wallets/0x1654653399040a61/tokenOwnership", `{"contractAddress":"A.1.B"}`).want(t, 400, picket.CodeParameterInvalid, "token gating")
}
