package mock_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const defaultStatement = "Sign in with your wallet. This costs nothing and sends no transaction."

func TestTheStatementIsInTheLanguageAskedFor(t *testing.T) {
	srv := mock.Start(t)
	own := srv.AddProject(mock.WithStatements(map[string]string{"": "Come in.", "pt": "Entre.", "pt-PT": "Faça favor.", "zh-Hant": "請進"}))
	for locale, want := range map[string]string{
		"": "Come in.", "en": "Come in.", "pt": "Entre.", "pt-BR": "Entre.", "PT-pt": "Faça favor.", "pt-PT-x-y": "Faça favor.", "zh": "Come in.", "zh-Hant-TW": "請進",
	} {
		nonce, err := newClient(t, srv, own.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress, Locale: locale})
		if err != nil || nonce.Statement != want {
			t.Errorf("%q: got %+v, %v; want %q", locale, nonce, err, want)
		}
	}
	for locale, want := range map[string]string{"en-GB": defaultStatement, "xx": defaultStatement, "fr-CA": "Connectez-vous", "de": "Melde dich", "pt-BR": "Entre com"} {
		nonce, err := newClient(t, srv, srv.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress, Locale: locale})
		if err != nil || !strings.HasPrefix(nonce.Statement, want) {
			t.Errorf("%q: got %+v, %v; want %q", locale, nonce, err, want)
		}
	}
}

// TestTheMocksOwnStatementsKeepToTheGrammarOfEIP4361 asks in every language that has two letters.
func TestTheMocksOwnStatementsKeepToTheGrammarOfEIP4361(t *testing.T) {
	client := newClient(t, mock.Start(t), mock.DefaultSecretKey)
	grammar := regexp.MustCompile(`^[A-Za-z0-9 ._~:/?#@!$&'()*+,;=\[\]-]+$`)
	known := map[string]bool{}
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress, Locale: string([]rune{a, b})})
			if err != nil || !grammar.MatchString(nonce.Statement) {
				t.Fatalf("%c%c: got %+v, %v", a, b, nonce, err)
			}
			known[nonce.Statement] = true
		}
	}
	if len(known) < 6 {
		t.Errorf("there are %d statements", len(known))
	}
}

func TestALoginInAnyLanguageThatTheNonceWasGivenOutIn(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	var messages []string
	for _, locale := range []string{"fr", "de", "en"} {
		nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address, Locale: locale})
		if err != nil {
			t.Fatal(err)
		}
		nonce.Format = picket.MessageFormatSimple
		message, err := picket.SigningMessage(nonce, wallet.Address, picket.SigningMessageContext{})
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, message)
	}
	if _, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: wallet.Address, Signature: wallet.Sign(strings.Replace(messages[0], "Connectez", "Payez", 1))}); err == nil {
		t.Error("another statement logs in")
	}
	if _, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: wallet.Address, Signature: wallet.Sign(messages[1])}); err != nil {
		t.Error(err)
	}
}

func TestFlowWalletsLogInWithTheKeysThatTheMockWasGiven(t *testing.T) {
	for _, curve := range []string{mock.CurveP256, mock.CurveSecp256k1} {
		for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
			t.Run(curve+"/"+string(format), func(t *testing.T) {
				srv := mock.Start(t, mock.WithFormat(format))
				client := newClient(t, srv, srv.SecretKey)
				wallet := mock.NewFlowWallet(t, srv.Project, curve)
				auth := wallet.Login(t, client)
				if auth.User.Chain != "flow" || auth.User.WalletAddress != wallet.Address {
					t.Errorf("got %+v", auth.User)
				}
				var keys []struct{ Address, Curve, Hash string }
				control(t, srv, "", "GET", "/flowKeys", "", &keys)
				if len(keys) != 1 || keys[0].Address != wallet.Address || keys[0].Curve != curve || keys[0].Hash != mock.HashSHA3 {
					t.Errorf("got %+v", keys)
				}

				request := wallet.AuthRequest(t, client)
				request.Requirements = &picket.Requirements{ContractAddress: "A.1654653399040a61.FlowToken"}
				if _, err := client.Auth(ctx, request); err == nil || !strings.Contains(err.Error(), "token gating") {
					t.Errorf("got %v", err)
				}
				request.Requirements = nil
				other := mock.NewFlowWallet(t, srv.Project, curve)
				request.Signature = other.AuthRequest(t, client).Signature
				if _, err := client.Auth(ctx, request); err == nil || !strings.Contains(err.Error(), "invalid signature") {
					t.Errorf("another account's key: got %v", err)
				}
				srv.Reset()
				if _, err := client.Auth(ctx, wallet.AuthRequest(t, client)); err == nil || !strings.Contains(err.Error(), "no keys of this Flow account") {
					t.Errorf("no key: got %v", err)
				}
			})
		}
	}
}
