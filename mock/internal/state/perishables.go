package state

import (
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// firstSweep is the number of entries at which the dead ones are first looked for.
const firstSweep = 1024

// perishables are entries that die at a time. The dead ones are removed now and then: whenever the number of entries has doubled.
type perishables[K comparable, V any] struct {
	account *limits.Account
	entries map[K]perishable[V]
	sweepAt int
}

type perishable[V any] struct {
	value   V
	expires time.Time
	size    int64 // what it takes of the account, in bytes
}

// get returns an entry that is alive.
func (p *perishables[K, V]) get(key K, now time.Time) (V, bool) {
	entry, ok := p.entries[key]
	return entry.value, ok && now.Before(entry.expires)
}

// add adds an entry with the given texts in it, in place of the one with the same key if there is one.
func (p *perishables[K, V]) add(key K, value V, now time.Time, lifetime time.Duration, texts ...string) error {
	if len(p.entries) >= p.sweepAt {
		p.removeDead(now)
		p.sweepAt = max(firstSweep, 2*len(p.entries))
	}
	return p.put(key, value, now.Add(lifetime), texts...)
}

// put adds an entry that dies at a time.
func (p *perishables[K, V]) put(key K, value V, expires time.Time, texts ...string) error {
	size, err := p.account.Replace(p.entries[key].size, texts...)
	if err != nil {
		return err
	}
	p.entries[key] = perishable[V]{value, expires, size}
	return nil
}

// change replaces the value of an entry.
func (p *perishables[K, V]) change(key K, value V) {
	entry := p.entries[key]
	entry.value = value
	p.entries[key] = entry
}

func (p *perishables[K, V]) remove(key K) {
	if entry, ok := p.entries[key]; ok {
		delete(p.entries, key)
		p.account.Give(entry.size)
	}
}

func (p *perishables[K, V]) removeDead(now time.Time) {
	for key, entry := range p.entries {
		if !now.Before(entry.expires) {
			p.remove(key)
		}
	}
}

func (p *perishables[K, V]) clear() {
	for key := range p.entries {
		p.remove(key)
	}
	p.entries, p.sweepAt = map[K]perishable[V]{}, firstSweep
}
