package mock_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

var ctx = context.Background()

func TestALoginWithEachWalletAndFormat(t *testing.T) {
	for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
		for name, newWallet := range map[string]func(mock.TB) *mock.Wallet{"ethereum": mock.NewEthereumWallet, "solana": mock.NewSolanaWallet} {
			t.Run(string(format)+"/"+name, func(t *testing.T) {
				srv := mock.Start(t, mock.WithFormat(format))
				client := newClient(t, srv, srv.PublishableKey)
				wallet := newWallet(t)
				srv.SetDisplayName(name, wallet.Address, "alice.eth")

				auth := wallet.Login(t, client)
				want := picket.AuthenticatedUser{Chain: name, WalletAddress: wallet.Address, DisplayAddress: "alice.eth"}
				if diff := cmp.Diff(want, auth.User); diff != "" {
					t.Error(diff)
				}
				claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
				if err != nil {
					t.Fatal(err)
				}
				if claims.Subject != name+":"+wallet.Address || claims.Audience != srv.ID {
					t.Errorf("got the claims %+v", claims)
				}
			})
		}
	}
}

func TestALoginOnAnotherEVMChain(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	wallet.Chain = "polygon"
	if auth := wallet.Login(t, client); auth.User.Chain != "polygon" {
		t.Errorf("got %+v", auth.User)
	}
}

func TestTheNonceLivesTwoMinutesAndIsReturnedAgain(t *testing.T) {
	now := time.Now()
	srv := mock.Start(t, mock.WithClock(func() time.Time { return now }))
	client := newClient(t, srv, srv.SecretKey)
	wallet, other := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	nonceOf := func(address string) string {
		t.Helper()
		nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: address})
		if err != nil {
			t.Fatal(err)
		}
		return nonce.Nonce
	}
	first := nonceOf(wallet.Address)
	if nonceOf(other.Address) == first {
		t.Error("two wallets share a nonce")
	}
	srv.Advance(2*time.Minute - time.Millisecond)
	if nonceOf(strings.ToLower(wallet.Address)) != first {
		t.Error("a living nonce is not returned again")
	}
	srv.Advance(time.Millisecond)
	second := nonceOf(wallet.Address)
	if second == first {
		t.Error("a nonce lives longer than two minutes, or asking again prolonged it")
	}
	project := srv.AddProject()
	elsewhere, err := newClient(t, srv, project.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
	if err != nil || elsewhere.Nonce == second {
		t.Errorf("two projects share a nonce: %v", err)
	}
}

func TestANonceWorksForOneLogin(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	request := wallet.AuthRequest(t, client)

	gated := request
	gated.Requirements = &picket.Requirements{AllowedWallets: []string{"0x0000000000000000000000000000000000000001"}}
	if _, err := client.Auth(ctx, gated); !errors.Is(err, picket.CodePermissionDenied) {
		t.Fatalf("got %v", err)
	}
	if _, err := client.Auth(ctx, request); err != nil {
		t.Fatalf("a login that failed spent the nonce: %v", err)
	}
	if _, err := client.Auth(ctx, request); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
		t.Errorf("a nonce works twice: %v", err)
	}
}

func TestANonceWorksAgainWhenToldTo(t *testing.T) {
	srv := mock.Start(t, mock.WithReusableNonces())
	client := newClient(t, srv, srv.SecretKey)
	request := mock.NewEthereumWallet(t).AuthRequest(t, client)
	for range 2 {
		if _, err := client.Auth(ctx, request); err != nil {
			t.Error(err)
		}
	}
}

func TestOfManyLoginsWithOneNonceOneSucceeds(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	request := mock.NewEthereumWallet(t).AuthRequest(t, client)
	var succeeded atomic.Int32
	var logins sync.WaitGroup
	for range 20 {
		logins.Go(func() {
			if _, err := client.Auth(ctx, request); err == nil {
				succeeded.Add(1)
			} else if !errors.Is(err, picket.CodeParameterInvalid) {
				t.Error(err)
			}
		})
	}
	logins.Wait()
	if n := succeeded.Load(); n != 1 {
		t.Errorf("%d logins succeeded", n)
	}
}

