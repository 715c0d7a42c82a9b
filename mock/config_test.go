package mock_test

import (
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const (
	solanaAddress = "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA"
	// Known from Ethereum's libraries: the first account of the mnemonic "test test … junk".
	evmKey     = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
	evmAddress = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
	flowKey    = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5" // P-256's generator
)

func TestAConfigurationSetsUpTheServer(t *testing.T) {
	srv := mock.Start(t, mock.WithConfig("picket.yaml", []byte(`
projects:
  - secretKey: sk_0123456789abcdef0123456789abcdef
    publishableKey: pk_0123456789abcdef0123456789abcdef
    redirectURIs: [http://localhost:3000/]
    format: simple
    statements: {"": Come in., fr: Entrez.}
    reusableNonces: true
    unknownProperties: true
    balances:
      - {chain: ethereum, walletAddress: "`+someAddress+`", contractAddress: "`+contract+`", balance: 12.50}
      - {chain: solana, walletAddress: `+solanaAddress+`, collection: apes, balance: "1"}
    displayNames:
      - {chain: ethereum, walletAddress: "`+someAddress+`", name: alice.eth}
    flowKeys:
      - {address: "0x1654653399040a61", publicKey: "`+flowKey+`"}
  - {}
wallets:
  - {chain: polygon, privateKey: "`+evmKey+`"}
`)))
	if wallets := srv.TestWallets(); len(wallets) != 4 || wallets[3].Chain != "polygon" || wallets[3].Address != evmAddress {
		t.Errorf("got %d wallets", len(wallets))
	}
	if srv.SecretKey != "sk_0123456789abcdef0123456789abcdef" || srv.PublishableKey != "pk_0123456789abcdef0123456789abcdef" {
		t.Errorf("got the keys %s and %s", srv.SecretKey, srv.PublishableKey)
	}
	if b := srv.Balances(); len(b) != 2 || b[0].Balance != "12.5" || len(srv.DisplayNames()) != 1 || len(srv.FlowKeys()) != 1 {
		t.Errorf("got %+v, %+v, %+v", b, srv.DisplayNames(), srv.FlowKeys())
	}
	if uris := srv.RedirectURIs(); len(uris) != 1 || uris[0] != "http://localhost:3000/" {
		t.Errorf("got %q", uris)
	}
	nonce, err := newClient(t, srv, srv.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress, Locale: "fr"})
	if err != nil || nonce.Statement != "Entrez." || nonce.Format != picket.MessageFormatSimple {
		t.Errorf("got %+v, %v", nonce, err)
	}
	if projects := srv.Projects(); len(projects) != 2 || len(projects[1].Balances()) != 0 {
		t.Errorf("got %d projects", len(projects))
	}
	for _, empty := range []string{"", "# nothing", "projects: []", "projects:"} {
		if _, err := mock.New(mock.WithConfig("picket.yaml", []byte(empty))); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestAMistakeInAConfigurationIsReportedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"misspelt":          {"projects:\n  - secretkey: x", `picket.yaml:2: "secretkey" is not a property of projects.0; did you mean "secretKey"?`},
		"misspelt at top":   {"project: []", `picket.yaml:1: "project" is not a property; did you mean "projects"?`},
		"snake case":        {"projects:\n  - balances:\n      - chain: ethereum\n        wallet_address: x", `picket.yaml:4: "wallet_address" is not a property of projects.0.balances.0; did you mean "walletAddress"?`},
		"unknown":           {"projects:\n  - zzz: 1", `picket.yaml:2: "zzz" is not a property of projects.0`},
		"not a list":        {"projects: {}", "picket.yaml:1: projects must be a list"},
		"not a mapping":     {"- a", "picket.yaml:1: the file must be a mapping of names to values"},
		"statements":        {"projects:\n  - statements: Hello", "picket.yaml:2: projects.0.statements must be a mapping of names to values"},
		"not a value":       {"projects:\n  - format: [simple]", "picket.yaml:2: projects.0.format must be a single value"},
		"not a boolean":     {"projects:\n  - reusableNonces: maybe", "picket.yaml:2: cannot unmarshal !!str `maybe` into bool"},
		"broken YAML":       {"projects:\n\t- a", "picket.yaml:2: found character that cannot start any token"},
		"two documents":     {"projects: []\n---\nprojects: []", "the text has more than one YAML document"},
		"key":               {"projects:\n  - format: simple\n    secretKey: hunter2", "picket.yaml:3: a secret key is sk_"},
		"key of a second":   {"projects:\n  - {}\n  - secretKey: hunter2", "picket.yaml:3: a secret key is sk_"},
		"key twice":         {"projects:\n  - {}\n  - secretKey: " + mock.DefaultSecretKey, "picket.yaml:3: another project has one of these keys"},
		"format":            {"projects:\n  - format: siws", `picket.yaml:2: there is no format "siws"`},
		"redirect URI":      {"projects:\n  - redirectURIs: [/callback]", "picket.yaml:2: the redirect URI is not absolute"},
		"second of a list":  {"projects:\n  - format: siwe\n    redirectURIs:\n      - http://localhost:3000/\n      - localhost:3000/callback", `picket.yaml:5: the redirect URI has no scheme; did you mean http://localhost:3000/callback?`},
		"no token":          {"projects:\n  - balances:\n    - {chain: ethereum, walletAddress: '" + someAddress + "', balance: 1}", "picket.yaml:3: exactly one of contractAddress"},
		"second balance":    {"projects:\n  - balances:\n    - {chain: solana, walletAddress: " + solanaAddress + ", collection: c, balance: 1}\n    - {chain: solana, walletAddress: " + solanaAddress + ", collection: c, balance: -1}", "picket.yaml:4: balance:"},
		"malformed wallet":  {"projects:\n  - displayNames:\n    - {chain: ethereum, walletAddress: 0x1, name: a}", "picket.yaml:3: walletAddress is not an address on ethereum"},
		"private key":       {"wallets:\n  - {chain: ethereum, privateKey: hunter2}", "picket.yaml:2: the private key is not 0x"},
		"malformed key":     {"projects:\n  - flowKeys:\n    - {address: '0x1654653399040a61', publicKey: 00}", "picket.yaml:3: the public key is not 128"},
		"a loop of aliases": {"projects: &a\n  - *a", "picket.yaml:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mock.New(mock.WithConfig("picket.yaml", []byte(test.text)))
			if err == nil || !strings.HasPrefix(err.Error(), "mock: ") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWalletsWithAGivenKey(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	for name, test := range map[string]struct {
		chain   string
		key     picket.Secret
		address string // nothing when it is refused
	}{
		"ethereum":          {"ethereum", evmKey, evmAddress},
		"another EVM chain": {"arbitrum", evmKey, evmAddress},
		// RFC 8032 section 7.1, test 1: the seed and the public key.
		"solana":           {"solana", "49W385L4rePHy6PAaQUovbD2aacgN4HsKXSMeUzRg4fmwXszN91JuMFrQRj3vMDpZuRF3ZknQBuRBoWQJEfXstMw", "FVen3X669xLzsi6N2V91DoiyzHzg1uAgqiT8jZ9nS96Z"},
		"no key":           {"ethereum", "0x" + picket.Secret(strings.Repeat("0", 64)), ""},
		"over the order":   {"ethereum", "0x" + picket.Secret(strings.Repeat("f", 64)), ""},
		"short":            {"ethereum", "0x01", ""},
		"solana, not hers": {"solana", "1111111111111111111111111111111111111111111111111111111111111111", ""},
		"flow":             {"flow", evmKey, ""},
		"unknown chain":    {"bitcoin", evmKey, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := mock.ParseWallet(test.chain, test.key)
			body := `{"chain":"` + test.chain + `","privateKey":"` + string(test.key) + `"}`
			var added struct{ Chain, Address string }
			got := control(t, srv, "", "POST", "/wallets", body, &added)
			if test.address == "" {
				if err == nil || got.status < 400 || got.status > 499 || strings.Contains(err.Error()+got.msg, string(test.key)) {
					t.Errorf("got %v, %v and %d %s", w, err, got.status, got.body)
				}
				return
			}
			if err != nil || w.Address != test.address || w.Chain != test.chain || added.Address != test.address || added.Chain != test.chain {
				t.Fatalf("got %+v, %v and %+v", w, err, added)
			}
			if auth := w.Login(t, client); auth.User.Chain != test.chain || auth.User.WalletAddress != test.address {
				t.Errorf("got %+v", auth.User)
			}
		})
	}
	var list []struct{ Address string }
	control(t, srv, "", "GET", "/wallets", "", &list)
	if len(list) != 6 || list[3].Address == "" {
		t.Errorf("got %+v", list)
	}
}
