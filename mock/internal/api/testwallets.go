package api

import (
	"slices"
	"sync"

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

// NewTestWallets returns two wallets on Ethereum and one on Solana.
func NewTestWallets() *TestWallets {
	return &TestWallets{own: sync.OnceValues(func() ([]TestWallet, error) {
		var list []TestWallet
		for _, newKey := range []func() (wallets.Key, error){wallets.NewEthereum, wallets.NewEthereum, wallets.NewSolana} {
			key, err := newKey()
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

// Add adds a wallet.
func (t *TestWallets) Add(w TestWallet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.checkRoom(len(t.configured) + len(t.added) + 1); err != nil {
		return err
	}
	t.added = append(t.added, w)
	return nil
}

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

// on returns the wallets that can log in on a chain.
func (t *TestWallets) on(chain picket.ChainInfo) ([]TestWallet, error) {
	all, err := t.All()
	return slices.DeleteFunc(all, func(w TestWallet) bool {
		own, err := wallets.FindChain(w.Chain)
		return err != nil || own.ChainType != chain.ChainType
	}), err
}
