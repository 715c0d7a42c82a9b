package middleware_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// withoutIdle ends the idle connections that clients keep, before goleak looks for what was left running.
type withoutIdle struct{ *testing.M }

func (m withoutIdle) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return m.M.Run()
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(withoutIdle{m}) }

const (
	// token has the shape of an access token, for validators that do not look at it.
	token    = "eyJhbGciOiJFUzI1NiJ9.eyJ0aWQiOiIxIn0.c2lnbmF0dXJl"
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
)

// The defaults, as the options' documentation has them.
const (
	defaultCacheLifetime  = time.Minute
	defaultDenialLifetime = 5 * time.Second
	defaultCheckTimeout   = 10 * time.Second
	defaultMaxChecks      = 256
	defaultLeeway         = 30 * time.Second
)

var holders = picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"}

// validator is a Validator that is a function.
type validator func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error)

func (v validator) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	return v(ctx, token, gate)
}

// claims are good until a day from now.
func claims() *picket.AccessTokenPayload {
	return &picket.AccessTokenPayload{
		Chain:         "ethereum",
		WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		AccessTokenID: "0c8f9a6e-5a4e-4a0b-9a55-3a5f43f2f0f5",
		ExpiresAt:     picket.NumericDate(time.Now().Add(24 * time.Hour).Unix()),
	}
}

// always answers every request in the same way.
func always(payload *picket.AccessTokenPayload, err error) validator {
	return func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
		return payload, err
	}
}

func newClient(t mock.TB, srv *mock.Server) *picket.Client {
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return client
}

// exactly makes every lifetime exactly as long as its option says.
func exactly() middleware.CacheOption { return middleware.WithJitter(func() float64 { return 0 }) }

func newCache(t testing.TB, v middleware.Validator, options ...middleware.CacheOption) *middleware.Cache {
	t.Helper()
	cache, err := middleware.NewCache(v, append([]middleware.CacheOption{exactly()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

func newAuthenticator(t testing.TB, v middleware.Validator, options ...middleware.Option) *middleware.Authenticator {
	t.Helper()
	defaults := []middleware.Option{silent()}
	if _, ok := v.(*middleware.Cache); !ok {
		defaults = append(defaults, exactly())
	}
	auth, err := middleware.New(v, append(defaults, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return auth
}

// gateOf makes a gate on ethereum.
func gateOf(t testing.TB, requirements picket.Requirements) *picket.Gate {
	t.Helper()
	gate, err := picket.NewGate("ethereum", requirements)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}

func newGate(t testing.TB, auth *middleware.Authenticator, requirements picket.Requirements) func(http.Handler) http.Handler {
	t.Helper()
	return newGateOn(t, auth, "ethereum", requirements)
}

func newGateOn(t testing.TB, auth *middleware.Authenticator, chain string, requirements picket.Requirements) func(http.Handler) http.Handler {
	t.Helper()
	gate, err := auth.Gate(chain, requirements)
	if err != nil {
		t.Fatal(err)
	}
	return gate
}
