package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// refetchInterval is how long it takes, at least, until a refresh that failed is tried again, and for how long
	// refetches are counted.
	refetchInterval = 30 * time.Second
	// maxRefetches is how often tokens that no known key verifies make the keys be fetched again within refetchInterval.
	// Tokens that are older than the keys use one at most, so that the others are kept for those that may be of a newer key.
	maxRefetches = 2
	// retryInterval is how long it takes, at least, until a fetch that failed is tried again while there are no keys at
	// all.
	retryInterval = time.Second
)

// remoteKeys are keys that are fetched when they are needed. A fetch runs in a goroutine of its own, one at a time,
// which ends with the fetch's timeout; whoever has to wait for it does, each as long as its own context lets it.
type remoteKeys struct {
	keysSettings
	fetch func(context.Context) ([]key, error)

	mu        sync.Mutex
	set       *keySet   // what was fetched last; nil when there is none, or it is too old
	running   *fetching // nil when there is none
	failure   error     // why the last fetch failed; nil when it did not
	failedAt  time.Time
	refetched [maxRefetches]time.Time // when an unknown key last made the keys be fetched, the latest first
}

// fetching is a fetch that runs or has ended. Its set and err may be read once done is closed.
type fetching struct {
	startedAt time.Time
	done      chan struct{}
	set       *keySet
	err       error
}

// current returns the keys that there are, and refreshes them in the background when it is time.
func (r *remoteKeys) current(ctx context.Context) (*keySet, error) {
	set, pending, err := r.currentOrFetch()
	if pending != nil {
		return pending.wait(ctx)
	}
	return set, err
}

func (r *remoteKeys) currentOrFetch() (*keySet, *fetching, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	set := r.alive(now)
	switch {
	case set == nil:
		return r.fetchFirst(now)
	case !within(now, set.at, r.refreshInterval) && !r.failedWithin(now, refetchInterval):
		r.start(now)
	}
	return set, nil, nil
}

// newer fetches the keys again, unless that was done too often a moment ago, or does not matter to a token that is older than
// the keys.
func (r *remoteKeys) newer(ctx context.Context, stale *keySet, age time.Duration) (*keySet, bool, error) {
	s := r.newerOrFetch(stale, age)
	if s.pending == nil {
		return s.set, s.set == nil, s.err
	}
	set, err := s.pending.wait(ctx)
	if err != nil && s.older && ctx.Err() == nil {
		return nil, true, nil // there are none that could be newer than the token
	}
	// Keys whose fetch began when the token was here already are newer than the token, whatever the clocks say.
	return set, s.started, err
}

// search is what there is to do about a token that no known key verifies: nothing, when all fields are zero.
type search struct {
	set     *keySet
	pending *fetching
	started bool // pending, for this token
	older   bool // the token is older than the keys that there are
	err     error
}

func (r *remoteKeys) newerOrFetch(stale *keySet, age time.Duration) search {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	set := r.alive(now)
	if set == nil {
		started := r.running == nil
		_, pending, err := r.fetchFirst(now)
		return search{pending: pending, started: started, err: err}
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
	return search{err: unavailable(fmt.Errorf("it may be signed with a newer key than those that are known, and they were fetched %d times within %v already; try again later", maxRefetches, refetchInterval))}
}

// refetches returns how many refetches the last interval has seen.
func (r *remoteKeys) refetches(now time.Time) int {
	n := 0
	for _, at := range r.refetched {
		if within(now, at, refetchInterval) {
			n++
		}
	}
	return n
}

// fetchFirst is for when there are no keys.
func (r *remoteKeys) fetchFirst(now time.Time) (*keySet, *fetching, error) {
	if r.running == nil && r.failedWithin(now, retryInterval) {
		return nil, nil, unavailable(r.failure)
	}
	return nil, r.start(now), nil
}

// alive returns the keys, unless they are too old.
func (r *remoteKeys) alive(now time.Time) *keySet {
	if r.set != nil && !within(now, r.set.at, r.lifetime) {
		r.set = nil
	}
	return r.set
}

func (r *remoteKeys) failedWithin(now time.Time, d time.Duration) bool {
	return r.failure != nil && within(now, r.failedAt, d)
}

// within reports whether now is less than d after at. When now is before at, the clock has jumped, and nothing can be
// told.
func within(now, at time.Time, d time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < d
}

// start starts a fetch, or returns the one that runs.
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
	err := errors.New("the fetch broke off") // stands when fetch does not return
	defer func() {
		// The caller's HTTP client may panic; in this goroutine nobody else could stop that from ending the program.
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
	if err != nil {
		r.failedAt = r.now()
		f.err = unavailable(err)
	} else {
		f.set = &keySet{keys, f.startedAt}
		r.set = f.set
	}
	close(f.done)
}

func (f *fetching) wait(ctx context.Context) (*keySet, error) {
	select {
	case <-f.done:
		return f.set, f.err
	case <-ctx.Done():
		return nil, gaveUp(ctx)
	}
}
