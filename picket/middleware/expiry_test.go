package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// TestATokenExpiresAtOneMoment walks the clock over exp in steps of a second. A token is good, and from one moment on it is
// bad: never is it something that could not be checked.
func TestATokenExpiresAtOneMoment(t *testing.T) {
	const start, end = -40, 40
	api := mock.Start(t)
	client := newClient(t, api)
	remote := middleware.Remote(client)
	wallet := mock.NewEthereumWallet(t)
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	other := picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"} // which the token does not prove
	api.SetBalance("ethereum", wallet.Address, mock.Contract(other.ContractAddress), "3")
	login := wallet.AuthRequest(t, client)
	login.Requirements = &holders
	user, err := client.Auth(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	token := string(user.AccessToken)
	claims, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: user.AccessToken})
	if err != nil {
		t.Fatal(err)
	}
	trusting := always(claims, nil) // as the API would be whose clock is late

	leeway := int(defaultLeeway / time.Second)
	verifier := newVerifier(t, api)
	clock := middleware.WithClock(api.Now)
	for _, c := range []struct {
		name    string
		v       middleware.Validator
		options []middleware.CacheOption
		// When the token is refused from on, in seconds after exp, with Required and gates that it proves, and at a gate that it
		// does not prove: there the API decides, which has no leeway.
		refused, atGate int
	}{
		{"verifier", verifier, nil, leeway, leeway},
		{"verifier, 5 s", newVerifier(t, api, accesstoken.WithLeeway(5*time.Second)), nil, 5, 5},
		{"verifier, no leeway", newVerifier(t, api, accesstoken.WithLeeway(0)), nil, 0, 0},
		{"remote", remote, []middleware.CacheOption{clock}, 0, 0},
		{"remote, no leeway", remote, []middleware.CacheOption{clock, middleware.WithLeeway(0)}, 0, 0},
		{"incremental", middleware.Incremental(verifier, remote), nil, leeway, 0},
		{"incremental, 5 s", middleware.Incremental(newVerifier(t, api, accesstoken.WithLeeway(5*time.Second)), remote), nil, 5, 0},
		{"an API whose clock is late", trusting, []middleware.CacheOption{clock}, leeway, leeway},
		{"an API whose clock is late, 5 s", trusting, []middleware.CacheOption{clock, middleware.WithLeeway(5 * time.Second)}, 5, 5},
		{"incremental, and an API whose clock is late", middleware.Incremental(verifier, trusting), nil, leeway, leeway},
		{"a cache of a verifier", newCache(t, verifier), nil, leeway, leeway},
	} {
		for _, lifetime := range []time.Duration{0, defaultCacheLifetime, 24 * time.Hour} {
			for _, cached := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, lifetime %v, cached before: %v", c.name, lifetime, cached), func(t *testing.T) {
					api.SetTime(claims.ExpiresAt.Time().Add(start * time.Second))
					cache := newCache(t, c.v, append([]middleware.CacheOption{middleware.WithCacheLifetime(lifetime)}, c.options...)...)
					auth := newAuthenticator(t, cache)
					type way struct {
						handler http.Handler
						refused int
					}
					ways := map[string]way{
						"required": {auth.Required(hello), c.refused},
						"optional": {auth.Optional(hello), c.refused},
						"gate":     {newGate(t, auth, holders)(hello), c.refused},
					}
					if !strings.HasPrefix(c.name, "verifier") && c.name != "a cache of a verifier" {
						ways["gate that is asked about"] = way{newGate(t, auth, other)(hello), c.atGate}
					}
					if cached {
						for name, w := range ways {
							if diff := cmp.Diff(let, answerOf(w.handler, bearer(token))); diff != "" {
								t.Fatal(name, diff)
							}
						}
					}
					for second := start; second <= end; second++ {
						api.SetTime(claims.ExpiresAt.Time().Add(time.Duration(second) * time.Second))
						if !cached { // each second is the first
							auth = newAuthenticator(t, newCache(t, c.v, append([]middleware.CacheOption{middleware.WithCacheLifetime(lifetime)}, c.options...)...))
							for name := range ways {
								w := ways[name]
								switch name {
								case "required":
									w.handler = auth.Required(hello)
								case "optional":
									w.handler = auth.Optional(hello)
								case "gate":
									w.handler = newGate(t, auth, holders)(hello)
								default:
									w.handler = newGate(t, auth, other)(hello)
								}
								ways[name] = w
							}
						}
						for name, w := range ways {
							want := let
							if second >= w.refused {
								want = badToken
							}
							if diff := cmp.Diff(want, answerOf(w.handler, bearer(token))); diff != "" {
								t.Fatalf("%s, %d s after exp: %s", name, second, diff)
							}
						}
					}
				})
			}
		}
	}
}

func TestAClockThatConflictsWithTheValidatorsIsAnError(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	verifier := newVerifier(t, api)
	cache := newCache(t, verifier)
	for name, v := range map[string]middleware.Validator{
		"verifier": verifier, "incremental": middleware.Incremental(verifier, middleware.Remote(client)), "a cache": cache,
		"incremental with a cache": middleware.Incremental(cache, middleware.Remote(client)),
	} {
		for optionName, option := range map[string]middleware.CacheOption{"WithClock": middleware.WithClock(time.Now), "WithLeeway": middleware.WithLeeway(0)} {
			if cache, err := middleware.NewCache(v, option); cache != nil || err == nil || !strings.Contains(err.Error(), optionName) {
				t.Errorf("%s, %s: got %v", name, optionName, err)
			}
		}
	}
	for _, v := range []middleware.Validator{middleware.Remote(client), middleware.Incremental(always(claims(), nil), middleware.Remote(client))} {
		newCache(t, v, middleware.WithClock(api.Now), middleware.WithLeeway(time.Second))
	}
}

func TestATokenThatSaysItIsExpiredIsNoCallOfTheAPI(t *testing.T) {
	s := newSite(t)
	_, token := s.login(t)
	s.api.Advance(12*time.Hour + defaultLeeway)
	for range 3 {
		for _, handler := range []http.Handler{s.required, s.optional, s.gate} {
			if diff := cmp.Diff(badToken, answerOf(handler, bearer(token))); diff != "" {
				t.Error(diff)
			}
		}
	}
	if got := s.validations(); got != 0 {
		t.Errorf("the API was asked %d times", got)
	}
}

func TestTheCallersDeadlineCounts(t *testing.T) {
	cause := errors.New("a cause of the caller's own")
	v := validator(func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	for name, c := range map[string]struct {
		context func(context.Context) (context.Context, context.CancelFunc)
		want    error
	}{
		"a deadline with a cause": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeoutCause(ctx, time.Millisecond, cause)
		}, context.DeadlineExceeded},
		"a cancellation with a cause": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Millisecond, func() { cancel(cause) })
			return ctx, func() { cancel(cause) }
		}, context.Canceled},
		"the timeout of the check": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeoutCause(ctx, time.Hour, cause)
		}, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := c.context(t.Context())
			defer cancel()
			timeout := time.Hour
			if strings.HasPrefix(name, "the timeout") {
				timeout = time.Millisecond
			}
			began := time.Now()
			_, err := newCache(t, v, middleware.WithCheckTimeout(timeout)).Validate(ctx, token, nil)
			if !errors.Is(err, c.want) || time.Since(began) > time.Minute {
				t.Errorf("got %v after %v", err, time.Since(began))
			}
		})
	}
}
