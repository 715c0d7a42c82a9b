package chaos_test

import (
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// world is all that users act upon, and what is known of it.
type world struct {
	t        *testing.T
	seed     uint64
	now      clock
	api      *mock.Server
	bodies   *bodyCounter
	client   *http.Client
	log      *slog.Logger
	picket   *picket.Client
	verifier *accesstoken.Verifier
	guards   []guard
	chains   []picket.ChainInfo
	gates    []gate
	people   []person
	tally    tally
	weather  weather

	turns    atomic.Int64
	tokensMu sync.Mutex
	tokens   []token // shared by all users, so that they meet in caches
}

// person is a wallet and what is known of it, which does not change.
type person struct {
	*mock.Wallet
	member bool
	tenths int // how much it holds of the contract, in tenths
}

const (
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	nobodys  = "0x0000000000000000000000000000000000000001"
	people   = 24
	// maxTokens is how many tokens are shared: the last ones.
	maxTokens = 128
)

// gate is a requirement, and who meets it by the model.
type gate struct {
	requirements picket.Requirements
	met          func(person) bool
}

// token is an access token, and what is known of it.
type token struct {
	text   picket.Secret
	owner  person
	claims picket.AccessTokenPayload // meaningless when it is bad
	bad    bool                      // forged, or another project's
}

func (k token) expired(now time.Time) bool { return !now.Before(k.claims.ExpiresAt.Time()) }

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, seed: seed}
	w.now.set(time.Now())
	w.weather.random = rand.New(rand.NewPCG(seed, 0))
	w.tally.outcomes, w.tally.faults = map[string]*[2]int{}, map[string]int{}
	w.log = slog.New(slog.NewTextHandler(&leakDetector{t}, nil))
	w.bodies = &bodyCounter{transport: &http.Transport{MaxIdleConnsPerHost: *workers}}
	w.client = &http.Client{Transport: w.bodies}
	w.api = mock.Start(t, mock.WithFormat(picket.MessageFormatSimple), mock.WithClock(w.now.now))

	var err error
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.picket, err = picket.New(w.api.SecretKey, picket.WithBaseURL(w.api.URL), picket.WithHTTPClient(w.client), picket.WithLogger(w.log),
		picket.WithRetryWait(time.Microsecond, time.Millisecond), picket.WithTimeout(time.Second))
	must(err)
	w.chains, err = w.picket.Chains(t.Context())
	must(err)
	w.people = newPeople(t, w.api.Project)
	w.gates = newGates(w.people)
	w.tokens = badTokens(t, w.api, w.people[0])
	// The lifetimes are short, so that keys are fetched often and are gone in an outage.
	keys, err := accesstoken.DiscoverKeys(w.api.URL, accesstoken.WithHTTPClient(w.client), accesstoken.WithKeysClock(w.now.now),
		accesstoken.WithRefreshInterval(2*time.Minute), accesstoken.WithKeyLifetime(10*time.Minute), accesstoken.WithFetchTimeout(time.Second))
	must(err)
	w.verifier, err = accesstoken.NewVerifier(w.api.ID, keys, accesstoken.WithClock(w.now.now))
	must(err)
	for name, validator := range map[string]middleware.Validator{
		"remote":      middleware.Remote(w.picket),
		"incremental": middleware.Incremental(w.verifier, middleware.Remote(w.picket)),
	} {
		w.guards = append(w.guards, w.newGuard(name, validator))
	}
	return w
}

func newPeople(t *testing.T, project *mock.Project) []person {
	var list []person
	for i := range people {
		p := person{Wallet: mock.NewEthereumWallet(t), member: i%3 == 0, tenths: i % 8 * 5}
		if i%4 == 3 {
			p.Wallet = mock.NewSolanaWallet(t)
		}
		project.SetBalance(p.Chain, p.Address, mock.Contract(contract), tenths(p.tenths))
		list = append(list, p)
	}
	return list
}

func tenths(n int) picket.Decimal {
	return picket.Decimal(strconv.FormatFloat(float64(n)/10, 'f', -1, 64)) // of few digits, so that it is exact
}

func newGates(people []person) []gate {
	members := []string{}
	for _, p := range people {
		if p.member {
			members = append(members, p.Address)
		}
	}
	return []gate{
		{picket.Requirements{AllowedWallets: members}, func(p person) bool { return p.member }},
		{picket.Requirements{ContractAddress: contract}, func(p person) bool { return p.tenths > 0 }},
		{picket.Requirements{ContractAddress: contract, MinTokenBalance: "2.5"}, func(p person) bool { return p.tenths >= 25 }},
		{picket.Requirements{ContractAddress: contract, MinTokenBalance: "3", AllowedWallets: members}, func(p person) bool { return p.tenths >= 30 || p.member }},
		{picket.Requirements{ContractAddress: nobodys}, func(person) bool { return false }},
	}
}

// badTokens returns tokens that nothing may let in: of another project, of another signer, and with claims that were changed.
func badTokens(t *testing.T, api *mock.Server, p person) []token {
	login := func(key, url string) string {
		client, err := picket.New(key, picket.WithBaseURL(url))
		if err != nil {
			t.Fatal(err)
		}
		return string(p.Login(t, client).AccessToken)
	}
	elsewhere := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple), mock.WithClock(api.Now))
	good := login(api.SecretKey, api.URL)
	project := login(api.AddProject().SecretKey, api.URL)
	signer := login(elsewhere.SecretKey, elsewhere.URL)
	parts := strings.Split(good, ".")
	claims := readClaims(t, picket.Secret(good))
	claims.TokenBalances.ContractAddress = map[string]picket.Decimal{contract: "1000"}
	richer, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	var bad []token
	for _, text := range []string{
		project,
		signer,
		parts[0] + "." + base64.RawURLEncoding.EncodeToString(richer) + "." + parts[2],
		parts[0] + "." + strings.Split(signer, ".")[1] + "." + parts[2],
		parts[0] + "." + parts[1] + ".",
		"not a token",
	} {
		bad = append(bad, token{text: picket.Secret(text), owner: p, bad: true})
	}
	return bad
}

func readClaims(t *testing.T, text picket.Secret) picket.AccessTokenPayload {
	var claims picket.AccessTokenPayload
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(string(text), ".")[1])
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Errorf("an access token cannot be read: %v", err)
	}
	return claims
}

// share lets all users use a token; the bad ones are never forgotten.
func (w *world) share(k token, random *rand.Rand) {
	w.tokensMu.Lock()
	defer w.tokensMu.Unlock()
	if len(w.tokens) < maxTokens {
		w.tokens = append(w.tokens, k)
		return
	}
	if i := random.IntN(maxTokens); !w.tokens[i].bad {
		w.tokens[i] = k
	}
}

func (w *world) anyToken(random *rand.Rand) token {
	w.tokensMu.Lock()
	defer w.tokensMu.Unlock()
	return w.tokens[random.IntN(len(w.tokens))]
}

// clock is the time of everything but the network.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) set(t time.Time)         { c.nanoseconds.Store(t.UnixNano()) }
func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }
