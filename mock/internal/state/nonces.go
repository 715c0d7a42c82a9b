package state

import (
	"crypto/rand"
	"slices"
	"time"
)

// NonceLifetime is how long a nonce lives.
const NonceLifetime = 2 * time.Minute

// Nonce is a nonce of one wallet.
type Nonce struct {
	Value      string
	Statements []string // that it was given out with, one a language
}

// CurrentNonce returns the living nonce of the wallet with a canonical address, and whether there is one.
func (s *State) CurrentNonce(address string) (Nonce, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nonces.get(address, s.clock.Now())
}

// ObtainNonce returns the living nonce of a wallet, or else a new one, and remembers that it was given out with the statement.
func (s *State) ObtainNonce(address, statement string) (n Nonce, err error) {
	err = s.makingRoom(func() error {
		now := s.clock.Now()
		var alive bool
		if n, alive = s.nonces.get(address, now); !alive {
			n = Nonce{rand.Text(), []string{statement}}
			return s.nonces.add(address, n, now, NonceLifetime, address, statement)
		}
		if !slices.Contains(n.Statements, statement) {
			n.Statements = append(slices.Clone(n.Statements), statement)
			s.nonces.change(address, n)
		}
		return nil
	})
	return n, err
}

// SpendNonce spends a wallet's nonce and reports whether it was still there to be spent: of two logins with one nonce, one wins.
func (s *State) SpendNonce(address, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, alive := s.nonces.get(address, s.clock.Now())
	if !alive || n.Value != value {
		return false
	}
	s.nonces.remove(address)
	return true
}
