package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestASignatureOverAContextThatIsNoneIsInvalid lets a wallet sign what a SIWE message with such a context would be.
func TestASignatureOverAContextThatIsNoneIsInvalid(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	client := newClient(t, srv, srv.SecretKey)
	for name, change := range map[string]func(*picket.SigningMessageContext){
		"domain with a scheme": func(c *picket.SigningMessageContext) { c.Domain = "https://localhost:3000" },
		"domain with a user":   func(c *picket.SigningMessageContext) { c.Domain = "localhost@evil.example" },
		"domain not in ASCII":  func(c *picket.SigningMessageContext) { c.Domain = "bücher.example" },
		"long domain":          func(c *picket.SigningMessageContext) { c.Domain = strings.Repeat("[", 500) },
		"URI without a scheme": func(c *picket.SigningMessageContext) { c.URI = "localhost/" },
		"malformed URI":        func(c *picket.SigningMessageContext) { c.URI = "http://[::1%zz" },
		"NUL in the URI":       func(c *picket.SigningMessageContext) { c.URI = "http://localhost/\x00" },
		"time that never was":  func(c *picket.SigningMessageContext) { c.IssuedAt = "2023-02-29T00:00:00Z" },
	} {
		for kind, newWallet := range map[string]func(mock.TB) *mock.Wallet{"ethereum": mock.NewEthereumWallet, "solana": mock.NewSolanaWallet} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				wallet := newWallet(t)
				request := wallet.AuthRequest(t, client)
				change(&request.Context)
				nonce, err := client.Nonce(ctx, picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address})
				if err != nil {
					t.Fatal(err)
				}
				name := map[string]string{"ethereum": "Ethereum", "solana": "Solana"}[kind]
				request.Signature = wallet.Sign(fmt.Sprintf(
					"%s wants you to sign in with your %s account:\n%s\n\n%s\n\nURI: %s\nVersion: 1\nChain ID: %d\nNonce: %s\nIssued At: %s",
					request.Context.Domain, name, wallet.Address, nonce.Statement, request.Context.URI, request.Context.ChainID, nonce.Nonce, request.Context.IssuedAt))

				body, err := json.Marshal(request)
				if err != nil {
					t.Fatal(err)
				}
				send(t, srv, srv.SecretKey, http.MethodPost, "/auth", string(body)).
					want(t, http.StatusBadRequest, picket.CodeParameterInvalid, "invalid signature")

				query := authorizeQuery(srv.Project)
				for name, value := range map[string]string{
					"chain": request.Chain, "walletAddress": request.WalletAddress, "signature": string(request.Signature),
					"domain": request.Context.Domain, "uri": request.Context.URI, "issuedAt": request.Context.IssuedAt,
				} {
					query.Set(name, value)
				}
				got := authorize(t, srv, query).redirected(t)
				if got.Get("error") != "invalid_request" || !strings.Contains(got.Get("error_description"), "invalid signature") {
					t.Errorf("got %v", got)
				}
			})
		}
	}
}
