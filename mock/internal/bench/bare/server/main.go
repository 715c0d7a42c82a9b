// Command server serves bare.Nonce at an address: server 127.0.0.1:4010. It is the program that bench compares the mock with.
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
