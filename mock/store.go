package mock

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

const nonceLifetime = 2 * time.Minute

// store is the state of one project: its clock, its nonces, and what was seeded. It is safe for concurrent use.
type store struct {
	mu           sync.Mutex
	realTime     func() time.Time
	advanced     time.Duration
	nonces       map[string]nonce // by canonical wallet address
	sweepAt      int              // the number of nonces at which the dead ones are removed
	balances     map[tokenKey]picket.Decimal
	notTokens    map[tokenKey]bool
	displayNames map[walletKey]string
}

// nonce is a living or dead nonce of one wallet.
type nonce struct {
	value     string
	statement string
	expires   time.Time
}

type walletKey struct{ chain, address string }

// tokenKey names a token, and the wallet that holds it where there is one. Addresses in it are canonical.
type tokenKey struct {
	walletKey
	token Token
}

const firstSweep = 1024

func newStore(realTime func() time.Time) *store {
	return &store{
		realTime:     realTime,
		nonces:       map[string]nonce{},
		sweepAt:      firstSweep,
		balances:     map[tokenKey]picket.Decimal{},
		notTokens:    map[tokenKey]bool{},
		displayNames: map[walletKey]string{},
	}
}

func (s *store) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nowLocked()
}

func (s *store) nowLocked() time.Time { return s.realTime().Add(s.advanced) }

func (s *store) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advanced += d
}

// currentNonce returns the living nonce of a wallet and whether there is one.
func (s *store) currentNonce(address string) (nonce, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.nonces[address]
	return n, ok && s.nowLocked().Before(n.expires)
}

// obtainNonce returns the living nonce of a wallet, or else a new one.
func (s *store) obtainNonce(address, statement string) nonce {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.nowLocked()
	if n, ok := s.nonces[address]; ok && now.Before(n.expires) {
		return n
	}
	if len(s.nonces) >= s.sweepAt {
		for address, n := range s.nonces {
			if !now.Before(n.expires) {
				delete(s.nonces, address)
			}
		}
		s.sweepAt = max(firstSweep, 2*len(s.nonces))
	}
	n := nonce{value: rand.Text(), statement: statement, expires: now.Add(nonceLifetime)}
	s.nonces[address] = n
	return n
}

// spendNonce spends the wallet's nonce and reports whether it was still there to be spent: of two logins with one
// nonce, one wins.
func (s *store) spendNonce(address, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.nonces[address]
	if !ok || n.value != value || !s.nowLocked().Before(n.expires) {
		return false
	}
	delete(s.nonces, address)
	return true
}

func (s *store) setBalance(key tokenKey, balance picket.Decimal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.balances[key] = balance
}

// balance returns what was seeded, and otherwise "0".
func (s *store) balance(key tokenKey) picket.Decimal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if balance, ok := s.balances[key]; ok {
		return balance
	}
	return "0"
}

func (s *store) setNotToken(key tokenKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notTokens[key] = true
}

func (s *store) isNotToken(key tokenKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notTokens[key]
}

func (s *store) setDisplayName(key walletKey, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.displayNames[key] = name
}

// displayName returns the name of a wallet if it has one, and otherwise its address.
func (s *store) displayName(key walletKey) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name := s.displayNames[key]; name != "" {
		return name
	}
	return key.address
}
