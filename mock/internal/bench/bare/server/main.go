// Command server serves package bare at an address with an API key: server 127.0.0.1:4010 sk_0. It is the program that bench
// compares the mock with.
package main

import (
	"log"
	"net/http"
	"os"
	"runtime/debug"

	"github.com/seed-a13ee279/picket/mock/internal/bench/bare"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: server host:port key")
	}
	debug.SetGCPercent(200) // as in picket-mock
	handler, err := bare.New(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Args[1], handler))
}
