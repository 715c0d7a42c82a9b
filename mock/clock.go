package mock

import (
	"sync"
	"time"
)

// clock is the time of one project. It runs with a source, or stands still. It is safe for concurrent use.
type clock struct {
	mu     sync.Mutex
	source func() time.Time
	offset time.Duration // what is added to the source while the clock runs
	stopAt *time.Time    // the time at which it stands still, or nil while it runs
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *clock) nowLocked() time.Time {
	if c.stopAt != nil {
		return *c.stopAt
	}
	return c.source().Add(c.offset)
}

func (c *clock) runs() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopAt == nil
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopAt != nil {
		later := c.stopAt.Add(d)
		c.stopAt = &later
		return
	}
	c.offset += d
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
		c.offset = c.stopAt.Sub(c.source())
		c.stopAt = nil
	}
}

// reset lets the clock run with its source again.
func (c *clock) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.stopAt = 0, nil
}
