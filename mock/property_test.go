package mock_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// stopped returns a mock without a network whose clock stands still until it is advanced.
func stopped(t *testing.T) offline {
	t.Helper()
	return newOffline(t, mock.WithClock(func() time.Time { return time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC) }))
}

// nonces is the life of nonces as the documentation has it, in a few lines.
type nonces struct {
	now    time.Duration
	living map[string]modelNonce // by project and address
}

type modelNonce struct {
	value   string
	expires time.Duration
}

func (m *nonces) get(key string) (string, bool) {
	n, ok := m.living[key]
	return n.value, ok && m.now < n.expires
}

// TestNoncesLiveAsTheModelHasIt asks for nonces, signs them, logs in, tries old signatures and those of others, and lets time pass, in any
// order, in two projects and for three wallets of which two are one account on two chains.
func TestNoncesLiveAsTheModelHasIt(t *testing.T) {
	o := stopped(t)
	second := o.AddProject()
	type player struct {
		project *mock.Project
		client  *picket.Client
		wallet  *mock.Wallet
	}
	var players []player
	for _, project := range []*mock.Project{o.Project, second} {
		for _, wallet := range []*mock.Wallet{fixedWallet(t, "ethereum", 1), fixedWallet(t, "polygon", 1), fixedWallet(t, "ethereum", 2)} {
			players = append(players, player{project, offlineClient(t, o.Server, project.SecretKey), wallet})
		}
	}
	type signed struct {
		by    int // of players
		nonce string
		login picket.AuthRequest
	}
	rapid.Check(t, func(t *rapid.T) {
		o.Reset()
		second.Reset()
		model := nonces{living: map[string]modelNonce{}}
		key := func(p player) string { return p.project.ID + p.wallet.Address }
		var held []signed
		seen := map[string]bool{}
		actions := map[string]func(){
			"ask": func() {
				by := rapid.IntRange(0, len(players)-1).Draw(t, "player")
				p := players[by]
				got, err := p.client.Nonce(ctx, picket.NonceRequest{Chain: p.wallet.Chain, WalletAddress: p.wallet.Address})
				if err != nil {
					t.Fatal(err)
				}
				want, alive := model.get(key(p))
				switch {
				case alive && got.Nonce != want:
					t.Fatalf("the living nonce %s became %s", want, got.Nonce)
				case !alive && seen[got.Nonce]:
					t.Fatalf("the dead nonce %s came back", got.Nonce)
				case !alive:
					model.living[key(p)] = modelNonce{got.Nonce, model.now + 2*time.Minute}
					seen[got.Nonce] = true
				}
				got.Format = picket.MessageFormatSimple
				message, err := picket.SigningMessage(got, p.wallet.Address, picket.SigningMessageContext{})
				if err != nil {
					t.Fatal(err)
				}
				held = append(held, signed{by, got.Nonce, picket.AuthRequest{Signature: p.wallet.Sign(message)}})
			},
			"login": func() {
				if len(held) == 0 {
					return // nothing was signed
				}
				s := rapid.SampledFrom(held).Draw(t, "signature")
				to := rapid.SampledFrom([]int{s.by, s.by, s.by, 0, 1, 2, 3, 4, 5}).Draw(t, "player")
				login := s.login
				login.WalletAddress, login.Chain = players[to].wallet.Address, players[to].wallet.Chain
				current, alive := model.get(key(players[to]))
				// The signature is over address and nonce, and not over the request's chain.
				good := alive && current == s.nonce && players[to].wallet.Address == players[s.by].wallet.Address
				_, err := players[to].client.Auth(ctx, login)
				if good != (err == nil) || (err != nil && !errors.Is(err, picket.CodeParameterInvalid)) {
					t.Fatalf("player %d with the signature of %d: want success %v, got %v", to, s.by, good, err)
				}
				if good {
					delete(model.living, key(players[to]))
				}
			},
			"wait": func() {
				d := rapid.SampledFrom([]time.Duration{time.Second, 59 * time.Second, time.Minute, 2*time.Minute - 1, 1, 2 * time.Minute}).Draw(t, "duration")
				model.now += d
				o.Advance(d)
				second.Advance(d)
			},
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") { // each is a signature or more, so that t.Repeat would take long
			actions[rapid.SampledFrom([]string{"ask", "login", "login", "wait"}).Draw(t, "action")]()
		}
	})
}

