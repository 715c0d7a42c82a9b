package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
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
	return func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		asked.Add(1)
		return v(ctx, request)
	}, asked
}

// numbered returns a token of its own for each number.
func numbered(n int) picket.Secret { return picket.Secret(fmt.Sprintf("%s%d", token, n)) }

func validate(t *testing.T, cache *middleware.Cache, token picket.Secret) {
	t.Helper()
	if _, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token}); err != nil {
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
			v, asked := counting(func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
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
		v, asked := counting(func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
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
	now = now.Add(-30 * time.Second) // after the check, so that the entry alone looks alive
	validate(t, cache, token)
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestAClockThatGoesBackDuringACheckKeepsNothing(t *testing.T) {
	now := time.Now()
	v, asked := counting(func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
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
	cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		asked = append(asked, request.AccessToken)
		return claims(), nil
	}), middleware.WithCacheSize(2))
	for _, n := range []int{1, 2, 1, 3, 1, 2} { // 3 takes the place of 2
		validate(t, cache, numbered(n))
	}
	if diff := cmp.Diff([]picket.Secret{numbered(1), numbered(2), numbered(3), numbered(2)}, asked); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	for name, failure := range map[string]error{
		"bad":         picket.ErrParameterInvalid,
		"refused":     picket.ErrPermissionDenied,
		"unavailable": picket.ErrNoResponse,
	} {
		t.Run(name, func(t *testing.T) {
			v, asked := counting(always(nil, failure))
			cache := newCache(t, v)
			for _, requirements := range []*picket.Requirements{nil, nil, &holders, &holders} {
				_, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: requirements})
				if !errors.Is(err, failure) {
					t.Errorf("got %v", err)
				}
			}
			if asked.Load() != 4 {
				t.Errorf("it was asked %d times, not 4", asked.Load())
			}
		})
	}
}

func TestEachTokenAndEachRequirementsAreAskedAboutOnce(t *testing.T) {
	var asked []picket.ValidateRequest
	cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		asked = append(asked, request)
		return claims(), nil
	}))
	requests := []picket.ValidateRequest{
		{AccessToken: numbered(1)},
		{AccessToken: numbered(2)},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{ContractAddress: "0xC0"}},
		{AccessToken: numbered(2), Requirements: &picket.Requirements{ContractAddress: "0xC0"}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "2"}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{CreatorAddress: "0xC0"}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{Collection: picket.StringList{"a", "b"}}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{Collection: picket.StringList{"a,b"}}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{TokenIDs: []string{"a", "b"}}},
		{AccessToken: numbered(1), Requirements: &picket.Requirements{AllowedWallets: []string{"a", "b"}}},
	}
	for range 3 {
		for _, request := range requests {
			if _, err := cache.Validate(t.Context(), request); err != nil {
				t.Error(err)
			}
		}
	}
	if diff := cmp.Diff(requests, asked); diff != "" {
		t.Error(diff)
	}
}

func TestRequirementsThatNoGateCanHaveAreNotAskedAbout(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	for _, requirements := range []picket.Requirements{{}, {AllowedWallets: []string{}}, {MinTokenBalance: "1"}} {
		_, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: &requirements})
		if !errors.Is(err, picket.ErrInvalidArgument) {
			t.Errorf("%v: got %v", requirements, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("it was asked %d times", asked.Load())
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
		"too long":         "a.b." + strings.Repeat("c", 16<<10-3),
	} {
		if _, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: picket.Secret(bad)}); !errors.Is(err, picket.ErrParameterInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("it was asked %d times", asked.Load())
	}
	validate(t, cache, picket.Secret("a.b."+strings.Repeat("c", 16<<10-4)))
}

func TestWhatAValidatorCannotMeanIsAnError(t *testing.T) {
	const old = "middleware: the validator accepted an access token that is expired by the clock of this machine; is the clock right?"
	expired := claims()
	expired.ExpiresAt = picket.NumericDate(time.Now().Unix())
	panics := func(with any) validator {
		return func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) { panic(with) }
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
		{"a panic", panics("at the token " + token), "middleware: the validator panicked with a string"},
		{"a panic with an error", panics(errors.New(token)), "middleware: the validator panicked with a *errors.errorString"},
		{"a panic with nil", panics(nil), "middleware: the validator panicked with a *runtime.PanicNilError"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cache := newCache(t, c.v)
			for range 2 {
				got, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
				if got != nil || err == nil || err.Error() != c.want {
					t.Errorf("got %v, %v", got, err)
				}
			}
		})
	}
}

func TestAHundredCallersWithAFreshTokenCauseOneCheck(t *testing.T) {
	for name, requirements := range map[string]*picket.Requirements{"token": nil, "requirements": &holders} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := make(chan struct{})
				v, asked := counting(func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
					<-answer
					return claims(), nil
				})
				cache := newCache(t, v)
				var callers sync.WaitGroup
				for range 100 {
					callers.Go(func() {
						if _, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: requirements}); err != nil {
							t.Error(err)
						}
					})
				}
				synctest.Wait()
				close(answer)
				callers.Wait()
				if asked.Load() != 1 {
					t.Errorf("it was asked %d times, not once", asked.Load())
				}
			})
		})
	}
}

