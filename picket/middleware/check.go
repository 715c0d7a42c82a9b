package middleware

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

type checkKey struct{ token, gate string }

// check is a running check, for everyone who waits for it.
type check struct {
	waiting   int  // callers
	forgotten bool // its token was forgotten while it ran, so that its result must not be kept
	cancel    context.CancelFunc
	done      chan struct{}

	// These may be read once done is closed.
	claims *picket.AccessTokenPayload
	err    error
}

// ask has the Validator check a token, or waits for the same check if it is already running.
func (c *Cache) ask(ctx context.Context, token string, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	// The check has a timeout of its own, but the Validator may ignore its context. Then this one lets the caller go.
	ctx, cancel := context.WithTimeout(ctx, c.settings.timeout)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("middleware: the access token was not checked: %w", err)
	}
	key := checkKey{token: token}
	if gate != nil {
		key.gate = gate.Key()
	}
	under, claims, err := c.join(ctx, key, gate)
	if under == nil {
		return claims, err
	}
	select {
	case <-under.done:
		return under.claims, under.err
	case <-ctx.Done():
		c.leave(key, under)
		return nil, fmt.Errorf("middleware: the check of the access token took too long, or its caller was cancelled: %w", ctx.Err())
	}
}

// join returns the check to wait for, or what another one has found since the caller looked.
func (c *Cache) join(ctx context.Context, key checkKey, gate *picket.Gate) (*check, *picket.AccessTokenPayload, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	claims, v, remembered := c.findLocked(key.token, gate)
	switch {
	case gate == nil && claims != nil:
		return nil, claims, nil
	case remembered && v.err != nil:
		return nil, nil, v.err
	case remembered:
		return nil, claims, nil
	}
	under, ok := c.checks[key]
	if !ok {
		key.token = strings.Clone(key.token) // it may be part of a longer header, which would be kept alive with it
		under = &check{done: make(chan struct{})}
		ctx, under.cancel = context.WithTimeout(context.WithoutCancel(ctx), c.settings.timeout)
		c.checks[key] = under
		go c.run(ctx, key, gate, under)
	}
	under.waiting++
	return under, nil, nil
}

// leave cancels a check if nobody waits for it any more.
func (c *Cache) leave(key checkKey, under *check) {
	c.mu.Lock()
	defer c.mu.Unlock()
	under.waiting--
	if under.waiting == 0 {
		under.cancel()
		if c.checks[key] == under {
			delete(c.checks, key)
		}
	}
}

// finding is what a Validator answered.
type finding struct {
	start     time.Time // when it was asked
	claims    *picket.AccessTokenPayload
	err       error
	textBytes int  // how long the error's text is
	denial    bool // the error is to be kept
	bad       bool // the error is about the token, which may have been good before
}

func (c *Cache) run(ctx context.Context, key checkKey, gate *picket.Gate, under *check) {
	defer under.cancel()
	f := finding{err: errors.New("middleware: the check of the access token broke off")} // stays if the Validator ends the goroutine
	defer func() {
		// In this goroutine nobody else could keep a panic from ending the program. Its value may contain anything, so it is not
		// shown.
		if p := recover(); p != nil {
			f = finding{err: fmt.Errorf("middleware: the validator panicked with a %T", p)}
		}
		c.finish(key, gate, under, f)
	}()
	if err := c.takeSlot(ctx); err != nil {
		f.err = err
		return
	}
	defer c.freeSlot()
	start := c.settings.clock()
	claims, err := c.validator.Validate(ctx, picket.Secret(key.token), gate)
	f = finding{start: start, claims: claims, err: err}
	if err != nil {
		f.textBytes = len(err.Error())
		f.bad = isBadToken(err, gate)
		f.denial = gate != nil && (errors.Is(err, picket.CodePermissionDenied) || errors.Is(err, picket.ErrChainMismatch) || refusesGate(err, gate))
	}
}

// finish gives the result to everyone who waits, and keeps what is to be kept.
func (c *Cache) finish(key checkKey, gate *picket.Gate, under *check, f finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.checks[key] == under {
		delete(c.checks, key)
	}
	under.claims, under.err = c.conclude(key, gate, f, !under.forgotten)
	close(under.done)
}

// conclude returns what the callers get, and keeps what may be kept.
func (c *Cache) conclude(key checkKey, gate *picket.Gate, f finding, keep bool) (*picket.AccessTokenPayload, error) {
	switch {
	case f.denial:
		if keep {
			c.keepDenial(key, f.err, f.textBytes)
		}
		return nil, f.err
	case f.bad:
		c.forget(key.token)
		return nil, f.err
	case f.err != nil:
		return nil, f.err
	case f.claims == nil:
		return nil, errNoClaims
	case c.isOverdue(f.claims, c.now()):
		return nil, errClock
	}
	claims := cloneClaims(*f.claims)
	err := checkChain(&claims, gate)
	if err != nil {
		key.gate = ""
	}
	if keep {
		c.keepSuccess(key, &claims, f.start)
	}
	if err != nil {
		return nil, err
	}
	return &claims, nil
}

// takeSlot waits until another check may run.
func (c *Cache) takeSlot(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("middleware: %d checks are running, and none of them ended in time: %w", cap(c.slots), ctx.Err())
	}
}

func (c *Cache) freeSlot() { <-c.slots }
