// Command picket-demo shows what Picket does: two wallets log in, one gate opens, another stays closed. Only the API is not real: it
// is the mock, in this process. The exit status is 0 only if every step did what it should.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func main() {
	d := &demo{}
	d.run(context.Background())
	d.end(0)
}

const contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

func (d *demo) run(ctx context.Context) {
	server := mock.Start(d)
	d.step("A mock of the Picket API is listening on this machine.", "base URL  "+server.URL, "key       "+server.SecretKey)
	client, err := picket.New(server.SecretKey, picket.WithBaseURL(server.URL))
	d.must(err)

	alice := mock.NewEthereumWallet(d)
	server.SetDisplayName("ethereum", alice.Address, "alice.eth")
	server.SetBalance("ethereum", alice.Address, mock.Contract(contract), "12.5")
	token := d.logIn(ctx, server, client, alice)
	d.tryGates(ctx, client, token)

	owned, err := client.TokenOwnership(ctx, "ethereum", alice.Address, picket.TokenOwnershipRequest{ContractAddress: contract})
	d.must(err)
	d.expect(owned.Allowed && owned.TokenBalance == "12.5", "the wallet does not own what it should")
	d.step("A server can also ask what a wallet owns without a login.", fmt.Sprintf("allowed   %v, with a balance of %s", owned.Allowed, owned.TokenBalance))

	bob := mock.NewSolanaWallet(d)
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: bob.Login(d, client).AccessToken})
	d.must(err)
	d.expect(claims.Subject == "solana:"+bob.Address, "the token belongs to another wallet")
	d.step("A Solana wallet logs in the same way.", "subject   "+claims.Subject)
}

// logIn logs a wallet in, message by message, and returns its access token.
func (d *demo) logIn(ctx context.Context, server *mock.Server, client *picket.Client, wallet *mock.Wallet) picket.Secret {
	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
	d.must(err)
	signed := picket.SigningMessageContext{
		Domain:    "localhost:3000",
		URI:       "http://localhost:3000",
		ChainID:   1,
		ChainType: picket.ChainTypeEthereum,
		IssuedAt:  server.Now().UTC().Format(time.RFC3339),
	}
	message, err := picket.SigningMessage(nonce, wallet.Address, signed)
	d.must(err)
	d.step("An Ethereum wallet asks for a nonce, and signs this message.", strings.Split(message, "\n")...)

	auth, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: wallet.Address, Signature: wallet.Sign(message), Context: signed})
	d.must(err)
	d.expect(auth.User.DisplayAddress == "alice.eth", "the user has the wrong name")
	d.step("The signature is exchanged for an access token.", "user      "+auth.User.DisplayAddress, "wallet    "+auth.User.WalletAddress)

	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
	d.must(err)
	d.expect(claims.WalletAddress == auth.User.WalletAddress, "the token belongs to another wallet")
	d.step("The access token is valid.", "subject   "+claims.Subject, "expires   "+claims.ExpiresAt.Time().Format(time.RFC1123))
	return auth.AccessToken
}

// tryGates tries a gate that opens for a balance of 12.5, and one that stays closed.
func (d *demo) tryGates(ctx context.Context, client *picket.Client, token picket.Secret) {
	gate := func(minimum picket.Decimal) (*picket.AuthResponse, error) {
		return client.Authz(ctx, picket.AuthzRequest{
			AccessToken:  token,
			Requirements: picket.Requirements{ContractAddress: contract, MinTokenBalance: minimum},
		})
	}
	opened, err := gate("3")
	d.must(err)
	proven := opened.User.TokenBalances.ContractAddress[contract]
	d.expect(proven == "12.5", "the wrong balance was proven")
	d.step("A gate for holders of 3 tokens opens.", fmt.Sprintf("The new access token proves a balance of %s.", proven))

	_, err = gate("100")
	d.expect(errors.Is(err, picket.CodePermissionDenied), fmt.Sprintf("a gate for holders of 100 tokens did not stay closed: %v", err))
	d.step("A gate for holders of 100 tokens stays closed.", err.Error())
}

// demo is the mock.TB of a program: it ends the program where a test would fail.
type demo struct {
	steps    int
	cleanups []func()
}

func (d *demo) step(title string, lines ...string) {
	d.steps++
	fmt.Printf("%d. %s\n\n", d.steps, title)
	for _, line := range lines {
		fmt.Println(strings.TrimRight("     "+line, " "))
	}
	fmt.Println()
}

func (d *demo) must(err error) {
	if err != nil {
		d.Fatalf("%v", err)
	}
}

func (d *demo) expect(ok bool, otherwise string) {
	if !ok {
		d.Fatalf("%s", otherwise)
	}
}

func (d *demo) Helper() {}

func (d *demo) Cleanup(f func()) { d.cleanups = append(d.cleanups, f) }

func (d *demo) Errorf(format string, args ...any) { d.Fatalf(format, args...) }

func (d *demo) Fatalf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "picket-demo: "+format+"\n", args...)
	d.end(1)
}

func (d *demo) end(status int) {
	cleanups := d.cleanups
	d.cleanups = nil // because a cleanup that fails calls end again
	for _, cleanup := range cleanups {
		cleanup()
	}
	if status == 0 {
		fmt.Println("All went as it should. Run make shop to log in yourself, in a browser.")
	}
	os.Exit(status)
}
