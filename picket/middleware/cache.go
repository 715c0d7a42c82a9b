package middleware

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/jitter"
)

// Cache is a Validator that remembers the results of another one for a short time. An Authenticator has one. By itself it is useful
// where there is no net/http, for example in a gRPC interceptor. NewCache makes one; the zero value accepts no token.
//
//   - A success is kept for the cache's lifetime, counted from before the check, and never past the token's exp. For that long it
//     goes unnoticed that a token was revoked or a balance spent: that is the price of fewer checks. With a lifetime of 0 nothing
//     is kept.
//   - A denial at a gate is kept for a few seconds, for that token and that gate. So is the API's refusal of a gate's requirements.
//     Bad tokens and failures are not kept: they are checked again.
//   - Whatever is kept expires up to a fifth earlier, at random, and never later; see WithJitter.
//   - Known claims decide about a gate where they can; see picket.Gate.EvaluateClaims. An allow list never needs the Validator.
//   - The cache is limited in bytes: the entries that were not used for the longest time make room.
//   - Only one check runs for each token, and for each token and gate; everyone who asks meanwhile shares its result. It has a
//     timeout of its own, so one caller's cancelled context does not affect others. A cancelled caller returns at once, and a check
//     that nobody waits for any more is cancelled. The number of running checks is limited: others wait until one ends, but no
//     longer than the timeout.
//   - One call of Validate causes at most one call of the Validator, unless the Validator returns other claims than the token itself
//     has.
//   - A token that does not have the form of a JWT (three parts of base64url, at most 64 KiB) is refused as
//     picket.CodeParameterInvalid without asking. So is a token whose own exp has passed, unless the Validator has a clock of its
//     own.
//   - A token that the Validator accepts is accepted until its exp and the leeway have passed, and is a picket.CodeParameterInvalid
//     from then on. Clock and leeway are those of the Validator if it has them, like the verifier of package accesstoken or
//     Incremental with one, and otherwise those of WithClock and WithLeeway.
//   - If the Validator panics or returns no claims, that is an error; if it returns claims of another chain than the gate's, that
//     is a denial.
//   - If the clock goes back, the cache is emptied.
//
// A Cache is safe for concurrent use.
type Cache struct {
	validator Validator
	settings  cacheSettings
	local     bool          // the validator checks tokens without asking the API
	slots     chan struct{} // of the checks that are running

	mu      sync.Mutex
	latest  time.Time                // the last time that was read from the clock
	entries map[string]*list.Element // of *entry, by token: the runtime's hash of a string is cheap
	order   list.List                // the same, the one that was used last in front
	bytes   int64                    // of all entries
	checks  map[checkKey]*check
}

// NewCache returns a cache in front of a Validator. It fails when the Validator is nil, when an option is nil or not valid, and when
// WithClock or WithLeeway is given with a Validator that has a clock of its own.
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
	if cache, ok := validator.(*Cache); isNil(validator) || (ok && !cache.isMade()) {
		return nil, errors.New("middleware: the validator is nil")
	}
	now, leeway, local := timeOf(validator)
	if now != nil {
		if settings.ownTime != "" {
			return nil, fmt.Errorf("middleware: %s: the validator has a clock and a leeway of its own, and a token must expire everywhere at once; set them on the validator only", settings.ownTime)
		}
		settings.clock, settings.leeway = now, leeway
	}
	return &Cache{
		validator: validator,
		settings:  settings,
		local:     local,
		slots:     make(chan struct{}, settings.maxChecks),
		entries:   map[string]*list.Element{},
		checks:    map[checkKey]*check{},
	}, nil
}

// Validate returns the claims of a token that was found good within the cache's lifetime, and otherwise asks the Validator. If there
// is a gate, the user may pass it. The caller may change the claims. The errors are those of the Validator.
func (c *Cache) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if !c.isMade() {
		return nil, errors.New("middleware: the cache was not made by NewCache")
	}
	claims, err := c.check(ctx, string(token), gate)
	if err != nil {
		return nil, err
	}
	own := cloneClaims(*claims)
	return &own, nil
}

// Forget forgets everything that the cache knows of a token: that it is good, and what was found at each gate, denials included.
// Checks of the token that are running do not enter the cache, and nobody who asks after Forget has returned gets their result.
// If the Validator is itself a Cache, or has one inside Incremental, that forgets the token as well.
//
// Call it when a user logs out, or when a token was revoked where the Validator notices. Forget does not revoke a token: one
// that is sent again is checked again, and the API and package accesstoken accept it until its exp.
func (c *Cache) Forget(token picket.Secret) {
	if !c.isMade() {
		return
	}
	forgetIn(c.validator, token) // first, or a check that starts in between could keep what that still knows
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(string(token))
	for key, running := range c.checks {
		if key.token == string(token) {
			running.forgotten = true
			delete(c.checks, key)
		}
	}
}

func forgetIn(validator Validator, token picket.Secret) {
	switch v := validator.(type) {
	case *Cache:
		v.Forget(token)
	case incremental:
		forgetIn(v.local, token)
		forgetIn(v.remote, token)
	}
}

func (c *Cache) isMade() bool { return c != nil && c.validator != nil }

// Format writes only the name of the type, whatever the verb, because the cache contains tokens.
func (c *Cache) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "middleware.Cache") }

