package mock

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"slices"
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
	settings     projectSettings  // does not change
	mu           sync.Mutex       // guards what follows
	nonces       map[string]nonce // by canonical wallet address
	sweepAt      int              // the number of nonces at which the dead ones are removed
	codes        map[[sha256.Size]byte]grant
	sweepCodesAt int
	redirectURIs map[string]bool
	balances     map[tokenKey]picket.Decimal
	notTokens    map[tokenKey]bool
	displayNames map[walletKey]string
	flowKeys     []FlowKey
}

// nonce is a living or dead nonce of one wallet.
type nonce struct {
	value      string
	statements []string // that it was given out with, one a language
	expires    time.Time
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

func newStore(realTime func() time.Time, settings projectSettings) *store {
	s := &store{clock: clock{source: realTime}, settings: settings, redirectURIs: map[string]bool{}}
	for _, uri := range settings.redirectURIs {
		s.redirectURIs[uri] = true
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
func (s *store) obtainNonce(address, statement string) nonce {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	n, ok := s.nonces[address]
	if !ok || !now.Before(n.expires) {
		s.sweepAt = sweep(s.nonces, s.sweepAt, func(n nonce) bool { return !now.Before(n.expires) })
		n = nonce{value: rand.Text(), expires: now.Add(nonceLifetime)}
	}
	if !slices.Contains(n.statements, statement) {
		n.statements = append(slices.Clone(n.statements), statement)
	}
	s.nonces[address] = n
	return n
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
	return true
}

// addCode returns a new authorization code for a grant.
func (s *store) addCode(g grant) picket.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
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

func (s *store) allowRedirectURI(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirectURIs[uri] = true
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

func (s *store) addFlowKey(key FlowKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.flowKeys, key) {
		s.flowKeys = append(s.flowKeys, key)
	}
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
