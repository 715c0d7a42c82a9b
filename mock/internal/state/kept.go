package state

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// Perishable is an entry that dies at a time, as another state has it.
type Perishable[K, V any] struct {
	Key     K
	Value   V
	Expires time.Time // in UTC
}

// KeptNonce is a nonce, by canonical wallet address.
type KeptNonce = Perishable[string, Nonce]

// KeptCode is what an authorization code stands for, by the SHA-256 hash of the code.
type KeptCode = Perishable[[]byte, Grant]

// KeptSession is a session, by the SHA-256 hash of its ID.
type KeptSession = Perishable[[]byte, Session]

// Nonces returns the nonces, including those that died and were not removed yet: a clock that is set back revives them.
func (s *State) Nonces() []KeptNonce {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []KeptNonce
	for address, n := range s.nonces.entries {
		list = append(list, KeptNonce{address, Nonce{n.value.Value, slices.Clone(n.value.Statements)}, n.expires.UTC().Round(0)})
	}
	slices.SortFunc(list, func(a, b KeptNonce) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// KeepNonce keeps a nonce that another state gave out.
func (s *State) KeepNonce(n KeptNonce) error {
	return s.makingRoom(func() error {
		return s.nonces.put(n.Key, n.Value, n.Expires, append([]string{n.Key}, n.Value.Statements...)...)
	})
}

// Codes returns what the authorization codes stand for, including those that died and were not removed yet.
func (s *State) Codes() []KeptCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := byHash(s.codes)
	for i := range list {
		list[i].Value.LoggedInAt = list[i].Value.LoggedInAt.UTC().Round(0)
	}
	return list
}

func byHash[V any](p perishables[secretHash, V]) (list []Perishable[[]byte, V]) {
	for hash, entry := range p.entries {
		list = append(list, Perishable[[]byte, V]{hash[:], entry.value, entry.expires.UTC().Round(0)})
	}
	slices.SortFunc(list, func(a, b Perishable[[]byte, V]) int { return bytes.Compare(a.Key, b.Key) })
	return list
}

// KeepCode keeps a code that another state gave out. The key has the length of a SHA-256 hash.
func (s *State) KeepCode(c KeptCode) error {
	return s.makingRoom(func() error { return s.codes.put(secretHash(c.Key), c.Value, c.Expires, c.Value.texts()...) })
}

// Sessions returns the sessions, including those that died and were not removed yet.
func (s *State) Sessions() []KeptSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := byHash(s.sessions)
	for i := range list {
		list[i].Value.At = list[i].Value.At.UTC().Round(0)
	}
	return list
}

// KeepSession keeps a session that another state began. The key has the length of a SHA-256 hash.
func (s *State) KeepSession(session KeptSession) error {
	return s.makingRoom(func() error {
		return s.sessions.put(secretHash(session.Key), session.Value, session.Expires)
	})
}
