package mock

import (
	"context"
	_ "embed"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/drift"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/scenarios"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
)

// Server is a mock of the Picket API. It has a default project, whose keys and methods are its own, and others that
// AddProject makes. It is safe for concurrent use.
type Server struct {
	*Project

	// URL is the base URL of the API, for picket.WithBaseURL. Only Start sets it; a server made by New is reached wherever its
	// Handler is mounted.
	URL string

	house          front.House
	contract       *spec.Contract // of the API
	tenants        *tenant.Projects
	wallets        *api.TestWallets
	scenarios      *scenarios.Scenarios
	tokens         *tokens.Signer
	named          atomic.Pointer[address.Names]
	options        []Option // that it was made with
	reloading      sync.Mutex
	errorLog       *log.Logger
	drifting       *drift.Drift
	handler        http.Handler
	maxConnections int
	fail           failer
}

// TB is what the mock needs of a testing.TB. Every *testing.T, *testing.B and *testing.F is one.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// failer stops a test that uses the mock wrongly.
type failer func(format string, args ...any)

// Start starts a server on a free loopback port and stops it when the test ends. The test fails when the mock breaks its own
// contract or panics while it answers.
func Start(t TB, options ...Option) *Server {
	t.Helper()
	s, err := build(options, parts{
		fail:        func(format string, args ...any) { t.Helper(); t.Fatalf(format, args...) },
		onViolation: failTest(t),
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
	s.URL = "http://" + listener.Addr().String() + spec.BasePath
	return s
}

// New returns a server that does not listen yet: serve its Handler, or call Serve. It fails when an option is not valid.
func New(options ...Option) (*Server, error) { return build(options, parts{}) }

//go:embed control.yaml
var controlContract []byte

// What depends only on a contract is made once in a program.
var (
	preparedAPI     = sync.OnceValues(func() (*front.Prepared, error) { return prepared(spec.API()) })
	preparedControl = sync.OnceValues(func() (*front.Prepared, error) { return prepared(controls.ReadContract()) })
)

func prepared(c *spec.Contract, err error) (*front.Prepared, error) {
	if err != nil {
		return nil, err
	}
	return front.Prepare(c), nil
}

// parts are what a server is made of beside its options.
type parts struct {
	contract    *front.Prepared                    // nil for that of the API
	operations  server.StrictServerInterface       // nil for the mock's own
	fail        failer                             // nil to panic
	onViolation func(message string, stack []byte) // nil to log
}

func build(options []Option, with parts) (*Server, error) {
	if with.contract == nil {
		c, err := preparedAPI()
		if err != nil {
			return nil, err
		}
		with.contract = c
	}
	if with.fail == nil {
		with.fail = panicf
	}
	given, set, err := settingsOf(options)
	if err != nil {
		return nil, err
	}
	var drifting *drift.Drift
	if set.observed != nil {
		if drifting, err = drift.New(with.contract.Contract, openapi.Spec(), set.observed, set.seed); err != nil {
			return nil, fmt.Errorf("mock: WithDrift: %w", err)
		}
		with.contract = front.Prepare(drifting.Contract())
	}
	if with.onViolation == nil {
		with.onViolation = logViolations(set.logger)
	}
	s := &Server{wallets: api.NewTestWallets(), options: options, errorLog: errorLog(set.logger), maxConnections: set.maxConnections, fail: with.fail}
	s.named.Store(&set.names)
	house := front.House{
		Limits:       limits.New(set.maxStateBytes),
		MaxBodyBytes: set.maxBodyBytes,
		Seed:         set.seed,
		Drift:        drifting,
		OnViolation:  with.onViolation,
		Names:        s.names,
		Tokens:       tokens.NewSigner(set.signingKey, set.tokenIssuer),
	}
	house.Projects, err = tenant.NewProjects(tenant.Shared{
		Max:      set.maxProjects,
		Limits:   house.Limits,
		Clock:    set.clock,
		Contract: with.contract.Contract,
	}, *given.project)
	if err != nil {
		return nil, err
	}
	s.contract = with.contract.Contract
	s.house, s.tenants, s.tokens, s.scenarios = house, house.Projects, house.Tokens, scenarios.New(house.Limits.Account())
	s.drifting = drifting
	s.Project = s.project(house.Projects.Default())
	if with.operations == nil {
		with.operations = api.New(house, s.wallets)
	}
	apiHandler := api.Handler(house, with.contract, with.operations)
	s.handler = front.Logged(set.logger, controls.Guarded(withPages(set.controlPages, s.controlled(house, s.contract, api.DecisionHandler(house, apiHandler))), apiHandler, house.Names, set.controlHosts))
	c, err := s.configure(house.Projects, set)
	if err != nil {
		return nil, err
	}
	house.Projects.Settle()
	keep, _, err := s.scenarios.Prepare(c.states)
	if err != nil {
		return nil, fmt.Errorf("mock: WithConfig: %w", err)
	}
	keep()
	if _, err := s.wallets.Configure(c.wallets); err != nil {
		return nil, fmt.Errorf("mock: WithConfig: %w", err)
	}
	return s, nil
}

// names returns the names by which clients reach the server.
func (s *Server) names() address.Names { return *s.named.Load() }

// controlled answers what is under /_mock/. What it needs for that is made when it is first needed, because to read its contract
// takes time.
func (s *Server) controlled(house front.House, contract *spec.Contract, decision http.Handler) http.Handler {
	operations := sync.OnceValue(func() http.Handler {
		c, err := preparedControl()
		if err != nil {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refusal.Of(err).Write(w) })
		}
		return controls.NewHandler(house, c, control{controls.New(house, contract, s.wallets), s})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == api.DecisionPath {
			decision.ServeHTTP(w, r)
			return
		}
		operations().ServeHTTP(w, r)
	})
}

// control is what control.yaml describes. The methods that seed a project are in the files of what they seed.
type control struct {
	controls.Operations

	server *Server
}

var _ controls.StrictServerInterface = control{}

// of returns the project of a request.
func (c control) of(ctx context.Context) *Project { return c.server.project(c.Project(ctx)) }

func failTest(t TB) func(string, []byte) {
	return func(message string, stack []byte) {
		if len(stack) > 0 {
			message += "\n" + string(stack)
		}
		t.Errorf("%s", message)
	}
}

// errorLog returns what net/http says on connections, such as that a client does not trust the certificate, to a logger that was given.
func errorLog(logger *slog.Logger) *log.Logger {
	if logger.Handler() == slog.DiscardHandler {
		return nil // net/http's own
	}
	return slog.NewLogLogger(logger.Handler(), slog.LevelError)
}

func logViolations(logger *slog.Logger) func(string, []byte) {
	return func(message string, stack []byte) {
		if len(stack) > 0 {
			logger.Error(message, "stack", string(stack))
		} else {
			logger.Error(message)
		}
	}
}

// Handler returns the server as an http.Handler, with the API under /api/v1. Requests to what is under /_mock/ need a Host that is
// localhost, an IP address or one of WithControlHost.
func (s *Server) Handler() http.Handler { return s.handler }
