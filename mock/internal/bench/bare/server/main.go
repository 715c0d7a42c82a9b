// Command server serves bare.Nonce at the address that is its argument.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/seed-a13ee279/picket/mock/internal/bench/bare"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: server host:port")
	}
	log.Fatal(http.ListenAndServe(os.Args[1], http.HandlerFunc(bare.Nonce)))
}
