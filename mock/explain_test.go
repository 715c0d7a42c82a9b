package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// explanation is what the mock says about the last exchange of a project.
type explanation struct {
	Refused         bool
	Reason, Summary string
	Signature       *struct{ WalletAddress, Signer, Expected, Signed string }
	Gate            *struct {
		Chain, WalletAddress, Total, Minimum string
		AllowedWallets                       *int
		MoreSteps                            int
		Steps                                []struct{ Kind, Token, Balance, Source, Sum string }
	}
	Token *struct {
		Claims map[string]any
		Checks []struct {
			Check, Found string
			Passed       bool
		}
	}
}

func explainLast(t *testing.T, srv *mock.Server) (why explanation, text string) {
	t.Helper()
	journal := srv.Journal()
	number := journal[len(journal)-1].Number
	control(t, srv, "", "GET", fmt.Sprintf("/journal/%d/explanation", number), "", &why)
	return why, srv.Explain(number)
}

// relogged sends a login that was changed.
func relogged(t *testing.T, client *picket.Client, request picket.AuthRequest, change func(*picket.AuthRequest)) {
	t.Helper()
	change(&request)
	if _, err := client.Auth(t.Context(), request); err == nil {
		t.Fatal("the login was not refused")
	}
}

func TestARefusedLoginIsExplained(t *testing.T) {
	type scene struct {
		srv     *mock.Server
		client  *picket.Client
		wallet  *mock.Wallet
		nonce   string
		request picket.AuthRequest // of the wallet, signed rightly
	}
	other := mock.NewEthereumWallet(t)
	solana := mock.NewSolanaWallet(t)
	context := func(r picket.AuthRequest, nonce string) string { // the message of a request
		message, err := picket.SigningMessage(&picket.NonceResponse{Nonce: nonce, Statement: statementOf(t), Format: picket.MessageFormatSIWE}, r.WalletAddress, r.Context)
		if err != nil {
			t.Fatal(err)
		}
		return message
	}
	for name, test := range map[string]struct {
		options []mock.Option
		wallet  func(t mock.TB) *mock.Wallet
		refused func(t *testing.T, s scene)
		reason  string
		summary string               // a part of it
		signed  func(s scene) string // a part of the message; nil if it is not known
		signer  func(s scene) string
	}{
		"signed by a wallet that was not seen": {
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Signature = other.Sign(context(*r, s.nonce)) })
			},
			reason: "signature", summary: other.Address, signer: func(scene) string { return other.Address },
		},
		"signed by a wallet that was seen": {
			refused: func(t *testing.T, s scene) {
				other.AuthRequest(t, s.client)
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Signature = other.Sign(context(*r, s.nonce)) })
			},
			reason: "wrongSigner", summary: other.Address + " signed",
			signed: func(scene) string { return "Nonce: " }, signer: func(scene) string { return other.Address },
		},
		"signed by another wallet on Solana": {
			wallet: mock.NewSolanaWallet,
			refused: func(t *testing.T, s scene) {
				solana.AuthRequest(t, s.client)
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Signature = solana.Sign(context(*r, s.nonce)) })
			},
			reason: "wrongSigner", summary: solana.Address + " signed",
			signed: func(scene) string { return "Nonce: " }, signer: func(scene) string { return solana.Address },
		},
		"for a domain that is not allowed": {
			options: []mock.Option{mock.WithAllowedDomain("shop.example")},
			refused: func(t *testing.T, s scene) { relogged(t, s.client, s.request, func(*picket.AuthRequest) {}) },
			reason:  "wrongDomain", summary: mock.DefaultDomain,
			signed: func(scene) string { return mock.DefaultDomain + " wants you to sign in" },
		},
		"for another domain than the context says": {
			options: []mock.Option{mock.WithAllowedDomain("shop.example"), mock.WithAllowedDomain(mock.DefaultDomain)},
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Context.Domain, r.Context.URI = "shop.example", "https://shop.example" })
			},
			reason: "wrongDomain", summary: `"shop.example"`,
			signed: func(scene) string { return mock.DefaultDomain + " wants you to sign in" },
		},
		"for another chain than the context says": {
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Context.ChainID = 137 })
			},
			reason: "wrongChain", summary: "137", signed: func(scene) string { return "Chain ID: 1\n" },
		},
		"for another chain than that of the login": {
			options: []mock.Option{mock.WithAllowedDomain(mock.DefaultDomain)},
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Chain = "polygon" })
			},
			reason: "wrongChain", summary: "polygon", signed: func(scene) string { return "Chain ID: 1\n" },
		},
		"with an address of another kind of chain": {
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.WalletAddress = solana.Address })
			},
			reason: "wrongChain", summary: "another kind of chain",
		},
		"with a nonce that was spent": {
			refused: func(t *testing.T, s scene) {
				if _, err := s.client.Auth(t.Context(), s.request); err != nil {
					t.Fatal(err)
				}
				relogged(t, s.client, s.request, func(*picket.AuthRequest) {})
			},
			reason: "nonceSpent", summary: "was spent by a login", signed: func(scene) string { return "Nonce: " },
		},
		"with a nonce that was spent, while there is a new one": {
			refused: func(t *testing.T, s scene) {
				if _, err := s.client.Auth(t.Context(), s.request); err != nil {
					t.Fatal(err)
				}
				s.wallet.AuthRequest(t, s.client)
				relogged(t, s.client, s.request, func(*picket.AuthRequest) {})
			},
			reason: "nonceSpent", summary: "was spent by a login", signed: func(scene) string { return "Nonce: " },
		},
		"with a nonce that expired": {
			refused: func(t *testing.T, s scene) {
				s.srv.Advance(2 * time.Minute)
				relogged(t, s.client, s.request, func(*picket.AuthRequest) {})
			},
			reason: "nonceExpired", summary: "2m0s old", signed: func(scene) string { return "Nonce: " },
		},
		"without a nonce": {
			refused: func(t *testing.T, s scene) {
				s.srv.Reset()
				relogged(t, s.client, s.request, func(*picket.AuthRequest) {})
			},
			reason: "nonceUnknown", summary: "ask for a nonce",
		},
		"over the nonce only": {
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Signature = s.wallet.Sign(s.nonce) })
			},
			reason: "wrongMessage", summary: "another message", signed: func(s scene) string { return s.nonce },
		},
		"with a signature of the wrong form": {
			refused: func(t *testing.T, s scene) {
				relogged(t, s.client, s.request, func(r *picket.AuthRequest) { r.Signature = "0x12" })
			},
			reason: "signatureForm", summary: "hexadecimal digits",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if test.wallet == nil {
				test.wallet = mock.NewEthereumWallet
			}
			srv := mock.Start(t, append(test.options, mock.WithFormat(picket.MessageFormatSIWE))...)
			s := scene{srv: srv, client: newClient(t, srv, srv.SecretKey), wallet: test.wallet(t)}
			s.wallet.Domain = mock.DefaultDomain
			s.request = s.wallet.AuthRequest(t, s.client)
			s.nonce = nonceOf(t, srv)
			test.refused(t, s)
			why, text := explainLast(t, srv)
			if !why.Refused || why.Reason != test.reason || !strings.Contains(why.Summary, test.summary) || !strings.HasPrefix(text, test.reason+": "+why.Summary) {
				t.Errorf("got %+v, and the text %q", why, text)
			}
			if why.Signature == nil {
				if test.signed != nil || test.signer != nil {
					t.Fatal("nothing is said about the signature")
				}
				return
			}
			got := *why.Signature
			if got.WalletAddress != s.wallet.Address || (got.Expected == "" && test.reason != "signatureForm") {
				t.Errorf("got %+v", got)
			}
			if (test.signed == nil) != (got.Signed == "") || (test.signed != nil && !strings.Contains(got.Signed, test.signed(s))) {
				t.Errorf("signed was %q", got.Signed)
			}
			if test.signer != nil && got.Signer != test.signer(s) {
				t.Errorf("the signer was %q", got.Signer)
			}
			if test.reason != "wrongSigner" && got.Signed == got.Expected && got.Signed != "" {
				t.Errorf("what was signed is what was expected: %q", got.Signed)
			}
			if strings.Contains(text+fmt.Sprint(why), string(s.request.Signature)) {
				t.Error("the explanation has the signature")
			}
		})
	}
}

