package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
)

// startBroken starts a mock whose contract was changed, and returns what it says of its violations.
func startBroken(t *testing.T, old, changed string) (*httptest.Server, *[]string) {
	t.Helper()
	text := string(openapi.Spec())
	if !strings.Contains(text, old) {
		t.Fatalf("openapi.yaml has no %q", old)
	}
	c, err := spec.Read([]byte(strings.ReplaceAll(text, old, changed)), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	violations := new([]string)
	s, err := build(nil, parts{contract: front.Prepare(c), onViolation: func(v string, _ []byte) { *violations = append(*violations, v) }})
	if err != nil {
		t.Fatal(err)
	}
	broken := httptest.NewServer(s.Handler())
	t.Cleanup(broken.Close)
	return broken, violations
}

func TestAResponseThatBreaksTheContractIsA500ThatSaysSo(t *testing.T) {
	for name, test := range map[string]struct{ old, changed, key, want string }{
		"a required property renamed": {"authorizationSupported", "gatingSupported", DefaultSecretKey, "data.0.gatingSupported is required"},
		"an optional one renamed":     {"publicRPC", "rpcURL", DefaultSecretKey, `"publicRPC" is not a property of data`},
		"a type changed":              {"        chainName:\n          type: string\n          minLength: 1", "        chainName:\n          type: integer", DefaultSecretKey, "data.0.chainName must be a whole number"},
		"an enum member removed":      {"enum: [ethereum, solana, flow]", "enum: [ethereum, solana]", DefaultSecretKey, "data.6.chainType must be ethereum or solana"},
		"a pattern narrowed":          {"'^[a-z0-9]+(-[a-z0-9]+)*$'", "'^[0-9]+$'", DefaultSecretKey, "data.0.chainSlug must be a string that matches"},
		"a status removed":            {"        '401':\n          $ref: '#/components/responses/Unauthorized'\n", "", "sk_ffffffffffffffffffffffffffffffff", "status is not supported"},
		"a content type changed":      {"          description: The supported chains.\n          content:\n            application/json:", "          description: The supported chains.\n          content:\n            application/hal+json:", DefaultSecretKey, "Content-Type"},
	} {
		t.Run(name, func(t *testing.T) {
			broken, violations := startBroken(t, test.old, test.changed)
			request, err := http.NewRequest(http.MethodGet, broken.URL+spec.BasePath+"/chains", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.SetBasicAuth(test.key, "")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			var answer struct{ Msg string }
			if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != http.StatusInternalServerError || !strings.Contains(answer.Msg, "breaks its contract: chains") || !strings.Contains(answer.Msg, test.want) {
				t.Errorf("got %d %q; want %q", response.StatusCode, answer.Msg, test.want)
			}
			if len(*violations) != 1 || !strings.Contains((*violations)[0], test.want) {
				t.Errorf("the violations are %q", *violations)
			}
		})
	}
}

// recorderTB is a TB that remembers its failures.
type recorderTB struct {
	cleanups []func()
	failures []string
}

func (*recorderTB) Helper()            {}
func (r *recorderTB) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorderTB) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}
func (r *recorderTB) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func TestStartFailsTheTestOnAViolation(t *testing.T) {
	tb := &recorderTB{}
	failTest(tb)("the mock breaks its contract", []byte("goroutine 1"))
	if len(tb.failures) != 1 || !strings.Contains(tb.failures[0], "breaks its contract") || !strings.Contains(tb.failures[0], "goroutine 1") {
		t.Errorf("the failures are %q", tb.failures)
	}
}

