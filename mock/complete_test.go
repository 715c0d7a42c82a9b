package mock

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// TestAnExportHasEveryFieldThatAProjectHas sets every field of what a project consists of, so that one that is added later and is not
// exported makes the test fail.
func TestAnExportHasEveryFieldThatAProjectHas(t *testing.T) {
	claims := map[string]any{"groups": []string{"staff"}}
	srv := Start(t, WithRedirectURI("http://localhost:3000/"), WithAllowedDomain("localhost:3000"), WithReusableNonces(), WithUnknownProperties(),
		WithIDTokenClaims(claims))
	wallet, err := wallets.Find("ethereum", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8")
	if err != nil {
		t.Fatal(err)
	}
	balances := map[string]picket.Decimal{"x": "1.5"}
	grant := state.Grant{
		Wallet:      wallet,
		Proven:      picket.TokenBalances{ContractAddress: balances, Collection: balances, CreatorAddress: balances, TokenIDs: balances},
		Scopes:      []string{"openid"},
		RedirectURI: "http://localhost:3000/",
		Challenge:   "challenge",
		Nonce:       "nonce",
		LoggedInAt:  time.Date(2022, 10, 25, 1, 11, 7, 6, time.UTC),
	}
	expires := time.Date(2022, 10, 25, 1, 12, 36, 5, time.UTC)
	session := state.KeptSession{Key: slices.Repeat([]byte{8}, 32), Value: state.Session{Wallet: wallet, At: grant.LoggedInAt}, Expires: expires}
	code := state.KeptCode{Key: slices.Repeat([]byte{7}, 32), Value: grant, Expires: expires}
	nonce := state.KeptNonce{Key: wallet.Address, Value: state.Nonce{Value: "PZNFYYZDNXLVIEG36PB4PK4RXC", Statements: []string{"One.", "Two."}}, Expires: expires}
	turns := map[string]int64{"00000000000000ff": 3}
	inside := srv.inside()
	for _, err := range []error{inside.State.KeepCode(code), inside.State.KeepNonce(nonce), inside.State.KeepSession(session), inside.Turns.GoOn(turns)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, value := range []any{inside.Settings, grant, grant.Proven, nonce.Value, session.Value} {
		fields := reflect.ValueOf(value)
		for i := range fields.NumField() {
			if fields.Field(i).IsZero() {
				t.Errorf("%s of a %s is not set: set it here, and export it", fields.Type().Field(i).Name, fields.Type())
			}
		}
	}
	fresh := Start(t)
	fresh.Import(srv.Export())
	if diff := cmp.Diff([]state.KeptCode{code}, fresh.inside().State.Codes()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]state.KeptNonce{nonce}, fresh.inside().State.Nonces()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]state.KeptSession{session}, fresh.inside().State.Sessions()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(turns, fresh.inside().Turns.Made()); diff != "" {
		t.Error(diff)
	}
	want := inside.Settings
	if diff := cmp.Diff(want, fresh.inside().Settings); diff != "" {
		t.Error(diff)
	}
}

// TestAnExportHasEveryPartOfAProject names the parts: what is exported, and what is not because it is no state.
func TestAnExportHasEveryPartOfAProject(t *testing.T) {
	for of, known := range map[reflect.Type][]string{
		reflect.TypeFor[tenant.Project](): {
			"ID", "SecretKey", "PublishableKey", "Settings", "Clock", "State", "Faults", "Stubs", "Turns", // exported
			"Journal", "Seat", "account", "configured",
		},
		reflect.TypeFor[state.State](): {
			"RedirectURIs", "Domains", "nonces", "codes", "sessions", "seeds", // exported
			"clock", "account", "endSweep", "mu", "sweptAt",
		},
	} {
		for i := range of.NumField() {
			if name := of.Field(i).Name; !slices.Contains(known, name) {
				t.Errorf("%s has %s: export it (state.go, control.yaml), and name it here", of, name)
			}
		}
	}
}
