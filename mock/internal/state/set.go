package state

import (
	"maps"
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// Set is a set of texts that only grows: a reset leaves it. It is safe for concurrent use.
type Set struct {
	account *limits.Account

	mu    sync.Mutex
	texts map[string]bool
}

func newSet(account *limits.Account, texts []string) *Set {
	s := &Set{account: account, texts: map[string]bool{}}
	for _, text := range texts {
		s.texts[text] = true
	}
	return s
}

// Add adds a text.
func (s *Set) Add(text string) error {
	return s.account.MakingRoom(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.texts[text] {
			return nil
		}
		if err := s.account.TakeForGood([]string{text}); err != nil {
			return err
		}
		s.texts[text] = true
		return nil
	})
}

// Has reports whether exactly this text is in the set.
func (s *Set) Has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[text]
}

// All returns the texts in order.
func (s *Set) All() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.texts))
}
