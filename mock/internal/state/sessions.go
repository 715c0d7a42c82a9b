package state

import (
	"crypto/rand"
	"crypto/sha256"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// SessionLifetime is how long a browser stays logged in.
const SessionLifetime = 12 * time.Hour

// Session is that of a browser whose user logged in on the login page.
type Session struct {
	Wallet wallets.Wallet
	At     time.Time // when the user logged in
}

// AddSession begins a session and returns its ID, which only the browser has.
func (s *State) AddSession(w wallets.Wallet) (picket.Secret, error) {
	id := rand.Text()
	err := s.makingRoom(func() error {
		now := s.clock.Now()
		return s.sessions.add(sha256.Sum256([]byte(id)), Session{w, now}, now, SessionLifetime)
	})
	return picket.Secret(id), err
}

// Session returns the session with an ID, and whether it is there and alive.
func (s *State) Session(id picket.Secret) (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions.get(sha256.Sum256([]byte(id)), s.clock.Now())
}

// EndSession ends the session with an ID, if there is one.
func (s *State) EndSession(id picket.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions.remove(sha256.Sum256([]byte(id)))
}
