package mock_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// logTB is the TB of an example, which has no testing.T to give.
type logTB struct{}

func (logTB) Helper()                        {}
func (logTB) Cleanup(func())                 {}
func (logTB) Errorf(format string, a ...any) { log.Printf(format, a...) }
func (logTB) Fatalf(format string, a ...any) { log.Fatalf(format, a...) }

func ExampleStart() {
	t := logTB{} // in a test, the *testing.T

	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatalf("%v", err)
	}
	wallet := mock.NewEthereumWallet(t)
	srv.SetDisplayName("ethereum", wallet.Address, "alice.eth")
	auth := wallet.Login(t, client)
	fmt.Println(auth.User.DisplayAddress)
	// Output: alice.eth
}

func ExampleProject_InjectFault() {
	t := logTB{} // in a test, the *testing.T

	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatalf("%v", err)
	}
	srv.InjectFault(mock.Fault{Operation: "chains", Count: 1, Kind: mock.FaultTruncate})

	_, err = client.Chains(context.Background())
	fmt.Println(errors.Is(err, picket.ErrUnexpectedResponse))
	_, err = client.Chains(context.Background())
	fmt.Println(err)
	for _, exchange := range srv.Journal("chains") {
		fmt.Printf("%s %s %d %s\n", exchange.Method, exchange.Path, exchange.Status, exchange.Fault)
	}
	// Output:
	// true
	// <nil>
	// GET /api/v1/chains 200 truncate
	// GET /api/v1/chains 200
}

func ExampleNew() {
	srv, err := mock.New(mock.WithFormat(picket.MessageFormatSimple))
	if err != nil {
		log.Fatal(err)
	}
	listener := httptest.NewServer(srv.Handler())
	defer listener.Close()

	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(listener.URL+"/api/v1"))
	if err != nil {
		log.Fatal(err)
	}
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(nonce.Format)
	// Output: simple
}

// A login that another site had its user sign is refused.
func ExampleWithAllowedDomain() {
	t := logTB{} // in a test, the *testing.T

	srv := mock.Start(t, mock.WithAllowedDomain("shop.example"))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatalf("%v", err)
	}
	victim := mock.NewEthereumWallet(t)
	for _, domain := range []string{"shop.example", "evil.example"} {
		victim.Domain = domain // the site on which the wallet signs
		_, err := client.Auth(context.Background(), victim.AuthRequest(t, client))
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// picket: auth: 400 Bad Request (parameter_invalid): invalid signature: its message is for the domain "evil.example", and only shop.example is allowed (AllowDomain, WithAllowedDomain)
}

func ExampleServer_Handler() {
	srv, err := mock.New()
	if err != nil {
		log.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodGet, "/api/v1/chains/solana", nil)
	request.SetBasicAuth(srv.PublishableKey, "")
	response := httptest.NewRecorder()
	srv.Handler().ServeHTTP(response, request)
	fmt.Println(response.Code)
	// Output: 200
}
