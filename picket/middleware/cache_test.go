package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// counting counts what a validator is asked.
func counting(v validator) (validator, *atomic.Int64) {
	asked := new(atomic.Int64)
	return func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		asked.Add(1)
		return v(ctx, token, gate)
	}, asked
}

// numbered returns a token of its own for each number.
func numbered(n int) picket.Secret { return picket.Secret(fmt.Sprintf("%s%d", token, n)) }

func validate(t *testing.T, cache *middleware.Cache, token picket.Secret) {
	t.Helper()
	if _, err := cache.Validate(t.Context(), token, nil); err != nil {
		t.Error(err)
	}
}

func TestASuccessIsTrustedForTheLifetimeAndNotPastExp(t *testing.T) {
	for _, c := range []struct {
		name               string
		lifetime, expires  time.Duration
		trusted, forgotten time.Duration
	}{
		{"lifetime", time.Minute, time.Hour, time.Minute - 1, time.Minute},
		{"exp before that", time.Hour, time.Minute, time.Minute - 1, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now().Truncate(time.Second)
			now := start
			v, asked := counting(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
				payload := claims()
				payload.ExpiresAt = picket.NumericDate(now.Add(c.expires).Unix())
				return payload, nil
			})
			cache := newCache(t, v, middleware.WithCacheLifetime(c.lifetime), middleware.WithClock(func() time.Time { return now }))
			validate(t, cache, token)
			now = start.Add(c.trusted)
			validate(t, cache, token)
			if asked.Load() != 1 {
				t.Errorf("after %v it was asked %d times, not once", c.trusted, asked.Load())
			}
			now = start.Add(c.forgotten)
			validate(t, cache, token)
			if asked.Load() != 2 {
				t.Errorf("after %v it was asked %d times, not twice", c.forgotten, asked.Load())
			}
		})
	}
}

func TestTheLifetimeCountsFromBeforeTheCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, asked := counting(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
			time.Sleep(8 * time.Second)
			return claims(), nil
		})
		cache := newCache(t, v, middleware.WithCacheLifetime(9*time.Second))
		validate(t, cache, token)
		time.Sleep(time.Second)
		validate(t, cache, token)
		if asked.Load() != 2 {
			t.Errorf("it was asked %d times, not twice", asked.Load())
		}
	})
}

func TestALifetimeOf0KeepsNothing(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v, middleware.WithCacheLifetime(0))
	validate(t, cache, token)
	validate(t, cache, token)
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestAClockThatGoesBackEmptiesTheCache(t *testing.T) {
	now := time.Now()
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v, middleware.WithClock(func() time.Time { return now }))
	validate(t, cache, token)
	now = now.Add(59 * time.Second)
	validate(t, cache, token)
	now = now.Add(-30 * time.Second) // after the check, so that only the entry looks valid
	validate(t, cache, token)
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestAClockThatGoesBackDuringACheckKeepsNothing(t *testing.T) {
	now := time.Now()
	v, asked := counting(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
		now = now.Add(-time.Hour)
		return claims(), nil
	})
	cache := newCache(t, v, middleware.WithClock(func() time.Time { return now }))
	validate(t, cache, token)
	validate(t, cache, token)
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestWhatWasNotUsedForTheLongestTimeMakesRoom(t *testing.T) {
	var asked []picket.Secret
	cache := newCache(t, validator(func(_ context.Context, token picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
		asked = append(asked, token)
		return claims(), nil
	}), middleware.WithCacheBytes(3<<10)) // two tokens, of more than 1 KiB each
	for _, n := range []int{1, 2, 1, 3, 1, 2} { // 3 takes the place of 2
		validate(t, cache, numbered(n))
	}
	if diff := cmp.Diff([]picket.Secret{numbered(1), numbered(2), numbered(3), numbered(2)}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	for _, c := range []struct {
		name     string
		failure  error
		gateless bool // the failure means the same without a gate
	}{
		{"bad", picket.CodeParameterInvalid, true},
		{"unavailable", picket.ErrNoResponse, true},
		{"too late", context.DeadlineExceeded, true},
		{"denied without a gate", picket.CodePermissionDenied, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, asked := counting(always(nil, c.failure))
			cache := newCache(t, v)
			gates := []*picket.Gate{nil, nil}
			if c.gateless {
				gates = append(gates, gateOf(t, holders), gateOf(t, holders))
			}
			for _, gate := range gates {
				if _, err := cache.Validate(t.Context(), token, gate); !errors.Is(err, c.failure) {
					t.Errorf("got %v", err)
				}
			}
			if asked.Load() != int64(len(gates)) {
				t.Errorf("it was asked %d times, not %d", asked.Load(), len(gates))
			}
		})
	}
}

