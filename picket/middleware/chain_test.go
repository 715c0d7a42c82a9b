package middleware_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func newVerifier(t testing.TB, api *mock.Server, options ...accesstoken.VerifierOption) *accesstoken.Verifier {
	t.Helper()
	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys, append([]accesstoken.VerifierOption{accesstoken.WithClock(api.Now)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// forgetful is a Validator that asks the API about requirements and forgets the chain.
func forgetful(client *picket.Client) validator {
	return func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		request := picket.ValidateRequest{AccessToken: token}
		if gate != nil {
			requirements := gate.Requirements()
			request.Requirements = &requirements
		}
		return client.Validate(ctx, request)
	}
}

// TestAUserOfAnotherChainIsRefused has a wallet with nothing on ethereum, and three tokens of a contract on polygon that has
// the same address.
func TestAUserOfAnotherChainIsRefused(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewEthereumWallet(t)
	wallet.Chain = "polygon"
	api.SetBalance("polygon", wallet.Address, mock.Contract(contract), "3")
	verifier := newVerifier(t, api)
	login := func(requirements *picket.Requirements) string {
		t.Helper()
		request := wallet.AuthRequest(t, client)
		request.Requirements = requirements
		user, err := client.Auth(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		return string(user.AccessToken)
	}
	listed := picket.Requirements{AllowedWallets: []string{wallet.Address}}
	for name, v := range map[string]middleware.Validator{
		"remote":                 middleware.Remote(client),
		"incremental":            middleware.Incremental(verifier, middleware.Remote(client)),
		"incremental, forgetful": middleware.Incremental(verifier, forgetful(client)),
		"verifier":               verifier,
		"forgetful":              forgetful(client),
		"the cache of another":   newCache(t, middleware.Remote(client), middleware.WithClock(api.Now)),
		"says yes to everything": always(&picket.AccessTokenPayload{Chain: "polygon", WalletAddress: wallet.Address, ExpiresAt: 1 << 40}, nil),
	} {
		for how, token := range map[string]string{"proven": login(&holders), "not proven": login(nil)} {
			t.Run(name+", "+how, func(t *testing.T) {
				for gateName, requirements := range map[string]picket.Requirements{"token": holders, "list": listed} {
					auth := newAuthenticator(t, v)
					gate := newGateOn(t, auth, "ethereum", requirements)(hello)
					for range 2 {
						if diff := cmp.Diff(otherChain, answerOf(gate, bearer(token))); diff != "" {
							t.Error(gateName, diff)
						}
					}
					if diff := cmp.Diff(let, answerOf(auth.Required(hello), bearer(token))); diff != "" {
						t.Error(gateName, diff)
					}
					cache := newCache(t, v)
					for range 2 {
						claims, err := cache.Validate(t.Context(), picket.Secret(token), gateOf(t, requirements))
						if claims != nil || !errors.Is(err, picket.ErrChainMismatch) || !errors.Is(err, picket.CodePermissionDenied) {
							t.Errorf("%s: Cache.Validate: got %v, %v", gateName, claims, err)
						}
					}
				}
				if name == "verifier" && how == "not proven" {
					return // it has nobody to ask
				}
				if diff := cmp.Diff(let, answerOf(newGateOn(t, newAuthenticator(t, v), "polygon", holders)(hello), bearer(token))); diff != "" {
					t.Error("on its own chain:", diff)
				}
			})
		}
	}
}

func TestAUserOfAnotherChainCostsNoCallOfTheAPIAboutTheGate(t *testing.T) {
	s := newSite(t)
	wallet := mock.NewEthereumWallet(t)
	wallet.Chain = "polygon"
	token := string(wallet.Login(t, s.client).AccessToken)
	for range 3 {
		if diff := cmp.Diff(otherChain, answerOf(s.gate, bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if got := s.validations(); got != 1 { // about the token
		t.Errorf("the API was asked %d times, not once", got)
	}
	for _, entry := range s.api.Journal("validate") {
		if entry.Status != http.StatusOK {
			t.Errorf("the API answered %d", entry.Status)
		}
	}
}

func TestAnAllowListMayBeForAnyChain(t *testing.T) {
	s := newSite(t)
	wallet := mock.NewEthereumWallet(t)
	gate := newGateOn(t, s.auth, picket.AnyChain, picket.Requirements{AllowedWallets: []string{wallet.Address}})(hello)
	for _, chain := range []string{"ethereum", "polygon"} {
		wallet.Chain = chain
		if diff := cmp.Diff(let, answerOf(gate, bearer(string(wallet.Login(t, s.client).AccessToken)))); diff != "" {
			t.Error(chain, diff)
		}
	}
	if diff := cmp.Diff(denied, answerOf(gate, bearer(string(mock.NewSolanaWallet(t).Login(t, s.client).AccessToken)))); diff != "" {
		t.Error(diff)
	}
}
