package mock_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestWhatIsThereCanBeSetAgainInAFullServer fills a server and then sets once more what it has already. That takes no room.
func TestWhatIsThereCanBeSetAgainInAFullServer(t *testing.T) {
	const token = `"contractAddress":"0x1f9840a85d5af5bf1d1762f925bdadc4201f9840"`
	for name, test := range map[string]struct{ method, path, body string }{
		"a balance":    {"PUT", "/balances", `{"chain":"ethereum","walletAddress":"` + someAddress + `",` + token + `,"balance":"1"}`},
		"a name":       {"PUT", "/displayNames", `{"chain":"ethereum","walletAddress":"` + someAddress + `","name":"alice.eth"}`},
		"no token":     {"POST", "/notTokens", `{"chain":"ethereum",` + token + `}`},
		"redirect URI": {"POST", "/redirectURIs", `{"redirectURI":"http://localhost:3000/callback"}`},
		"a domain":     {"POST", "/allowedDomains", `{"domain":"localhost:3000"}`},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithMaxStateBytes(20_000))
			set := func() answer { return control(t, srv, "", test.method, test.path, test.body, nil) }
			if got := set(); got.status != http.StatusNoContent {
				t.Fatalf("got %d %s", got.status, got.body)
			}
			fill(t, srv)
			if got := set(); got.status != http.StatusNoContent {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
	t.Run("a Flow key", func(t *testing.T) {
		srv := mock.Start(t, mock.WithMaxStateBytes(20_000))
		mock.NewFlowWallet(t, srv.Project, mock.CurveP256)
		key := srv.FlowKeys()[0]
		fill(t, srv)
		body := fmt.Sprintf(`{"address":"%s","publicKey":"%s"}`, key.Address, key.PublicKey)
		if got := control(t, srv, "", "POST", "/flowKeys", body, nil); got.status != http.StatusNoContent {
			t.Errorf("got %d %s", got.status, got.body)
		}
	})
}

// fill asks for nonces until there is no room for another.
func fill(t *testing.T, srv *mock.Server) {
	t.Helper()
	for i := range 200 {
		got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1000))
		if got.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Fatal("there is no bound")
}

// TestADeadNonceIsRenewedInAFullServer renews a nonce in the second in which the server looked for dead ones already.
func TestADeadNonceIsRenewedInAFullServer(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(20_000))
	srv.SetTime(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	client := newClient(t, srv, srv.SecretKey)
	renew := func() error {
		_, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress}, picket.WithMaxRetries(0))
		return err
	}
	if err := renew(); err != nil {
		t.Fatal(err)
	}
	srv.Advance(119*time.Second + 500*time.Millisecond)
	fill(t, srv)
	srv.Advance(500 * time.Millisecond)
	if err := renew(); err != nil {
		t.Error(err)
	}
}
