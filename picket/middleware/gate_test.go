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
		{"proven", holders, 1}, // about the token
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
	requirements := picket.Requirements{AllowedWallets: []string{claims().WalletAddress}}
	var seen []string
	auth := newAuthenticator(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		if request.Requirements != nil {
			seen = request.Requirements.AllowedWallets
			return nil, picket.ErrPermissionDenied
		}
		c := claims()
		c.WalletAddress = "0xBAD"
		return c, nil
	}))
	gate := newGate(t, auth, requirements)
	requirements.AllowedWallets[0] = "0xBAD"
	if diff := cmp.Diff(denied, answerOf(gate(hello), bearer(token))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{claims().WalletAddress}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestAGateRefusesRequirementsThatLetEveryoneIn(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	for _, requirements := range []picket.Requirements{
		{}, {AllowedWallets: []string{}}, {ContractAddress: " "}, {MinTokenBalance: "3"}, {ContractAddress: contract, MinTokenBalance: "many"},
	} {
		if gate, err := auth.Gate(requirements); gate != nil || !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%v: got %v", requirements, err)
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

// TestClaimsThatOthersHaveOpenNoGate changes those that the Validator returned and, against the documentation, those
// that a shared cache did.
func TestClaimsThatOthersHaveOpenNoGate(t *testing.T) {
	theirs := holder()
	cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		if request.Requirements != nil {
			return nil, picket.ErrPermissionDenied
		}
		return theirs, nil
	}))
	lent, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
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
