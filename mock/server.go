package mock

import (
	"context"
	"crypto/sha256"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Server is a mock of the Picket API. It has a default project, whose keys and methods are its own, and others that
// AddProject makes. It is safe for concurrent use.
type Server struct {
	*Project

	// URL is the base URL of the API, for picket.WithBaseURL. It is set by Start alone; a server made by New is reached
	// wherever its Handler is mounted.
	URL string

	settings     settings
	tokens       *tokenSigner
	keys         keyring
	walletsMu    sync.Mutex
	ownWallets   func() ([]Wallet, error) // made when they are first needed: the first key takes time
	addedWallets []Wallet
	handler      http.Handler
}

// TB is what the mock needs of a testing.TB. Every *testing.T, *testing.B and *testing.F is one.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Start starts a server on a free loopback port and stops it when the test ends. A response by which the mock breaks its
// own contract fails the test.
func Start(t TB, options ...Option) *Server {
	t.Helper()
	s, err := newServer(options, settings{
		fail:        func(format string, args ...any) { t.Helper(); t.Fatalf(format, args...) },
		onViolation: func(message string) { t.Errorf("%s", message) },
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mock: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("%v", err)
		}
	})
	s.URL = BaseURL(listener)
	return s
}

// New returns a server that listens nowhere yet: serve its Handler. It fails when an option is not valid.
func New(options ...Option) (*Server, error) {
	return newServer(options, settings{
		fail:        panicf,
		onViolation: func(string) {}, // the response says it
	})
}

func newServer(options []Option, s settings) (*Server, error) {
	c, err := spec.API()
	if err != nil {
		return nil, err
	}
	return newServerWithContract(c, options, s)
}

func newServerWithContract(c *spec.Contract, options []Option, s settings) (*Server, error) {
	s.setDefaults()
	s.known = func(id string) bool { return c.Operation(id) != nil }
	if err := s.apply(options); err != nil {
		return nil, err
	}
	s.limits = newLimits(s.maxStateBytes)
	tokens, err := newTokenSigner()
	if err != nil {
		return nil, err
	}
	server := &Server{
		settings:   s,
		tokens:     tokens,
		keys:       keyring{max: s.maxProjects, callers: map[[sha256.Size]byte]caller{}, byID: map[string]*Project{}},
		ownWallets: sync.OnceValues(newTestWallets),
	}
	server.Project = newProject(s)
	if err := server.keys.add(server.Project); err != nil {
		return nil, err
	}
	s.limits.register(server.store)
	server.handler = root{
		api:          newHandler(server, c, operations{server: server}),
		control:      sync.OnceValue(func() http.Handler { return newControlHandler(server) }),
		controlHosts: s.controlHosts,
	}
	for _, setUp := range s.setUp {
		if err := setUp(server); err != nil {
			return nil, err
		}
	}
	return server, nil
}

// Handler returns the server as an http.Handler, with the API under /api/v1. Requests to what is under /_mock/ need a Host that is
// localhost, an IP address or one of WithControlHost.
func (s *Server) Handler() http.Handler { return s.handler }

// TestWallets returns the wallets that the page of /oauth2/authorize offers to log in with: two on Ethereum, which serve
// every EVM chain, one on Solana, and those of AddTestWallet. The keys of the first three are the server's own. Give
// them balances and names as any others.
func (s *Server) TestWallets() []*Wallet {
	s.walletsMu.Lock()
	defer s.walletsMu.Unlock()
	own, err := s.ownWallets()
	s.must("TestWallets", err)
	var wallets []*Wallet
	for _, w := range slices.Concat(own, s.addedWallets) {
		wallets = append(wallets, &w)
	}
	return wallets
}

// AddTestWallet offers a further wallet on the page of /oauth2/authorize, of 100 at most.
func (s *Server) AddTestWallet(w *Wallet) { s.must("AddTestWallet", s.addTestWallet(w)) }

func (s *Server) addTestWallet(w *Wallet) error {
	if w == nil || w.sign == nil {
		return invalidParameter("the wallet has no key; NewEthereumWallet, NewSolanaWallet and ParseWallet make wallets")
	}
	s.walletsMu.Lock()
	defer s.walletsMu.Unlock()
	own, err := s.ownWallets()
	if err != nil {
		return err
	}
	if len(own)+len(s.addedWallets) >= maxTestWallets {
		return tooMany("there are %d test wallets, and no page offers more", maxTestWallets)
	}
	s.addedWallets = append(s.addedWallets, *w)
	return nil
}

// AddProject adds a project with nothing in it. Its keys are random, it has no redirect URIs, and its other settings are those
// of the default project, unless options say otherwise; options that are of a server as a whole make no difference. Allowed
// domains in the options take the place of the default project's.
func (s *Server) AddProject(options ...Option) *Project {
	p, err := s.addProject(options)
	if err != nil {
		s.fail("%v", err)
	}
	return p
}

func (s *Server) addProject(options []Option) (*Project, error) {
	settings := s.settings
	settings.secretKey, settings.publishableKey = randomKey("sk_"), randomKey("pk_")
	settings.project.redirectURIs, settings.project.allowedDomains = nil, nil
	if err := settings.apply(options); err != nil {
		return nil, err
	}
	if settings.project.allowedDomains == nil {
		settings.project.allowedDomains = s.AllowedDomains()
	}
	kept, err := settings.limits.state.take(share, settings.project.texts()...)
	if err != nil {
		return nil, err
	}
	p := newProject(settings)
	if err := s.keys.add(p); err != nil {
		settings.limits.state.give(kept)
		return nil, err
	}
	settings.limits.register(p.store)
	return p, nil
}

// Projects returns the projects, the default one first.
func (s *Server) Projects() []*Project { return s.keys.projects() }