// ledger is what wallets hold, and requirements as the documentation has them, in a few lines.
type ledger map[string]*big.Rat

func (l ledger) holds(token string) *big.Rat {
	if balance, ok := l[token]; ok {
		return balance
	}
	return new(big.Rat)
}

// plainName is the spelling of a name that all its spellings share on a chain.
func plainName(chain, name string) string {
	if chain == "solana" {
		return name
	}
	return strings.ToLower(name)
}

// meets returns whether the requirements are met, and the sum of the balances.
func (l ledger) meets(chain, wallet string, r picket.Requirements) (bool, *big.Rat) {
	sum := new(big.Rat)
	counted := map[string]bool{}
	add := func(kind, name string) {
		key := kind + plainName(chain, name)
		if name != "" && !counted[key] {
			counted[key] = true
			sum.Add(sum, l.holds(key))
		}
	}
	add("contract ", r.ContractAddress)
	add("creator ", r.CreatorAddress)
	for _, name := range r.Collection {
		add("collection ", name)
	}
	for _, name := range r.TokenIDs {
		add("mint ", name)
	}
	minimum := new(big.Rat)
	if r.MinTokenBalance != "" {
		minimum.SetString(string(r.MinTokenBalance))
	}
	allowed := slices.ContainsFunc(r.AllowedWallets, func(address string) bool { return plainName(chain, address) == plainName(chain, wallet) })
	return allowed || sum.Sign() > 0 && sum.Cmp(minimum) >= 0, sum
}

const (
	otherContract = "0x00000000000000000000000000000000000000aa"
	// Two addresses of Solana that differ in the case of a letter.
	firstMint, secondMint, thirdMint = "4nd1mYQzvgV8Vr3Z3nYb7pD6T8K9jF2eqWxsPfVnA1Bc", "4Nd1mYQzvgV8Vr3Z3nYb7pD6T8K9jF2eqWxsPfVnA1Bc", "So11111111111111111111111111111111111111112"
)

// namesOn returns the names of contracts and of what else tokens can be known by on a chain, in several spellings where there are.
func namesOn(chain string) (contracts, others []string) {
	if chain == "solana" {
		return nil, []string{firstMint, secondMint, thirdMint}
	}
	spelt := []string{contract, strings.ToLower(contract), "0x" + strings.ToUpper(contract[2:]), otherContract, "0x00000000000000000000000000000000000000aA"}
	return spelt, spelt
}

// drawGate generates requirements, and draws from few names so that balances are often met and often missed by little. Those that
// are not only of the chain's own kinds of tokens are no picket.Gate, but the mock decides about them all the same.
func drawGate(t *rapid.T, wallet *mock.Wallet) picket.Requirements {
	var r picket.Requirements
	contracts, others := namesOn(wallet.Chain)
	names := rapid.SampledFrom(others)
	wallets := rapid.SampledFrom([]string{strings.ToLower(wallet.Address), wallet.Address, someAddress})
	if wallet.Chain == "flow" {
		r.AllowedWallets = rapid.SliceOfN(wallets, 1, 2).Draw(t, "wallets")
		return r
	}
	foreign := contracts == nil || rapid.IntRange(0, 3).Draw(t, "has foreign kinds") == 0
	if contracts != nil && rapid.Bool().Draw(t, "has a contract") {
		r.ContractAddress = rapid.SampledFrom(contracts).Draw(t, "contract")
	}
	if foreign && rapid.Bool().Draw(t, "has a creator") {
		r.CreatorAddress = names.Draw(t, "creator")
	}
	if foreign && rapid.Bool().Draw(t, "has collections") {
		r.Collection = rapid.SliceOfN(names, 1, 3).Draw(t, "collections")
	}
	if foreign && rapid.Bool().Draw(t, "has mints") {
		r.TokenIDs = rapid.SliceOfN(names, 1, 3).Draw(t, "mints")
	}
	if r.ContractAddress+r.CreatorAddress == "" && r.Collection == nil && r.TokenIDs == nil {
		if foreign {
			r.TokenIDs = rapid.SliceOfN(names, 1, 3).Draw(t, "mints")
		} else {
			r.ContractAddress = rapid.SampledFrom(contracts).Draw(t, "contract")
		}
	}
	if rapid.Bool().Draw(t, "has a minimum") {
		r.MinTokenBalance = picket.Decimal(rapid.StringMatching(`[0-4](\.(0|05|1|9))?`).Draw(t, "minimum"))
	}
	if rapid.IntRange(0, 4).Draw(t, "has wallets") == 0 {
		r.AllowedWallets = rapid.SliceOfN(wallets, 1, 2).Draw(t, "wallets")
	}
	return r
}

