package mock

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
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
	clock        clock
	limits       *limits
	settings     projectSettings  // does not change
	mu           sync.Mutex       // guards what follows
	nonces       map[string]nonce // by canonical wallet address
	sweepAt      int              // the number of nonces at which the dead ones are removed
	codes        map[[sha256.Size]byte]grant
	sweepCodesAt int
	redirectURIs map[string]bool
	domains      map[string]bool // that logins may be for, in lower case; none for any
	balances     map[tokenKey]picket.Decimal
	notTokens    map[tokenKey]bool
	displayNames map[walletKey]string
	flowKeys     []FlowKey
	kept         int64     // what the state takes of the limits, in bytes
	sweptAt      time.Time // when the dead were last removed to make room
}

// nonce is a living or dead nonce of one wallet.
type nonce struct {
	value      string
	statements []string // that it was given out with, one a language
	expires    time.Time
	size       int64 // what it takes of the limits, in bytes
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
	size        int64 // what it takes of the limits, in bytes
}

type walletKey struct{ chain, address string }

// tokenKey names a token, and the wallet that holds it where there is one. Addresses in it are canonical.
type tokenKey struct {
	walletKey
	token Token
}

const firstSweep = 1024

func newStore(realTime func() time.Time, limits *limits, settings projectSettings) *store {
	s := &store{clock: clock{source: realTime}, limits: limits, settings: settings, redirectURIs: map[string]bool{}, domains: map[string]bool{}}
	for _, uri := range settings.redirectURIs {
		s.redirectURIs[uri] = true
	}
	for _, domain := range settings.allowedDomains {
		s.domains[strings.ToLower(domain)] = true
	}
	s.reset()
	return s
}

// reset forgets everything but the settings and the clock.
func (s *store) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nonces = map[string]nonce{}
	s.sweepAt = firstSweep
	s.codes = map[[sha256.Size]byte]grant{}
	s.sweepCodesAt = firstSweep
	s.balances = map[tokenKey]picket.Decimal{}
	s.notTokens = map[tokenKey]bool{}
	s.displayNames = map[walletKey]string{}
	s.flowKeys = nil
	s.drop(s.kept)
}

// makingRoom changes the state. When there is no room for it, it does so again after the dead nonces and codes of all projects
// are removed.
func (s *store) makingRoom(change func() error) error {
	locked := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return change()
	}
	err := locked()
	if err != nil {
		s.limits.sweep()
		err = locked()
	}
	return err
}

// removeDead removes the dead nonces and codes, once in a second of the project's: there may be many.
func (s *store) removeDead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	if age := now.Sub(s.sweptAt); age >= 0 && age < time.Second {
		return
	}
	s.sweptAt = now
	maps.DeleteFunc(s.nonces, func(_ string, n nonce) bool { return s.dropDead(now, n.expires, n.size) })
	maps.DeleteFunc(s.codes, func(_ [sha256.Size]byte, g grant) bool { return s.dropDead(now, g.expires, g.size) })
}

// keep takes the room that an entry with the given texts needs.
func (s *store) keep(texts ...string) (int64, error) {
	n, err := s.limits.state.take(s.kept, texts...)
	s.kept += n
	return n, err
}

// drop gives back what keep took.
func (s *store) drop(n int64) {
	s.kept -= n
	s.limits.state.give(n)
}

// currentNonce returns the living nonce of a wallet and whether there is one.
func (s *store) currentNonce(address string) (nonce, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.nonces[address]
	return n, ok && s.clock.now().Before(n.expires)
}

// obtainNonce returns the living nonce of a wallet, or else a new one, and remembers that it was given out with the
// statement.
func (s *store) obtainNonce(address, statement string) (n nonce, err error) {
	err = s.makingRoom(func() error {
		n, err = s.obtainNonceLocked(address, statement)
		return err
	})
	return n, err
}

func (s *store) obtainNonceLocked(address, statement string) (nonce, error) {
	now := s.clock.now()
	n, ok := s.nonces[address]
	if !ok || !now.Before(n.expires) {
		s.sweepAt = sweep(s.nonces, s.sweepAt, func(n nonce) bool { return s.dropDead(now, n.expires, n.size) })
		size := n.size
		if _, ok := s.nonces[address]; !ok {
			var err error
			if size, err = s.keep(address, statement); err != nil {
				return nonce{}, err
			}
		}
		n = nonce{value: rand.Text(), expires: now.Add(nonceLifetime), size: size}
	}
	if !slices.Contains(n.statements, statement) {
		n.statements = append(slices.Clone(n.statements), statement)
		s.nonces[address] = n
	}
	return n, nil
}

// dropDead reports whether an entry is dead, and then gives back the room that it took.
func (s *store) dropDead(now, expires time.Time, size int64) bool {
	if now.Before(expires) {
		return false
	}
	s.drop(size)
	return true
}

