package mock

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"net/url"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// Wallet is a wallet with a real key of its own, for tests. Its key is never printed.
type Wallet struct {
	// Address is the wallet's address on its chain.
	Address string
	// Chain is the slug of the chain that the wallet logs in on: "ethereum" or "solana". An Ethereum wallet may be set to
	// any other EVM chain.
	Chain string
	// Domain is the site that the messages of AuthRequest and Login are for: a host with or without a port. The default is
	// DefaultDomain.
	Domain string

	sign func(message string) picket.Secret
}

// DefaultDomain is the site that wallets log in at, unless Wallet.Domain is another.
const DefaultDomain = "localhost:3000"

// NewEthereumWallet returns a wallet with a new secp256k1 key.
func NewEthereumWallet(t TB) *Wallet {
	t.Helper()
	w, err := newEthereumWallet()
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	return &w
}

func newEthereumWallet() (Wallet, error) {
	key, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		return Wallet{}, err
	}
	return ethereumWallet(key), nil
}

func ethereumWallet(key *secp256k1.PrivateKey) Wallet {
	return Wallet{
		Address: ethereumAddress(key.PubKey()),
		Chain:   defaultChain,
		sign:    func(message string) picket.Secret { return signEthereum(key, message) },
	}
}

// NewSolanaWallet returns a wallet with a new ed25519 key.
func NewSolanaWallet(t TB) *Wallet {
	t.Helper()
	w, err := newSolanaWallet()
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	return &w
}

func newSolanaWallet() (Wallet, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Wallet{}, err
	}
	return solanaWallet(private), nil
}

func solanaWallet(private ed25519.PrivateKey) Wallet {
	return Wallet{
		Address: base58.Encode(private[ed25519.SeedSize:]), // the public key
		Chain:   "solana",
		sign: func(message string) picket.Secret {
			return picket.Secret(base58.Encode(ed25519.Sign(private, []byte(message))))
		},
	}
}

// ParseWallet returns the wallet with a given private key, for tests that need the same address in every run. On an EVM chain
// the key is 0x and 64 hexadecimal digits; on Solana it is the base58 form of 64 bytes, as wallets export it. Do not use
// the key of a wallet that holds anything.
func ParseWallet(chain string, privateKey picket.Secret) (*Wallet, error) {
	info, err := findChain(chain)
	if err != nil {
		return nil, err
	}
	var w Wallet
	switch info.ChainType {
	case picket.ChainTypeEthereum:
		var scalar secp256k1.ModNScalar
		bytes, ok := hexBytes(string(privateKey), 32)
		if !ok || scalar.SetByteSlice(bytes) || scalar.IsZero() {
			return nil, invalidParameter("the private key is not 0x and 64 hexadecimal digits of a secp256k1 key")
		}
		w = ethereumWallet(secp256k1.NewPrivateKey(&scalar))
	case picket.ChainTypeSolana:
		bytes, err := base58.Decode(string(privateKey))
		if err != nil || len(bytes) != ed25519.PrivateKeySize || !ed25519.NewKeyFromSeed(bytes[:ed25519.SeedSize]).Equal(ed25519.PrivateKey(bytes)) {
			return nil, invalidParameter("the private key is not the base58 form of the 64 bytes of an ed25519 key")
		}
		w = solanaWallet(bytes)
	default:
		return nil, invalidParameter("wallets with a given key are of EVM chains or of solana; NewFlowWallet makes one on flow")
	}
	w.Chain = info.ChainSlug
	return &w, nil
}

// newTestWallets returns the wallets of a server.
func newTestWallets() ([]Wallet, error) {
	var wallets []Wallet
	for _, newWallet := range []func() (Wallet, error){newEthereumWallet, newEthereumWallet, newSolanaWallet} {
		w, err := newWallet()
		if err != nil {
			return nil, err
		}
		wallets = append(wallets, w)
	}
	return wallets, nil
}

// Sign returns the wallet's signature of a message, as Auth takes it: by EIP-191 personal_sign on EVM chains, by ed25519
// on Solana.
func (w *Wallet) Sign(message string) picket.Secret { return w.sign(message) }

// AuthRequest takes the first steps of a login: it asks for a nonce and signs the message. What is left is client.Auth,
// for example with Requirements.
func (w *Wallet) AuthRequest(t TB, client *picket.Client) picket.AuthRequest {
	t.Helper()
	nonce, err := client.Nonce(context.Background(), picket.NonceRequest{Chain: w.Chain, WalletAddress: w.Address})
	if err != nil {
		t.Fatalf("%v", err)
	}
	chain, err := findChain(w.Chain)
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	request, err := w.signIn(nonce, chain)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return request
}

// signIn signs the message of a login on a chain.
func (w *Wallet) signIn(nonce *picket.NonceResponse, chain picket.ChainInfo) (picket.AuthRequest, error) {
	domain, scheme := cmp.Or(w.Domain, DefaultDomain), "https"
	if u, err := url.Parse("http://" + domain); err == nil && loopback.Is(u.Hostname()) {
		scheme = u.Scheme
	}
	signed := picket.SigningMessageContext{
		Domain:    domain,
		URI:       scheme + "://" + domain,
		ChainID:   chain.ChainID,
		ChainType: chain.ChainType,
		IssuedAt:  time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	message, err := picket.SigningMessage(nonce, w.Address, signed)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	return picket.AuthRequest{
		Chain:         chain.ChainSlug,
		WalletAddress: w.Address,
		Signature:     w.Sign(message),
		Context:       signed,
	}, nil
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
