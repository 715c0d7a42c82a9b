package middleware_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

func TestAGateAsksOnlyWhatTheTokenDoesNotProve(t *testing.T) {
	v, asked := counting(always(holder(), nil))
	auth := newAuthenticator(t, v)
	other := picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"}
	more := picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"} // the API may know better
	for _, c := range []struct {
		name         string
		requirements picket.Requirements
		asked        int64
	}{
		{"proven", holders, 1}, // about the gate, and so about the token
		{"proven by what is known", picket.Requirements{ContractAddress: contract}, 1},
		{"not known", other, 2},
		{"known by now", other, 2},
		{"not enough is proven", more, 3},
		{"known by now, too", more, 3},
	} {
		if diff := cmp.Diff(let, answerOf(newGate(t, auth, c.requirements)(hello), bearer(token))); diff != "" {
			t.Error(c.name, diff)
		}
		if asked.Load() != c.asked {
			t.Errorf("%s: it was asked %d times, not %d", c.name, asked.Load(), c.asked)
		}
	}
}

func TestAGateKeepsItsRequirements(t *testing.T) {
	requirements := picket.Requirements{AllowedWallets: []string{claims().WalletAddress}, ContractAddress: contract}
	const mallory = "0x0000000000000000000000000000000000000bad"
	var seen picket.Requirements
	auth := newAuthenticator(t, validator(func(_ context.Context, _ picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		if gate != nil {
			seen = gate.Requirements()
			return nil, picket.CodePermissionDenied
		}
		c := claims()
		c.WalletAddress = mallory
		return c, nil
	}))
	gate := newGate(t, auth, requirements)
	requirements.AllowedWallets[0] = mallory
	if diff := cmp.Diff(denied, answerOf(gate(hello), bearer(token))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(picket.Requirements{AllowedWallets: []string{claims().WalletAddress}, ContractAddress: contract}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCouldLetNobodyInOrEveryoneIsNoGate(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	wallet := claims().WalletAddress
	for _, c := range []struct {
		name, chain  string
		requirements picket.Requirements
	}{
		{"nothing", "ethereum", picket.Requirements{}},
		{"an empty list", "ethereum", picket.Requirements{AllowedWallets: []string{}}},
		{"a blank contract", "ethereum", picket.Requirements{ContractAddress: " "}},
		{"a minimum of nothing", "ethereum", picket.Requirements{MinTokenBalance: "3"}},
		{"a minimum that is no number", "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "many"}},
		{"no chain", "", picket.Requirements{ContractAddress: contract}},
		{"a token on any chain", picket.AnyChain, picket.Requirements{ContractAddress: contract}},
		{"a contract that is too short", "ethereum", picket.Requirements{ContractAddress: "0x1234"}},
		{"a contract with a digit too many", "polygon", picket.Requirements{ContractAddress: contract + "0"}},
		{"a contract by its chain", "ethereum", picket.Requirements{ContractAddress: "eip155:1:" + contract}},
		{"a name for a contract", "ethereum", picket.Requirements{ContractAddress: "alice.eth"}},
		{"a name for a wallet", "ethereum", picket.Requirements{AllowedWallets: []string{wallet, "alice.eth"}}},
		{"a wallet that is too short", "ethereum", picket.Requirements{AllowedWallets: []string{wallet[:41]}}},
		{"a mint on ethereum", "ethereum", picket.Requirements{TokenIDs: []string{"So11111111111111111111111111111111111111112"}}},
		{"a contract on solana", "solana", picket.Requirements{ContractAddress: contract}},
		{"a mint that is none", "solana", picket.Requirements{TokenIDs: []string{"So1111"}}},
	} {
		if gate, err := auth.Gate(c.chain, c.requirements); gate != nil || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// fill sets every string, number, map and slice that v holds.
func fill(v reflect.Value, with string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), with)
		}
	case reflect.String:
		v.SetString(with)
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(with).Convert(v.Type().Elem()))
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		fill(v.Index(0), with)
	}
}

// TestClaimsThatOthersHaveOpenNoGate changes those that the Validator returned, and those that a shared cache did.
func TestClaimsThatOthersHaveOpenNoGate(t *testing.T) {
	theirs := holder()
	cache := newCache(t, validator(func(_ context.Context, _ picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		if gate != nil {
			return nil, picket.CodePermissionDenied
		}
		return theirs, nil
	}))
	lent, err := cache.Validate(t.Context(), token, nil)
	if err != nil {
		t.Fatal(err)
	}
	gate := newGate(t, newAuthenticator(t, cache), picket.Requirements{ContractAddress: contract, MinTokenBalance: "1000"})
	for name, payload := range map[string]*picket.AccessTokenPayload{"the validator's": theirs, "a caller's": lent} {
		payload.TokenBalances.ContractAddress[contract] = "1000"
		if diff := cmp.Diff(denied, answerOf(gate(hello), bearer(token))); diff != "" {
			t.Error(name, diff)
		}
	}
}
