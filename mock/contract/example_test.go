package contract_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/picket"
)

// driftedServer answers as an API that has moved away from its contract.
func driftedServer() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"nonce": "3OUGVWAZ5MJTB5IW", "statement": "Sign in.", "format": "siwe", "expires": 120}`)
	}))
}

func ExampleNewTransport() {
	server := driftedServer()
	defer server.Close()

	transport := contract.NewTransport(nil)
	client, err := picket.New("sk_00000000000000000000000000000000",
		picket.WithBaseURL(server.URL+"/api/v1"), picket.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"})
	if err != nil {
		log.Fatal(err)
	}
	for _, violation := range transport.Findings().Violations {
		fmt.Println(violation.Operation, violation.Pointer)
		fmt.Println(violation.Message)
		fmt.Println(violation.Spec)
	}
	// Output:
	// nonce /expires
	// "expires" is not a property
	// #/components/schemas/NonceResponse/properties
}

func ExampleNewProxy() {
	server := driftedServer()
	defer server.Close()

	proxy, err := contract.NewProxy(server.URL+"/api/v1", nil, contract.WithOnViolation(func(v contract.Violation) { fmt.Println(v) }))
	if err != nil {
		log.Fatal(err)
	}
	listener := httptest.NewServer(proxy)
	defer listener.Close()

	response, err := http.Get(listener.URL + "/api/v1/chain/solana")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	fmt.Println(response.Status)
	// Output:
	// request: no such operation; did you mean GET /api/v1/chains/{chain}? (openapi.yaml#/paths)
	// 200 OK
}
