package picket_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// A user of polygon with plenty of a contract at whose address there is nothing on ethereum.
func TestAUserOfAnotherChainGetsNoTokenFromACallWithAChain(t *testing.T) {
	srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("polygon", wallet.Address, mock.Contract(contract), "3")
	gate := picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}
	signed := func(chain string) picket.AuthRequest {
		nonce, err := client.Nonce(t.Context(), picket.NonceRequest{Chain: chain, WalletAddress: wallet.Address})
		if err != nil {
			t.Fatal(err)
		}
		message, err := picket.SigningMessage(nonce, wallet.Address, picket.SigningMessageContext{})
		if err != nil {
			t.Fatal(err)
		}
		return picket.AuthRequest{Chain: chain, WalletAddress: wallet.Address, Signature: wallet.Sign(message)}
	}
	login, err := client.Auth(t.Context(), signed("polygon"))
	if err != nil {
		t.Fatal(err)
	}
	onEthereum := picket.WithChain("ethereum")
	for name, test := range map[string]struct {
		call func(options ...picket.CallOption) (any, error)
		sent int
	}{
		"auth": {func(options ...picket.CallOption) (any, error) {
			request := signed("polygon")
			request.Requirements = &gate
			return result(client.Auth(t.Context(), request, options...))
		}, 0},
		"authz": {func(options ...picket.CallOption) (any, error) {
			return result(client.Authz(t.Context(), picket.AuthzRequest{AccessToken: login.AccessToken, Requirements: gate}, options...))
		}, 1},
		"validate": {func(options ...picket.CallOption) (any, error) {
			return result(client.Validate(t.Context(), picket.ValidateRequest{AccessToken: login.AccessToken}, options...))
		}, 1},
		"token": {func(options ...picket.CallOption) (any, error) {
			request := signed("polygon")
			return result(client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{
				GrantType: picket.GrantPassword, Username: wallet.Address, Password: request.Signature, Chain: "polygon"}, options...))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(srv.Journal(name))
			got, err := test.call(onEthereum)
			if got != nil || !errors.Is(err, picket.ErrChainMismatch) || !strings.Contains(fmt.Sprint(err), "polygon") {
				t.Errorf("got %v, %v", got, err)
			}
			if errors.Is(err, picket.ErrInvalidArgument) != (test.sent == 0) || errors.Is(err, picket.ErrUnexpectedResponse) {
				t.Errorf("it is another kind of error: %v", err)
			}
			if sent := len(srv.Journal(name)) - before; sent != test.sent {
				t.Errorf("%d requests were sent; want %d", sent, test.sent)
			}
			for _, options := range [][]picket.CallOption{{picket.WithChain("polygon")}, {picket.WithChain(picket.AnyChain)}, {onEthereum, picket.WithChain("polygon")}, nil} {
				if got, err := test.call(options...); got == nil || err != nil {
					t.Errorf("with %d options: %v, %v", len(options), got, err)
				}
			}
		})
	}
}

func TestWithChainOfAClientIsForEveryCall(t *testing.T) {
	srv := mock.Start(t)
	plain, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithChain("polygon"))
	if err != nil {
		t.Fatal(err)
	}
	login := mock.NewEthereumWallet(t).Login(t, plain)
	if _, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: login.AccessToken}); !errors.Is(err, picket.ErrChainMismatch) {
		t.Errorf("a user of ethereum passes: %v", err)
	}
	if _, err := client.Auth(t.Context(), picket.AuthRequest{WalletAddress: address, Signature: "0x51"}); !errors.Is(err, picket.ErrChainMismatch) || !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("a login on the default chain is sent: %v", err)
	}
	if _, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: login.AccessToken}, picket.WithChain("ethereum")); err != nil {
		t.Errorf("the call's own chain does not come first: %v", err)
	}
	if _, err := client.Chain(t.Context(), "solana"); err != nil {
		t.Errorf("a call about no user has a chain: %v", err)
	}
}

func TestAnAnswerThatNamesNoChainIsNoSuccessWithAChain(t *testing.T) {
	client, _ := serve(t, http.StatusOK, "application/json", `{"accessToken":"a.b.c","tokenType":"Bearer","expiresIn":1}`)
	request := picket.OAuthTokenRequest{Code: "c0de", RedirectURI: "http://localhost/", CodeVerifier: "ver1fier"}
	if _, err := client.ExchangeGrant(context.Background(), request); err != nil {
		t.Fatal(err)
	}
	got, err := client.ExchangeGrant(context.Background(), request, picket.WithChain("ethereum"))
	if got != nil || !errors.Is(err, picket.ErrUnexpectedResponse) || errors.Is(err, picket.ErrChainMismatch) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAChainThatIsNoSlugIsRefused(t *testing.T) {
	for _, chain := range []string{"", " ", "Ethereum", "137", "eip155:1", "**", "a b", "../x", "ethereum\n", "ethereum\u200b"} {
		if _, err := picket.New(testKey, picket.WithChain(chain)); err == nil {
			t.Errorf("New takes the chain %q", chain)
		}
		refused(t, "WithChain", func(c *picket.Client) error {
			_, err := c.Validate(context.Background(), picket.ValidateRequest{AccessToken: sample}, picket.WithChain(chain))
			return err
		})
	}
}
