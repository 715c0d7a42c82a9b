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

// KeptNonce is a nonce, by canonical wallet address. KeptCode is what an authorization code stands for, by the SHA-256 hash of the code.
type (
	KeptNonce = Perishable[string, Nonce]
	KeptCode  = Perishable[[]byte, Grant]
)

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
	var list []KeptCode
	for hash, code := range s.codes.entries {
		list = append(list, KeptCode{hash[:], code.value, code.expires.UTC().Round(0)})
	}
	slices.SortFunc(list, func(a, b KeptCode) int { return bytes.Compare(a.Key, b.Key) })
	return list
}

// KeepCode keeps a code that another state gave out. The key has the length of a SHA-256 hash.
func (s *State) KeepCode(c KeptCode) error {
	return s.makingRoom(func() error { return s.codes.put(codeHash(c.Key), c.Value, c.Expires, c.Value.texts()...) })
}
