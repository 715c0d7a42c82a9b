package mock

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// The limits of a server, when no option sets others. No client can make it hold more, whatever it sends.
const (
	// DefaultMaxProjects is how many projects a server has at most.
	DefaultMaxProjects = 10_000
	// DefaultMaxStateBytes is how much a server keeps at most of what was seeded and what happened, in all projects: 64 MiB.
	// A nonce counts as half a KiB.
	DefaultMaxStateBytes = 64 << 20
	// DefaultMaxConnections is how many connections Serve has open at most.
	DefaultMaxConnections = 1024
)

const (
	// maxJournalBytes is how much the journals of all projects keep, about. Then the longest one loses its older half.
	maxJournalBytes = 64 << 20
	// maxProjectJournalBytes is how much the journal of one project keeps, about.
	maxProjectJournalBytes = 4 << 20
	// maxInFlightBytes is how much of large bodies, of requests and of answers, is kept at the same time.
	maxInFlightBytes = 64 << 20
	// smallBody is the size up to which a body is not counted: that of a login is far below.
	smallBody = 16 << 10
	// maxBodyValues is how many values a JSON body has at most: decoded, a small value takes many times its size.
	maxBodyValues = 20_000
	// heavyAtOnce is how many requests are answered at the same time that have a large body or ask for a list: checked against
	// the contract, they take many times their size.
	heavyAtOnce = 4
	// maxTestWallets is how many wallets the page of /oauth2/authorize offers at most.
	maxTestWallets = 100
)

// entryBytes is what an entry of the state counts at least: what maps and the runtime add to the texts in it.
const entryBytes = 256

// share is how much of the state each project has for itself, in bytes, whatever the others take: enough for dozens of users.
const share = 16 << 10

// limits are what the projects of a server share. They are safe for concurrent use.
type limits struct {
	state    quota
	journals journals
	inFlight *semaphore.Weighted
	heavy    *semaphore.Weighted

	mu     sync.Mutex
	stores []*store
}

func newLimits(maxStateBytes int64) *limits {
	return &limits{
		state:    quota{limit: maxStateBytes},
		inFlight: semaphore.NewWeighted(maxInFlightBytes),
		heavy:    semaphore.NewWeighted(heavyAtOnce),
	}
}

func (l *limits) register(s *store) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stores = append(l.stores, s)
}

// sweep removes what is dead, in all projects. The caller holds no lock of theirs.
func (l *limits) sweep() {
	l.mu.Lock()
	stores := slices.Clone(l.stores)
	l.mu.Unlock()
	for _, s := range stores {
		s.removeDead()
	}
}

// quota is a number of bytes that may be kept.
type quota struct {
	limit int64
	used  atomic.Int64
}

// take takes bytes for an entry with the given texts in it, and returns how many. It fails when there are too few left, and the
// project that has as much as kept already has its share.
func (q *quota) take(kept int64, texts ...string) (int64, error) {
	n := int64(entryBytes)
	for _, text := range texts {
		n += int64(len(text))
	}
	if q.used.Add(n) > q.limit && kept+n > share {
		q.used.Add(-n)
		return 0, tooMany("the mock keeps %d MiB of state at most, and no more fits; reset projects, or let it keep more (-max-state-mib, WithMaxStateBytes)", q.limit>>20)
	}
	return n, nil
}

func (q *quota) give(n int64) { q.used.Add(-n) }

func tooMany(format string, args ...any) *apiError {
	return &apiError{status: http.StatusTooManyRequests, message: fmt.Sprintf(format, args...)}
}
