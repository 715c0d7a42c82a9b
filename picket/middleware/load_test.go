package middleware_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// TestARequestIsAtMostOneCallOfTheAPI sends one request after another, each with a token and at a gate that the server has not
// seen, and counts the calls.
func TestARequestIsAtMostOneCallOfTheAPI(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewEthereumWallet(t)
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	login := func(requirements *picket.Requirements) string {
		request := wallet.AuthRequest(t, client)
		request.Requirements = requirements
		user, err := client.Auth(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		return string(user.AccessToken)
	}
	flow := string(mock.NewFlowWallet(t, api.Project, mock.CurveP256).Login(t, client).AccessToken)
	solana := string(mock.NewSolanaWallet(t).Login(t, client).AccessToken)
	plain, proven := login(nil), login(&holders)
	parts := strings.Split(proven, ".")
	forged := parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))
	payload := func(claims any) string {
		text, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(text) + "." + parts[2]
	}
	const other = "0x0000000000000000000000000000000000000001"
	many := listOf(10_000, false)
	for _, c := range []struct {
		name         string
		token        string
		chain        string
		requirements picket.Requirements
		want         answer
		calls        int
	}{
		{"a gate that is met", plain, "ethereum", holders, let, 1},
		{"a gate that the token proves", proven, "ethereum", holders, let, 1},
		{"a gate that is not met", plain, "ethereum", picket.Requirements{ContractAddress: other}, denied, 1},
		{"a gate that the token disproves", proven, "ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"}, denied, 1},
		{"a gate of another chain", plain, "polygon", holders, refusedTo("polygon"), 1},
		{"a gate that the API refuses", flow, "flow", picket.Requirements{ContractAddress: "A.0b2a3299cc857e29.TopShot"}, gateRefused, 1},
		{"a user of flow at a gate of ethereum", flow, "ethereum", holders, otherChain, 1},
		{"a user of solana at a gate of ethereum", solana, "ethereum", holders, otherChain, 1},
		{"on a list", plain, "ethereum", picket.Requirements{AllowedWallets: append(many, wallet.Address)}, let, 1},
		{"not on a list", plain, "ethereum", picket.Requirements{AllowedWallets: many}, denied, 1},
		{"on a list, or else a token", plain, "ethereum", picket.Requirements{AllowedWallets: append(many, wallet.Address), ContractAddress: other}, let, 1},
		{"not on a list, and a token", plain, "ethereum", picket.Requirements{AllowedWallets: many, ContractAddress: contract}, let, 1},
		{"not on a list, and no token", plain, "ethereum", picket.Requirements{AllowedWallets: many, ContractAddress: other}, denied, 1},
		{"forged, and would be met", forged, "ethereum", holders, badToken, 1},
		{"forged, and would be met by the list", payload(map[string]any{"chain": "ethereum", "walletAddress": many[0], "exp": 1 << 40}), "ethereum", picket.Requirements{AllowedWallets: many}, badToken, 1},
		{"forged, of another chain", payload(map[string]any{"chain": "polygon", "walletAddress": many[0], "exp": 1 << 40}), "ethereum", holders, badToken, 1},
		{"forged, and not met", payload(map[string]any{"chain": "ethereum", "walletAddress": many[0], "exp": 1 << 40}), "ethereum", holders, badToken, 1},
		{"claims of other types", payload(map[string]any{"chain": "ethereum", "walletAddress": 7, "exp": 1 << 40}), "ethereum", holders, badToken, 1},
		{"expired", payload(map[string]any{"chain": "ethereum", "walletAddress": many[0], "exp": 1}), "ethereum", holders, badToken, 0},
		{"no claims", payload(map[string]any{}), "ethereum", holders, badToken, 0},
		{"a list for claims", payload([]any{}), "ethereum", holders, badToken, 0},
		{"null for claims", payload(nil), "ethereum", holders, badToken, 0},
		{"text for claims", parts[0] + ".aGVsbG8." + parts[2], "ethereum", holders, badToken, 0},
		{"no base64url for claims", parts[0] + ".a." + parts[2], "ethereum", holders, badToken, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, known := range map[string]bool{"fresh": false, "known": true} {
				auth := newAuthenticator(t, middleware.Remote(client), middleware.WithClock(api.Now))
				gate := newGateOn(t, auth, c.chain, c.requirements)(hello)
				if known {
					answerOf(auth.Required(hello), bearer(c.token))
				}
				before := len(api.Journal("validate"))
				if diff := cmp.Diff(c.want, answerOf(gate, bearer(c.token))); diff != "" {
					t.Error(name, diff)
				}
				if calls := len(api.Journal("validate")) - before; calls > c.calls {
					t.Errorf("%s: the API was asked %d times, not %d", name, calls, c.calls)
				}
				before = len(api.Journal("validate"))
				if c.want == badToken {
					continue // a bad token is asked about again
				}
				for range 10 {
					if diff := cmp.Diff(c.want, answerOf(gate, bearer(c.token))); diff != "" {
						t.Error(name, diff)
					}
				}
				if calls := len(api.Journal("validate")) - before; calls != 0 {
					t.Errorf("%s: the API was asked %d times again", name, calls)
				}
			}
		})
	}
}