// nonceOf returns the nonce that was given out last.
func nonceOf(t *testing.T, srv *mock.Server) string {
	t.Helper()
	given := srv.Journal("nonce")
	var answer struct{ Nonce string }
	if err := json.Unmarshal([]byte(given[len(given)-1].ResponseBody), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Nonce
}

func statementOf(t *testing.T) string {
	t.Helper()
	srv := mock.Start(t)
	nonce, err := newClient(t, srv, srv.SecretKey).Nonce(t.Context(), picket.NonceRequest{WalletAddress: mock.NewEthereumWallet(t).Address})
	if err != nil {
		t.Fatal(err)
	}
	return nonce.Statement
}

func TestAGateIsExplained(t *testing.T) {
	const first, second = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", "0x6B175474E89094C44Da98b954EedeAC495271d0F"
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(first), "1.5")
	token := wallet.Login(t, client).AccessToken
	gate := picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{ContractAddress: first, MinTokenBalance: "2", AllowedWallets: []string{second}}}
	if _, err := client.Authz(t.Context(), gate); err == nil {
		t.Fatal("the gate opened")
	}
	why, text := explainLast(t, srv)
	if why.Reason != "tooFewTokens" || why.Gate == nil || len(why.Gate.Steps) != 1 || *why.Gate.AllowedWallets != 1 || why.Gate.Total != "1.5" || why.Gate.Minimum != "2" {
		t.Fatalf("got %+v", why)
	}
	if step := why.Gate.Steps[0]; step.Token != first || step.Kind != "contractAddress" || step.Balance != "1.5" || step.Source != "state" || step.Sum != "1.5" {
		t.Errorf("got %+v", step)
	}
	if !strings.Contains(text, "total 1.5, needed 2") || strings.Contains(text, string(token)) {
		t.Errorf("the text is %q", text)
	}
	for name, test := range map[string]struct {
		call   func() error
		reason string
	}{
		"a list of wallets": {func() error {
			_, err := client.Authz(t.Context(), picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: []string{second}}})
			return err
		}, "notListed"},
		"token ownership": {func() error {
			_, err := client.TokenOwnership(t.Context(), "ethereum", wallet.Address, picket.TokenOwnershipRequest{ContractAddress: second})
			return err
		}, "tooFewTokens"},
		"a login": {func() error {
			request := wallet.AuthRequest(t, client)
			request.Requirements = &picket.Requirements{ContractAddress: second}
			_, err := client.Auth(t.Context(), request)
			return err
		}, "tooFewTokens"},
	} {
		t.Run(name, func(t *testing.T) {
			_ = test.call()
			if why, _ := explainLast(t, srv); why.Reason != test.reason || why.Gate == nil || why.Gate.WalletAddress != wallet.Address {
				t.Errorf("got %+v", why)
			}
		})
	}
}

