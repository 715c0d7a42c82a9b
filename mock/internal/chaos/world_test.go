package chaos_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
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

// world is everything that users act upon, and what the model knows about it.
type world struct {
	t        *testing.T
	seed     uint64
	now      clock
	api      *mock.Server
	keys     *keyring
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

	forger *ecdsa.PrivateKey // whose key is never published

	turns    atomic.Int64
	crowding sync.Mutex
	tokensMu sync.Mutex
	tokens   []token // shared by all users, so that they meet in caches
}

// person is a wallet and what the model knows about it, which does not change.
type person struct {
	*mock.Wallet
	member bool
	chains []string       // on which it logs in
	tenths map[string]int // how much it holds, by chain: of the contract, and of the mint on Solana
}

// account is a person who is logged in on a chain.
type account struct {
	person
	chain string
}

const (
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984" // on every EVM chain
	nobodys  = "0x0000000000000000000000000000000000000001"
	mint     = "So11111111111111111111111111111111111111112"
	people   = 24
	// maxTokens is how many tokens are shared: the last ones.
	maxTokens = 128
	// keyLifetime is how long fetched keys are used.
	keyLifetime = 10 * time.Minute
	// The defaults of packages accesstoken and middleware.
	leeway        = 30 * time.Second
	cacheLifetime = time.Minute
)

// balance returns how much an account holds of a token, in tenths.
func (a account) balance(token string) int {
	if token == nobodys || (token == mint) != (a.chain == "solana") {
		return 0
	}
	return a.tenths[a.chain]
}

// gate is a requirement on a chain, and who meets it by the model: whoever holds enough of the token, or is on the list.
type gate struct {
	chain        string
	requirements picket.Requirements
	token        string
	enough       int    // in tenths
	list         string // of which members: those on "evm" or "solana", or "all"; empty when there is none
}

// held reports whether an account meets the requirements on its own chain, whichever the gate is for.
func (g gate) held(a account) bool {
	listed := a.member && (g.list == "all" || (g.list == "solana") == (a.chain == "solana") && g.list != "")
	return listed || (g.token != "" && a.balance(g.token) >= g.enough)
}

func (g gate) met(a account) bool {
	return (g.chain == picket.AnyChain || g.chain == a.chain) && g.held(a)
}

// token is an access token, and what the model knows about it.
type token struct {
	text   picket.Secret
	owner  account
	claims picket.AccessTokenPayload // meaningless when it is bad
	bad    bool                      // forged, or another project's
	key    *signingKey               // nil when it is bad
}

func (k token) expired(now time.Time, leeway time.Duration) bool {
	return !now.Before(k.claims.ExpiresAt.Time().Add(leeway))
}

// isWithdrawn reports whether the key of the token is no longer published, so that a verifier may not know it.
func (k token) isWithdrawn(now time.Time) bool {
	if k.key == nil {
		return false
	}
	_, withdrawn := k.key.withdrawn(now)
	return withdrawn
}

// isGone reports whether the key was withdrawn so long ago that no verifier may use it, nor the result of a check with it, which is
// remembered for a while.
func (k token) isGone(now time.Time, remembered time.Duration) bool {
	if k.key == nil {
		return false
	}
	ago, withdrawn := k.key.withdrawn(now)
	return withdrawn && ago >= keyLifetime+remembered
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{t: t, seed: seed}
	w.now.set(time.Now())
	w.weather.random = rand.New(rand.NewPCG(seed, 0))
	w.tally.outcomes, w.tally.faults, w.tally.events = map[string]*[2]int{}, map[string]int{}, map[string]int{}
	w.log = slog.New(slog.NewTextHandler(&leakDetector{t}, nil))
	transport := &http.Transport{MaxIdleConnsPerHost: *workers}
	w.keys = newKeyring(t, transport, w.now.now)
	w.bodies = &bodyCounter{transport: w.keys, idle: transport}
	w.client = &http.Client{Transport: w.bodies}
	w.api = mock.Start(t, mock.WithFormat(picket.MessageFormatSimple), mock.WithClock(w.now.now))
	var err error
	if w.forger, err = ecdsa.GenerateKey(elliptic.P256(), crand.Reader); err != nil {
		t.Fatal(err)
	}

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
	w.tokens = w.badTokens()
	// The lifetimes are short, so that keys are fetched often and expire during an outage.
	keys, err := accesstoken.DiscoverKeys(w.api.URL, accesstoken.WithHTTPClient(w.client), accesstoken.WithClock(w.now.now),
		accesstoken.WithRefreshInterval(2*time.Minute), accesstoken.WithKeyLifetime(keyLifetime), accesstoken.WithFetchTimeout(time.Second))
	must(err)
	w.verifier, err = accesstoken.NewVerifier(w.api.ID, keys, accesstoken.WithClock(w.now.now))
	must(err)
	remote := middleware.Remote(w.picket)
	w.guards = []guard{
		w.newGuard(guard{name: "remote", asks: true}, remote),
		w.newGuard(guard{name: "incremental", local: true, asks: true}, middleware.Incremental(w.verifier, remote)),
		w.newGuard(guard{name: "local", local: true}, w.verifier),
	}
	return w
}

