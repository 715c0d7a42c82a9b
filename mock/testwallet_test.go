package mock_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// TestATestWalletHasItsAddressInEIP55 names wallets by addresses in lower case: parsers of EIP-4361 refuse messages with such an address.
func TestATestWalletHasItsAddressInEIP55(t *testing.T) {
	const private = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
	const address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
	for name, add := range map[string]func(*mock.Server){
		"in Go": func(srv *mock.Server) {
			wallet, err := mock.ParseWallet("polygon", private)
			if err != nil {
				t.Fatal(err)
			}
			wallet.Address = strings.ToLower(address)
			srv.AddTestWallet(wallet)
		},
		"from a state": func(srv *mock.Server) {
			state := `{"stateVersion":1,"wallets":[{"chain":"polygon","address":"` + strings.ToLower(address) + `","privateKey":"` + private + `"}]}`
			if got := control(t, srv, srv.SecretKey, "PUT", "/state", state, nil); got.status != http.StatusNoContent {
				t.Errorf("got %d %s", got.status, got.body)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			add(srv)
			has := slices.ContainsFunc(srv.TestWallets(), func(w *mock.Wallet) bool { return w.Address == address })
			if !has {
				t.Errorf("no wallet has the address %s", address)
			}
		})
	}
}

func TestATestWalletWithoutAnAddressIsRefused(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(t)
	wallet.Address = "alice"
	defer func() {
		if recover() == nil {
			t.Error("it is taken")
		}
	}()
	srv.AddTestWallet(wallet)
}
