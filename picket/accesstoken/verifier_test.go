package accesstoken_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

const redirectURI = "http://localhost:3000/callback"

// start starts a mock, with a client and a verifier of its default project, whose time is the mock's.
func start(t *testing.T) (*mock.Server, *picket.Client, *accesstoken.Verifier) {
	t.Helper()
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := accesstoken.DiscoverKeys(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(srv.ID, keys, accesstoken.WithClock(srv.Now), accesstoken.WithLeeway(0))
	if err != nil {
		t.Fatal(err)
	}
	return srv, client, verifier
}

func TestClaimsAreThoseThatTheAPIReturns(t *testing.T) {
	srv, client, verifier := start(t)
	for _, wallet := range []*mock.Wallet{mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)} {
		srv.SetDisplayName(wallet.Chain, wallet.Address, "alice.eth")
		token := wallet.Login(t, client).AccessToken
		want, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
		if err != nil {
			t.Fatal(err)
		}
		verified, err := verifier.Verify(ctx, token)
		if diff := cmp.Diff(want, verified); err != nil || diff != "" {
			t.Errorf("Verify: %v\n%s", err, diff)
		}
		validated, err := verifier.Validate(ctx, token, nil)
		if diff := cmp.Diff(want, validated); err != nil || diff != "" {
			t.Errorf("Validate: %v\n%s", err, diff)
		}
	}
	if n := len(srv.Journal("jwks")); n != 1 {
		t.Errorf("the keys were fetched %d times", n)
	}
}

func TestValidateDecidesAsTheAPIDoes(t *testing.T) {
	srv, client, verifier := start(t)
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "12.5")
	login := wallet.AuthRequest(t, client)
	login.Requirements = &picket.Requirements{ContractAddress: contract}
	auth, err := client.Auth(ctx, login)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, _, _ := start(t)
	elsewhere.RotateSigningKey(nil, 0)
	foreign, err := picket.New(elsewhere.SecretKey, picket.WithBaseURL(elsewhere.URL))
	if err != nil {
		t.Fatal(err)
	}
	neighbour, err := picket.New(srv.AddProject().SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	good := auth.AccessToken
	holds := picket.Requirements{ContractAddress: contract}
	for name, test := range map[string]struct {
		token        picket.Secret
		requirements *picket.Requirements
	}{
		"good":                 {good, nil},
		"met":                  {good, &picket.Requirements{ContractAddress: contract, MinTokenBalance: "12"}},
		"met by the list":      {good, &picket.Requirements{AllowedWallets: []string{wallet.Address}}},
		"not met":              {good, &picket.Requirements{ContractAddress: contract, MinTokenBalance: "13"}},
		"not on the list":      {good, &picket.Requirements{AllowedWallets: []string{address}}},
		"another server's":     {wallet.Login(t, foreign).AccessToken, nil},
		"another project's":    {wallet.Login(t, neighbour).AccessToken, nil},
		"altered":              {good[:len(good)-8] + "AAAAAAAA", nil},
		"no token":             {"hunter2", nil},
		"a bad token and gate": {"hunter2", &holds},
	} {
		t.Run(name, func(t *testing.T) {
			want, wantErr := client.Validate(ctx, picket.ValidateRequest{AccessToken: test.token, Requirements: test.requirements})
			got, err := verifier.Validate(ctx, test.token, gateOf(t, "ethereum", test.requirements))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for _, kind := range []error{picket.CodeParameterInvalid, picket.CodePermissionDenied, picket.ErrInvalidArgument} {
				if errors.Is(err, kind) != errors.Is(wantErr, kind) {
					t.Errorf("got %v, the API says %v", err, wantErr)
				}
			}
		})
	}
}