func TestAnAccessTokenIsExplained(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	elsewhere := srv.AddProject()
	wallet := mock.NewEthereumWallet(t)
	token := wallet.Login(t, client).AccessToken
	foreign := wallet.Login(t, newClient(t, srv, elsewhere.SecretKey)).AccessToken
	for name, test := range map[string]struct {
		token   picket.Secret
		advance time.Duration
		reason  string
		passed  int // checks
		claims  bool
	}{
		"no token":               {"nonsense", 0, "tokenForm", 0, false},
		"claims that are null":   {forgedToken("null"), 0, "tokenForged", 1, false},
		"a list of claims":       {forgedToken("[]"), 0, "tokenForged", 1, false},
		"a claim twice":          {forgedToken(`{"aud":"a","aud":"b"}`), 0, "tokenForged", 1, false},
		"a claim twice, deeper":  {forgedToken(`{"a":[{"b":1,"b":2}]}`), 0, "tokenForged", 1, false},
		"claims not in UTF-8":    {forgedToken("{\"aud\":\"\xff\"}"), 0, "tokenForged", 1, false},
		"an altered one":         {token[:len(token)-3] + "AAA", 0, "tokenForged", 1, true},
		"one of another project": {foreign, 0, "tokenOfAnotherProject", 2, true},
		"one that expired":       {token, 12 * time.Hour, "tokenExpired", 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			srv.Advance(test.advance)
			if _, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: test.token}); err == nil {
				t.Fatal("the token is valid")
			}
			why, text := explainLast(t, srv)
			if why.Reason != test.reason || why.Token == nil || len(why.Token.Checks) != test.passed+1 || why.Token.Checks[test.passed].Passed || (why.Token.Claims != nil) != test.claims {
				t.Errorf("got %+v", why)
			}
			if test.claims && why.Token != nil && why.Token.Claims["walletAddress"] != wallet.Address {
				t.Errorf("the claims are %v", why.Token.Claims)
			}
			if strings.Contains(text, string(test.token)) && test.claims {
				t.Errorf("the text has the token")
			}
			srv.RunClock()
		})
	}
	t.Run("userinfo", func(t *testing.T) {
		roundTrip(t, srv, "", "GET", "/oauth2/userinfo", "", "Authorization", "Bearer "+string(token[:len(token)-3]+"AAA"))
		if why, _ := explainLast(t, srv); why.Reason != "tokenForged" {
			t.Errorf("got %+v", why)
		}
	})
}