// slowContext does something when it is asked for its deadline, which a caller does after it found nothing in the
// cache.
type slowContext struct {
	context.Context
	meanwhile func()
}

func (c slowContext) Deadline() (time.Time, bool) {
	c.meanwhile()
	return c.Context.Deadline()
}

func TestACallerThatJustMissedACheckCausesNoSecond(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	ctx := slowContext{t.Context(), func() { validate(t, cache, token) }}
	if _, err := cache.Validate(ctx, picket.ValidateRequest{AccessToken: token}); err != nil {
		t.Error(err)
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times, not once", asked.Load())
	}
}

func TestACheckOfTheTokenIsNoneOfItsRequirements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan struct{})
		cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			<-answer
			if request.Requirements != nil {
				return nil, picket.ErrPermissionDenied
			}
			return claims(), nil
		}))
		var callers sync.WaitGroup
		callers.Go(func() { validate(t, cache, token) })
		synctest.Wait()
		callers.Go(func() {
			_, err := cache.Validate(t.Context(), picket.ValidateRequest{AccessToken: token, Requirements: &holders})
			if !errors.Is(err, picket.ErrPermissionDenied) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		close(answer)
		callers.Wait()
	})
}

func TestACallerThatIsCancelledReturnsAtOnceAndFailsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan struct{})
		v, asked := counting(func(ctx context.Context, _ picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			<-answer
			return claims(), ctx.Err()
		})
		cache := newCache(t, v)
		first, cancel := context.WithCancel(t.Context())
		call := func(ctx context.Context) <-chan error {
			result := make(chan error, 1)
			go func() {
				_, err := cache.Validate(ctx, picket.ValidateRequest{AccessToken: token})
				result <- err
			}()
			synctest.Wait()
			return result
		}
		cancelled := call(first) // whose context the check began with
		waiting := call(t.Context())
		cancel()
		synctest.Wait()
		select {
		case err := <-cancelled:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the caller that was cancelled got %v", err)
			}
		default:
			t.Error("the caller that was cancelled still waits")
		}
		close(answer)
		if err := <-waiting; err != nil {
			t.Errorf("the other one got %v", err)
		}
		if asked.Load() != 1 {
			t.Errorf("it was asked %d times, not once", asked.Load())
		}
		_, err := cache.Validate(first, picket.ValidateRequest{AccessToken: numbered(2)})
		synctest.Wait()
		if !errors.Is(err, context.Canceled) || asked.Load() != 1 {
			t.Errorf("a caller that was cancelled before got %v, and it was asked %d times", err, asked.Load())
		}
	})
}

func TestACheckEndsAfterItsTimeout(t *testing.T) {
	for name, v := range map[string]validator{
		"of a validator that minds its context": func(ctx context.Context, _ picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"of one that does not": func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
			time.Sleep(time.Hour)
			return nil, errors.New("too late")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache := newCache(t, v)
				start := time.Now()
				_, err := cache.Validate(context.Background(), picket.ValidateRequest{AccessToken: token})
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took != middleware.DefaultCheckTimeout {
					t.Errorf("it took %v", took)
				}
				time.Sleep(time.Hour) // in the bubble: the validator ends
			})
		})
	}
}

func TestCallersCannotChangeWhatIsKnown(t *testing.T) {
	theirs := holder()
	cache := newCache(t, always(theirs, nil))
	request := picket.ValidateRequest{AccessToken: token}
	first, err := cache.Validate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	first.WalletAddress = "changed"
	theirs.TokenBalances.ContractAddress[contract] = "1000"
	second, err := cache.Validate(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	want := holder()
	want.ExpiresAt = theirs.ExpiresAt
	if diff := cmp.Diff(want, second); diff != "" {
		t.Error(diff)
	}
}

// TestACheckKeepsNothingOfItsCaller changes the requirements while they are asked about; the race detector sees it,
// too.
func TestACheckKeepsNothingOfItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	began, changed, seen := make(chan struct{}), make(chan struct{}), make(chan string, 1)
	cache := newCache(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
		close(began)
		<-changed
		seen <- request.Requirements.AllowedWallets[0]
		return claims(), nil
	}))
	requirements := picket.Requirements{AllowedWallets: []string{"0xC0"}}
	go func() {
		<-began
		cancel()
	}()
	if _, err := cache.Validate(ctx, picket.ValidateRequest{AccessToken: token, Requirements: &requirements}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	requirements.AllowedWallets[0] = "0xBAD"
	close(changed)
	if got := <-seen; got != "0xC0" {
		t.Errorf("it was asked about %s", got)
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
		"no size":           func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithCacheSize(0)) },
		"no time":           func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithCheckTimeout(0)) },
		"no clock":          func() (*middleware.Cache, error) { return middleware.NewCache(v, middleware.WithClock(nil)) },
	} {
		if cache, err := made(); cache != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, cache, err)
		}
	}
}