func TestATokenOfAnotherProjectIsRefused(t *testing.T) {
	srv, _, verifier := start(t)
	other, err := picket.New(srv.AddProject().SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	wantInvalid(t, verifier, mock.NewEthereumWallet(t).Login(t, other).AccessToken, "aud")
}

func TestATokenExpiresAfterTwelveHours(t *testing.T) {
	srv, client, verifier := start(t)
	srv.SetTime(time.Now().Truncate(time.Second))
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	srv.Advance(12*time.Hour - time.Second)
	if _, err := verifier.Verify(ctx, token); err != nil {
		t.Errorf("it died early: %v", err)
	}
	srv.Advance(time.Second)
	if _, err := verifier.Verify(ctx, token); kindOf(err) != "expired, invalid" {
		t.Errorf("got %s: %v", kindOf(err), err)
	}
}

func TestAnIDTokenIsNoAccessToken(t *testing.T) {
	srv, _, verifier := start(t)
	wallet := mock.NewEthereumWallet(t)
	publishable, err := picket.New(srv.PublishableKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	request := wallet.AuthRequest(t, publishable)
	flow := oauth2.Config{
		ClientID: srv.PublishableKey, RedirectURL: redirectURI, Scopes: []string{"openid", "email", "profile"},
		Endpoint: oauth2.Endpoint{AuthURL: srv.URL + "/oauth2/authorize", TokenURL: srv.URL + "/oauth2/token", AuthStyle: oauth2.AuthStyleInParams},
	}
	pkce := oauth2.GenerateVerifier()
	asked := flow.AuthCodeURL("state", oauth2.S256ChallengeOption(pkce),
		oauth2.SetAuthURLParam("walletAddress", wallet.Address),
		oauth2.SetAuthURLParam("signature", string(request.Signature)),
		oauth2.SetAuthURLParam("domain", request.Context.Domain),
		oauth2.SetAuthURLParam("uri", request.Context.URI),
		oauth2.SetAuthURLParam("issuedAt", request.Context.IssuedAt))
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(asked)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	back, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || back.Query().Get("code") == "" {
		t.Fatalf("no code: %d, %v", answer.StatusCode, err)
	}
	granted, err := flow.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	idToken, _ := granted.Extra("id_token").(string)
	if strings.Count(idToken, ".") != 2 {
		t.Fatal("there is no ID token")
	}
	// The access token of the same answer is one.
	if _, err := verifier.Verify(ctx, picket.Secret(granted.AccessToken)); err != nil {
		t.Error(err)
	}
	keys, err := accesstoken.DiscoverKeys(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	lenient, err := accesstoken.NewVerifier("", keys, accesstoken.WithInsecureSkipAudience(),
		accesstoken.WithIssuers("picketapi.com", srv.URL), accesstoken.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lenient.Verify(ctx, picket.Secret(granted.AccessToken)); err != nil {
		t.Error(err)
	}
	wantInvalid(t, verifier, picket.Secret(idToken), "ID token")
	wantInvalid(t, lenient, picket.Secret(idToken), "ID token")
}

func TestAnOutageOfTheAPIRefusesNobodyWhoIsKnown(t *testing.T) {
	srv, client, verifier := start(t)
	known := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	if _, err := verifier.Verify(ctx, known); err != nil {
		t.Fatal(err)
	}
	later := mock.NewSolanaWallet(t).Login(t, client).AccessToken
	neighbour, err := picket.New(srv.AddProject().SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	foreign := mock.NewSolanaWallet(t).Login(t, neighbour).AccessToken
	unknown := sign(t, newKey(t), "", goodClaims(object{"aud": srv.ID, "iat": srv.Now().Unix(), "exp": srv.Now().Add(time.Hour).Unix()}))
	srv.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable})
	for range 100 {
		for _, token := range []picket.Secret{known, later} {
			if _, err := verifier.Verify(ctx, token); err != nil {
				t.Fatal(err)
			}
		}
	}
	for kind, token := range map[string]picket.Secret{"unavailable": unknown, "invalid": foreign} {
		if _, err := verifier.Verify(ctx, token); kindOf(err) != kind {
			t.Errorf("got %s: %v; want %s", kindOf(err), err, kind)
		}
	}
}
