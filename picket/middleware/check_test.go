package middleware_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

func TestAHundredCallersWithAFreshTokenCauseOneCheck(t *testing.T) {
	for name, gate := range map[string]*picket.Gate{"token": nil, "gate": gateOf(t, holders)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := make(chan struct{})
				v, asked := counting(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
					<-answer
					return claims(), nil
				})
				cache := newCache(t, v)
				var callers sync.WaitGroup
				for range 100 {
					callers.Go(func() {
						if _, err := cache.Validate(t.Context(), token, gate); err != nil {
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
	if _, err := cache.Validate(ctx, token, nil); err != nil {
		t.Error(err)
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times, not once", asked.Load())
	}
}

func TestACheckOfTheTokenIsNoneOfAGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan struct{})
		cache := newCache(t, validator(func(_ context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
			<-answer
			if gate != nil {
				return nil, picket.CodePermissionDenied
			}
			return claims(), nil
		}))
		var callers sync.WaitGroup
		callers.Go(func() { validate(t, cache, token) })
		synctest.Wait()
		callers.Go(func() {
			_, err := cache.Validate(t.Context(), token, gateOf(t, holders))
			if !errors.Is(err, picket.CodePermissionDenied) {
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
		v, asked := counting(func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			<-answer
			return claims(), ctx.Err()
		})
		cache := newCache(t, v)
		first, cancel := context.WithCancel(t.Context())
		call := func(ctx context.Context) <-chan error {
			result := make(chan error, 1)
			go func() {
				_, err := cache.Validate(ctx, token, nil)
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
		_, err := cache.Validate(first, numbered(2), nil)
		synctest.Wait()
		if !errors.Is(err, context.Canceled) || asked.Load() != 1 {
			t.Errorf("a caller that was cancelled before got %v, and it was asked %d times", err, asked.Load())
		}
	})
}

func TestACheckEndsAfterItsTimeout(t *testing.T) {
	for name, v := range map[string]validator{
		"of a validator that minds its context": func(ctx context.Context, _ picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"of one that does not": func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
			time.Sleep(time.Hour)
			return nil, errors.New("too late")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache := newCache(t, v)
				start := time.Now()
				_, err := cache.Validate(context.Background(), token, nil)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took != defaultCheckTimeout {
					t.Errorf("it took %v", took)
				}
				time.Sleep(time.Hour) // in the bubble: the validator ends
			})
		})
	}
}
