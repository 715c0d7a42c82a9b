package middleware_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// site is a server behind the middleware, and the mock that it asks.
type site struct {
	api    *mock.Server
	client *picket.Client
	auth   *middleware.Authenticator
	// Handlers that fail the test when they run for nobody.
	required, optional, gate http.Handler
}

func newSite(t *testing.T, options ...middleware.Option) *site {
	t.Helper()
	api := mock.Start(t)
	client := newClient(t, api)
	auth := newAuthenticator(t, middleware.Remote(client), append(options, middleware.WithClock(api.Now), silent())...)
	return &site{
		api:      api,
		client:   client,
		auth:     auth,
		required: auth.Required(hello),
		optional: auth.Optional(hello),
		gate:     newGate(t, auth, holders)(hello),
	}
}

func (s *site) login(t *testing.T) (*mock.Wallet, string) {
	t.Helper()
	wallet := mock.NewEthereumWallet(t)
	return wallet, string(wallet.Login(t, s.client).AccessToken)
}

// validations returns how often the API was asked.
func (s *site) validations() int { return len(s.api.Journal("validate")) }

func TestAUserIsWhoLoggedIn(t *testing.T) {
	s := newSite(t)
	wallet, token := s.login(t)
	payload, err := s.client.Validate(t.Context(), picket.ValidateRequest{AccessToken: picket.Secret(token)})
	if err != nil {
		t.Fatal(err)
	}
	var got *middleware.User
	answerOf(s.auth.Required(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, _ = middleware.UserFromContext(r.Context())
	})), bearer(token))
	if diff := cmp.Diff(&middleware.User{AccessTokenPayload: *payload, AccessToken: picket.Secret(token)}, got); diff != "" || got.WalletAddress != wallet.Address {
		t.Error(diff)
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	s := newSite(t)
	_, good := s.login(t)
	if diff := cmp.Diff(let, answerOf(s.required, bearer(good))); diff != "" {
		t.Fatal(diff)
	}
	parts := strings.Split(good, ".")
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var payload map[string]any
	if err := json.Unmarshal(text, &payload); err != nil {
		t.Fatal(err)
	}
	encode := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	changed := func(name string, value any) string {
		c := maps.Clone(payload)
		c[name] = value
		return parts[0] + "." + encode(c) + "." + parts[2]
	}
	signed := func(algorithm jose.SignatureAlgorithm, key any, options *jose.SignerOptions) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwt.Signed(signer).Claims(payload).Serialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other := newSite(t)
	other.api.RotateSigningKey(nil, 0)
	_, elsewhere := other.login(t)
	project := s.api.AddProject()
	client, err := picket.New(project.SecretKey, picket.WithBaseURL(s.api.URL))
	if err != nil {
		t.Fatal(err)
	}
	for name, forged := range map[string]string{
		"another wallet":             changed("walletAddress", "0x0000000000000000000000000000000000000001"),
		"another balance":            changed("tokenBalances", map[string]any{"contractAddress": map[string]any{contract: "3"}}),
		"a longer life":              changed("exp", time.Now().Add(1000*time.Hour).Unix()),
		"no algorithm":               encode(map[string]any{"alg": "none", "typ": "JWT"}) + "." + parts[1] + ".",
		"no algorithm, signed":       encode(map[string]any{"alg": "none", "typ": "JWT"}) + "." + parts[1] + "." + parts[2],
		"another signature":          parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"a signature that is cut":    good[:len(good)-4],
		"another key":                signed(jose.ES256, key, nil),
		"another key, in the header": signed(jose.ES256, key, &jose.SignerOptions{EmbedJWK: true}),
		"HMAC":                       signed(jose.HS256, []byte(strings.Repeat("k", 32)), nil),
		"another server's":           elsewhere,
		"another project's":          string(mock.NewEthereumWallet(t).Login(t, client).AccessToken),
		"a JWT of nothing":           encode(map[string]any{}) + "." + encode(map[string]any{}) + ".AA",
	} {
		for handler, protected := range map[string]http.Handler{"required": s.required, "optional": s.optional, "gate": s.gate} {
			if diff := cmp.Diff(badToken, answerOf(protected, bearer(forged))); diff != "" {
				t.Error(name, handler, diff)
			}
		}
	}
}

func TestATokenIsGoodUntilItExpires(t *testing.T) {
	s := newSite(t)
	_, token := s.login(t)
	s.api.Advance(12*time.Hour - 30*time.Second)
	if diff := cmp.Diff(let, answerOf(s.required, bearer(token))); diff != "" {
		t.Error(diff)
	}
	s.api.Advance(31 * time.Second) // sooner than the lifetime of the cache
	if diff := cmp.Diff(badToken, answerOf(s.required, bearer(token))); diff != "" {
		t.Error(diff)
	}
}

