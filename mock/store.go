package mock

import (
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	nonceLifetime = 2 * time.Minute
	codeLifetime  = 5 * time.Minute
)

// store is the state of one project: its clock, its nonces and codes, and what was seeded. It is safe for concurrent use.
type store struct {
	mu           sync.Mutex
	realTime     func() time.Time
	advanced     time.Duration
	nonces       map[string]nonce // by canonical wallet address
	sweepAt      int              // the number of nonces at which the dead ones are removed
	codes        map[[sha256.Size]byte]grant
	sweepCodesAt int
	redirectURIs map[string]bool
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

// grant is what an authorization code stands for: a user who logged in, and what the client is bound to.
type grant struct {
	wallet      wallet
	proven      picket.TokenBalances
	scopes      []string
	redirectURI string
	challenge   string // of PKCE, by S256
	nonce       string // of OpenID Connect; empty when there was none
	expires     time.Time
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
		codes:        map[[sha256.Size]byte]grant{},
		sweepCodesAt: firstSweep,
		redirectURIs: map[string]bool{},
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
	s.sweepAt = sweep(s.nonces, s.sweepAt, func(n nonce) bool { return !now.Before(n.expires) })
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

// addCode returns a new authorization code for a grant.
func (s *store) addCode(g grant) picket.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.nowLocked()
	s.sweepCodesAt = sweep(s.codes, s.sweepCodesAt, func(g grant) bool { return !now.Before(g.expires) })
	code := rand.Text()
	g.expires = now.Add(codeLifetime)
	s.codes[sha256.Sum256([]byte(code))] = g
	return picket.Secret(code)
}

// takeCode spends a code and returns its grant, and whether the code was there and alive.
func (s *store) takeCode(code picket.Secret) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(code)) // so that the time of the search says nothing of the codes
	g, ok := s.codes[key]
	delete(s.codes, key)
	return g, ok && s.nowLocked().Before(g.expires)
}

// sweep removes the dead entries of a map that has grown to the size limit, and returns the next limit.
func sweep[K comparable, V any](m map[K]V, limit int, dead func(V) bool) int {
	if len(m) < limit {
		return limit
	}
	maps.DeleteFunc(m, func(_ K, v V) bool { return dead(v) })
	return max(firstSweep, 2*len(m))
}

func (s *store) allowRedirectURI(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirectURIs[uri] = true
}

// allowsRedirectURI reports whether a redirect URI is on the list, to the letter.
func (s *store) allowsRedirectURI(uri string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.redirectURIs[uri]
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
