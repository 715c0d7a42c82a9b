package middleware_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestRemoteAsksTheAPI(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv)
	wallet := mock.NewEthereumWallet(t)
	token := wallet.Login(t, client).AccessToken
	remote := middleware.Remote(client)

	want, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
	if err != nil {
		t.Fatal(err)
	}
	got, err := remote.Validate(t.Context(), token, nil)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := remote.Validate(t.Context(), token, gateOf(t, holders)); !errors.Is(err, picket.CodePermissionDenied) {
		t.Errorf("got %v", err)
	}
}

func TestRemoteJudgesTheTokenThatItIsGiven(t *testing.T) {
	client := newClient(t, mock.Start(t))
	good, ofNobody := mock.NewEthereumWallet(t).Login(t, client).AccessToken, picket.Secret("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln")
	remote := middleware.Remote(client)
	for _, c := range []struct {
		given, asked picket.Secret
		want         error // nil for success
	}{
		{good, ofNobody, picket.CodeParameterInvalid},
		{ofNobody, good, nil},
	} {
		cache := newCache(t, validator(func(ctx context.Context, _ picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
			return remote.Validate(ctx, c.asked, gate)
		}))
		if _, err := cache.Validate(t.Context(), c.given, nil); !errors.Is(err, c.want) {
			t.Errorf("%q instead of %q: got %v", string(c.asked), string(c.given), err)
		}
	}
}

func TestIncrementalAsksRemoteOnlyWhatTheTokenDoesNotDecide(t *testing.T) {
	elsewhere := errors.New("asked elsewhere")
	other := gateOf(t, picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"})
	manyDigits := holder()
	manyDigits.TokenBalances.ContractAddress[contract] = "1e9999"
	onPolygon, err := picket.NewGate("polygon", holders)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		local validator
		gate  *picket.Gate
		want  error // nil for success
	}{
		{"no gate", always(holder(), nil), nil, nil},
		{"met", always(holder(), nil), gateOf(t, holders), nil},
		{"a wallet on the list", always(claims(), nil), gateOf(t, picket.Requirements{AllowedWallets: []string{claims().WalletAddress}}), nil},
		{"not met", always(holder(), nil), gateOf(t, picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"}), picket.CodePermissionDenied},
		{"a wallet not on the list", always(claims(), nil), gateOf(t, picket.Requirements{AllowedWallets: []string{contract}}), picket.CodePermissionDenied},
		{"another chain", always(holder(), nil), onPolygon, picket.ErrChainMismatch},
		{"not known", always(holder(), nil), other, elsewhere},
		{"more digits than can be", always(manyDigits, nil), gateOf(t, holders), elsewhere},
		{"a gate that nobody made", always(holder(), nil), new(picket.Gate), picket.ErrInvalidArgument},
		{"a bad token", always(nil, picket.CodeParameterInvalid), other, picket.CodeParameterInvalid},
		{"a token that cannot be checked", always(nil, picket.ErrNoResponse), other, picket.ErrNoResponse},
	} {
		t.Run(c.name, func(t *testing.T) {
			local := validator(func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
				if gate != nil {
					t.Error("local is asked about a gate")
				}
				return c.local(ctx, token, gate)
			})
			remote := validator(func(_ context.Context, asked picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
				if asked != token || gate != c.gate {
					t.Errorf("remote is asked about %q and %v", string(asked), gate)
				}
				return nil, elsewhere
			})
			got, err := middleware.Incremental(local, remote).Validate(t.Context(), token, c.gate)
			if !errors.Is(err, c.want) || (got != nil) != (c.want == nil) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	for name, v := range map[string]middleware.Validator{
		"local":  middleware.Incremental(always(nil, nil), always(claims(), nil)),
		"remote": middleware.Incremental(always(claims(), nil), always(nil, nil)),
	} {
		if got, err := v.Validate(t.Context(), token, other); got != nil || err == nil {
			t.Errorf("%s returns no claims, and that is no error", name)
		}
	}
}

// TestARequestHasNoPartThatTheCacheDoesNotKnow fails when the contract gains one: the cache has to tell such requests
// apart.
func TestARequestHasNoPartThatTheCacheDoesNotKnow(t *testing.T) {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[picket.ValidateRequest]()) {
		names = append(names, field.Name)
	}
	if diff := cmp.Diff([]string{"AccessToken", "Requirements"}, names); diff != "" {
		t.Error(diff)
	}
}