// newPeople returns people. Most of them hold one balance of the contract on Ethereum, another on Polygon and none on Arbitrum; the
// others hold one of the mint on Solana.
func newPeople(t *testing.T, project *mock.Project) []person {
	var list []person
	for i := range people {
		p := person{
			Wallet: mock.NewEthereumWallet(t),
			member: i%3 == 0,
			chains: []string{"ethereum", "polygon", "arbitrum"},
			tenths: map[string]int{"ethereum": i % 8 * 5, "polygon": (7 - i%8) * 5},
		}
		if i%4 == 3 {
			p.Wallet, p.chains, p.tenths = mock.NewSolanaWallet(t), []string{"solana"}, map[string]int{"solana": i / 4 * 10}
		}
		for chain, balance := range p.tenths {
			held := mock.Contract(contract)
			if chain == "solana" {
				held = mock.Mint(mint)
			}
			project.SetBalance(chain, p.Address, held, tenths(balance))
		}
		list = append(list, p)
	}
	return list
}

func tenths(n int) picket.Decimal {
	return picket.Decimal(strconv.FormatFloat(float64(n)/10, 'f', -1, 64)) // of few digits, so that it is exact
}

func newGates(people []person) []gate {
	var members, onSolana, onEVM []string
	for _, p := range people {
		switch {
		case !p.member:
			continue
		case p.Chain == "solana":
			onSolana = append(onSolana, p.Address)
		default:
			onEVM = append(onEVM, strings.ToLower(p.Address))
		}
		members = append(members, p.Address)
	}
	return []gate{
		{"ethereum", picket.Requirements{AllowedWallets: onEVM}, "", 0, "evm"},
		{"ethereum", picket.Requirements{ContractAddress: contract}, contract, 1, ""},
		{"ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "2.5"}, contract, 25, ""},
		{"ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "3", AllowedWallets: onEVM}, contract, 30, "evm"},
		{"ethereum", picket.Requirements{ContractAddress: nobodys}, nobodys, 1, ""},
		{"polygon", picket.Requirements{ContractAddress: contract}, contract, 1, ""},
		{"polygon", picket.Requirements{ContractAddress: strings.ToLower(contract), MinTokenBalance: "2.50"}, contract, 25, ""},
		{"polygon", picket.Requirements{AllowedWallets: onEVM}, "", 0, "evm"},
		{"solana", picket.Requirements{TokenIDs: []string{mint}, MinTokenBalance: "2"}, mint, 20, ""},
		{"solana", picket.Requirements{TokenIDs: []string{mint, mint}, MinTokenBalance: "3", AllowedWallets: onSolana}, mint, 30, "solana"},
		{picket.AnyChain, picket.Requirements{AllowedWallets: members}, "", 0, "all"},
	}
}

// badTokens returns tokens that must never be accepted: of another project, of another API, and with changed claims.
func (w *world) badTokens() []token {
	a := account{w.people[0], "ethereum"}
	login := func(key, url string, options ...picket.Option) string {
		client, err := picket.New(key, append(options, picket.WithBaseURL(url))...)
		if err != nil {
			w.t.Fatal(err)
		}
		return string(a.Login(w.t, client).AccessToken)
	}
	elsewhere := mock.Start(w.t, mock.WithFormat(picket.MessageFormatSimple), mock.WithClock(w.now.now))
	elsewhere.RotateSigningKey(nil, 0) // every mock begins with the same key
	good := login(w.api.SecretKey, w.api.URL, picket.WithHTTPClient(w.client))
	project := login(w.api.AddProject().SecretKey, w.api.URL, picket.WithHTTPClient(w.client))
	signer := login(elsewhere.SecretKey, elsewhere.URL)
	parts := strings.Split(good, ".")
	claims := readClaims(w.t, picket.Secret(good))
	claims.TokenBalances.ContractAddress = map[string]picket.Decimal{contract: "1000"}
	richer, err := json.Marshal(claims)
	if err != nil {
		w.t.Fatal(err)
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
		bad = append(bad, token{text: picket.Secret(text), owner: a, bad: true})
	}
	return bad
}

// forge returns a new token with the claims that a user would like to have, signed with a key that is never published.
func (u *user) forge() token {
	p := u.anyPerson()
	a := account{p, p.chains[u.random.IntN(len(p.chains))]}
	now := u.now.now()
	claims, err := json.Marshal(picket.AccessTokenPayload{
		Chain: a.chain, WalletAddress: a.Address, DisplayAddress: a.Address,
		TokenBalances: picket.TokenBalances{ContractAddress: map[string]picket.Decimal{contract: "1000"}, TokenIDs: map[string]picket.Decimal{mint: "1000"}},
		IssuedAt:      picket.NumericDate(now.Unix()), ExpiresAt: picket.NumericDate(now.Add(12 * time.Hour).Unix()),
		Issuer: "picketapi.com", Subject: a.chain + ":" + a.Address, Audience: u.api.ID, AccessTokenID: fmt.Sprintf("%016x", u.random.Uint64()), Version: 1,
	})
	if err != nil {
		u.t.Error(err)
	}
	return token{text: picket.Secret(signJWT(u.forger, encodeJWT(string(claims)))), owner: a, bad: true}
}

// encodeJWT returns the header of an access token and claims as they are signed.
func encodeJWT(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"ES256","typ":"JWT"}`)) + "." + encode([]byte(claims))
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

// share lets all users use a token, in place of one that is not bad when there are too many.
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

// anyToken returns one of the tokens that all share, or a new forgery.
func (u *user) anyToken() token {
	if u.random.IntN(10) == 0 {
		return u.forge()
	}
	u.tokensMu.Lock()
	defer u.tokensMu.Unlock()
	return u.tokens[u.random.IntN(len(u.tokens))]
}

// clock is the time of everything except the network.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) set(t time.Time)         { c.nanoseconds.Store(t.UnixNano()) }
func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }
