package accesstoken

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// unknownKeyInterval is how long it takes, at least, until another unknown key makes the keys be fetched anew, and
	// until a refresh that failed is tried again.
	unknownKeyInterval = 30 * time.Second
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
	unknownAt time.Time // when an unknown key last made the keys be fetched
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
	case !within(now, set.at, r.refreshInterval) && !r.failedWithin(now, unknownKeyInterval):
		r.start(now)
	}
	return set, nil, nil
}

// newer fetches the keys anew, unless that was done a moment ago: then the outcome of that counts.
func (r *remoteKeys) newer(ctx context.Context, stale *keySet) (*keySet, error) {
	set, pending, err := r.newerOrFetch(stale)
	if pending != nil {
		return pending.wait(ctx)
	}
	return set, err
}

func (r *remoteKeys) newerOrFetch(stale *keySet) (*keySet, *fetching, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	set := r.alive(now)
	switch {
	case set == nil:
		return r.fetchFirst(now)
	case set != stale:
		return set, nil, nil
	case r.running != nil:
		return nil, r.running, nil
	case !within(now, r.unknownAt, unknownKeyInterval):
		r.unknownAt = now
		return nil, r.start(now), nil
	case r.failure != nil:
		return nil, nil, unavailable(r.failure)
	}
	return nil, nil, nil
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