func TestAGateOpensToHolders(t *testing.T) {
	s := newSite(t)
	wallet, token := s.login(t)
	try := func(name string, want answer, validations int) {
		t.Helper()
		if diff := cmp.Diff(want, answerOf(s.gate, bearer(token))); diff != "" {
			t.Error(name, diff)
		}
		if got := s.validations(); got != validations {
			t.Errorf("%s: the API was asked %d times, not %d", name, got, validations)
		}
	}
	set := func(balance picket.Decimal) {
		s.api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), balance)
	}
	try("nothing", denied, 1) // about the gate, and so about the token
	try("remembered", denied, 1)
	set("2.9")
	s.api.Advance(defaultDenialLifetime)
	try("too few, asked again", denied, 2)
	set("3")
	s.api.Advance(defaultDenialLifetime)
	try("enough", let, 3)
	set("0")
	try("still trusted", let, 3)
	s.api.Advance(defaultCacheLifetime)
	try("no longer", denied, 4)

	// After Authz the token itself proves it.
	set("3")
	opened, err := s.client.Authz(t.Context(), picket.AuthzRequest{AccessToken: picket.Secret(token), Requirements: holders})
	if err != nil {
		t.Fatal(err)
	}
	token = string(opened.AccessToken)
	try("proven", let, 5) // only about the token
}