// spendNonce spends the wallet's nonce and reports whether it was still there to be spent: of two logins with one
// nonce, one wins.
func (s *store) spendNonce(address, value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.nonces[address]
	if !ok || n.value != value || !s.clock.now().Before(n.expires) {
		return false
	}
	delete(s.nonces, address)
	s.drop(n.size)
	return true
}

// addCode returns a new authorization code for a grant.
func (s *store) addCode(g grant) (picket.Secret, error) {
	code := rand.Text()
	err := s.makingRoom(func() (err error) {
		now := s.clock.now()
		s.sweepCodesAt = sweep(s.codes, s.sweepCodesAt, func(g grant) bool { return s.dropDead(now, g.expires, g.size) })
		if g.size, err = s.keep(append(g.texts(), g.scopes...)...); err == nil {
			g.expires = now.Add(codeLifetime)
			s.codes[sha256.Sum256([]byte(code))] = g
		}
		return err
	})
	return picket.Secret(code), err
}

// texts returns the texts of a grant whose length its client chose, but for the scopes.
func (g grant) texts() []string {
	texts := []string{g.redirectURI, g.challenge, g.nonce}
	for _, kind := range tokenKinds {
		for id, balance := range balancesOf(&g.proven, kind) {
			texts = append(texts, id, string(balance))
		}
	}
	return texts
}

// takeCode spends a code and returns its grant, and whether the code was there and alive.
func (s *store) takeCode(code picket.Secret) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(code)) // so that the time of the search says nothing of the codes
	g, ok := s.codes[key]
	delete(s.codes, key)
	s.drop(g.size)
	return g, ok && s.clock.now().Before(g.expires)
}

// sweep removes the dead entries of a map that has grown to the size limit, and returns the next limit.
func sweep[K comparable, V any](m map[K]V, limit int, dead func(V) bool) int {
	if len(m) < limit {
		return limit
	}
	maps.DeleteFunc(m, func(_ K, v V) bool { return dead(v) })
	return max(firstSweep, 2*len(m))
}

func (s *store) allowRedirectURI(uri string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.redirectURIs[uri] {
		if _, err := s.limits.state.take(share, uri); err != nil { // for good: a reset leaves it
			return err
		}
	}
	s.redirectURIs[uri] = true
	return nil
}

func (s *store) allowDomain(domain string) error {
	domain = strings.ToLower(domain)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.domains[domain] {
		if _, err := s.limits.state.take(share, domain); err != nil { // for good: a reset leaves it
			return err
		}
	}
	s.domains[domain] = true
	return nil
}

// allAllowedDomains returns the list, in order.
func (s *store) allAllowedDomains() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.domains)
}

// allRedirectURIs returns the list, in order.
func (s *store) allRedirectURIs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortedKeys(s.redirectURIs)
}

// allowsRedirectURI reports whether a redirect URI is on the list, to the letter.
func (s *store) allowsRedirectURI(uri string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.redirectURIs[uri]
}

func (s *store) setBalance(key tokenKey, balance picket.Decimal) error {
	return s.makingRoom(func() error { return keepIn(s, s.balances, key, balance, key.address, key.token.id) })
}

// keepIn puts a value into a map of a store, if there is room for another key with the given texts. Values are short.
func keepIn[K comparable, V any](s *store, m map[K]V, key K, value V, texts ...string) error {
	if _, ok := m[key]; !ok {
		if _, err := s.keep(texts...); err != nil {
			return err
		}
	}
	m[key] = value
	return nil
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

func (s *store) setNotToken(key tokenKey) error {
	return s.makingRoom(func() error { return keepIn(s, s.notTokens, key, true, key.token.id) })
}

func (s *store) isNotToken(key tokenKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notTokens[key]
}

func (s *store) setDisplayName(key walletKey, name string) error {
	return s.makingRoom(func() error { return keepIn(s, s.displayNames, key, name, key.address) })
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

func (s *store) addFlowKey(key FlowKey) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.flowKeys, key) {
		return nil
	}
	if _, err := s.keep(key.Address, key.PublicKey); err != nil {
		return err
	}
	s.flowKeys = append(s.flowKeys, key)
	return nil
}

// flowKeysOf returns the keys of a Flow account, or all for an empty address.
func (s *store) flowKeysOf(address string) []FlowKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.flowKeys), func(k FlowKey) bool { return address != "" && k.Address != address })
}

// allBalances returns what was seeded, in order.
func (s *store) allBalances() []Balance {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Balance
	for key, balance := range s.balances {
		list = append(list, Balance{key.chain, key.address, key.token, balance})
	}
	slices.SortFunc(list, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.WalletAddress, b.WalletAddress),
			cmp.Compare(a.Token.kind, b.Token.kind), cmp.Compare(a.Token.id, b.Token.id))
	})
	return list
}

// allDisplayNames returns what was seeded, in order.
func (s *store) allDisplayNames() []DisplayName {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []DisplayName
	for key, name := range s.displayNames {
		list = append(list, DisplayName{key.chain, key.address, name})
	}
	slices.SortFunc(list, func(a, b DisplayName) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(a.WalletAddress, b.WalletAddress))
	})
	return list
}
