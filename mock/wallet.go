package mock

import (
	"cmp"
	"context"

	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// DefaultDomain is the site that wallets log in at, unless Wallet.Domain is another.
const DefaultDomain = "localhost:3000"

// Wallet is a wallet with a real key of its own, for tests. Its key is never printed.
type Wallet struct {
	// Address is the wallet's address on its chain.
	Address string
	// Chain is the slug of the chain that the wallet logs in on: "ethereum", "solana" or "flow". An Ethereum wallet may be set to
	// any other EVM chain.
	Chain string
	// Domain is the site that the messages of AuthRequest and Login are for: a host with or without a port. The default is
	// DefaultDomain.
	Domain string

	key wallets.Key
}

func newWallet(t TB, newKey func() (wallets.Key, error)) *Wallet {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	return walletOf(api.TestWallet{Key: key})
}

func walletOf(w api.TestWallet) *Wallet {
	return &Wallet{Address: w.Address, Chain: w.Chain, Domain: w.Domain, key: w.Key}
}

// inside returns the key of the wallet, with the address and the chain as they are set.
func (w *Wallet) inside() wallets.Key {
	key := w.key
	key.Address, key.Chain = w.Address, w.Chain
	return key
}

// NewEthereumWallet returns a wallet with a new secp256k1 key.
func NewEthereumWallet(t TB) *Wallet {
	t.Helper()
	return newWallet(t, wallets.NewEthereum)
}

// NewSolanaWallet returns a wallet with a new ed25519 key.
func NewSolanaWallet(t TB) *Wallet {
	t.Helper()
	return newWallet(t, wallets.NewSolana)
}

// NewFlowWallet returns the wallet of a new Flow account with one key, which it adds to the project: CurveP256 or
// CurveSecp256k1, with HashSHA3.
func NewFlowWallet(t TB, p *Project, curve string) *Wallet {
	t.Helper()
	return newWallet(t, func() (wallets.Key, error) {
		key, public, err := wallets.NewFlow(curve)
		if err == nil {
			p.AddFlowKey(FlowKey(public))
		}
		return key, err
	})
}

// ParseWallet returns the wallet with a given private key, for tests that need the same address in every run. On an EVM chain
// the key is 0x and 64 hexadecimal digits; on Solana it is the base58 form of 64 bytes, as wallets export it. Do not use
// the key of a wallet that holds anything.
func ParseWallet(chain string, privateKey picket.Secret) (*Wallet, error) {
	key, err := wallets.Parse(chain, privateKey)
	if err != nil {
		return nil, err
	}
	return walletOf(api.TestWallet{Key: key}), nil
}

// Sign returns the wallet's signature of a message, as Auth takes it: by EIP-191 personal_sign on EVM chains, by ed25519
// on Solana.
func (w *Wallet) Sign(message string) picket.Secret {
	signature, err := w.key.Sign(message)
	if err != nil {
		panicf("mock: %v", err) // only a source of randomness that fails
	}
	return signature
}

// AuthRequest takes the first steps of a login: it asks for a nonce and signs the message. What is left is client.Auth,
// for example with Requirements.
func (w *Wallet) AuthRequest(t TB, client *picket.Client) picket.AuthRequest {
	t.Helper()
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{Chain: w.Chain, WalletAddress: w.Address})
	if err != nil {
		t.Fatalf("%v", err)
	}
	chain, err := wallets.FindChain(w.Chain)
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	request, err := w.inside().SignIn(nonce, chain, cmp.Or(w.Domain, DefaultDomain))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return request
}

// Login logs the wallet in: nonce, signature, Auth. It stops the test when that fails.
func (w *Wallet) Login(t TB, client *picket.Client) *picket.AuthResponse {
	t.Helper()
	auth, err := client.Auth(context.Background(), w.AuthRequest(t, client))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return auth
}

// TestWallets returns the wallets that the page of /oauth2/authorize offers to log in with: two on Ethereum, which serve
// every EVM chain, one on Solana, and those of AddTestWallet. The first three are the same on every server, and everybody knows their
// keys. They get balances and names as any other wallet does.
func (s *Server) TestWallets() []*Wallet {
	offered, err := s.wallets.All()
	s.must("TestWallets", err)
	var list []*Wallet
	for _, w := range offered {
		list = append(list, walletOf(w))
	}
	return list
}

// AddTestWallet offers a further wallet on the page of /oauth2/authorize, of 100 at most.
func (s *Server) AddTestWallet(w *Wallet) { s.must("AddTestWallet", s.addTestWallet(w)) }

func (s *Server) addTestWallet(w *Wallet) error {
	if w == nil || !w.key.CanSign() {
		return refusal.InvalidParameter("the wallet has no key; NewEthereumWallet, NewSolanaWallet and ParseWallet make wallets")
	}
	key := w.inside()
	found, err := wallets.Find(key.Chain, key.Address)
	if err != nil {
		return err
	}
	key.Address = found.Address
	return s.wallets.Add(api.TestWallet{Key: key, Domain: w.Domain})
}
