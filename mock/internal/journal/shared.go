package journal

import (
	"slices"
	"sync"
	"sync/atomic"
)

// maxBytes is how much the journals of all projects keep, about. Beyond it the largest one loses its older half.
const maxBytes = 64 << 20

// Shared are the journals of all projects of a server. It is safe for concurrent use.
type Shared struct {
	used atomic.Int64

	mu  sync.Mutex
	all []*Journal // those that have exchanges
}

// New returns the journal of another project.
func (s *Shared) New() *Journal { return &Journal{shared: s} }

func (s *Shared) register(one *Journal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, one)
}

func (s *Shared) remove(one *Journal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *Journal) bool { return other == one })
}

// grow counts what a journal took. When that is too much, the journal that took most loses its older half: a project that
// asks little keeps what it has.
func (s *Shared) grow(n int64) {
	if s.used.Add(n) <= maxBytes {
		return
	}
	s.mu.Lock()
	all := slices.Clone(s.all)
	s.mu.Unlock()
	var largest *Journal
	var most int64
	for _, one := range all {
		if bytes := one.size(); bytes > most {
			largest, most = one, bytes
		}
	}
	if largest != nil {
		s.used.Add(-largest.shrinkTo(most / 2))
	}
}