func TestSeedingWronglyStopsTheTest(t *testing.T) {
	const wallet = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	for name, seed := range map[string]func(*Server){
		"unknown chain":      func(s *Server) { s.SetBalance("bitcoin", wallet, Contract(wallet), "1") },
		"malformed wallet":   func(s *Server) { s.SetBalance("ethereum", "0x1", Contract(wallet), "1") },
		"malformed contract": func(s *Server) { s.SetBalance("ethereum", wallet, Contract("0x1"), "1") },
		"empty collection": func(s *Server) {
			s.SetBalance("solana", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", Collection(""), "1")
		},
		"malformed balance": func(s *Server) { s.SetBalance("ethereum", wallet, Contract(wallet), "one") },
		"negative balance":  func(s *Server) { s.SetBalance("ethereum", wallet, Contract(wallet), "-1") },
		"empty balance":     func(s *Server) { s.SetBalance("ethereum", wallet, Contract(wallet), "") },
		"name of no wallet": func(s *Server) { s.SetDisplayName("ethereum", "alice", "alice.eth") },
		"no contract":       func(s *Server) { s.SetNotToken("ethereum", "0x1") },
		"no chain":          func(s *Server) { s.SetNotToken("bitcoin", wallet) },
		"no redirect URI":   func(s *Server) { s.AllowRedirectURI("/callback") },
		"time running back": func(s *Server) { s.Advance(-1) },
		"time too late":     func(s *Server) { s.SetTime(time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -60))) },
		"time too far":      func(s *Server) { s.SetTime(time.Unix(253402300799, 0)); s.Advance(time.Second) },
		"time before 1970":  func(s *Server) { s.SetTime(time.Unix(-1, 0)) },
		"redirect URI":      func(s *Server) { s.AllowRedirectURI("/callback") },
		"Flow key":          func(s *Server) { s.AddFlowKey(FlowKey{Address: "0x1654653399040a61", PublicKey: "00"}) },
		"Flow hash":         func(s *Server) { s.AddFlowKey(FlowKey{Address: "0x1654653399040a61", Hash: "MD5"}) },
		"fault, kind":       func(s *Server) { s.InjectFault(Fault{Kind: "meteor"}) },
		"fault, count":      func(s *Server) { s.InjectFault(Fault{Kind: FaultReset, Count: -1}) },
		"fault, chance":     func(s *Server) { s.InjectFault(Fault{Kind: FaultReset, Probability: math.NaN()}) },
		"fault, delay":      func(s *Server) { s.InjectFault(Fault{Delay: -1}) },
		"fault, status":     func(s *Server) { s.InjectFault(Fault{Kind: FaultStatus, Status: 200}) },
		"project's option":  func(s *Server) { s.AddProject(WithFormat("siws")) },
	} {
		t.Run(name, func(t *testing.T) {
			tb := &recorderTB{}
			seed(Start(tb))
			for _, cleanup := range tb.cleanups {
				cleanup()
			}
			if len(tb.failures) != 1 || !strings.HasPrefix(tb.failures[0], "mock: ") {
				t.Errorf("the failures are %q", tb.failures)
			}
			defer func() {
				if recover() == nil {
					t.Error("there is no panic where there is no test")
				}
			}()
			s, err := New()
			if err != nil {
				t.Fatal(err)
			}
			seed(s)
		})
	}
}

// panicking panics when it is asked for a nonce.
type panicking struct{ unwritten.Operations }

func (panicking) Nonce(context.Context, server.NonceRequestObject) (server.NonceResponseObject, error) {
	panic("out of nonces")
}

func TestAPanicIsA500AndAViolationWithItsStack(t *testing.T) {
	var violations, stacks []string
	s, err := build(nil, parts{operations: panicking{}, onViolation: func(v string, stack []byte) {
		violations, stacks = append(violations, v), append(stacks, string(stack))
	}})
	if err != nil {
		t.Fatal(err)
	}
	response := ask(s.Handler(), http.MethodPost, "/auth/nonce", `{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`, basicKey)
	if response.Code != http.StatusInternalServerError || strings.Contains(response.Body.String(), "goroutine") {
		t.Errorf("got %d %s", response.Code, response.Body)
	}
	if len(violations) != 1 || !strings.Contains(violations[0], "panicked: nonce: out of nonces") {
		t.Errorf("the violations are %q", violations)
	}
	if len(stacks) != 1 || !strings.Contains(stacks[0], "panicking.Nonce") {
		t.Errorf("the stacks are %q", stacks)
	}
	if got := s.Journal()[0].Violations; len(got) != 1 || strings.Contains(got[0], "goroutine") {
		t.Errorf("the journal has the violations %q", got)
	}
}

func TestALoggerGetsPanicsWithTheirStack(t *testing.T) {
	var log strings.Builder
	s, err := build([]Option{WithLogger(slog.New(slog.NewTextHandler(&log, nil)))}, parts{operations: panicking{}})
	if err != nil {
		t.Fatal(err)
	}
	ask(s.Handler(), http.MethodPost, "/auth/nonce", `{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`, basicKey)
	for _, want := range []string{"level=ERROR", "out of nonces", "panicking.Nonce"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %q: %s", want, log.String())
		}
	}
}