func TestADenialAtAGateIsRememberedBrieflyForTheTokenAndTheGate(t *testing.T) {
	noToken := &picket.Error{Operation: "validate", StatusCode: 400, Code: picket.CodeParameterInvalid, Message: "contractAddress does not match any ERC20, ERC721, ERC1155 tokens"}
	for name, denial := range map[string]error{
		"denied": picket.CodePermissionDenied, "on another chain": picket.ErrChainMismatch, "the requirements are refused": noToken,
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			v, asked := counting(always(nil, denial))
			cache := newCache(t, v, middleware.WithClock(func() time.Time { return now }))
			other := gateOf(t, picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"})
			try := func(token picket.Secret, gate *picket.Gate, wantAsked int64) {
				t.Helper()
				if claims, err := cache.Validate(t.Context(), token, gate); claims != nil || !errors.Is(err, denial) {
					t.Errorf("got %v, %v", claims, err)
				}
				if asked.Load() != wantAsked {
					t.Errorf("it was asked %d times, not %d", asked.Load(), wantAsked)
				}
			}
			gate := gateOf(t, holders)
			try(token, gate, 1)
			try(token, gateOf(t, holders), 1) // the same gate, made again
			try(token, other, 2)
			try(numbered(1), gate, 3)
			now = now.Add(defaultDenialLifetime - 1)
			try(token, gate, 3)
			now = now.Add(1)
			try(token, gate, 4)
		})
	}
}

