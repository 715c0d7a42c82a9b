// Package clock is the time of one project: it runs with a source, or stands still where it was set. It knows nothing of what
// happens at a time.
package clock

import (
	"fmt"
	"sync"
	"time"
)

// Clock is safe for concurrent use.
type Clock struct {
	source func() time.Time

	mu     sync.Mutex
	moved  *move      // nil while the clock shows what the source does
	stopAt *time.Time // the time at which it stands still, or nil while it runs
}

// move says when a clock was moved, by its source, and where to. The difference of both as a time.Duration would overflow after
// 292 years.
type move struct{ at, to time.Time }

func (m *move) from(source time.Time) time.Time {
	if m == nil {
		return source
	}
	return m.to.Add(source.Sub(m.at))
}

// New returns a clock that runs with a source, such as time.Now.
func New(source func() time.Time) *Clock { return &Clock{source: source} }

// end is the last time that a clock shows; see check.
var end = time.Date(10_000, time.January, 1, 0, 0, 0, -1, time.UTC)

// Now returns what time it is. A clock that runs to the end of the year 9999 shows that from then on.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopAt != nil {
		return *c.stopAt
	}
	now := c.moved.from(c.source())
	if now.After(end) {
		return end
	}
	return now
}

// Runs reports whether the clock runs. Set stops it.
func (c *Clock) Runs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopAt == nil
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("%v is negative; to go back, set the time", d)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	source := c.source()
	now := c.moved.from(source)
	if c.stopAt != nil {
		now = *c.stopAt
	}
	later := now.Add(d)
	if err := check(later); err != nil {
		return err
	}
	if c.stopAt != nil {
		c.stopAt = &later
	} else {
		c.moved = &move{at: source, to: later}
	}
	return nil
}

// Set stops the clock at a time.
func (c *Clock) Set(t time.Time) error {
	if err := check(t); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopAt = &t
	return nil
}

// check refuses times that a token or JSON cannot say: the dates of tokens count from 1970, and RFC 3339 has years of four digits.
func check(t time.Time) error {
	if year := t.UTC().Year(); year < 1970 || year > 9999 {
		return fmt.Errorf("the year %d is not from 1970 to 9999", year)
	}
	return nil
}

// Run lets a clock that stands still go on from there.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopAt != nil {
		c.moved, c.stopAt = &move{at: c.source(), to: *c.stopAt}, nil
	}
}

// Reset lets the clock run with its source again.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved, c.stopAt = nil, nil
}