func TestRemoteByItselfIsOneCallOfTheAPI(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewEthereumWallet(t)
	token := wallet.Login(t, client).AccessToken
	remote := middleware.Remote(client)
	for _, c := range []struct {
		name         string
		requirements picket.Requirements
		want         error
	}{
		{"on a list", picket.Requirements{AllowedWallets: []string{wallet.Address}}, nil},
		{"on a list, or else a token", picket.Requirements{AllowedWallets: []string{wallet.Address}, ContractAddress: contract}, nil},
		{"not on a list", picket.Requirements{AllowedWallets: []string{contract}}, picket.CodePermissionDenied},
		{"no tokens", holders, picket.CodePermissionDenied},
	} {
		before := len(api.Journal("validate"))
		claims, err := remote.Validate(t.Context(), token, gateOf(t, c.requirements))
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: got %v, %v", c.name, claims, err)
		}
		if calls := len(api.Journal("validate")) - before; calls != 1 {
			t.Errorf("%s: the API was asked %d times", c.name, calls)
		}
	}
	if claims, err := remote.Validate(t.Context(), token, new(picket.Gate)); claims != nil || !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("a gate that nobody made: got %v, %v", claims, err)
	}
}

// TestCancelledCallersLeaveNoChecksRunning has far more callers than checks may be under way, each with a token of its own.
func TestCancelledCallersLeaveNoChecksRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers = 3_000
		var running, most atomic.Int64
		cache := newCache(t, validator(func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			<-ctx.Done()
			return nil, ctx.Err()
		}))
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for n := range callers {
			group.Go(func() {
				if _, err := cache.Validate(ctx, numbered(n), nil); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		if running.Load() != defaultMaxChecks {
			t.Errorf("%d checks are under way", running.Load())
		}
		start := time.Now()
		cancel()
		group.Wait()
		synctest.Wait()
		if running.Load() != 0 || most.Load() != defaultMaxChecks || time.Since(start) != 0 {
			t.Errorf("%d checks are still under way after %v, of at most %d", running.Load(), time.Since(start), most.Load())
		}
	})
}

func TestOverTheBoundOfChecksRequestsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := validator(func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			select {
			case <-time.After(4 * time.Second):
				return claims(), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		})
		auth := newAuthenticator(t, v, middleware.WithMaxChecks(1))
		var mu sync.Mutex
		got := map[string]int{}
		var group sync.WaitGroup
		start := time.Now()
		for n := range 4 {
			group.Go(func() {
				a := answerOf(auth.Required(hello), bearer(string(numbered(n))))
				mu.Lock()
				got[fmt.Sprint(a.Status, " after ", time.Since(start))]++
				mu.Unlock()
			})
		}
		group.Wait()
		want := map[string]int{"200 after 4s": 1, "200 after 8s": 1, "503 after 10s": 2}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACheckGoesOnWhileSomebodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := newCache(t, validator(func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			select {
			case <-time.After(3 * time.Second):
				return claims(), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}))
		var group sync.WaitGroup
		for n, patience := range []time.Duration{time.Second, 2 * time.Second, time.Hour} {
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				_, err := cache.Validate(ctx, token, nil)
				if (n == 2) != (err == nil) {
					t.Errorf("who waits for %v got %v", patience, err)
				}
			})
		}
		group.Wait()
		// Who comes after the last one has left begins another.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := cache.Validate(ctx, numbered(1), nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		validate(t, cache, numbered(1))
	})
}

