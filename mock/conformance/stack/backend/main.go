// Command backend is the API behind the front end. It verifies access tokens itself, and asks Picket only for what they do not prove.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func main() {
	client := must(picket.NewFromEnv())
	keys := must(accesstoken.DiscoverKeys(client.BaseURL()))
	verifier := must(accesstoken.NewVerifier(os.Getenv("PICKET_PROJECT_ID"), keys))
	auth := must(middleware.New(middleware.Incremental(verifier, middleware.Remote(client))))
	holders := picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", MinTokenBalance: "3"}
	club := must(auth.Gate(picket.ChainEthereum, holders))

	mux := http.NewServeMux()
	mux.Handle("GET /me", auth.Required(http.HandlerFunc(hello)))
	mux.Handle("GET /club", club(http.HandlerFunc(hello)))

	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Printf("the back end answers at http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}

func hello(w http.ResponseWriter, r *http.Request) {
	user, _ := middleware.UserFromContext(r.Context())
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"hello": user.DisplayAddress})
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