// seedBalances gives a wallet random balances, in any spelling of the tokens, and returns them.
func seedBalances(t *rapid.T, o offline, wallet *mock.Wallet) ledger {
	held := ledger{}
	contracts, others := namesOn(wallet.Chain)
	seed := func(kind string, names []string, tokenOf func(string) mock.Token) {
		for _, name := range names {
			if rapid.Bool().Draw(t, "seeds "+kind+name) {
				continue
			}
			balance := rapid.StringMatching(`[0-2](\.(0|05|1|9))?`).Draw(t, kind+name)
			o.SetBalance(wallet.Chain, wallet.Address, tokenOf(name), picket.Decimal(balance))
			held[kind+plainName(wallet.Chain, name)], _ = new(big.Rat).SetString(balance)
		}
	}
	if wallet.Chain != "flow" {
		seed("contract ", contracts, mock.Contract)
		seed("creator ", others, mock.Creator)
		seed("collection ", others, mock.Collection)
		seed("mint ", others, mock.Mint)
	}
	return held
}

// agreesWithTheGate fails unless picket.Gate decides about a token that proves all that counts as the mock did. It reports whether
// there is such a gate.
func agreesWithTheGate(t *rapid.T, user picket.AuthenticatedUser, r picket.Requirements, met bool) bool {
	gate, err := picket.NewGate(user.Chain, r)
	if err != nil {
		return false
	}
	outcome, err := gate.Evaluate(user)
	want := map[bool]picket.Outcome{true: picket.OutcomeMet, false: picket.OutcomeNotMet}[met]
	if err != nil || outcome != want {
		t.Fatalf("the gate for %+v says %v, %v to a user with %+v, and the mock %v", r, outcome, err, user.TokenBalances, want)
	}
	return true
}

