package limits

import (
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Account is what one project keeps. It is safe for concurrent use.
type Account struct {
	limits *Limits

	mu     sync.Mutex
	kept   int64
	closed bool
}

// Account opens the account of a project, which keeps nothing yet.
func (l *Limits) Account() *Account { return &Account{limits: l} }

// Take takes room for an entry with the given texts in it, and returns how many bytes that is. It fails when the server is full and
// the project has its share already.
func (a *Account) Take(texts ...string) (int64, error) { return a.take(0, share, texts) }

// Replace takes room for an entry, as Take does, in place of one that takes old bytes. If it fails, the old entry keeps its room. It
// never fails for want of room when the new entry is not larger.
func (a *Account) Replace(old int64, texts ...string) (int64, error) {
	return a.take(old, share, texts)
}

// TakeForGood takes room for an entry that no reset gives back. It fails when the server is full, even if the project has not taken
// its share.
func (a *Account) TakeForGood(texts ...string) error {
	_, err := a.take(0, 0, texts)
	return err
}

func (a *Account) take(old, share int64, texts []string) (int64, error) {
	n := int64(entryBytes)
	for _, text := range texts {
		n += int64(len(text))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return 0, refusal.InvalidKey("the project was removed")
	}
	more := n - old
	if a.limits.state.Add(more) > a.limits.maxState && more > 0 && a.kept+more > share {
		a.limits.state.Add(-more)
		return 0, refusal.TooMany("the mock keeps at most %d MiB of state, and there is no room left; reset or remove projects, or raise the limit (-max-state-mib, WithMaxStateBytes)",
			a.limits.maxState>>20)
	}
	a.kept += more
	return n, nil
}

// Give gives back bytes that Take took.
func (a *Account) Give(n int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.kept -= n
	a.limits.state.Add(-n)
}

// Close gives back everything. From then on nothing can be taken.
func (a *Account) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.limits.state.Add(-a.kept)
		a.kept, a.closed = 0, true
	}
}

// MakingRoom makes a change that takes from the account; see Limits.MakingRoom.
func (a *Account) MakingRoom(change func() error) error { return a.limits.MakingRoom(change) }
