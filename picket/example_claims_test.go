package picket_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// A worker decides about a job from the claims of the token that came with it, and asks the API only when they do not suffice.
func ExampleGate_EvaluateClaims() {
	srv := mock.Start(exampleTB{})
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithClock(srv.Now))
	if err != nil {
		log.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(exampleTB{})
	gate, err := picket.NewGate(picket.ChainEthereum, picket.Requirements{AllowedWallets: []string{wallet.Address}})
	if err != nil {
		log.Fatal(err)
	}

	token := wallet.Login(exampleTB{}, client).AccessToken
	claims, err := client.Validate(context.Background(), picket.ValidateRequest{AccessToken: token})
	if err != nil {
		log.Fatal(err)
	}
	outcome, err := gate.EvaluateClaims(claims)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(gate.IsFor(claims.Chain), outcome)
	// Output: true met
}