// TestTheMockDecidesAsThePlainModelAndTheGateHaveIt asks every operation that takes requirements, on chains of each type; they
// agree with the model, with each other, and with picket.Gate.
func TestTheMockDecidesAsThePlainModelAndTheGateHaveIt(t *testing.T) {
	o := stopped(t)
	wallets := []*mock.Wallet{o.wallet, fixedWallet(t, "polygon", 1), fixedSolanaWallet(t, 1), mock.NewFlowWallet(t, o.Project, mock.CurveP256)}
	keys := o.FlowKeys()
	tokens := map[*mock.Wallet]picket.Secret{}
	for _, wallet := range wallets {
		tokens[wallet] = wallet.Login(t, o.client).AccessToken
	}
	gates := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		o.Reset(mock.PartState)
		o.AddFlowKey(keys[0])
		wallet := rapid.SampledFrom(wallets).Draw(t, "wallet")
		token, chain := tokens[wallet], wallet.Chain
		held, r := seedBalances(t, o, wallet), drawGate(t, wallet)
		met, sum := held.meets(chain, wallet.Address, r)
		decided := func(operation string, err error) {
			if met != (err == nil) || (err != nil && !errors.Is(err, picket.CodePermissionDenied)) {
				t.Fatalf("%s: want %v, got %v", operation, met, err)
			}
		}
		auth, err := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: r})
		decided("authz", err)
		_, err = o.client.Validate(ctx, picket.ValidateRequest{AccessToken: token, Requirements: &r})
		decided("validate", err)
		login := wallet.AuthRequest(t, o.client)
		login.Requirements = &r
		_, err = o.client.Auth(ctx, login)
		decided("auth", err)

		if auth != nil && r.AllowedWallets == nil {
			// What was proven decides the same without asking.
			agreesWithTheGate(t, auth.User, r, true)
		}
		wallets := r.AllowedWallets
		r.AllowedWallets = nil
		if chain == "flow" {
			if agreesWithTheGate(t, picket.AuthenticatedUser{Chain: chain, WalletAddress: wallet.Address}, picket.Requirements{AllowedWallets: wallets}, met) {
				gates[chain]++
			}
			return
		}
		owned, err := o.client.TokenOwnership(ctx, chain, wallet.Address, picket.TokenOwnershipRequest{
			ContractAddress: r.ContractAddress, Collection: r.Collection, CreatorAddress: r.CreatorAddress, TokenIDs: r.TokenIDs, MinTokenBalance: r.MinTokenBalance,
		})
		if err != nil {
			t.Fatal(err)
		}
		total, ok := new(big.Rat).SetString(string(owned.TokenBalance))
		if !ok || total.Cmp(sum) != 0 || (wallets == nil && owned.Allowed != met) {
			t.Fatalf("tokenOwnership is %+v; want %v and %s", owned, met, sum.FloatString(2))
		}
		// Whoever adds up the balances that the mock tells comes to the same total.
		again := new(big.Rat)
		for _, balances := range []map[string]picket.Decimal{owned.TokenBalances.ContractAddress, owned.TokenBalances.Collection, owned.TokenBalances.CreatorAddress, owned.TokenBalances.TokenIDs} {
			for _, balance := range balances {
				one, _ := new(big.Rat).SetString(string(balance))
				again.Add(again, one)
			}
		}
		if again.Cmp(sum) != 0 {
			t.Fatalf("the balances %+v do not add up to %s", owned.TokenBalances, sum.FloatString(2))
		}
		// A gate has the last word on what it was told, be it met or not.
		r.AllowedWallets = wallets
		user := picket.AuthenticatedUser{Chain: chain, WalletAddress: wallet.Address, TokenBalances: owned.TokenBalances}
		if agreesWithTheGate(t, user, r, met) {
			gates[chain]++
		}
	})
	for _, wallet := range wallets {
		if gates[wallet.Chain] == 0 {
			t.Errorf("no gate on %s was compared", wallet.Chain)
		}
	}
}

// TestTokensSayTheSameEverywhere takes tokens through gates, lets time pass, and asks all who read tokens: they agree on the claims
// while a token lives, and all refuse it, and that of another project, in the same way.
func TestTokensSayTheSameEverywhere(t *testing.T) {
	o := stopped(t)
	second := o.AddProject()
	other := offlineClient(t, o.Server, second.SecretKey)
	httpClient := accesstoken.WithHTTPClient(&http.Client{Transport: throughHandler{o.Handler()}})
	keys, err := accesstoken.DiscoverKeys("http://localhost/api/v1", httpClient)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(o.ID, keys, accesstoken.WithClock(o.Now), accesstoken.WithLeeway(0))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := accesstoken.NewVerifier(second.ID, keys, accesstoken.WithClock(o.Now), accesstoken.WithLeeway(0))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		o.Reset()
		second.Reset()
		seedBalances(t, o, o.wallet)
		type issued struct {
			token   picket.Secret
			expires time.Time
			user    picket.AuthenticatedUser
		}
		login := o.wallet.Login(t, o.client)
		tokens := []issued{{login.AccessToken, o.Now().Add(12 * time.Hour), login.User}}
		for range rapid.IntRange(0, 5).Draw(t, "steps") { // each is a signature or more, so that t.Repeat would take long
			if rapid.Bool().Draw(t, "waits") {
				d := rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 6 * time.Hour, 12*time.Hour - time.Second}).Draw(t, "duration")
				o.Advance(d)
				second.Advance(d)
				continue
			}
			from := rapid.SampledFrom(tokens).Draw(t, "token")
			auth, err := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: from.token, Requirements: drawGate(t, o.wallet)})
			if err != nil {
				continue // which requirements are met is the business of another test
			}
			checkGrowth(t, from.user.TokenBalances, auth.User.TokenBalances)
			tokens = append(tokens, issued{auth.AccessToken, o.Now().Add(12 * time.Hour), auth.User})
		}
		asked := rapid.SampledFrom(tokens).Draw(t, "asked")
		checkEverywhere(t, o, other, verifier, foreign, asked.token, asked.user, o.Now().Before(asked.expires))
	})
}