func TestAGateThatTheAPIRefusesIsNotTheUsersFault(t *testing.T) {
	s := newSite(t)
	token := string(mock.NewFlowWallet(t, s.api.Project, mock.CurveP256).Login(t, s.client).AccessToken)
	gate := newGateOn(t, s.auth, "flow", picket.Requirements{ContractAddress: "A.0b2a3299cc857e29.TopShot"})(hello)
	for range 3 {
		if diff := cmp.Diff(gateRefused, answerOf(gate, bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if got := s.validations(); got != 1 {
		t.Errorf("the API was asked %d times, not once", got)
	}
	if diff := cmp.Diff(otherChain, answerOf(s.gate, bearer(token))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(let, answerOf(s.required, bearer(token))); diff != "" {
		t.Error(diff)
	}
}

// TestFaultsFailClosed makes everything go wrong that the mock can: with the check of a token, and with that of a gate
// when the token is known already.
func TestFaultsFailClosed(t *testing.T) {
	status := func(status int, code picket.ErrorCode) mock.Fault {
		return mock.Fault{Kind: mock.FaultStatus, Status: status, Code: code}
	}
	for name, fault := range map[string]mock.Fault{
		"401":           status(http.StatusUnauthorized, picket.CodeAPIKeyInvalid),
		"404":           status(http.StatusNotFound, picket.CodeResourceNotFound),
		"409":           status(http.StatusConflict, picket.CodeAccountExists),
		"424":           status(http.StatusFailedDependency, ""),
		"429":           {Kind: mock.FaultStatus, Status: http.StatusTooManyRequests},
		"500":           status(http.StatusInternalServerError, ""),
		"502":           status(http.StatusBadGateway, ""),
		"503":           status(http.StatusServiceUnavailable, ""),
		"504":           status(http.StatusGatewayTimeout, ""),
		"reset":         {Kind: mock.FaultReset},
		"reset, late":   {Kind: mock.FaultReset, Performed: true},
		"empty":         {Kind: mock.FaultEmpty},
		"truncated":     {Kind: mock.FaultTruncate},
		"malformed":     {Kind: mock.FaultMalformed},
		"HTML":          {Kind: mock.FaultContentType},
		"slow":          {Delay: time.Hour},
		"slow to speak": {Kind: mock.FaultDrip, Interval: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault.Operation = "validate"
			timeout := defaultCheckTimeout
			if strings.HasPrefix(name, "slow") {
				timeout = 50 * time.Millisecond
			}
			s := newSite(t, middleware.WithCheckTimeout(timeout))
			wallet, token := s.login(t)
			s.api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
			try := func(when string, want answer, handlers ...http.Handler) {
				t.Helper()
				for _, handler := range handlers {
					if diff := cmp.Diff(want, answerOf(handler, bearer(token))); diff != "" {
						t.Error(when, diff)
					}
				}
			}
			s.api.InjectFault(fault)
			try("fresh token", unavailable, s.required, s.optional, s.gate)
			s.api.ClearFaults()
			if timeout < time.Second {
				return // a good answer may be late, too
			}
			try("after it", let, s.required, s.optional)
			s.api.InjectFault(fault)
			try("known token", let, s.required, s.optional)
			try("known token, gate", unavailable, s.gate)
			s.api.ClearFaults()
			try("after all", let, s.gate)
		})
	}
}

func TestARefusalOfTheAPIKeyIsNotTheUsersFault(t *testing.T) {
	s := newSite(t)
	_, token := s.login(t)
	s.api.InjectFault(mock.Fault{Operation: "validate", Kind: mock.FaultStatus, Status: http.StatusForbidden, Code: picket.CodePermissionDenied})
	if diff := cmp.Diff(unavailable, answerOf(s.required, bearer(token))); diff != "" {
		t.Error(diff)
	}
}

func TestAnAPIThatIsGoneIsUnavailable(t *testing.T) {
	api := mock.Start(t)
	token := string(mock.NewEthereumWallet(t).Login(t, newClient(t, api)).AccessToken)
	client, err := picket.New(api.SecretKey, picket.WithBaseURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	auth := newAuthenticator(t, middleware.Remote(client), silent())
	if diff := cmp.Diff(unavailable, answerOf(auth.Required(hello), bearer(token))); diff != "" {
		t.Error(diff)
	}
}

func TestManyRequestsWithAFreshTokenAreOneValidation(t *testing.T) {
	s := newSite(t)
	_, token := s.login(t)
	var requests sync.WaitGroup
	for range 100 {
		requests.Go(func() {
			if diff := cmp.Diff(let, answerOf(s.required, bearer(token))); diff != "" {
				t.Error(diff)
			}
		})
	}
	requests.Wait()
	if got := s.validations(); got != 1 {
		t.Errorf("the API was asked %d times, not once", got)
	}
}

func TestGarbageIsNoCallOfTheAPI(t *testing.T) {
	s := newSite(t)
	for _, garbage := range []string{"abc", "a.b", "a..b", "a.b.c.d", "a.b.c=", strings.Repeat("a", 1<<20)} {
		if got := answerOf(s.gate, bearer(garbage)); got.Status != http.StatusUnauthorized {
			t.Errorf("%.20s: got %+v", garbage, got)
		}
	}
	if got := s.validations(); got != 0 {
		t.Errorf("the API was asked %d times", got)
	}
}

// TestIncrementalGatesAskTheAPISeldom takes a local check that trusts the API's once, in place of a verifier.
func TestIncrementalGatesAskTheAPISeldom(t *testing.T) {
	s := newSite(t)
	wallet := mock.NewEthereumWallet(t)
	s.api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	request := wallet.AuthRequest(t, s.client)
	request.Requirements = &holders
	login, err := s.client.Auth(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := s.client.Validate(t.Context(), picket.ValidateRequest{AccessToken: login.AccessToken})
	if err != nil {
		t.Fatal(err)
	}
	local := validator(func(_ context.Context, token picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
		if token != login.AccessToken {
			return nil, picket.CodeParameterInvalid
		}
		return payload, nil
	})
	auth := newAuthenticator(t, middleware.Incremental(local, middleware.Remote(s.client)), middleware.WithClock(s.api.Now))
	before := s.validations()
	for _, c := range []struct {
		name         string
		requirements picket.Requirements
		want         answer
		asked        int
	}{
		{"proven", holders, let, 0},
		{"not enough is proven", picket.Requirements{ContractAddress: contract, MinTokenBalance: "4"}, denied, 0},
		{"not known", picket.Requirements{ContractAddress: "0x0000000000000000000000000000000000000001"}, denied, 1},
	} {
		if diff := cmp.Diff(c.want, answerOf(newGate(t, auth, c.requirements)(hello), bearer(string(login.AccessToken)))); diff != "" {
			t.Error(c.name, diff)
		}
		if asked := s.validations() - before; asked != c.asked {
			t.Errorf("%s: the API was asked %d times, not %d", c.name, asked, c.asked)
		}
	}
}

func TestWhenToComeBackIsWhatTheAPISaid(t *testing.T) {
	for asked, want := range map[string]string{"": "5", "0": "5", "7": "7", "3600": "3600", "soon": "5"} {
		s := newSite(t)
		_, token := s.login(t)
		s.api.InjectFault(mock.Fault{Operation: "validate", Kind: mock.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: mock.RetryAfter(asked)})
		if got := answerOf(s.required, bearer(token)); got.Status != http.StatusServiceUnavailable || got.RetryAfter != want {
			t.Errorf("the API asks for %q, and the answer is %d with Retry-After %q; want %q", asked, got.Status, got.RetryAfter, want)
		}
	}
}

func TestATokenThatIsGoodNoMoreAtAGateIsABadToken(t *testing.T) {
	api := mock.Start(t)
	client := newClient(t, api)
	start := api.Now()
	auth := newAuthenticator(t, middleware.Remote(client), middleware.WithClock(func() time.Time { return start }), silent())
	gate := newGate(t, auth, holders)(hello)
	token := string(mock.NewEthereumWallet(t).Login(t, client).AccessToken)
	if got := answerOf(auth.Required(hello), bearer(token)); got.Status != http.StatusOK {
		t.Fatal(got)
	}
	api.Advance(13 * time.Hour) // and the cache has not heard of it
	if got := answerOf(gate, bearer(token)); got.Status != http.StatusUnauthorized {
		t.Errorf("got %v", got)
	}
	if got := answerOf(auth.Required(hello), bearer(token)); got.Status != http.StatusUnauthorized {
		t.Errorf("and after that %v", got)
	}
}