// forgedToken returns a JWT with a payload and a signature that nobody made.
func forgedToken(payload string) picket.Secret {
	encode := base64.RawURLEncoding.EncodeToString
	return picket.Secret(encode([]byte(`{"alg":"ES256"}`)) + "." + encode([]byte(payload)) + "." + encode(make([]byte, 64)))
}

func TestEveryExchangeIsExplained(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	for name, test := range map[string]struct {
		call   func()
		reason string
	}{
		"not refused":     {func() { _, _ = client.Chains(t.Context()) }, "notRefused"},
		"a wrong body":    {func() { post(t, srv, "/auth/nonce", `{"wallet":"0x"}`) }, "contract"},
		"no such path":    {func() { post(t, srv, "/auth/nonse", `{}`) }, "contract"},
		"no such chain":   {func() { roundTrip(t, srv, srv.SecretKey, "GET", "/chains/mars", "") }, "other"},
		"a key of nobody": {func() { roundTrip(t, srv, "sk_00000000000000000000000000000001", "GET", "/chains", "") }, "other"},
		"an asked answer": {func() { roundTrip(t, srv, srv.SecretKey, "GET", "/chains", "", "Prefer", "code=500") }, "stub"},
		"a fault's answer": {func() {
			srv.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: 503, Count: 1})
			roundTrip(t, srv, srv.SecretKey, "GET", "/chains", "")
		}, "fault"},
	} {
		t.Run(name, func(t *testing.T) {
			test.call()
			if why, _ := explainLast(t, srv); why.Reason != test.reason || why.Summary == "" || why.Refused != (test.reason != "notRefused") {
				t.Errorf("got %+v", why)
			}
		})
	}
	if got := control(t, srv, "", "GET", "/journal/4711/explanation", "", nil); got.status != http.StatusNotFound || !strings.Contains(got.body, "4711") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if got := srv.Explain(4711); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestAForgedTokenShowsNoSecretInItsExplanation(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	const key = "sk_0123456789abcdef0123456789abcdef"
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	parts := strings.Split(string(token), ".")
	for name, claims := range map[string]string{
		"in a claim":     `{"aud":"` + key + `","chain":"ethereum"}`,
		"deeper":         `{"aud":{"a":["` + key + `"]},"chain":"ethereum"}`,
		"as a name":      `{"` + key + `":1}`,
		"a whole token":  `{"aud":"` + string(token) + `"}`,
		"as an escape":   `{"aud":"\u0073k_0123456789abcdef0123456789abcdef"}`,
		"in a long text": `{"aud":"x ` + key + ` y"}`,
	} {
		t.Run(name, func(t *testing.T) {
			forged := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + parts[2]
			if _, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: picket.Secret(forged)}); err == nil {
				t.Fatal("the token is valid")
			}
			why, text := explainLast(t, srv)
			if shown := fmt.Sprint(why.Token.Claims) + text; strings.Contains(shown, key) || strings.Contains(shown, string(token)) || why.Reason != "tokenForged" {
				t.Errorf("got %+v and %q", why.Token, text)
			}
		})
	}
}

func TestAnEmptyListIsExplained(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	for _, list := range []string{"allowedWallets", "tokenIds"} {
		send(t, srv, srv.SecretKey, "POST", "/authz", `{"accessToken":"`+string(token)+`","requirements":{"`+list+`":[]}}`)
		if why, _ := explainLast(t, srv); !strings.Contains(why.Summary, list+" in requirements is an empty list") || why.Gate == nil {
			t.Errorf("%s: got %+v", list, why)
		}
	}
}
