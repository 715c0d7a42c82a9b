// Package suite is a suite of tests of a client, to measure what it pays for its server. Package mocked has a mock for each test, and
// package canned one server for all of them whose answers are always the same.
package suite

import (
	"fmt"
	"net/http"
	"runtime"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Contract is the token that the gate asks for.
const Contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

// A Server is what a test asks. It says by SetBalance what a wallet holds on Ethereum.
type Server struct {
	URL        string
	SecretKey  string
	SetBalance func(wallet string)
}

// Run runs a hundred tests, each of which gets a server, logs a wallet in and passes a gate.
func Run(t *testing.T, start func(*testing.T) Server) {
	for number := range 100 {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			s := start(t)
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			client, err := picket.New(s.SecretKey, picket.WithBaseURL(s.URL), picket.WithHTTPClient(&http.Client{Transport: transport}))
			if err != nil {
				t.Fatal(err)
			}
			wallet, err := wallets.NewEthereum()
			if err != nil {
				t.Fatal(err)
			}
			s.SetBalance(wallet.Address)
			nonce, err := client.Nonce(t.Context(), picket.NonceRequest{WalletAddress: wallet.Address})
			if err != nil {
				t.Fatal(err)
			}
			chain, err := wallets.FindChain(picket.ChainEthereum)
			if err != nil {
				t.Fatal(err)
			}
			signed, err := wallet.SignIn(nonce, chain, "localhost:3000")
			if err != nil {
				t.Fatal(err)
			}
			auth, err := client.Auth(t.Context(), signed)
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Authz(t.Context(), picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: picket.Requirements{ContractAddress: Contract}})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Main runs the tests of a package and then prints a line with how often they allocated memory.
func Main(m *testing.M) int {
	code := m.Run()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Println("allocations:", memory.Mallocs)
	return code
}
