// Command picket imports only the client and makes one call. bench compares its size with that of command nethttp, to see what the
// client adds to a program.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-a13ee279/picket/picket"
)

func main() {
	client, err := picket.New(os.Getenv("PICKET_API_KEY"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(nonce.Nonce)
}
