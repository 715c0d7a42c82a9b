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
)

// The defaults of a Cache.
const (
	// DefaultCacheLifetime is how long a token, or a success at a gate, is trusted without asking again.
	DefaultCacheLifetime = time.Minute
	// DefaultDenialLifetime is how long a denial at a gate is remembered.
	DefaultDenialLifetime = 5 * time.Second
	// DefaultCacheBytes is how much memory what is known may take: 32 MiB.
	DefaultCacheBytes = 32 << 20
	// DefaultCheckTimeout is how long one check may take.
	DefaultCheckTimeout = 10 * time.Second
	// DefaultMaxChecks is how many checks may be under way at once.
	DefaultMaxChecks = 256
	// DefaultLeeway is how far the clocks of Picket and of this machine may be apart, as it is in package accesstoken.
	DefaultLeeway = 30 * time.Second
)

// Cache is a Validator that remembers what another one has found, for a short time. An Authenticator has one; by itself it is
// useful where there is no net/http, such as in a gRPC interceptor.
//
//   - A success is good for the lifetime, counted from before the check, and never past the token's exp. A token that
//     is revoked, or a balance that is spent, goes unnoticed for as long: that is the price of asking less. A lifetime
//     of 0 keeps nothing.
//   - A denial at a gate is remembered for a few seconds, for that token and that gate. So is the API's refusal of a gate's
//     requirements. A bad token, or a failure, is asked about again.
//   - Claims that are known decide about a gate where they can; see picket.Gate.EvaluateClaims. An allow list never needs the
//     Validator.
//   - It is bounded, in bytes: what was not used for the longest time makes room.
//   - One check is under way for each token, and for each token and gate; all who ask meanwhile share its result. It has a
//     timeout of its own, and one caller's cancelled context fails nobody else. A cancelled caller returns at once, and a
//     check for which nobody waits any more is cancelled. The number of checks under way is bounded: others wait until one
//     ends, no longer than the timeout.
//   - One call of Validate is at most one of the Validator, unless that returns other claims than the token has itself.
//   - What is no JWT by its shape (three parts of base64url; at most 64 KiB) is refused as picket.CodeParameterInvalid
//     without asking. So is a token whose own exp is past, unless the Validator has a clock of its own.
//   - A token is accepted until its exp and the leeway are past, as far as the Validator accepts it, and is a
//     picket.CodeParameterInvalid from then on. Clock and leeway are those of a Validator that has them, such as the verifier
//     of package accesstoken or Incremental with one, or else those of WithClock and WithLeeway.
//   - A Validator that panics or returns no claims is an error, and claims of another chain than the gate's are a denial.
//   - A clock that goes back empties it.
//
// Validate is safe for concurrent use.
type Cache struct {
	validator Validator
	settings  cacheSettings
	local     bool          // the validator checks tokens without asking the API
	slots     chan struct{} // of the checks that are under way

	mu      sync.Mutex
	latest  time.Time                // what the clock said last
	entries map[string]*list.Element // of *entry, by token: the runtime's hash of a string is cheap
	order   list.List                // the same, what was used last in front
	bytes   int64                    // of all entries
	checks  map[checkKey]*check
}

// NewCache returns a cache in front of a Validator. It fails when the Validator is nil or an option is nil or not valid, and
// when WithClock or WithLeeway is given for a Validator that has a clock of its own.
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
	if cache, ok := validator.(*Cache); isNil(validator) || (ok && cache.validator == nil) {
		return nil, errors.New("middleware: the validator is nil")
	}
	now, leeway, local := timeOf(validator)
	if now != nil {
		if settings.ownTime != "" {
			return nil, fmt.Errorf("middleware: %s: the validator has a clock and a leeway of its own, and a token must expire everywhere at once; give them to the validator only", settings.ownTime)
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

// Validate returns the claims of a token that was found good within the lifetime, or asks the Validator. They are the
// caller's to change. With a gate, its user may pass. Its errors are those of the Validator.
func (c *Cache) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	claims, err := c.check(ctx, string(token), gate)
	if err != nil {
		return nil, err
	}
	own := cloneClaims(*claims)
	return &own, nil
}

// Format writes no more than the name of the type, whatever the verb: what is known has tokens in it.
func (c *Cache) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "middleware.Cache") }

// check is Validate, for callers that leave the claims as they are.
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
	said, _ := unverified(token)
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
	case !decided: // the Validator's claims are others than the token's own
		return c.ask(ctx, token, gate)
	case err != nil:
		return nil, err
	}
	return claims, nil
}

// recall returns the claims of a token that is known to be good, and whether what is known decides: an error is a denial.
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

// find returns the claims of a token that is known to be good, and what is remembered of it at a gate.
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

// keepSuccess remembers that a check which began at start has found a token good and, with a gate, its user to be one who may
// pass. When the clock went back meanwhile, nothing can be told.
func (c *Cache) keepSuccess(key checkKey, claims *picket.AccessTokenPayload, start time.Time) {
	now, until := c.now(), start.Add(c.settings.lifetime)
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
	v := verdict{err: denied, textBytes: textBytes, until: now.Add(c.settings.denialLifetime)}
	if v.holds(now) {
		c.change(key.token, func(e *entry) {
			e.drop(now)
			e.remember(key.gate, v)
		})
	}
}

// change changes the entry of a token, which there need not be one of yet, and makes room.
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

// forget forgets all that is known of a token.
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

// isOverdue reports whether a token is expired by the clock of this machine, and not only as far as clocks may be apart.
func (c *Cache) isOverdue(claims *picket.AccessTokenPayload, now time.Time) bool {
	return now.Add(-c.settings.leeway).Unix() >= int64(claims.ExpiresAt)
}

// now returns what time it is. When the clock went back, nothing that is known can be told to be alive still, and is
// forgotten. It is called with the lock held, so that no two callers see their times in the wrong order.
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
	errOverdue = fmt.Errorf("middleware: %w: the access token is expired by the clock of this machine; if all are, is the clock right?", picket.CodeParameterInvalid)
	// errClock is about a token that the Validator, which may ask the API, finds good.
	errClock = fmt.Errorf("middleware: %w: the validator accepted an access token that is expired by the clock of this machine; is the clock right?", picket.CodeParameterInvalid)
)
