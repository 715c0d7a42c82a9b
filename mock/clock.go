package mock

import (
	"fmt"
	"sync"
	"time"
)

// clock is the time of one project. It runs with a source, or stands still. It is safe for concurrent use.
type clock struct {
	mu     sync.Mutex
	source func() time.Time
	moved  *move      // nil while the clock shows what the source does
	stopAt *time.Time // the time at which it stands still, or nil while it runs
}

// move is when a clock was moved, by its source, and where to. A time.Duration, as the difference of both, would end after
// 292 years.
type move struct{ at, to time.Time }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *clock) nowLocked() time.Time {
	if c.stopAt != nil {
		return *c.stopAt
	}
	return c.moved.from(c.source())
}

func (m *move) from(source time.Time) time.Time {
	if m == nil {
		return source
	}
	return m.to.Add(source.Sub(m.at))
}

func (c *clock) runs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopAt == nil
}

// advance moves the clock forward, to a time that checkTime allows.
func (c *clock) advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	source := c.source()
	now := c.moved.from(source)
	if c.stopAt != nil {
		now = *c.stopAt
	}
	later := now.Add(d)
	if err := checkTime(later); err != nil {
		return err
	}
	if c.stopAt != nil {
		c.stopAt = &later
	} else {
		c.moved = &move{at: source, to: later}
	}
	return nil
}

// checkTime refuses times that a token or JSON has no form for: dates of tokens count from 1970, and RFC 3339 has years of
// four digits.
func checkTime(t time.Time) error {
	if year := t.UTC().Year(); year < 1970 || year > 9999 {
		return fmt.Errorf("the year %d is not from 1970 to 9999", year)
	}
	return nil
}

// set stops the clock at a time.
func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopAt = &t
}

// run lets a clock that stands still go on from there.
func (c *clock) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopAt != nil {
		c.moved, c.stopAt = &move{at: c.source(), to: *c.stopAt}, nil
	}
}

// reset lets the clock run with its source again.
func (c *clock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved, c.stopAt = nil, nil
}
