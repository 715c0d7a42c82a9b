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
	mu    sync.Mutex
	own   func() ([]TestWallet, error) // made when they are first needed: the first key takes time
	added []TestWallet
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
	return slices.Concat(own, t.added), err
}

// Add adds a wallet.
func (t *TestWallets) Add(w TestWallet) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	own, err := t.own()
	if err != nil {
		return err
	}
	if len(own)+len(t.added) >= maxTestWallets {
		return refusal.TooMany("there are %d test wallets, and the login page offers no more", maxTestWallets)
	}
	t.added = append(t.added, w)
	return nil
}

// on returns the wallets that can log in on a chain.
func (t *TestWallets) on(chain picket.ChainInfo) ([]TestWallet, error) {
	all, err := t.All()
	return slices.DeleteFunc(all, func(w TestWallet) bool {
		own, err := wallets.FindChain(w.Chain)
		return err != nil || own.ChainType != chain.ChainType
	}), err
}
