package limits

import (
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Account is what one project keeps. It is safe for concurrent use.
type Account struct {
	limits *Limits

	mu      sync.Mutex
	kept    int64 // what Give gives back
	forGood int64
	closed  bool
}

// Account opens the account of a project, which keeps nothing yet.
func (l *Limits) Account() *Account { return &Account{limits: l} }

// Take takes room for an entry with the given texts in it, and returns how many bytes that is. It fails when the server is full and
// the project has its share already.
func (a *Account) Take(texts ...string) (int64, error) { return a.Replace(0, texts...) }

// Replace takes room for an entry, as Take does, in place of one that takes old bytes. If it fails, the old entry keeps its room. It
// never fails for want of room when the new entry is not larger.
func (a *Account) Replace(old int64, texts ...string) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := sizeOf(texts)
	if err := a.take(n-old, a.kept+n-old <= share); err != nil {
		return 0, err
	}
	a.kept += n - old
	return n, nil
}

// TakeForGood takes room for entries that no reset gives back, each with the given texts in it. It fails when the server is full, even
// if the project has not taken its share, and they are not part of that.
func (a *Account) TakeForGood(entries ...[]string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := int64(0)
	for _, texts := range entries {
		n += sizeOf(texts)
	}
	if err := a.take(n, false); err != nil {
		return err
	}
	a.forGood += n
	return nil
}

func sizeOf(texts []string) int64 {
	n := int64(entryBytes)
	for _, text := range texts {
		n += int64(len(text))
	}
	return n
}

// take takes room from the server. It is always there for what is of the project's share, and for less than before.
func (a *Account) take(n int64, ofShare bool) error {
	if a.closed {
		return refusal.InvalidKey("the project was removed")
	}
	if a.limits.state.Add(n) > a.limits.maxState && n > 0 && !ofShare {
		a.limits.state.Add(-n)
		return refusal.TooMany("the mock keeps at most %d MiB of state, and there is no room left; reset or remove projects, or raise the limit (-max-state-mib, WithMaxStateBytes)",
			a.limits.maxState>>20)
	}
	return nil
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
		a.limits.state.Add(-a.kept - a.forGood)
		a.kept, a.forGood, a.closed = 0, 0, true
	}
}

// MakingRoom makes a change that takes from the account; see Limits.MakingRoom.
func (a *Account) MakingRoom(change func() error) error { return a.limits.MakingRoom(change) }
