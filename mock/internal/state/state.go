// Package state is what a project remembers: nonces, codes, sessions, what was seeded, and the sites and redirect URIs that are allowed. It
// keeps and forgets; it decides nothing about who gets in.
package state

import (
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/clock"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// State is that of one project. It is safe for concurrent use.
type State struct {
	clock    *clock.Clock
	account  *limits.Account
	endSweep func()

	RedirectURIs *Set // which /oauth2/authorize may answer to
	Domains      *Set // that logins may be for, in lower case; none for any

	mu       sync.Mutex
	nonces   perishables[string, Nonce] // by canonical wallet address
	codes    perishables[secretHash, Grant]
	sessions perishables[secretHash, Session]
	seeds    map[any]any // a table for each *Kind
	sweptAt  time.Time   // when the dead were last removed to make room
}

// New returns a state that has nothing but the redirect URIs and domains. Room for more is taken from the account.
func New(clock *clock.Clock, account *limits.Account, l *limits.Limits, redirectURIs, domains []string) *State {
	s := &State{clock: clock, account: account, RedirectURIs: newSet(account, redirectURIs), Domains: newSet(account, domains)}
	s.nonces.account, s.codes.account, s.sessions.account = account, account, account
	s.Reset()
	s.endSweep = l.OnSweep(s.removeDead)
	return s
}

// Reset forgets nonces, codes, sessions and what was seeded.
func (s *State) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nonces.clear()
	s.codes.clear()
	s.sessions.clear()
	for _, table := range s.seeds {
		table.(interface{ clear() }).clear()
	}
	s.seeds = map[any]any{}
}

// Close ends what New began.
func (s *State) Close() { s.endSweep() }

// removeDead removes the dead nonces, codes and sessions, once in a second of the project's: there may be many.
func (s *State) removeDead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if age := now.Sub(s.sweptAt); age >= 0 && age < time.Second {
		return
	}
	s.sweptAt = now
	s.nonces.removeDead(now)
	s.codes.removeDead(now)
	s.sessions.removeDead(now)
}

// makingRoom changes the state under its lock. When there is no room, it makes room and tries once more.
func (s *State) makingRoom(change func() error) error {
	return s.account.MakingRoom(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return change()
	})
}
