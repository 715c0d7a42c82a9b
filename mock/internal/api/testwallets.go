package api

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"
	"sync"

	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// maxTestWallets is how many wallets the login page offers at most.
const maxTestWallets = 100

// DefaultDomain is the site that test wallets log in at, unless they have another or the project allows another.
const DefaultDomain = "localhost:3000"

// TestWallet is a wallet that the login page offers.
type TestWallet struct {
	wallets.Key

	Domain string // the site that its messages are for; empty for the project's, or DefaultDomain
}

// TestWallets are those of a server. They are safe for concurrent use.
type TestWallets struct {
	own func() ([]TestWallet, error) // made when they are first needed: the first key takes time

	mu         sync.Mutex
	configured []TestWallet
	added      []TestWallet
}

// NewTestWallets returns two wallets on Ethereum and one on Solana, the same on every server.
func NewTestWallets() *TestWallets {
	return &TestWallets{own: sync.OnceValues(func() ([]TestWallet, error) {
		seed := bytes.Repeat([]byte{0x33}, ed25519.SeedSize)
		var list []TestWallet
		for _, known := range []struct {
			chain   string
			private picket.Secret
		}{
			{"ethereum", picket.Secret("0x" + strings.Repeat("11", 32))},
			{"ethereum", picket.Secret("0x" + strings.Repeat("22", 32))},
			{"solana", picket.Secret(base58.Encode(ed25519.NewKeyFromSeed(seed)))},
		} {
			key, err := wallets.Parse(known.chain, known.private)
			if err != nil {
				return nil, err
			}
			list = append(list, TestWallet{Key: key})
		}
		return list, nil
	})}
}

// All returns the wallets, in the order in which they were added.
func (t *TestWallets) All() ([]TestWallet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own, err := t.own()
	return slices.Concat(own, t.configured, t.added), err
}

// Add adds wallets, or none if there is no room for all.
func (t *TestWallets) Add(list ...TestWallet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.checkRoom(len(t.configured) + len(t.added) + len(list)); err != nil {
		return err
	}
	t.added = append(t.added, list...)
	return nil
}

// AddMissing adds those wallets that are not there, or none if there is no room for all of them.
func (t *TestWallets) AddMissing(list []TestWallet) error {
	there, err := t.All()
	if err != nil {
		return err
	}
	return t.Add(Missing(list, there)...)
}

// Missing returns those wallets that are not among those that are there.
func Missing(list, there []TestWallet) (missing []TestWallet) {
	for _, w := range list {
		if !slices.ContainsFunc(there, w.same) {
			missing = append(missing, w)
		}
	}
	return missing
}

func (w TestWallet) same(other TestWallet) bool {
	private, _ := w.Private()
	others, _ := other.Private()
	return w.Chain == other.Chain && w.Address == other.Address && w.Domain == other.Domain && private == others
}

// Own returns those that every server has.
func (t *TestWallets) Own() ([]TestWallet, error) { return t.own() }

// checkRoom refuses more wallets, besides those of the mock itself, than there may be.
func (t *TestWallets) checkRoom(n int) error {
	own, err := t.own()
	if err == nil && len(own)+n > maxTestWallets {
		err = refusal.TooMany("there are %d test wallets, and the login page offers no more", maxTestWallets)
	}
	return err
}

// Configure makes the given wallets those of the configuration, in place of those that were there, which undo brings back.
func (t *TestWallets) Configure(configured []TestWallet) (undo func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(configured) > 0 { // and else the mock's own need not be made yet
		if err := t.checkRoom(len(configured) + len(t.added)); err != nil {
			return nil, err
		}
	}
	before := t.configured
	t.configured = configured
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.configured = before
	}, nil
}

// On returns the wallets that can log in on a chain.
func (t *TestWallets) On(chain picket.ChainInfo) ([]TestWallet, error) {
	all, err := t.All()
	return slices.DeleteFunc(all, func(w TestWallet) bool {
		own, err := wallets.FindChain(w.Chain)
		return err != nil || own.ChainType != chain.ChainType
	}), err
}