// check is Validate for callers that do not change the claims.
func (c *Cache) check(ctx context.Context, token string, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if err := checkGate(gate); err != nil {
		return nil, err
	}
	claims, decided, err := c.recall(token, gate)
	switch {
	case decided && err != nil:
		return nil, err
	case decided:
		return claims, nil
	case claims != nil:
		return c.ask(ctx, token, gate)
	}
	if err := checkShape(token); err != nil {
		return nil, err
	}
	ctx, said := read(ctx, token)
	if said != nil && !c.local && c.isOverdue(said, c.settings.clock()) {
		return nil, errOverdue
	}
	if gate == nil || !isDecided(said, gate) {
		return c.ask(ctx, token, gate)
	}
	claims, err = c.ask(ctx, token, nil)
	switch {
	case errors.Is(err, picket.CodeParameterInvalid):
		return nil, tokenError{err}
	case err != nil:
		return nil, err
	}
	decided, err = decide(claims, gate)
	switch {
	case !decided: // the Validator's claims differ from the token's own
		return c.ask(ctx, token, gate)
	case err != nil:
		return nil, err
	}
	return claims, nil
}

// recall returns the claims of a token that is known to be good, and whether what is known decides about the gate. An error is a
// denial.
func (c *Cache) recall(token string, gate *picket.Gate) (claims *picket.AccessTokenPayload, decided bool, err error) {
	claims, v, remembered := c.find(token, gate)
	if gate == nil {
		return claims, claims != nil, nil
	}
	if claims != nil && (!remembered || v.err != nil) {
		if decided, err := decide(claims, gate); decided {
			return claims, true, err
		}
	}
	return claims, remembered, v.err
}

// find returns the claims of a token that is known to be good, and what is remembered about it at a gate.
func (c *Cache) find(token string, gate *picket.Gate) (*picket.AccessTokenPayload, verdict, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.findLocked(token, gate)
}

func (c *Cache) findLocked(token string, gate *picket.Gate) (claims *picket.AccessTokenPayload, v verdict, remembered bool) {
	now := c.now()
	element, ok := c.entries[token]
	if !ok {
		return nil, verdict{}, false
	}
	e := element.Value.(*entry)
	if now.Before(e.until) {
		claims = e.claims
	}
	if gate != nil {
		v, remembered = e.gates[gate.Key()]
		// A success at a gate needs the claims that go with it.
		remembered = remembered && v.holds(now) && (v.err != nil || claims != nil)
	}
	if claims == nil && !remembered && !e.drop(now) {
		c.remove(element)
		return nil, verdict{}, false
	}
	c.order.MoveToFront(element)
	return claims, v, remembered
}

// keepSuccess remembers that a check that began at start found a token good and, if there is a gate, that its user may pass it.
// If the clock went back meanwhile, nothing is kept.
func (c *Cache) keepSuccess(key checkKey, claims *picket.AccessTokenPayload, start time.Time) {
	now, until := c.now(), start.Add(c.sooner(c.settings.lifetime))
	if int64(claims.ExpiresAt) <= until.Unix() {
		until = claims.ExpiresAt.Time()
	}
	if now.Before(start) || !now.Before(until) {
		return
	}
	c.change(key.token, func(e *entry) {
		e.drop(now)
		e.claims, e.until = claims, until
		if key.gate != "" {
			e.remember(key.gate, verdict{until: until})
		}
	})
}

// keepDenial remembers that the user of a token may not pass a gate.
func (c *Cache) keepDenial(key checkKey, denied error, textBytes int) {
	now := c.now()
	v := verdict{err: denied, textBytes: textBytes, until: now.Add(c.sooner(c.settings.denialLifetime))}
	if v.holds(now) {
		c.change(key.token, func(e *entry) {
			e.drop(now)
			e.remember(key.gate, v)
		})
	}
}

// sooner shortens a lifetime by a part that differs from token to token and from server to server.
func (c *Cache) sooner(lifetime time.Duration) time.Duration {
	return jitter.Shorten(lifetime, c.settings.random())
}

// change changes the entry of a token, and makes one if there is none. Then it makes room.
func (c *Cache) change(token string, change func(*entry)) {
	element, ok := c.entries[token]
	if !ok {
		element = c.order.PushFront(&entry{token: token})
		c.entries[token] = element
	}
	e := element.Value.(*entry)
	change(e)
	c.bytes -= e.bytes
	e.bytes = e.size()
	c.bytes += e.bytes
	for c.bytes > c.settings.bytes {
		c.remove(c.order.Back())
	}
}

// forgetDenial forgets that a token was denied at a gate.
func (c *Cache) forgetDenial(token string, gate *picket.Gate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[token]; ok {
		gates := element.Value.(*entry).gates
		if gates[gate.Key()].err != nil {
			delete(gates, gate.Key())
		}
	}
}

// forget forgets everything that is known of a token. It is called with the lock held.
func (c *Cache) forget(token string) {
	if element, ok := c.entries[token]; ok {
		c.remove(element)
	}
}

func (c *Cache) remove(element *list.Element) {
	e := c.order.Remove(element).(*entry)
	delete(c.entries, e.token)
	c.bytes -= e.bytes
}

// isOverdue reports whether a token has expired according to the clock of this machine, leeway included.
func (c *Cache) isOverdue(claims *picket.AccessTokenPayload, now time.Time) bool {
	return now.Add(-c.settings.leeway).Unix() >= int64(claims.ExpiresAt)
}

// now returns the time. If the clock went back, it is unknown which entries are still valid, and all are forgotten. It is called
// with the lock held, so that no two callers see their times in the wrong order.
func (c *Cache) now() time.Time {
	now := c.settings.clock()
	if now.Before(c.latest) {
		clear(c.entries)
		c.order.Init()
		c.bytes = 0
	}
	c.latest = now
	return now
}

var (
	errOverdue = fmt.Errorf("middleware: %w: the access token has expired according to the clock of this machine; if all have, is the clock right?", picket.CodeParameterInvalid)
	// errClock is the error for such a token if the Validator, which may ask the API, finds it good.
	errClock = fmt.Errorf("middleware: %w: the validator accepted an access token that has expired according to the clock of this machine; is the clock right?", picket.CodeParameterInvalid)
)
