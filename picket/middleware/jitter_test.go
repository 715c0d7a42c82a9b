package middleware_test

import (
	"math"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestWhatIsRememberedExpiresUpToAFifthEarlierAndNeverLater(t *testing.T) {
	for _, c := range []struct {
		name            string
		jitter          float64
		success, denial time.Duration
	}{
		{"none", 0, 60 * time.Second, 5 * time.Second},
		{"half of it", 0.5, 54 * time.Second, 4500 * time.Millisecond},
		{"all of it", 1, 48 * time.Second, 4 * time.Second},
		{"below 0", -1, 60 * time.Second, 5 * time.Second},
		{"above 1", 7, 48 * time.Second, 4 * time.Second},
		{"infinite", math.Inf(-1), 60 * time.Second, 5 * time.Second},
		{"not a number", math.NaN(), 48 * time.Second, 4 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			for what, kept := range map[string]struct {
				validator validator
				gate      *picket.Gate
				lifetime  time.Duration
			}{
				"success":           {always(claims(), nil), nil, c.success},
				"success at a gate": {always(claims(), nil), gateOf(t, holders), c.success},
				"denial":            {always(nil, picket.CodePermissionDenied), gateOf(t, holders), c.denial},
			} {
				start := time.Now()
				now := start
				v, asked := counting(kept.validator)
				cache := newCache(t, v, middleware.WithClock(func() time.Time { return now }), middleware.WithJitter(func() float64 { return c.jitter }))
				for _, step := range []struct {
					after time.Duration
					asked int64
				}{{0, 1}, {kept.lifetime - 1, 1}, {kept.lifetime, 2}} {
					now = start.Add(step.after)
					_, _ = cache.Validate(t.Context(), token, kept.gate)
					if asked.Load() != step.asked {
						t.Errorf("%s: after %v it was asked %d times, not %d", what, step.after, asked.Load(), step.asked)
					}
				}
			}
		})
	}
}

func TestTokensThatCameAtOnceAreNotCheckedAgainAtOnce(t *testing.T) {
	const tokens = 600
	now := time.Now()
	v, asked := counting(always(claims(), nil))
	cache, err := middleware.NewCache(v, middleware.WithClock(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	var most int64
	for second := range 61 {
		before := asked.Load()
		for n := range tokens {
			validate(t, cache, numbered(n))
		}
		checks := asked.Load() - before
		switch {
		case second > 0 && second < 48 && checks != 0:
			t.Errorf("in second %d there were %d checks", second, checks)
		case second > 0:
			most = max(most, checks)
		}
		if second == 60 && asked.Load() != 2*tokens {
			t.Errorf("after a minute there were %d checks of %d tokens", asked.Load(), tokens)
		}
		now = now.Add(time.Second)
	}
	if most > tokens/6 { // a twelfth is the mean
		t.Errorf("%d of %d tokens were checked again in the same second", most, tokens)
	}
}
