package state

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// codeLifetime is how long an authorization code lives.
const codeLifetime = 5 * time.Minute

// secretHash is the hash of a code or of the ID of a session, so that the time of a search says nothing about them.
type secretHash [sha256.Size]byte

// Grant is what an authorization code stands for: a user who logged in, and what the client is bound to.
type Grant struct {
	Wallet      wallets.Wallet
	Proven      picket.TokenBalances
	Scopes      []string
	RedirectURI string
	Challenge   string    // of PKCE, by S256
	Nonce       string    // of OpenID Connect; empty when there was none
	LoggedInAt  time.Time // when the user logged in
}

// texts returns the texts of a grant whose length its client chose.
func (g Grant) texts() []string {
	texts := append([]string{g.RedirectURI, g.Challenge, g.Nonce}, g.Scopes...)
	gating.All(g.Proven, func(token gating.Token, balance picket.Decimal) { texts = append(texts, token.ID, string(balance)) })
	return texts
}

// AddCode returns a new authorization code for a grant.
func (s *State) AddCode(g Grant) (picket.Secret, error) {
	code := rand.Text()
	// They are parts of a query, all of which would be kept.
	g.RedirectURI, g.Challenge, g.Nonce = strings.Clone(g.RedirectURI), strings.Clone(g.Challenge), strings.Clone(g.Nonce)
	g.Scopes = slices.Clone(g.Scopes)
	for i, scope := range g.Scopes {
		g.Scopes[i] = strings.Clone(scope)
	}
	err := s.makingRoom(func() error {
		return s.codes.add(sha256.Sum256([]byte(code)), g, s.clock.Now(), codeLifetime, g.texts()...)
	})
	return picket.Secret(code), err
}

// TakeCode spends a code and returns its grant, and whether the code was there and alive.
func (s *State) TakeCode(code picket.Secret) (Grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := secretHash(sha256.Sum256([]byte(code)))
	g, alive := s.codes.get(key, s.clock.Now())
	s.codes.remove(key)
	return g, alive
}
