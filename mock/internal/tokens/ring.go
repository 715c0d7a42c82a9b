package tokens

import (
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// maxRetired is how many keys that no longer sign are served at most.
const maxRetired = 16

// ring is the keys of a signer: the one that signs, and those that signed before and are still good. It is safe for concurrent use.
type ring struct {
	mu      sync.Mutex
	signing *Key
	retired []retiredKey // the one that signed last is the first
}

type retiredKey struct {
	*Key
	now   func() time.Time
	until time.Time
}

// Served is a key that tokens are verified with.
type Served struct {
	*Key
	Until time.Time // when it will no longer be; zero for the key that signs
}

// served returns the keys that tokens are verified with, first the one that signs.
func (r *ring) served() []Served {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop()
	served := []Served{{Key: r.signing}}
	for _, old := range r.retired {
		served = append(served, Served{old.Key, old.until})
	}
	return served
}

// drop forgets the keys whose time is over.
func (r *ring) drop() {
	r.retired = slices.DeleteFunc(r.retired, func(old retiredKey) bool { return !old.now().Before(old.until) })
}

// rotate signs with another key from now on. The one that signed is served for as long as keep says, by a clock, and those before it
// as long as was said of them.
func (r *ring) rotate(next *Key, keep time.Duration, now func() time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop()
	if keep > 0 && len(r.retired) >= maxRetired {
		return refusal.TooMany("%d old keys are still served, and no more are; keep them for a shorter time", maxRetired)
	}
	r.retired = slices.DeleteFunc(r.retired, func(old retiredKey) bool { return old.ID == next.ID })
	if next.ID == r.signing.ID {
		return nil
	}
	r.retired = append([]retiredKey{{r.signing, now, now().Add(keep)}}, r.retired...)
	r.signing = next
	r.drop()
	return nil
}

// replace forgets all keys but the given one.
func (r *ring) replace(only *Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signing, r.retired = only, nil
}

func (r *ring) current() *Key {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.signing
}
