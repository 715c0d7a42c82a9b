// Command flows runs the flows of package picket against a server: logins of each kind of wallet, gates, validation,
// ownership, chains and the refusals of each. It prints one line a check, and exits with 0 when all went as they should.
//
// It seeds the mock directly and sends the flows to another address, which may be a proxy in front of it.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

func main() {
	api := flag.String("base-url", "", "the base `URL` that the flows are sent to")
	control := flag.String("mock-url", "", "the base `URL` of the mock itself")
	flag.Parse()
	f := &flows{mock: *control}
	client, err := picket.New(mock.DefaultSecretKey, picket.WithBaseURL(*api))
	if err != nil {
		fmt.Fprintln(os.Stderr, "flows:", err)
		os.Exit(2)
	}
	stranger, err := picket.New("sk_ffffffffffffffffffffffffffffffff", picket.WithBaseURL(*api))
	if err != nil {
		fmt.Fprintln(os.Stderr, "flows:", err)
		os.Exit(2)
	}
	f.run(context.Background(), client, stranger)
	if f.failed > 0 {
		os.Exit(failed)
	}
}

// failed is the exit status when a check failed; a crash has another.
const failed = 3

type flows struct {
	mock   string
	failed int
}

func (f *flows) run(ctx context.Context, client, stranger *picket.Client) {
	for name, wallet := range map[string]*mock.Wallet{"ethereum": mock.NewEthereumWallet(f), "solana": mock.NewSolanaWallet(f)} {
		request := wallet.AuthRequest(f, client)
		auth, err := client.Auth(ctx, request)
		f.check(name+": auth", err, nil)
		if err != nil {
			continue
		}
		_, err = client.Auth(ctx, request)
		f.check(name+": auth again", err, picket.ErrParameterInvalid)
		_, err = client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
		f.check(name+": validate", err, nil)
		_, err = client.Validate(ctx, picket.ValidateRequest{AccessToken: "no token"})
		f.check(name+": validate what is no token", err, picket.ErrParameterInvalid)

		tokens := picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}
		seed := map[string]any{"chain": name, "walletAddress": wallet.Address, "balance": "12.5", "contractAddress": contract}
		if name == "solana" {
			tokens = picket.Requirements{Collection: picket.StringList{"apes", "birds"}, TokenIDs: []string{"mint"}, MinTokenBalance: "3"}
			seed = map[string]any{"chain": name, "walletAddress": wallet.Address, "balance": "12.5", "collection": "birds"}
		}
		_, err = client.Authz(ctx, picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: tokens})
		f.check(name+": authz of a closed gate", err, picket.ErrPermissionDenied)
		f.tell(http.MethodPut, "/balances", seed)
		_, err = client.Authz(ctx, picket.AuthzRequest{AccessToken: auth.AccessToken, Requirements: tokens, Revalidate: true})
		f.check(name+": authz of an open gate", err, nil)
		_, err = client.TokenOwnership(ctx, name, wallet.Address, picket.TokenOwnershipRequest{
			ContractAddress: tokens.ContractAddress, Collection: tokens.Collection, TokenIDs: tokens.TokenIDs, MinTokenBalance: tokens.MinTokenBalance})
		f.check(name+": tokenOwnership", err, nil)
		_, err = client.Chain(ctx, name)
		f.check(name+": chain", err, nil)

		grant := f.authorize(wallet.AuthRequest(f, client))
		_, err = client.Token(ctx, grant)
		f.check(name+": token", err, nil)
		_, err = client.Token(ctx, grant)
		f.check(name+": token for a code that is spent", err, picket.ErrInvalidGrant)
	}
	_, err := client.Chains(ctx)
	f.check("chains", err, nil)
	_, err = client.Chain(ctx, "bitcoin")
	f.check("chain that is not known", err, picket.ErrResourceNotFound)
	_, err = client.Nonce(ctx, picket.NonceRequest{WalletAddress: "0x1"})
	f.check("nonce for what is no address", err, picket.ErrParameterInvalid)
	_, err = stranger.Chains(ctx)
	f.check("chains with an unknown key", err, picket.ErrAPIKeyInvalid)
}

// check prints whether a call ended as it should: well, or with the given error.
func (f *flows) check(name string, got, want error) {
	if (want == nil && got == nil) || (want != nil && errors.Is(got, want)) {
		fmt.Printf("ok   picket  %s\n", name)
		return
	}
	f.failed++
	fmt.Printf("FAIL picket  %s: %v\n", name, got)
}

// authorize sends a signed login through the authorization endpoint of the mock and returns the grant that it gives.
func (f *flows) authorize(login picket.AuthRequest) picket.TokenRequest {
	const redirectURI = "http://localhost:3000/callback"
	f.tell(http.MethodPost, "/redirectURIs", map[string]any{"redirectURI": redirectURI})
	verifier := rand.Text() + rand.Text()
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {mock.DefaultPublishableKey}, "redirect_uri": {redirectURI}, "state": {"state"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
		"chain": {login.Chain}, "walletAddress": {login.WalletAddress}, "signature": {string(login.Signature)},
		"domain": {login.Context.Domain}, "uri": {login.Context.URI}, "issuedAt": {login.Context.IssuedAt},
	}
	request, err := http.NewRequest(http.MethodGet, f.mock+"/oauth2/authorize?"+query.Encode(), nil)
	if err != nil {
		f.Fatalf("%v", err)
	}
	response, err := http.DefaultTransport.RoundTrip(request) // follows no redirect
	if err != nil {
		f.Fatalf("%v", err)
	}
	_ = response.Body.Close()
	location, err := response.Location()
	if err != nil {
		f.Fatalf("/oauth2/authorize answers %s and redirects nowhere", response.Status)
	}
	return picket.TokenRequest{Code: picket.Secret(location.Query().Get("code")), RedirectURI: redirectURI, CodeVerifier: picket.Secret(verifier)}
}

// tell sends a request to what controls the mock.
func (f *flows) tell(method, path string, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		f.Fatalf("%v", err)
	}
	request, err := http.NewRequest(method, strings.TrimSuffix(f.mock, "/api/v1")+"/_mock"+path, bytes.NewReader(body))
	if err != nil {
		f.Fatalf("%v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		f.Fatalf("%v", err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		f.Fatalf("%s /_mock%s answers %s", method, path, response.Status)
	}
}

// flows is the mock.TB of a program.

func (f *flows) Helper() {}

func (f *flows) Cleanup(func()) {}

func (f *flows) Errorf(format string, args ...any) { f.Fatalf(format, args...) }

func (f *flows) Fatalf(format string, args ...any) {
	fmt.Printf("FAIL picket  "+format+"\n", args...)
	os.Exit(failed)
}
