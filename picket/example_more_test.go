package picket_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/url"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// An operation that Client has no method for. The types of the contract that no method uses are there, too.
func ExampleClient_Do() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	var provider picket.OpenIDConfiguration
	if err := client.Do(context.Background(), "GET", "/.well-known/openid-configuration", nil, &provider); err != nil {
		log.Fatal(err)
	}
	fmt.Println(provider.TokenEndpoint == client.BaseURL()+"/oauth2/token")

	// Parts of a path come from elsewhere, so they are escaped.
	err = client.Do(context.Background(), "GET", "/chains/"+url.PathEscape("../admin"), nil, nil)
	fmt.Println(errors.Is(err, picket.ErrInvalidArgument))
	// Output:
	// true
	// true
}

// A POST that only reads may be repeated like a GET.
func ExampleWithRepeatable() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	path := "/chains/" + picket.ChainPolygon + "/wallets/0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8/tokenOwnership"
	request := picket.TokenOwnershipRequest{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"}
	var owned picket.TokenOwnershipResponse
	if err := client.Do(context.Background(), "POST", path, request, &owned, picket.WithRepeatable()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(owned.Allowed)
	// Output: false
}

func ExampleWithResponseInfo() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	var info picket.ResponseInfo
	_, err = client.Chain(context.Background(), picket.ChainPolygon, picket.WithResponseInfo(&info))
	if err != nil {
		log.Printf("request %s failed: %v", info.RequestID, err)
	}
	fmt.Println(info.StatusCode, info.Tries)
	if info.RateLimit != nil && info.RateLimit.Remaining == 0 {
		fmt.Println("no more requests until", info.RateLimit.Reset)
	}
	// Output: 200 1
}

func ExampleClient_BaseURL() {
	client, err := picket.New("sk_0123456789abcdef0123456789abcdef")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.BaseURL())
	// Output: https://picketapi.com/api/v1
}

func ExampleParseDecimal() {
	minimum, err := picket.ParseDecimal("0.50") // from a configuration
	if err != nil {
		log.Fatal(err)
	}
	order, err := minimum.Cmp("0.1337")
	fmt.Println(minimum, order, err)

	_, err = picket.ParseDecimal("1,5")
	fmt.Println(err)
	// Output:
	// 0.5 1 <nil>
	// picket: invalid argument: "1,5" is not a non-negative decimal number
}

// Whoever keeps a token learns from it when to log in again. To decide about a request, verify the token instead.
func ExampleAccessTokenExpiry() {
	api := mock.Start(exampleTB{})
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	auth := mock.NewEthereumWallet(exampleTB{}).Login(exampleTB{}, client)

	expires, err := picket.AccessTokenExpiry(auth.AccessToken)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(time.Until(expires).Round(time.Hour))
	// Output: 12h0m0s
}
