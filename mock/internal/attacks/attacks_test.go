// Package attacks_test tries each attack on each package that it could work on. The packages' own tests go deeper; here
// stands, in one table, what is refused where.
package attacks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/login"
	"github.com/seed-a13ee279/picket/picket/middleware"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

const (
	contract   = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	smallOrder = "11111111111111111111111111111111" // 32 zero bytes in base58
	origin     = "https://shop.example"
)

var holders = picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}

// status is the answer of a handler, as an error.
type status int

func (s status) Error() string { return fmt.Sprintf("status %d", int(s)) }

// errHarmless is what an attempt returns that no error refused, and that opened nothing.
var errHarmless = errors.New("it opened nothing")

func TestNoAttackWorks(t *testing.T) {
	for _, a := range []struct {
		attack, on string
		try        func(*testing.T, *world) error
		want       error
	}{
		{"tokens of another chain", "picket.Gate", func(t *testing.T, w *world) error {
			gate, err := picket.NewGate("ethereum", holders)
			if err != nil {
				t.Fatal(err)
			}
			if outcome, err := gate.Evaluate(w.rich.User); err != nil || outcome != picket.OutcomeOtherChain {
				return nil
			}
			return errHarmless
		}, errHarmless},
		{"tokens of another chain", "Client.Validate", func(t *testing.T, w *world) error {
			_, err := w.client.Validate(t.Context(), picket.ValidateRequest{AccessToken: w.rich.AccessToken, Requirements: &holders}, picket.WithChain("ethereum"))
			return err
		}, picket.ErrChainMismatch},
		{"tokens of another chain", "Client.Authz", func(t *testing.T, w *world) error {
			_, err := w.client.Authz(t.Context(), picket.AuthzRequest{AccessToken: w.rich.AccessToken, Requirements: holders}, picket.WithChain("ethereum"))
			return err
		}, picket.ErrChainMismatch},
		{"tokens of another chain", "Client.Auth", func(t *testing.T, w *world) error {
			_, err := w.client.Auth(t.Context(), w.wallet.AuthRequest(t, w.client), picket.WithChain("ethereum"))
			return err
		}, picket.ErrChainMismatch},
		{"tokens of another chain", "accesstoken", func(t *testing.T, w *world) error {
			gate, err := picket.NewGate("ethereum", holders)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.verifier(t).Validate(t.Context(), w.rich.AccessToken, gate)
			return err
		}, picket.ErrChainMismatch},
		{"tokens of another chain", "middleware with Remote", func(t *testing.T, w *world) error {
			return w.atGate(t, middleware.Remote(w.client))
		}, status(http.StatusForbidden)},
		{"tokens of another chain", "middleware with Incremental", func(t *testing.T, w *world) error {
			return w.atGate(t, middleware.Incremental(w.verifier(t), middleware.Remote(w.client)))
		}, status(http.StatusForbidden)},
		{"a gate without a chain", "picket.NewGate", func(*testing.T, *world) error { _, err := picket.NewGate("", holders); return err }, picket.ErrInvalidArgument},
		{"a gate without a chain", "middleware", func(t *testing.T, w *world) error {
			_, err := w.auth(t, middleware.Remote(w.client)).Gate("", holders)
			return err
		}, picket.ErrInvalidArgument},
		{"a gate without a chain", "oauth", func(t *testing.T, w *world) error {
			_, err := w.logins(t).Begin("", oauth.Parameters{Requirements: &holders})
			return err
		}, picket.ErrInvalidArgument},
		{"tokens of any chain", "picket.NewGate", func(*testing.T, *world) error {
			_, err := picket.NewGate(picket.AnyChain, holders)
			return err
		}, picket.ErrInvalidArgument},
		{"a mistyped contract", "middleware", func(t *testing.T, w *world) error {
			_, err := w.auth(t, middleware.Remote(w.client)).Gate("ethereum", picket.Requirements{ContractAddress: "0x1234"})
			return err
		}, picket.ErrInvalidArgument},
		{"a mistyped contract", "oauth", func(t *testing.T, w *world) error {
			_, err := w.logins(t).Begin("ethereum", oauth.Parameters{Requirements: &picket.Requirements{ContractAddress: "alice.eth"}})
			return err
		}, picket.ErrInvalidArgument},
		{"a mistyped contract", "login", func(t *testing.T, w *world) error {
			_, err := w.site(t).Logins("ethereum", &picket.Requirements{ContractAddress: contract + "0"})
			return err
		}, picket.ErrInvalidArgument},
		{"one contract in two spellings", "picket.Gate", func(t *testing.T, _ *world) error {
			gate, err := picket.NewGate("ethereum", picket.Requirements{ContractAddress: strings.ToLower(contract), MinTokenBalance: "2"})
			if err != nil {
				t.Fatal(err)
			}
			outcome, err := gate.Evaluate(picket.AuthenticatedUser{Chain: "ethereum", WalletAddress: "0x01", TokenBalances: picket.TokenBalances{
				ContractAddress: map[string]picket.Decimal{contract: "1", "0x" + strings.ToUpper(contract[2:]): "1"},
			}})
			if err != nil || outcome == picket.OutcomeMet {
				return err
			}
			return errHarmless
		}, errHarmless},
		{"a message for another site", "Client.Auth with WithOrigin", func(t *testing.T, w *world) error {
			_, err := w.client.Auth(t.Context(), w.signedElsewhere(t), picket.WithOrigin(origin))
			return err
		}, picket.ErrInvalidArgument},
		{"a message for another site", "mock with WithAllowedDomain", func(t *testing.T, w *world) error {
			w.api.AllowDomain("shop.example")
			_, err := w.client.Auth(t.Context(), w.signedElsewhere(t))
			return err
		}, picket.CodeParameterInvalid},
		{"a name in another case", "picket", func(t *testing.T, _ *world) error {
			return answered(t, `{"allowed":false,"Allowed":true}`)
		}, picket.ErrUnexpectedResponse},
		{"a name twice", "picket", func(t *testing.T, _ *world) error {
			return answered(t, `{"allowed":false,"allowed":true}`)
		}, picket.ErrUnexpectedResponse},
		{"a name in another case", "mock", func(t *testing.T, w *world) error {
			return w.post(t, w.api.URL+"/auth/nonce", `{"walletAddress":"`+w.wallet.Address+`","WalletAddress":"0x00000000000000000000000000000000000000ff"}`, nil)
		}, status(http.StatusBadRequest)},
		{"a name twice", "mock", func(t *testing.T, w *world) error {
			return w.post(t, w.api.URL+"/auth/nonce", `{"walletAddress":"`+w.wallet.Address+`","walletAddress":"0x00000000000000000000000000000000000000ff"}`, nil)
		}, status(http.StatusBadRequest)},
		{"a name twice", "login", func(t *testing.T, w *world) error {
			logins, err := w.site(t).Logins("ethereum", nil)
			if err != nil {
				t.Fatal(err)
			}
			return answerOf(logins.Message, `{"walletAddress":"`+w.wallet.Address+`","walletAddress":"0x00000000000000000000000000000000000000ff"}`, "")
		}, status(http.StatusBadRequest)},
		{"a session from redacted JSON", "oauth", func(t *testing.T, w *world) error {
			begun, err := w.logins(t).Begin("ethereum", oauth.Parameters{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(begun.Pending)
			if err != nil {
				t.Fatal(err)
			}
			var pending oauth.PendingLogin
			return json.Unmarshal(text, &pending)
		}, oauth.ErrNoPendingLogin},
		{"an address that is no key", "mock", func(t *testing.T, w *world) error {
			_, err := w.client.Nonce(t.Context(), picket.NonceRequest{Chain: "solana", WalletAddress: smallOrder})
			return err
		}, picket.CodeParameterInvalid},
		{"an address that is no key", "login", func(t *testing.T, w *world) error {
			logins, err := w.site(t).Logins("solana", nil)
			if err != nil {
				t.Fatal(err)
			}
			return answerOf(logins.Message, `{"walletAddress":"`+smallOrder+`"}`, "")
		}, status(http.StatusBadRequest)},
		{"a post of another site's page", "login", func(t *testing.T, w *world) error {
			return answerOf(w.site(t).Logout, "", "https://evil.example")
		}, status(http.StatusForbidden)},
		{"a post of another site's page", "mock's controls", func(t *testing.T, w *world) error {
			return w.post(t, w.control("/reset"), "", http.Header{"Origin": {"https://evil.example"}})
		}, status(http.StatusForbidden)},
		{"DNS rebinding", "mock's controls", func(t *testing.T, w *world) error {
			return w.post(t, w.control("/reset"), "", http.Header{"Host": {"evil.example"}})
		}, status(http.StatusForbidden)},
		{"an expired token", "accesstoken", func(t *testing.T, w *world) error {
			verifier := w.verifier(t)
			w.api.Advance(12*time.Hour + verifier.Leeway())
			_, err := verifier.Verify(t.Context(), w.rich.AccessToken)
			return err
		}, accesstoken.ErrExpired},
		{"an expired token", "middleware with Incremental", func(t *testing.T, w *world) error {
			verifier := w.verifier(t)
			w.api.Advance(12*time.Hour + verifier.Leeway())
			return w.atGate(t, middleware.Incremental(verifier, middleware.Remote(w.client)))
		}, status(http.StatusUnauthorized)},
		{"an API key as a project", "accesstoken", func(t *testing.T, w *world) error {
			keys, err := accesstoken.DiscoverKeys(w.api.URL)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := accesstoken.NewVerifier(w.api.SecretKey, keys); err == nil || strings.Contains(err.Error(), w.api.SecretKey) {
				return err
			}
			return errHarmless
		}, errHarmless},
		{"a key in quotes", "picket", func(_ *testing.T, w *world) error {
			if _, err := picket.New(`"` + w.api.SecretKey + `"`); err == nil || strings.Contains(err.Error(), w.api.SecretKey) {
				return err
			}
			return errHarmless
		}, errHarmless},
	} {
		t.Run(a.attack+" on "+a.on, func(t *testing.T) {
			if err := a.try(t, newWorld(t)); !errors.Is(err, a.want) {
				t.Errorf("got %v, want %v", err, a.want)
			}
		})
	}
}

// TestNoOptionThatIsNilPanics has every constructor that takes options.
func TestNoOptionThatIsNilPanics(t *testing.T) {
	w := newWorld(t)
	keys, err := accesstoken.DiscoverKeys(w.api.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, made := range map[string]func() error{
		"picket.New":               func() error { _, err := picket.New(w.api.SecretKey, nil); return err },
		"Client.Chains":            func() error { _, err := w.client.Chains(t.Context(), nil); return err },
		"accesstoken.DiscoverKeys": func() error { _, err := accesstoken.DiscoverKeys(w.api.URL, nil); return err },
		"accesstoken.RemoteKeys":   func() error { _, err := accesstoken.RemoteKeys(w.api.URL, nil); return err },
		"accesstoken.NewVerifier":  func() error { _, err := accesstoken.NewVerifier(w.api.ID, keys, nil); return err },
		"accesstoken.NewVerifierForProjects": func() error {
			_, err := accesstoken.NewVerifierForProjects([]string{w.api.ID}, keys, nil)
			return err
		},
		"middleware.New":      func() error { _, err := middleware.New(middleware.Remote(w.client), nil); return err },
		"middleware.NewCache": func() error { _, err := middleware.NewCache(middleware.Remote(w.client), nil); return err },
		"login.New":           func() error { _, err := login.New(w.client, origin, loginKeys(t), nil); return err },
		"oauth.New":           func() error { _, err := oauth.New(w.api.PublishableKey, origin+"/callback", nil); return err },
		"mock.New":            func() error { _, err := mock.New(nil); return err },
	} {
		if made() == nil {
			t.Errorf("%s takes a nil option", name)
		}
	}
}
