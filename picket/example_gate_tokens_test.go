package picket_test

import (
	"fmt"
	"log"

	"github.com/seed-a13ee279/picket/picket"
)

// A list of wallets needs no call of the API, however long it is.
func ExampleGate_TokenRequirements() {
	for _, requirements := range []picket.Requirements{
		{AllowedWallets: []string{"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}},
		{AllowedWallets: []string{"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}, ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"},
	} {
		gate, err := picket.NewGate(picket.ChainEthereum, requirements)
		if err != nil {
			log.Fatal(err)
		}
		tokens, ok := gate.TokenRequirements()
		fmt.Printf("%t %q\n", ok, tokens.ContractAddress)
	}
	// Output:
	// false ""
	// true "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
}
