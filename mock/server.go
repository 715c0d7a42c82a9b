package mock

import (
	"context"
	"crypto/sha256"
	"net"
	"net/http"
)

// Server is a mock of the Picket API. It has a default project, whose keys and methods are its own, and others that
// AddProject makes. It is safe for concurrent use.
type Server struct {
	*Project

	// URL is the base URL of the API, for picket.WithBaseURL. It is set by Start alone; a server made by New is reached
	// wherever its Handler is mounted.
	URL string

	settings    settings
	tokens      *tokenSigner
	keys        keyring
	testWallets []Wallet
	handler     http.Handler
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
	c, err := theContract()
	if err != nil {
		return nil, err
	}
	return newServerWithContract(c, options, s)
}

func newServerWithContract(c *apiContract, options []Option, s settings) (*Server, error) {
	s.setDefaults()
	for _, option := range options {
		if err := option(&s); err != nil {
			return nil, err
		}
	}
	tokens, err := newTokenSigner()
	if err != nil {
		return nil, err
	}
	wallets, err := newTestWallets()
	if err != nil {
		return nil, err
	}
	server := &Server{
		settings:    s,
		tokens:      tokens,
		keys:        keyring{callers: map[[sha256.Size]byte]caller{}, projects: map[string]*Project{}},
		testWallets: wallets,
	}
	server.Project = newProject(s.realTime, s.fail)
	server.SecretKey = s.secretKey
	server.PublishableKey = s.publishableKey
	for _, uri := range s.redirectURIs {
		server.store.allowRedirectURI(uri)
	}
	server.keys.add(server.Project)
	server.handler = newHandler(server, c)
	return server, nil
}

// Handler returns the server as an http.Handler, with the API under /api/v1.
func (s *Server) Handler() http.Handler { return s.handler }

// TestWallets returns the wallets that the page of /oauth2/authorize offers to log in with: two on Ethereum, which serve
// every EVM chain, and one on Solana. Their keys are made with the server; give them balances and names as any others.
func (s *Server) TestWallets() []*Wallet {
	var wallets []*Wallet
	for _, w := range s.testWallets {
		wallets = append(wallets, &w)
	}
	return wallets
}

// AddProject adds a project with random keys and nothing in it.
func (s *Server) AddProject() *Project {
	p := newProject(s.settings.realTime, s.settings.fail)
	s.keys.add(p)
	return p
}
