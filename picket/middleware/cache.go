package middleware

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed-a13ee279/picket/picket"
)

// The defaults of a Cache.
const (
	// DefaultCacheLifetime is how long a token, or a success at a gate, is trusted without asking again.
	DefaultCacheLifetime = time.Minute
	// DefaultCacheSize is how many tokens, and successes at gates, are kept.
	DefaultCacheSize = 10_000
	// DefaultCheckTimeout is how long one check may take.
	DefaultCheckTimeout = 10 * time.Second
)

// Cache is a Validator that remembers what another one has found good, for a short time. An Authenticator has one; by
// itself it is useful where there is no net/http, such as in a gRPC interceptor.
//
//   - It keeps successes alone: a refusal or a failure is asked about again.
//   - A success is good for the lifetime, counted from before the check, and never past the token's exp. A token that
//     is revoked, or a balance that is spent, goes unnoticed for as long: that is the price of asking less. A lifetime
//     of 0 keeps nothing.
//   - It is bounded: what was not used for the longest time makes room.
//   - One check is under way for each token, and for each token and requirements; all who ask meanwhile share its
//     result. It has a timeout of its own, so that one caller's cancelled context fails nobody else. A cancelled caller
//     returns at once.
//   - What is no JWT by its shape (three parts of base64url; at most 16 KiB) is refused as picket.ErrParameterInvalid
//     without asking.
//   - A Validator that panics, returns no claims, or claims that are expired by the cache's clock, is an error.
//   - A clock that goes back empties it.
//
// The maps in the claims that Validate returns are shared by its callers: read them, do not change them. Validate is
// safe for concurrent use.
type Cache struct {
	validator Validator
	settings  cacheSettings
	checks    singleflight.Group

	mu      sync.Mutex
	latest  time.Time                  // what the clock said last
	entries map[cacheKey]*list.Element // of *entry
	order   list.List                  // the same, what was used last in front
}

// cacheKey holds the token as it is: the runtime's hash of a string is far cheaper than a cryptographic one.
type cacheKey struct{ token, gate string }

// entry is a success. It does not change.
type entry struct {
	key    cacheKey
	claims picket.AccessTokenPayload // nobody outside this package has its maps
	lent   picket.AccessTokenPayload // callers of Validate have its maps
	until  time.Time
}

// NewCache returns a cache in front of a Validator. It fails when the Validator is nil or an option is not valid.
func NewCache(validator Validator, options ...CacheOption) (*Cache, error) {
	settings := defaultCacheSettings()
	for _, option := range options {
		if option == nil {
			return nil, errors.New("middleware: an option is nil")
		}
		if err := option.applyCache(&settings); err != nil {
			return nil, fmt.Errorf("middleware: %w", err)
		}
	}
	return newCache(validator, settings)
}

func newCache(validator Validator, settings cacheSettings) (*Cache, error) {
	if isNil(validator) {
		return nil, errors.New("middleware: the validator is nil")
	}
	return &Cache{validator: validator, settings: settings, entries: map[cacheKey]*list.Element{}}, nil
}

// Validate returns the claims of a token that was found good within the lifetime, or asks the Validator. Its errors are
// those of the Validator.
func (c *Cache) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	e, err := c.check(ctx, string(token), gate)
	if err != nil {
		return nil, err
	}
	claims := e.lent
	return &claims, nil
}

// check is Validate, for callers that leave the entry as it is. A nil gate is none.
func (c *Cache) check(ctx context.Context, token string, gate *picket.Gate) (*entry, error) {
	key := cacheKey{token: token}
	if gate != nil {
		key.gate = gate.Key()
	}
	if e := c.find(key); e != nil {
		return e, nil
	}
	if err := checkShape(token); err != nil {
		return nil, err
	}
	// The check ends by its own timeout, unless the Validator disregards its context; then the caller ends by this one.
	ctx, cancel := context.WithTimeout(ctx, c.settings.timeout)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("middleware: the access token was not checked: %w", err)
	}
	key.token = strings.Clone(token)                                            // it may be a part of a longer header, which would be kept with it
	checked := c.checks.DoChan(key.token+"\x00"+key.gate, func() (any, error) { // no token has a NUL
		return c.ask(ctx, key, gate)
	})
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("middleware: the check of the access token was not waited for: %w", ctx.Err())
	case result := <-checked:
		e, _ := result.Val.(*entry)
		return e, result.Err
	}
}

// ask lets the Validator check a token, for all who wait. It recovers, because a panic in here would end the process.
func (c *Cache) ask(ctx context.Context, key cacheKey, gate *picket.Gate) (e *entry, err error) {
	defer func() {
		if p := recover(); p != nil {
			e, err = nil, fmt.Errorf("middleware: the validator panicked with a %T", p) // p itself may hold anything
		}
	}()
	// Between the caller's look and this check, another check may have ended.
	if e := c.find(key); e != nil {
		return e, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.settings.timeout)
	defer cancel()
	start := c.settings.clock()
	claims, err := c.validator.Validate(ctx, picket.Secret(key.token), gate)
	switch {
	case err != nil:
		return nil, err
	case claims == nil:
		return nil, errNoClaims
	}
	e = &entry{
		key:    key,
		claims: cloneClaims(*claims),
		lent:   cloneClaims(*claims),
		until:  start.Add(c.settings.lifetime),
	}
	return e, c.keep(e, start)
}

// find returns what is known of a key, or nil.
func (c *Cache) find(key cacheKey) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	element, ok := c.entries[key]
	if !ok {
		return nil
	}
	e := element.Value.(*entry)
	if !now.Before(e.until) || e.expired(now) {
		c.remove(element)
		return nil
	}
	c.order.MoveToFront(element)
	return e
}

// keep stores a success of a check that began at start, unless the clock went back meanwhile. It fails when the token
// is expired.
func (c *Cache) keep(e *entry, start time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if e.expired(now) {
		return errors.New("middleware: the validator accepted an access token that is expired by the clock of this machine; is the clock right?")
	}
	if now.Before(start) || !now.Before(e.until) {
		return nil
	}
	if known, ok := c.entries[e.key]; ok {
		c.remove(known)
	}
	c.entries[e.key] = c.order.PushFront(e)
	if len(c.entries) > c.settings.size {
		c.remove(c.order.Back())
	}
	return nil
}

// forget removes what is known of a key.
func (c *Cache) forget(key cacheKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[key]; ok {
		c.remove(element)
	}
}

func (e *entry) expired(now time.Time) bool { return now.Unix() >= int64(e.claims.ExpiresAt) }

func (c *Cache) remove(element *list.Element) {
	delete(c.entries, c.order.Remove(element).(*entry).key)
}

// now returns what time it is. When the clock went back, nothing that is known can be told to be alive still, and is
// forgotten. It is called with the lock held, so that no two callers see their times in the wrong order.
func (c *Cache) now() time.Time {
	now := c.settings.clock()
	if now.Before(c.latest) {
		clear(c.entries)
		c.order.Init()
	}
	c.latest = now
	return now
}
