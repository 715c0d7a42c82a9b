package mock

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// Project is one project of the mock, a tenant: it has its own keys, redirect URIs, nonces, codes, balances, names and clock,
// and access tokens of one project are not valid in another. Its methods are safe for concurrent use.
//
// The methods that seed a project are for tests, where a wrong argument is a mistake in the test: they stop the test that
// Start was given, and panic where there is none.
type Project struct {
	// ID is the project's ID, a UUID: the audience of its access tokens.
	ID string
	// SecretKey is the API key for servers, sk_ and 32 hexadecimal digits.
	SecretKey string
	// PublishableKey is the API key for browsers, pk_ and 32 hexadecimal digits.
	PublishableKey string

	store *store
	fail  func(format string, args ...any)
}

// newProject makes a project with random keys.
func newProject(realTime func() time.Time, fail func(string, ...any)) *Project {
	return &Project{
		ID:             uuid.NewString(),
		SecretKey:      randomKey("sk_"),
		PublishableKey: randomKey("pk_"),
		store:          newStore(realTime),
		fail:           fail,
	}
}

func randomKey(prefix string) string {
	digits := make([]byte, 16)
	_, _ = rand.Read(digits) // never fails, by its documentation
	return prefix + hex.EncodeToString(digits)
}

// Now returns what time it is in the project.
func (p *Project) Now() time.Time { return p.store.now() }

// Advance moves the project's clock forward: nonces live two minutes, authorization codes five and access tokens twelve
// hours by it.
func (p *Project) Advance(d time.Duration) {
	if d < 0 {
		p.fail("mock: Advance: %v is negative, and time does not run back", d)
		return
	}
	p.store.advance(d)
}

// SetBalance sets how much of a token a wallet holds on a chain, such as
//
//	srv.SetBalance("ethereum", wallet.Address, mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"), "12.5")
//
// The balance is an exact decimal. What is not set is 0.
func (p *Project) SetBalance(chain, walletAddress string, token Token, balance picket.Decimal) {
	w, canonical, err := findHolding(chain, walletAddress, token)
	if err == nil {
		balance, err = wire.ParseDecimal(string(balance))
	}
	if err != nil {
		p.fail("mock: SetBalance: %v", err)
		return
	}
	p.store.setBalance(tokenKey{w.key(), canonical}, balance)
}

// SetNotToken declares that the contract at an address is no token: a requirement that names it is refused, as the API
// refuses what is not an ERC-20, ERC-721 or ERC-1155 contract.
func (p *Project) SetNotToken(chain, contractAddress string) {
	info, err := findChain(chain)
	if err != nil {
		p.fail("mock: SetNotToken: %v", err)
		return
	}
	canonical, ok := Contract(contractAddress).canonical(info.ChainType)
	if !ok {
		p.fail("mock: SetNotToken: %q is not a contract on %s", contractAddress, info.ChainSlug)
		return
	}
	p.store.setNotToken(tokenKey{walletKey{chain: info.ChainSlug}, canonical})
}

// SetDisplayName sets the name that a wallet is shown by, such as an ENS name. Without one it is shown by its address.
func (p *Project) SetDisplayName(chain, walletAddress, name string) {
	w, err := findWallet(chain, walletAddress)
	if err != nil {
		p.fail("mock: SetDisplayName: %v", err)
		return
	}
	p.store.setDisplayName(w.key(), name)
}

// AllowRedirectURI lets /oauth2/authorize answer to a redirect URI: an absolute URI without fragment, such as
// http://localhost:3000/callback. It is compared to the letter, so that a trailing slash matters.
func (p *Project) AllowRedirectURI(uri string) {
	if err := checkRedirectURI(uri); err != nil {
		p.fail("mock: AllowRedirectURI: %v", err)
		return
	}
	p.store.allowRedirectURI(uri)
}

// findWallet returns the wallet with the given address on the chain with the given slug.
func findWallet(chain, address string) (wallet, error) {
	info, err := findChain(chain)
	if err != nil {
		return wallet{}, err
	}
	canonical, ok := canonicalAddress(info.ChainType, address)
	if !ok {
		return wallet{}, invalidParameter("walletAddress is not an address on %s: it must be %s", info.ChainSlug, addressForm(info.ChainType))
	}
	return wallet{info, canonical}, nil
}

func findHolding(chain, address string, token Token) (wallet, Token, error) {
	w, err := findWallet(chain, address)
	if err != nil {
		return wallet{}, Token{}, err
	}
	canonical, ok := token.canonical(w.chain.ChainType)
	if !ok {
		return wallet{}, Token{}, fmt.Errorf("%s %q does not name a token on %s", token.kind, token.id, w.chain.ChainSlug)
	}
	return w, canonical, nil
}
