// Package limits has what bounds a server: the room that all projects share, and how much large work is done at a time. No client
// can make the mock hold more, whatever it sends. It counts bytes and work, and does not know what they are for.
package limits

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// What a server allows when no option says otherwise.
const (
	DefaultMaxProjects    = 10_000
	DefaultMaxStateBytes  = 64 << 20
	DefaultMaxConnections = 1024
	DefaultMaxBodyBytes   = 1 << 20
)

const (
	// SmallBody is the size up to which a body is not counted, in bytes: that of a login is far below.
	SmallBody = 16 << 10
	// maxInFlightBytes is how much of large bodies, of requests and of answers, is held at the same time.
	maxInFlightBytes = 64 << 20
	// heavyAtOnce is how many requests with a large body, or for a list, are worked on at the same time: checked against the
	// contract, they take many times their size.
	heavyAtOnce = 4
	// entryBytes is what an entry of the state counts at least: what maps and the runtime add to the texts in it.
	entryBytes = 256
	// share is how much of the state each project has for itself, in bytes, whatever the others take: enough for dozens of users.
	share = 16 << 10
)

// Limits are what the projects of a server share. They are safe for concurrent use.
type Limits struct {
	maxState int64
	state    atomic.Int64 // how much is kept, in bytes
	inFlight *semaphore.Weighted
	heavy    *semaphore.Weighted

	mu     sync.Mutex
	sweeps map[*func()]struct{}
}

// New returns the limits of a server that keeps about so many bytes of state.
func New(maxStateBytes int64) *Limits {
	return &Limits{
		maxState: maxStateBytes,
		inFlight: semaphore.NewWeighted(maxInFlightBytes),
		heavy:    semaphore.NewWeighted(heavyAtOnce),
		sweeps:   map[*func()]struct{}{},
	}
}

// Hold counts bytes of a large body as held until release is called. It reports whether there is room for them.
func (l *Limits) Hold(bytes int64) (release func(), ok bool) {
	bytes = min(bytes, maxInFlightBytes)
	if !l.inFlight.TryAcquire(bytes) {
		return nil, false
	}
	return func() { l.inFlight.Release(bytes) }, true
}

// Work waits for its turn to do heavy work, until ctx is done. The work ends when release is called.
func (l *Limits) Work(ctx context.Context) (release func(), err error) {
	if err := l.heavy.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { l.heavy.Release(1) }, nil
}

// OnSweep has sweep called whenever room is needed, so that it gives back what is kept for nothing. The returned function ends that.
func (l *Limits) OnSweep(sweep func()) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweeps[&sweep] = struct{}{}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.sweeps, &sweep)
	}
}

// MakingRoom makes a change. When there is no room for it, it makes room in all projects and tries once more. The caller holds no
// lock that a sweep takes.
func (l *Limits) MakingRoom(change func() error) error {
	err := change()
	if err == nil || !isFull(err) {
		return err
	}
	l.mu.Lock()
	sweeps := slices.Collect(maps.Keys(l.sweeps))
	l.mu.Unlock()
	for _, sweep := range sweeps {
		(*sweep)()
	}
	return change()
}

func isFull(err error) bool {
	var refused *refusal.Error
	return errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests
}