func TestASignatureThatDoesNotVerifyIsRefused(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	for name, newWallet := range map[string]func(mock.TB) *mock.Wallet{"ethereum": mock.NewEthereumWallet, "solana": mock.NewSolanaWallet} {
		wallet, other := newWallet(t), newWallet(t)
		for what, spoil := range map[string]func(r *picket.AuthRequest){
			"another wallet's": func(r *picket.AuthRequest) { r.Signature = other.AuthRequest(t, client).Signature },
			"of another text":  func(r *picket.AuthRequest) { r.Signature = wallet.Sign("hello") },
			"empty hex":        func(r *picket.AuthRequest) { r.Signature = "0x" },
			"not hex":          func(r *picket.AuthRequest) { r.Signature = "hunter2" },
			"cut":              func(r *picket.AuthRequest) { r.Signature = r.Signature[:len(r.Signature)-2] },
			"longer":           func(r *picket.AuthRequest) { r.Signature += "1c" },
			"zero":             func(r *picket.AuthRequest) { r.Signature = picket.Secret("0x" + strings.Repeat("0", 130)) },
			"no context":       func(r *picket.AuthRequest) { r.Context = picket.SigningMessageContext{} },
			"another domain":   func(r *picket.AuthRequest) { r.Context.Domain = "evil.example" },
			"another uri":      func(r *picket.AuthRequest) { r.Context.URI = "https://evil.example" },
			"another chain ID": func(r *picket.AuthRequest) { r.Context.ChainID++ },
			"another time":     func(r *picket.AuthRequest) { r.Context.IssuedAt = "2022-10-25T01:12:36.000Z" },
			"another family":   func(r *picket.AuthRequest) { r.Context.ChainType = picket.ChainTypeFlow },
			"another address":  func(r *picket.AuthRequest) { r.WalletAddress = other.Address },
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				request := wallet.AuthRequest(t, client)
				other.AuthRequest(t, client) // so that the other wallet has a nonce, too
				spoil(&request)
				_, err := client.Auth(ctx, request)
				if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
					t.Errorf("got %v", err)
				}
				if strings.Contains(err.Error(), string(request.Signature)) && len(request.Signature) > 2 {
					t.Errorf("the error shows the signature: %v", err)
				}
			})
		}
	}
	t.Run("no nonce was asked for", func(t *testing.T) {
		wallet := mock.NewEthereumWallet(t)
		_, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: wallet.Address, Signature: wallet.Sign("hello")})
		if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the nonce is old", func(t *testing.T) {
		request := mock.NewEthereumWallet(t).AuthRequest(t, client)
		srv.Advance(2 * time.Minute)
		if _, err := client.Auth(ctx, request); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the nonce is another project's", func(t *testing.T) {
		request := mock.NewEthereumWallet(t).AuthRequest(t, client)
		if _, err := newClient(t, srv, srv.AddProject().SecretKey).Auth(ctx, request); !errors.Is(err, picket.CodeParameterInvalid) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnEthereumAddressIsComparedWithoutCase(t *testing.T) {
	srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	forms := []string{wallet.Address, strings.ToLower(wallet.Address), "0x" + strings.ToUpper(wallet.Address[2:])}
	for _, asked := range forms {
		for _, sent := range forms {
			nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: asked})
			if err != nil {
				t.Fatal(err)
			}
			for _, signed := range []string{wallet.Address, sent} {
				message, err := picket.SigningMessage(nonce, signed, picket.SigningMessageContext{})
				if err != nil {
					t.Fatal(err)
				}
				auth, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: sent, Signature: wallet.Sign(message)})
				if err != nil {
					t.Fatalf("nonce for %s, signed %s, sent %s: %v", asked, signed, sent, err)
				}
				if auth.User.WalletAddress != wallet.Address {
					t.Errorf("the user is %s, not %s", auth.User.WalletAddress, wallet.Address)
				}
				nonce, err = client.Nonce(ctx, picket.NonceRequest{WalletAddress: asked})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestTheContextIsEnoughForEitherMessage(t *testing.T) {
	// picket-js sends a context with every login, whatever the format; its RainbowKit adapter sends none.
	for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
		srv := mock.Start(t, mock.WithFormat(format))
		client := newClient(t, srv, srv.SecretKey)
		for _, signed := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
			wallet := mock.NewEthereumWallet(t)
			request := wallet.AuthRequest(t, client)
			nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
			if err != nil {
				t.Fatal(err)
			}
			nonce.Format = signed
			message, err := picket.SigningMessage(nonce, wallet.Address, request.Context)
			if err != nil {
				t.Fatal(err)
			}
			request.Signature = wallet.Sign(message)
			if _, err := client.Auth(ctx, request); err != nil {
				t.Errorf("project %s, message %s: %v", format, signed, err)
			}
		}
	}
}
