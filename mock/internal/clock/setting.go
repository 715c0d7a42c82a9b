package clock

import (
	"errors"
	"time"
)

// Setting is how a clock was set. The zero Setting is that of a clock that shows what its source does. All times are in UTC.
type Setting struct {
	StoppedAt        time.Time // zero while the clock runs
	MovedAt, MovedTo time.Time // what the source showed when the clock was last moved, and what the clock showed then; zero if it was not
}

// Setting returns how the clock is set.
func (c *Clock) Setting() Setting {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.stopAt != nil:
		return Setting{StoppedAt: c.stopAt.UTC().Round(0)}
	case c.moved != nil:
		return Setting{MovedAt: c.moved.at.UTC().Round(0), MovedTo: c.moved.to.UTC().Round(0)}
	}
	return Setting{}
}

// Use sets the clock as another one was.
func (c *Clock) Use(s Setting) error {
	stopped, moved := !s.StoppedAt.IsZero(), !s.MovedAt.IsZero() || !s.MovedTo.IsZero()
	if stopped && moved {
		return errors.New("a clock is either stopped or moved, and not both")
	}
	var at []time.Time
	if stopped {
		at = append(at, s.StoppedAt)
	}
	if moved {
		at = append(at, s.MovedAt, s.MovedTo)
	}
	for _, t := range at {
		if err := check(t); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved, c.stopAt = nil, nil
	if stopped {
		c.stopAt = &s.StoppedAt
	}
	if moved {
		c.moved = &move{at: s.MovedAt, to: s.MovedTo}
	}
	return nil
}