func TestADenialLifetimeOf0RemembersNone(t *testing.T) {
	v, asked := counting(always(nil, picket.CodePermissionDenied))
	cache := newCache(t, v, middleware.WithDenialLifetime(0))
	for range 2 {
		if _, err := cache.Validate(t.Context(), token, gateOf(t, holders)); !errors.Is(err, picket.CodePermissionDenied) {
			t.Errorf("got %v", err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestEachTokenAndEachGateIsAskedAboutOnce(t *testing.T) {
	type question struct {
		Token picket.Secret
		Gate  string
	}
	var asked []question
	cache := newCache(t, validator(func(_ context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		q := question{Token: token}
		payload := claims()
		if gate != nil {
			q.Gate, payload.Chain = gate.Key(), gate.Chain()
		}
		asked = append(asked, q)
		return payload, nil
	}))
	const a, b = "So11111111111111111111111111111111111111112", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
	type request struct {
		token picket.Secret
		gate  *picket.Gate
	}
	requests := []request{{numbered(1), nil}, {numbered(2), nil}}
	for n, token := range []picket.Secret{numbered(1), numbered(2), numbered(3)} {
		for _, requirements := range []picket.Requirements{
			{ContractAddress: contract}, {ContractAddress: contract, MinTokenBalance: "2"}, {ContractAddress: contract, AllowedWallets: []string{contract}},
		} {
			requests = append(requests, request{token, gateOf(t, requirements)})
		}
		if n < 2 {
			continue
		}
		for _, requirements := range []picket.Requirements{
			{CreatorAddress: a}, {Collection: picket.StringList{a}}, {Collection: picket.StringList{a, b}}, {TokenIDs: []string{a, b}}, {TokenIDs: []string{b, a}},
		} {
			gate, err := picket.NewGate("solana", requirements)
			if err != nil {
				t.Fatal(err)
			}
			requests = append(requests, request{numbered(4), gate})
		}
	}
	var want []question
	for range 3 {
		for _, r := range requests {
			if _, err := cache.Validate(t.Context(), r.token, r.gate); err != nil {
				t.Error(err)
			}
			if len(want) < len(requests) {
				q := question{Token: r.token}
				if r.gate != nil {
					q.Gate = r.gate.Key()
				}
				want = append(want, q)
			}
		}
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}

func TestAGateThatNobodyMadeIsNotAskedAbout(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	validate(t, cache, numbered(1))
	for _, token := range []picket.Secret{token, numbered(1)} {
		if _, err := cache.Validate(t.Context(), token, new(picket.Gate)); !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("got %v", err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times", asked.Load()-1)
	}
}

func TestWhatIsNoJWTByItsShapeIsNotAskedAbout(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	for name, bad := range map[string]string{
		"empty":            "",
		"one part":         "abc",
		"two parts":        "a.b",
		"four parts":       "a.b.c.d",
		"five parts (JWE)": "a.b.c.d.e",
		"no signature":     "a.b.",
		"no header":        ".b.c",
		"no payload":       "a..c",
		"padded":           "a.b.c=",
		"base64, not url":  "a.b.c+/",
		"bad byte first":   "!a.b.c.d",
		"space":            "a.b. c",
		"NUL":              "a.b.c\x00",
		"not ASCII":        "a.b.ç",
		"too long":         "a.b." + strings.Repeat("c", 64<<10-3),
	} {
		if _, err := cache.Validate(t.Context(), picket.Secret(bad), nil); !errors.Is(err, picket.CodeParameterInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("it was asked %d times", asked.Load())
	}
	validate(t, cache, picket.Secret("a.b."+strings.Repeat("c", 16<<10-4)))
}

func TestWhatAValidatorCannotMeanIsAnError(t *testing.T) {
	const old = "middleware: parameter_invalid: the validator accepted an access token that has expired according to the clock of this machine; is the clock right?"
	expired := claims()
	expired.ExpiresAt = picket.NumericDate(time.Now().Add(-defaultLeeway).Unix())
	panics := func(with any) validator {
		return func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) { panic(with) }
	}
	for _, c := range []struct {
		name string
		v    validator
		want string
	}{
		{"no claims and no error", always(nil, nil), "middleware: the validator returned no claims and no error"},
		{"claims and an error", always(claims(), errors.New("both")), "both"},
		{"expired", always(expired, nil), old},
		{"without exp", always(&picket.AccessTokenPayload{WalletAddress: "0xC0"}, nil), old},
		{"an error that cannot be told", always(nil, (*fs.PathError)(nil)), "middleware: the validator panicked with a runtime.errorString"},
		{"a panic", panics("at the token " + token), "middleware: the validator panicked with a string"},
		{"a panic with an error", panics(errors.New(token)), "middleware: the validator panicked with a *errors.errorString"},
		{"a panic with nil", panics(nil), "middleware: the validator panicked with a *runtime.PanicNilError"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cache := newCache(t, c.v)
			for range 2 {
				got, err := cache.Validate(t.Context(), token, nil)
				if got != nil || err == nil || err.Error() != c.want {
					t.Errorf("got %v, %v", got, err)
				}
			}
		})
	}
}

func TestCallersCannotChangeWhatIsKnown(t *testing.T) {
	theirs := holder()
	cache := newCache(t, always(theirs, nil))
	first, err := cache.Validate(t.Context(), token, nil)
	if err != nil {
		t.Fatal(err)
	}
	first.WalletAddress = "changed"
	first.TokenBalances.ContractAddress[contract] = "1000"
	theirs.TokenBalances.ContractAddress[contract] = "1000"
	second, err := cache.Validate(t.Context(), token, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := holder()
	want.ExpiresAt = theirs.ExpiresAt
	if diff := cmp.Diff(want, second); diff != "" {
		t.Error(diff)
	}
}

func TestNewCacheRefusesWhatCannotWork(t *testing.T) {
	v := always(claims(), nil)
	for name, made := range map[string]func() (*middleware.Cache, error){
		"no validator":      func() (*middleware.Cache, error) { return middleware.NewCache(nil) },
		"a nil function":    func() (*middleware.Cache, error) { return middleware.NewCache(validator(nil)) },
		"a nil pointer":     func() (*middleware.Cache, error) { return middleware.NewCache((*middleware.Cache)(nil)) },
		"Remote(nil)":       func() (*middleware.Cache, error) { return middleware.NewCache(middleware.Remote(nil)) },
		"Incremental(nil,)": func() (*middleware.Cache, error) { return middleware.NewCache(middleware.Incremental(nil, v)) },
		"Incremental(,nil)": func() (*middleware.Cache, error) { return middleware.NewCache(middleware.Incremental(v, nil)) },
		"a nil option":      func() (*middleware.Cache, error) { return middleware.NewCache(v, nil) },
		"negative lifetime": func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithCacheLifetime(-1)) },
		"no room":           func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithCacheBytes(0)) },
		"no checks":         func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithMaxChecks(0)) },
		"negative denials":  func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithDenialLifetime(-1)) },
		"negative leeway":   func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithLeeway(-1)) },
		"too much leeway":   func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithLeeway(time.Hour)) },
		"no time":           func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithCheckTimeout(0)) },
		"no randomness":     func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithJitter(nil)) },
		"no clock":          func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithClock(nil)) },
	} {
		if cache, err := made(); cache != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, cache, err)
		}
	}
}
