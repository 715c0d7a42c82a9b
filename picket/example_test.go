package picket_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// exampleTB lets examples, which have no testing.T, start the mock.
type exampleTB struct{}

func (exampleTB) Helper()                           {}
func (exampleTB) Cleanup(func())                    {}
func (exampleTB) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (exampleTB) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }

func Example() {
	api := mock.Start(exampleTB{}) // in production there is no mock, and no WithBaseURL
	wallet := mock.NewEthereumWallet(exampleTB{})
	ctx := context.Background()

	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL), picket.WithOrigin("https://example.com"))
	if err != nil {
		log.Fatal(err)
	}
	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
	if err != nil {
		log.Fatal(err)
	}
	signed := picket.SigningMessageContext{
		Domain:   "example.com",
		URI:      "https://example.com",
		ChainID:  1,
		IssuedAt: time.Now().UTC().Format(time.RFC3339),
	}
	message, err := picket.SigningMessage(nonce, wallet.Address, signed)
	if err != nil {
		log.Fatal(err)
	}
	auth, err := client.Auth(ctx, picket.AuthRequest{
		WalletAddress: wallet.Address,
		Signature:     wallet.Sign(message),
		Context:       signed,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(auth.User.WalletAddress == wallet.Address)
	fmt.Println(auth.AccessToken)
	// Output:
	// true
	// [redacted]
}

func ExampleClient_Auth_requirements() {
	api := mock.Start(exampleTB{})
	wallet := mock.NewEthereumWallet(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	request := wallet.AuthRequest(exampleTB{}, client) // asks for a nonce and signs it
	request.Requirements = &picket.Requirements{
		ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984",
		MinTokenBalance: "3",
	}
	_, err = client.Auth(context.Background(), request, picket.WithChain(picket.ChainEthereum))

	var failure *picket.Error
	if errors.Is(err, picket.CodePermissionDenied) && errors.As(err, &failure) {
		fmt.Println(failure.Message)
	}
	// Output: the wallet holds 0 of the required tokens, and 3 are needed
}

func ExampleClient_Authz() {
	api := mock.Start(exampleTB{})
	wallet := mock.NewEthereumWallet(exampleTB{})
	contract := "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "12.5")
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	auth := wallet.Login(exampleTB{}, client)

	opened, err := client.Authz(context.Background(), picket.AuthzRequest{
		AccessToken:  auth.AccessToken,
		Requirements: picket.Requirements{ContractAddress: contract},
	}, picket.WithChain(picket.ChainEthereum))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(opened.User.TokenBalances.ContractAddress[contract])
	// Output: 12.5
}

func ExampleClient_Validate() {
	api := mock.Start(exampleTB{})
	wallet := mock.NewSolanaWallet(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	auth := wallet.Login(exampleTB{}, client)

	claims, err := client.Validate(context.Background(), picket.ValidateRequest{AccessToken: auth.AccessToken})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Chain, claims.ExpiresAt.Time().Sub(claims.IssuedAt.Time()))

	_, err = client.Validate(context.Background(), picket.ValidateRequest{AccessToken: "not a token"})
	fmt.Println(errors.Is(err, picket.CodeParameterInvalid))
	// Output:
	// solana 12h0m0s
	// true
}

func ExampleClient_TokenOwnership() {
	api := mock.Start(exampleTB{})
	wallet := mock.NewSolanaWallet(exampleTB{})
	api.SetBalance("solana", wallet.Address, mock.Collection("METAPLEX_COLLECTION"), "2")
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	owned, err := client.TokenOwnership(context.Background(), picket.ChainSolana, wallet.Address, picket.TokenOwnershipRequest{
		Collection:      picket.StringList{"METAPLEX_COLLECTION"},
		MinTokenBalance: "3",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(owned.Allowed, owned.TokenBalance)
	// Output: false 2
}

func ExampleClient_Chain() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	chain, err := client.Chain(context.Background(), picket.ChainPolygon)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chain.ChainName, chain.ChainID, chain.ChainType)

	_, err = client.Chain(context.Background(), "bitcoin")
	fmt.Println(errors.Is(err, picket.CodeResourceNotFound))
	// Output:
	// Polygon 137 ethereum
	// true
}

func ExampleSigningMessage() {
	message, err := picket.SigningMessage(
		&picket.NonceResponse{Nonce: "3OUGVWAZ5MJT", Statement: "Sign in with your wallet.", Format: picket.MessageFormatSimple},
		"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		picket.SigningMessageContext{},
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message)
	// Output:
	// Sign in with your wallet.
	//
	// Address: 0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8
	// Nonce: 3OUGVWAZ5MJT
}

func ExampleClient_Nonce() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{
		Chain:         "polygon",
		WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		Locale:        "en",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(nonce.Nonce != "", nonce.Format)
	// Output: true siwe
}

func ExampleClient_Chains() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	chains, err := client.Chains(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, chain := range chains {
		if !chain.AuthorizationSupported {
			fmt.Println(chain.ChainName, "has no gates")
		}
	}
	// Output: Flow has no gates
}

// A code comes from a login by redirect; package oauth of this module sends users there and back. A wallet's signature
// does as well.
func ExampleClient_ExchangeGrant() {
	api := mock.Start(exampleTB{}, mock.WithFormat(picket.MessageFormatSimple))
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(exampleTB{})
	token, err := client.ExchangeGrant(context.Background(), picket.OAuthTokenRequest{
		GrantType: picket.GrantPassword,
		Username:  wallet.Address,
		Password:  wallet.AuthRequest(exampleTB{}, client).Signature,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.TokenType, token.AccessToken)
	// Output: Bearer [redacted]
}

// A server makes a gate once, and asks the API about it only when the token does not say enough. Users pick their chain
// themselves, so the gate names the one on which the contract counts.
func ExampleGate_Evaluate() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	club, err := picket.NewGate(picket.ChainEthereum, picket.Requirements{
		ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984",
		MinTokenBalance: "3",
	})
	if err != nil {
		log.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(exampleTB{})
	api.SetBalance("ethereum", wallet.Address, mock.Contract(club.Requirements().ContractAddress), "5")

	login := wallet.Login(exampleTB{}, client)
	for range 2 {
		outcome, err := club.Evaluate(login.User)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(outcome)
		if outcome != picket.OutcomeUnknown {
			break
		}
		// The new token says more than the old one, so keep it.
		login, err = client.Authz(context.Background(),
			picket.AuthzRequest{AccessToken: login.AccessToken, Requirements: club.Requirements()},
			picket.WithChain(club.Chain()))
		if err != nil {
			log.Fatal(err)
		}
	}

	elsewhere := login.User
	elsewhere.Chain = "polygon"
	fmt.Println(club.Evaluate(elsewhere))
	// Output:
	// unknown
	// met
	// other chain <nil>
}

// A gate that was read from a configuration is checked when a program starts, not when the first user comes.
func ExampleNewGate() {
	for _, contract := range []string{"", "0x1234"} {
		_, err := picket.NewGate(picket.ChainEthereum, picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"})
		fmt.Println(err)
	}
	// Output:
	// picket: invalid argument: gate: Requirements.MinTokenBalance needs a token to count, such as ContractAddress
	// picket: invalid argument: gate: Requirements.ContractAddress is "0x1234", which is not 0x and 40 hexadecimal digits, as a contract on ethereum is
}

// Whatever chain a wallet logs in on, a list of wallets means the same ones.
func ExampleNewGate_anyChain() {
	staff, err := picket.NewGate(picket.AnyChain, picket.Requirements{
		AllowedWallets: []string{"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "6VnAmejskVXfYik12tggk9YDiHz22e6esteoxNNJdZsB"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(staff.Evaluate(picket.AuthenticatedUser{Chain: "solana", WalletAddress: "6VnAmejskVXfYik12tggk9YDiHz22e6esteoxNNJdZsB"}))
	fmt.Println(picket.NewGate(picket.AnyChain, picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"}))
	// Output:
	// met <nil>
	// <nil> picket: invalid argument: gate: AnyChain is for AllowedWallets only, because the address of a token means another token on each chain; name the chain
}

func ExampleError() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Chain(context.Background(), "dogecoin")

	fmt.Println(errors.Is(err, picket.CodeResourceNotFound))
	var failure *picket.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Operation, failure.StatusCode, failure.Code, failure.Tries)
	}
	// Output:
	// true
	// chain 404 resource_not_found 1
}
