package state

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// Kind is a kind of thing that tests seed: a table from keys to values, which every State has for itself. A new kind is a
// variable made by NewKind; Reset forgets its entries with all others.
type Kind[K comparable, V any] struct {
	texts func(K, V) []string
}

// NewKind makes a kind. The function returns the texts in an entry, which take room.
func NewKind[K comparable, V any](texts func(K, V) []string) *Kind[K, V] { return &Kind[K, V]{texts} }

type table[K comparable, V any] struct {
	account *limits.Account
	entries map[K]seed[V]
	added   int
}

type seed[V any] struct {
	value  V
	number int   // in the order in which the keys were added
	size   int64 // what it takes of the account, in bytes
}

func (t *table[K, V]) clear() {
	for _, entry := range t.entries {
		t.account.Give(entry.size)
	}
}

// in returns the table of a state, whose lock the caller holds.
func (k *Kind[K, V]) in(s *State) *table[K, V] {
	if t, ok := s.seeds[k].(*table[K, V]); ok {
		return t
	}
	t := &table[K, V]{account: s.account, entries: map[K]seed[V]{}}
	s.seeds[k] = t
	return t
}

// Set sets the value of a key.
func (k *Kind[K, V]) Set(s *State, key K, value V) error {
	return k.Change(s, key, func(V) V { return value })
}

// Change sets the value of a key to what change makes of the one it had, or of the zero value.
func (k *Kind[K, V]) Change(s *State, key K, change func(V) V) error {
	return s.makingRoom(func() error {
		t := k.in(s)
		old, ok := t.entries[key]
		value := change(old.value)
		size, err := s.account.Replace(old.size, k.texts(key, value)...)
		if err != nil {
			return err
		}
		number := old.number
		if !ok {
			t.added++
			number = t.added
		}
		t.entries[key] = seed[V]{value, number, size}
		return nil
	})
}

// Get returns the value of a key, and whether it was set.
func (k *Kind[K, V]) Get(s *State, key K) (V, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entry, ok := k.in(s).entries[key]
	return entry.value, ok
}

// Entry is a key and its value.
type Entry[K comparable, V any] struct {
	Key   K
	Value V
}

// All returns what was set, in the order in which the keys were added.
func (k *Kind[K, V]) All(s *State) []Entry[K, V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := k.in(s).entries
	keys := slices.SortedFunc(maps.Keys(entries), func(a, b K) int { return cmp.Compare(entries[a].number, entries[b].number) })
	list := make([]Entry[K, V], len(keys))
	for i, key := range keys {
		list[i] = Entry[K, V]{key, entries[key].value}
	}
	return list
}
