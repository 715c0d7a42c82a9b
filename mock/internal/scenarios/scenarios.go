// Package scenarios keeps the states that were saved under names, for all projects of a server. It does not know what is in them.
package scenarios

import (
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Scenarios are those of a server. They are safe for concurrent use.
type Scenarios struct {
	account *limits.Account

	mu    sync.Mutex
	saved map[string]scenario
}

type scenario struct {
	text []byte
	size int64 // what it takes of the account, in bytes
}

// New returns no scenarios yet, whose room is taken from the account.
func New(account *limits.Account) *Scenarios {
	return &Scenarios{account: account, saved: map[string]scenario{}}
}

// form and maxName are what names look like. control.yaml has the same.
var form = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

const maxName = 64

// Save saves a text under a name, in place of what was saved under it before.
func (s *Scenarios) Save(name string, text []byte) error {
	keep, _, err := s.Prepare(map[string][]byte{name: text})
	if err == nil {
		keep()
	}
	return err
}

// Prepare takes room for texts by name. Then keep saves them, in place of what was saved under their names, or discard forgets them.
func (s *Scenarios) Prepare(texts map[string][]byte) (keep, discard func(), err error) {
	prepared := map[string]scenario{}
	discard = func() {
		for _, one := range prepared {
			s.account.Give(one.size)
		}
	}
	for name, text := range texts {
		if err = s.prepare(prepared, name, text); err != nil {
			discard()
			return nil, nil, err
		}
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for name, one := range prepared {
			s.account.Give(s.saved[name].size)
			s.saved[name] = one
		}
	}, discard, nil
}

func (s *Scenarios) prepare(prepared map[string]scenario, name string, text []byte) error {
	if len(name) > maxName || !form.MatchString(name) {
		return refusal.InvalidParameter("the name of a scenario has 1 to 64 letters, digits, dashes, underscores and points")
	}
	return s.account.MakingRoom(func() error {
		size, err := s.account.Take(name, string(text))
		if err == nil {
			prepared[name] = scenario{text, size}
		}
		return err
	})
}

// Text returns what was saved under a name.
func (s *Scenarios) Text(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved, ok := s.saved[name]
	if !ok {
		return nil, unknown(name)
	}
	return saved.text, nil
}

// Remove forgets what was saved under a name.
func (s *Scenarios) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved, ok := s.saved[name]
	if !ok {
		return unknown(name)
	}
	delete(s.saved, name)
	s.account.Give(saved.size)
	return nil
}

func unknown(name string) error {
	return refusal.NotFound(`there is no scenario "%s"; GET /_mock/scenarios lists them`, names.Shown(name))
}

// Names returns the names, in order.
func (s *Scenarios) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.saved))
}
