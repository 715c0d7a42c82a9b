package jitter_test

import (
	"math"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/picket/internal/jitter"
)

func TestADurationGetsShorterByUpToAFifth(t *testing.T) {
	for _, c := range []struct {
		part       float64
		from, want time.Duration
	}{
		{0, time.Minute, time.Minute},
		{0.25, time.Minute, 57 * time.Second},
		{1, time.Minute, 48 * time.Second},
		{1.5, time.Minute, 48 * time.Second},
		{math.Inf(1), time.Minute, 48 * time.Second},
		{math.NaN(), time.Minute, 48 * time.Second},
		{-1, time.Minute, time.Minute},
		{math.Inf(-1), time.Minute, time.Minute},
		{1, 0, 0},
		{1, 1, 1},
		{0, math.MaxInt64, math.MaxInt64},
	} {
		if got := jitter.Shorten(c.from, c.part); got != c.want {
			t.Errorf("%v of %v: got %v, want %v", c.part, c.from, got, c.want)
		}
	}
}