// checkGrowth fails unless the balances of a new token have all that the old one had, each token in one spelling.
func checkGrowth(t *rapid.T, before, after picket.TokenBalances) {
	for name, maps := range map[string][2]map[string]picket.Decimal{
		"contracts":   {before.ContractAddress, after.ContractAddress},
		"collections": {before.Collection, after.Collection},
		"creators":    {before.CreatorAddress, after.CreatorAddress},
		"mints":       {before.TokenIDs, after.TokenIDs},
	} {
		after := map[string]picket.Decimal{}
		for token, balance := range maps[1] {
			if _, twice := after[strings.ToLower(token)]; twice {
				t.Fatalf("the %s have %s twice: %v", name, token, maps[1])
			}
			after[strings.ToLower(token)] = balance
		}
		for token, balance := range maps[0] {
			if got := after[strings.ToLower(token)]; got != balance {
				t.Fatalf("the balance %s of %s of the %s became %q", balance, token, name, got)
			}
		}
	}
}

// checkEverywhere asks all who read tokens about one.
func checkEverywhere(t *rapid.T, o offline, other *picket.Client, verifier, foreign *accesstoken.Verifier, token picket.Secret, user picket.AuthenticatedUser, alive bool) {
	claims, err := o.client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
	local, localErr := verifier.Verify(ctx, token)
	status, info := userInfo(t, o, token)
	if alive != (err == nil) || alive != (localErr == nil) || alive != (status == 200) {
		t.Fatalf("the token lives: %v; validate says %v, the verifier %v, userinfo %d", alive, err, localErr, status)
	}
	// Of another project it is never good.
	_, err = other.Validate(ctx, picket.ValidateRequest{AccessToken: token})
	_, gateErr := other.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: []string{o.wallet.Address}}})
	_, foreignErr := foreign.Verify(ctx, token)
	for who, err := range map[string]error{"validate": err, "authz": gateErr, "the verifier": foreignErr} {
		if !errors.Is(err, picket.CodeParameterInvalid) {
			t.Fatalf("for another project, %s says %v", who, err)
		}
	}
	if !alive {
		_, gateErr := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: []string{o.wallet.Address}}})
		if !errors.Is(gateErr, picket.CodeParameterInvalid) || !errors.Is(localErr, accesstoken.ErrExpired) {
			t.Fatalf("an expired token: authz says %v, the verifier %v", gateErr, localErr)
		}
		return
	}
	if diff := cmp.Diff(claims, local); diff != "" {
		t.Fatalf("the API and the verifier do not agree: %s", diff)
	}
	told := picket.AuthenticatedUser{Chain: claims.Chain, WalletAddress: claims.WalletAddress, DisplayAddress: claims.DisplayAddress, TokenBalances: claims.TokenBalances}
	if diff := cmp.Diff(user, told); diff != "" {
		t.Fatalf("the login and the token do not agree: %s", diff)
	}
	if info.Sub != claims.Subject || info.WalletAddress != claims.WalletAddress || info.Chain != claims.Chain || claims.Audience != o.ID {
		t.Fatalf("userinfo is %+v, and the claims are %+v", info, claims)
	}
}

type userInfoAnswer struct{ Sub, Chain, WalletAddress string }

func userInfo(t *rapid.T, o offline, token picket.Secret) (int, userInfoAnswer) {
	request := httptest.NewRequest(http.MethodGet, "/api/v1/oauth2/userinfo", nil)
	request.Header.Set("Authorization", "Bearer "+string(token))
	answer := httptest.NewRecorder()
	o.Handler().ServeHTTP(answer, request)
	var info userInfoAnswer
	if err := json.Unmarshal(answer.Body.Bytes(), &info); err != nil {
		t.Fatalf("userinfo is %q", answer.Body)
	}
	return answer.Code, info
}
