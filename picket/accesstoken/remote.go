package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/picket/internal/jitter"
)

const (
	// refetchInterval is the shortest time until a refresh that failed is tried again, and the time within which refetches are
	// counted, before jitter.
	refetchInterval = 30 * time.Second
	// maxRefetches is how often, within refetchInterval, tokens that no known key verifies can cause the keys to be fetched
	// again. Tokens that are older than the keys use at most one of these, so that the rest is kept for tokens that may be signed
	// with a newer key.
	maxRefetches = 2
	// retryInterval is the shortest time until a fetch that failed is tried again while there are no keys at all.
	retryInterval = time.Second
)

// remoteKeys are keys that are fetched when they are needed. One fetch at a time runs in a goroutine of its own, which ends at
// the fetch's timeout at the latest. Callers that need the keys wait for it, each as long as its own context allows.
type remoteKeys struct {
	keysSettings
	fetch func(context.Context) ([]key, error)

	mu        sync.Mutex
	set       *keySet   // what was fetched last; nil if there is none, or it is too old
	running   *fetching // nil if there is none
	failure   error     // why the last fetch failed; nil if it did not
	failedAt  time.Time
	part      float64                 // how much of the jitter counts until the next fetch ends
	refetched [maxRefetches]time.Time // when tokens of unknown keys last caused a fetch, the latest first
}

// fetching is a fetch that is running or has ended. Its set and failure may be read once done is closed.
type fetching struct {
	startedAt time.Time
	done      chan struct{}
	set       *keySet
	failure   error
}

// Format writes only what this is, whatever the verb, because the HTTP client may contain secrets.
func (*remoteKeys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "accesstoken.Keys") }

// Load fetches the keys, unless there are some.
func (r *remoteKeys) Load(ctx context.Context) error {
	_, pending, failure := r.currentOrFetch()
	if pending != nil {
		select {
		case <-pending.done:
			failure = pending.failure
		case <-ctx.Done():
			return gaveUp(ctx, "the keys could not be loaded")
		}
	}
	if failure != nil {
		return notLoaded(failure)
	}
	return nil
}

// current returns the keys, and refreshes them in the background when it is time.
func (r *remoteKeys) current(ctx context.Context) (*keySet, error) {
	set, pending, failure := r.currentOrFetch()
	switch {
	case pending != nil:
		return pending.wait(ctx)
	case failure != nil:
		return nil, unavailable(failure)
	}
	return set, nil
}

// currentOrFetch returns the keys, or the fetch to wait for, or why the last one failed, which was a moment ago.
func (r *remoteKeys) currentOrFetch() (set *keySet, pending *fetching, failure error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	set = r.alive(now)
	switch {
	case set == nil:
		pending, failure = r.fetchFirst(now)
		return nil, pending, failure
	case !within(now, set.at, r.sooner(r.refreshInterval)) && !r.failedWithin(now, r.sooner(refetchInterval)):
		r.start(now)
	}
	return set, nil, nil
}

// newer fetches the keys again, unless that was done too often recently, or the token is older than the keys.
func (r *remoteKeys) newer(ctx context.Context, stale *keySet, age time.Duration) (*keySet, bool, error) {
	s := r.newerOrFetch(stale, age)
	if s.pending == nil {
		return s.set, s.set == nil, s.err
	}
	set, err := s.pending.wait(ctx)
	if err != nil && s.older && ctx.Err() == nil {
		return nil, true, nil // newer keys could not be this token's
	}
	// Keys whose fetch began after the token arrived are newer than the token, whatever the clocks say.
	return set, s.started, err
}

// search is what to do about a token that no known key verifies: nothing, if all fields are zero.
type search struct {
	set     *keySet
	pending *fetching
	started bool // pending, for this token
	older   bool // the token is older than the known keys
	err     error
}

func (r *remoteKeys) newerOrFetch(stale *keySet, age time.Duration) search {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	set := r.alive(now)
	if set == nil {
		started := r.running == nil
		pending, failure := r.fetchFirst(now)
		if failure != nil {
			return search{err: unavailable(failure)}
		}
		return search{pending: pending, started: started}
	}
	older := now.Sub(set.at) < age
	allowed := maxRefetches
	if older {
		allowed = 1
	}
	switch {
	case set != stale:
		return search{set: set}
	case older && r.refetches(now) >= allowed:
		return search{}
	case r.running != nil:
		return search{pending: r.running, older: older}
	case r.refetches(now) < allowed:
		copy(r.refetched[1:], r.refetched[:])
		r.refetched[0] = now
		return search{pending: r.start(now), started: true, older: older}
	case r.failure != nil:
		return search{err: unavailable(r.failure)}
	}
	return search{err: unavailable(fmt.Errorf("it may be signed with a newer key than those that are known, and these were already fetched %d times within %v; try again later", maxRefetches, refetchInterval))}
}

// refetches returns how many refetches there were within the last interval.
func (r *remoteKeys) refetches(now time.Time) int {
	n := 0
	for _, at := range r.refetched {
		if within(now, at, r.sooner(refetchInterval)) {
			n++
		}
	}
	return n
}

// fetchFirst returns the fetch to wait for when there are no keys, or why the last one failed, if that was a moment ago.
func (r *remoteKeys) fetchFirst(now time.Time) (pending *fetching, failure error) {
	if r.running == nil && r.failedWithin(now, retryInterval) {
		return nil, r.failure
	}
	return r.start(now), nil
}

// alive returns the keys, unless they are too old.
func (r *remoteKeys) alive(now time.Time) *keySet {
	if r.set != nil && !within(now, r.set.at, r.lifetime) {
		r.set = nil
	}
	return r.set
}

// sooner shortens an interval by a part that differs from server to server and from fetch to fetch.
func (r *remoteKeys) sooner(interval time.Duration) time.Duration {
	return jitter.Shorten(interval, r.part)
}

func (r *remoteKeys) failedWithin(now time.Time, d time.Duration) bool {
	return r.failure != nil && within(now, r.failedAt, d)
}

// within reports whether now is less than d after at. It is false if now is before at, because the clock has jumped then.
func within(now, at time.Time, d time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < d
}

// start starts a fetch, or returns the one that is running.
func (r *remoteKeys) start(now time.Time) *fetching {
	if r.running == nil {
		r.running = &fetching{startedAt: now, done: make(chan struct{})}
		go r.run(r.running)
	}
	return r.running
}

func (r *remoteKeys) run(f *fetching) {
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	var keys []key
	err := errors.New("the fetch broke off") // stays if fetch does not return
	defer func() {
		// The caller's HTTP client may panic, and in this goroutine nobody else could keep that from ending the program.
		if recover() != nil {
			err = errors.New("the HTTP client panicked")
		}
		r.finish(f, keys, err)
	}()
	keys, err = r.fetch(ctx)
}

func (r *remoteKeys) finish(f *fetching, keys []key, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = nil
	r.failure = err
	r.part = r.random()
	if err != nil {
		r.failedAt = r.now()
		f.failure = err
	} else {
		f.set = &keySet{keys, f.startedAt}
		r.set = f.set
	}
	close(f.done)
}

func (f *fetching) wait(ctx context.Context) (*keySet, error) {
	select {
	case <-f.done:
		if f.failure != nil {
			return nil, unavailable(f.failure)
		}
		return f.set, nil
	case <-ctx.Done():
		return nil, gaveUp(ctx, "the token could not be checked")
	}
}
