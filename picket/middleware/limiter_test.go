package middleware

import (
	"fmt"
	"testing"
	"time"
)

// It takes 65,536 wallets to reach the bound, which takes too long from outside.
func TestALimiterIsBoundedAndAllowsNothingBeyond(t *testing.T) {
	l, now := newLimiter(time.Minute), time.Now()
	for i := range maxMarks {
		if wait := l.take(now.Add(time.Duration(i)), fmt.Sprint(i)); wait != 0 {
			t.Fatalf("key %d waits for %v", i, wait)
		}
	}
	now = now.Add(time.Second)
	for i := range 10 {
		if wait := l.take(now, fmt.Sprint("more", i)); wait != time.Minute {
			t.Errorf("beyond the bound a key waits for %v", wait)
		}
	}
	if len(l.marks) != maxMarks || l.order.Len() != maxMarks {
		t.Errorf("there are %d marks", len(l.marks))
	}
	l.move(now, "1", "2")
	if wait := l.take(now, "1"); wait != 0 {
		t.Errorf("a key that was freed waits for %v", wait)
	}
	if wait := l.take(now.Add(59*time.Second), "0"); wait != 0 {
		t.Errorf("after the interval a key waits for %v", wait)
	}
	if wait := l.take(now.Add(-time.Hour), "7"); wait != 0 || len(l.marks) != 1 {
		t.Errorf("when the clock went back a key waits for %v, and there are %d marks", wait, len(l.marks))
	}
}