func TestAValidatorThatEndsItsGoroutineIsAnError(t *testing.T) {
	cache := newCache(t, validator(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
		runtime.Goexit()
		return nil, nil
	}), middleware.WithMaxChecks(1))
	for range 2 {
		if claims, err := cache.Validate(t.Context(), token, nil); claims != nil || err == nil {
			t.Errorf("got %v, %v", claims, err)
		}
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestTheCacheIsBoundedInBytes fills the cache with far more than it may hold.
func TestTheCacheIsBoundedInBytes(t *testing.T) {
	const bound, tokens = 2 << 20, 1_500
	payloadOf := func(balances int) func(n int) *picket.AccessTokenPayload {
		return func(n int) *picket.AccessTokenPayload {
			c := claims()
			c.TokenBalances.ContractAddress = map[string]picket.Decimal{}
			for i := range balances {
				c.TokenBalances.ContractAddress[fmt.Sprintf("0x%020d%020d", n, i)] = picket.Decimal(fmt.Sprint(n, ".", i))
			}
			return c
		}
	}
	for name, c := range map[string]struct {
		balances, tokenBytes int
		gates                int
		denied               bool
		// least is how much of the bound must be in use, so that the estimate is not far too much.
		least float64
	}{
		"long tokens, full of balances": {180, 15 << 10, 0, false, 0.6},
		"tokens of a login":             {0, 600, 0, false, 0.5},
		"many gates":                    {0, 600, 20, false, 0.3},
		"denials":                       {0, 15 << 10, 3, true, 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			made, gates := payloadOf(c.balances), []*picket.Gate{nil}
			for i := range c.gates {
				gates = append(gates, gateOf(t, picket.Requirements{ContractAddress: fmt.Sprintf("0x%040d", i+1)}))
			}
			if c.denied {
				gates = gates[1:]
			}
			n := 0
			cache := newCache(t, validator(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
				if c.denied {
					return nil, fmt.Errorf("%w: %s", picket.CodePermissionDenied, strings.Repeat("x", 500))
				}
				return made(n), nil
			}), middleware.WithCacheBytes(bound), middleware.WithDenialLifetime(time.Hour))
			before := heap()
			for n = range tokens {
				long := fmt.Sprintf("%s%d%s", token, n, strings.Repeat("A", c.tokenBytes-len(token)-4))
				header := "Bearer " + long + strings.Repeat(" ", 1000) // the token is a part of something longer
				for _, gate := range gates {
					_, _ = cache.Validate(t.Context(), picket.Secret(header[len("Bearer "):len("Bearer ")+len(long)]), gate)
				}
			}
			used := heap() - before
			runtime.KeepAlive(cache)
			runtime.KeepAlive(gates)
			if used > bound || float64(used) < c.least*bound && tokens*c.tokenBytes > bound {
				t.Errorf("the cache takes %d KiB of %d", used>>10, bound>>10)
			}
			t.Logf("%d KiB of %d", used>>10, bound>>10)
		})
	}
}

func TestATokenThatHasNoRoomIsStillLetThrough(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	auth := newAuthenticator(t, v, middleware.WithCacheBytes(1))
	for range 2 {
		if diff := cmp.Diff(let, answerOf(auth.Required(hello), bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("it was asked %d times, not twice", asked.Load())
	}
}

func TestALongListCostsNoMoreAllocationsThanAShortOne(t *testing.T) {
	for name, listed := range map[string]bool{"listed": true, "not listed": false} {
		allocations := func(n int) float64 {
			gate := newGate(t, newAuthenticator(t, always(claims(), nil)), picket.Requirements{AllowedWallets: listOf(n, listed)})(http.NotFoundHandler())
			r := bearer(longToken)
			return testing.AllocsPerRun(100, func() { answerOf(gate, r) })
		}
		if short, long := allocations(1), allocations(10_000); long > short+1 {
			t.Errorf("%s: %v allocations for one wallet, and %v for 10,000", name, short, long)
		}
	}
}
