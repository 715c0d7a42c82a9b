// Command suite is a small server with a club for holders of three tokens, and the tests that such a server needs: main_test.go runs
// it against the mock, logs wallets in, opens and closes the gate, lets tokens expire, and lets the API fail. Start there, and copy
// what you need.
//
// The tests need no other program. To try the server itself against the mock, in a clone of this repository:
//
//	go test -v ./mock/examples/suite
//
//	go run ./mock/cmd/picket-mock -addr 127.0.0.1:4010
//
//	PICKET_API_KEY=sk_00000000000000000000000000000000 PICKET_BASE_URL=http://127.0.0.1:4010/api/v1 go run ./mock/examples/suite
package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func main() {
	client, err := picket.NewFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	server, err := newServer(client)
	if err != nil {
		log.Fatal(err)
	}
	log.Println("the club is at http://localhost:3000/club, for requests with an access token")
	log.Fatal(http.ListenAndServe("localhost:3000", server))
}

// holders is who may enter the club.
var holders = picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", MinTokenBalance: "3"}

// newServer returns the server. Tests give it the mock's clock with middleware.WithClock.
func newServer(client *picket.Client, options ...middleware.Option) (http.Handler, error) {
	auth, err := middleware.New(middleware.Remote(client), options...)
	if err != nil {
		return nil, err
	}
	club, err := auth.Gate(picket.ChainEthereum, holders)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /club", club(http.HandlerFunc(welcome)))
	return mux, nil
}

func welcome(w http.ResponseWriter, r *http.Request) {
	user, _ := middleware.UserFromContext(r.Context()) // the gate lets nobody else through
	_, _ = fmt.Fprintf(w, "Welcome, %s.\n", user.DisplayAddress)
}
