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
	got, err := remote.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := remote.Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: &holders}); !errors.Is(err, picket.ErrPermissionDenied) {
		t.Errorf("got %v", err)
	}
}

func TestIncrementalAsksRemoteOnlyWhatTheTokenDoesNotDecide(t *testing.T) {
	elsewhere := errors.New("asked elsewhere")
	other := &picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"}
	for _, c := range []struct {
		name         string
		local        validator
		requirements *picket.Requirements
		want         error // nil for success
	}{
		{"no requirements", always(holder(), nil), nil, nil},
		{"met", always(holder(), nil), &holders, nil},
		{"a wallet on the list", always(claims(), nil), &picket.Requirements{AllowedWallets: []string{claims().WalletAddress}}, nil},
		{"not met", always(holder(), nil), &picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"}, picket.ErrPermissionDenied},
		{"a wallet not on the list", always(claims(), nil), &picket.Requirements{AllowedWallets: []string{"0xC0"}}, picket.ErrPermissionDenied},
		{"not known", always(holder(), nil), other, elsewhere},
		{"requirements that no gate has", always(holder(), nil), &picket.Requirements{}, picket.ErrInvalidArgument},
		{"a bad token", always(nil, picket.ErrParameterInvalid), other, picket.ErrParameterInvalid},
		{"a token that cannot be checked", always(nil, picket.ErrNoResponse), other, picket.ErrNoResponse},
	} {
		t.Run(c.name, func(t *testing.T) {
			local := validator(func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
				if request.Requirements != nil {
					t.Error("local is asked about requirements")
				}
				return c.local(ctx, request)
			})
			remote := validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
				if diff := cmp.Diff(picket.ValidateRequest{AccessToken: token, Requirements: c.requirements}, request); diff != "" {
					t.Error(diff)
				}
				return nil, elsewhere
			})
			got, err := middleware.Incremental(local, remote).Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: c.requirements})
			if !errors.Is(err, c.want) || (got != nil) != (c.want == nil) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	if _, err := middleware.Incremental(always(nil, nil), always(claims(), nil)).Validate(t.Context(), picket.ValidateRequest{AccessToken: token}); err == nil {
		t.Error("local returns no claims, and that is no error")
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
