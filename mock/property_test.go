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
				if good != (err == nil) || (err != nil && !errors.Is(err, picket.ErrParameterInvalid)) {
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

// meets returns whether the requirements are met, and the sum of the balances.
func (l ledger) meets(wallet string, r picket.Requirements) (bool, *big.Rat) {
	sum := new(big.Rat)
	counted := map[string]bool{}
	add := func(kind, name string) {
		if name != "" && !counted[kind+name] {
			counted[kind+name] = true
			sum.Add(sum, l.holds(kind+name))
		}
	}
	add("contract ", strings.ToLower(r.ContractAddress))
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
	allowed := slices.ContainsFunc(r.AllowedWallets, func(address string) bool { return strings.EqualFold(address, wallet) })
	return allowed || sum.Sign() > 0 && sum.Cmp(minimum) >= 0, sum
}

// drawGate generates requirements, and draws from few names so that balances are often met and often missed by little.
func drawGate(t *rapid.T, wallet string) picket.Requirements {
	contracts := rapid.SampledFrom([]string{contract, strings.ToLower(contract), "0x00000000000000000000000000000000000000aa"})
	names := rapid.SampledFrom([]string{"a", "b", "c"})
	var r picket.Requirements
	if rapid.Bool().Draw(t, "has a contract") {
		r.ContractAddress = contracts.Draw(t, "contract")
	}
	if rapid.Bool().Draw(t, "has a creator") {
		r.CreatorAddress = names.Draw(t, "creator")
	}
	if rapid.Bool().Draw(t, "has collections") {
		r.Collection = rapid.SliceOfN(names, 1, 3).Draw(t, "collections")
	}
	if rapid.Bool().Draw(t, "has mints") || r.ContractAddress+r.CreatorAddress == "" && r.Collection == nil {
		r.TokenIDs = rapid.SliceOfN(names, 1, 3).Draw(t, "mints")
	}
	if rapid.Bool().Draw(t, "has a minimum") {
		r.MinTokenBalance = picket.Decimal(rapid.StringMatching(`[0-4](\.(0|05|1|9))?`).Draw(t, "minimum"))
	}
	if rapid.IntRange(0, 4).Draw(t, "has wallets") == 0 {
		r.AllowedWallets = rapid.SliceOfN(rapid.SampledFrom([]string{strings.ToLower(wallet), someAddress}), 1, 2).Draw(t, "wallets")
	}
	return r
}

// seedBalances gives a wallet random balances, and returns them.
func seedBalances(t *rapid.T, o offline) ledger {
	held := ledger{}
	for _, token := range []struct {
		key   string
		token mock.Token
	}{
		{"contract " + strings.ToLower(contract), mock.Contract(contract)}, {"contract 0x00000000000000000000000000000000000000aa", mock.Contract("0x00000000000000000000000000000000000000AA")},
		{"creator a", mock.Creator("a")}, {"creator b", mock.Creator("b")}, {"collection a", mock.Collection("a")}, {"collection b", mock.Collection("b")}, {"mint a", mock.Mint("a")}, {"mint c", mock.Mint("c")},
	} {
		balance := rapid.StringMatching(`[0-2](\.(0|05|1|9))?`).Draw(t, token.key)
		o.SetBalance("ethereum", o.wallet.Address, token.token, picket.Decimal(balance))
		held[token.key], _ = new(big.Rat).SetString(balance)
	}
	return held
}

// TestTheMockDecidesAsThePlainModelHasIt asks every operation that takes requirements; they agree with the model and each other.
func TestTheMockDecidesAsThePlainModelHasIt(t *testing.T) {
	o := stopped(t)
	token := o.wallet.Login(t, o.client).AccessToken
	rapid.Check(t, func(t *rapid.T) {
		o.Reset(mock.PartState)
		held, r := seedBalances(t, o), drawGate(t, o.wallet.Address)
		met, sum := held.meets(o.wallet.Address, r)
		decided := func(operation string, err error) {
			if met != (err == nil) || (err != nil && !errors.Is(err, picket.ErrPermissionDenied)) {
				t.Fatalf("%s: want %v, got %v", operation, met, err)
			}
		}
		auth, err := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: r})
		decided("authz", err)
		_, err = o.client.Validate(ctx, picket.ValidateRequest{AccessToken: token, Requirements: &r})
		decided("validate", err)
		login := o.wallet.AuthRequest(t, o.client)
		login.Requirements = &r
		_, err = o.client.Auth(ctx, login)
		decided("auth", err)

		if auth != nil && r.AllowedWallets == nil {
			// What was proven decides the same without asking.
			outcome, err := picket.Evaluate(auth.User.WalletAddress, auth.User.TokenBalances, r)
			if err != nil || outcome != picket.OutcomeMet {
				t.Fatalf("the balances in the new token are %v, %v", outcome, err)
			}
		}
		wallets := r.AllowedWallets
		r.AllowedWallets = nil
		owned, err := o.client.TokenOwnership(ctx, "ethereum", o.wallet.Address, picket.TokenOwnershipRequest{
			ContractAddress: r.ContractAddress, Collection: r.Collection, CreatorAddress: r.CreatorAddress, TokenIDs: r.TokenIDs, MinTokenBalance: r.MinTokenBalance,
		})
		if err != nil {
			t.Fatal(err)
		}
		total, ok := new(big.Rat).SetString(string(owned.TokenBalance))
		if !ok || total.Cmp(sum) != 0 || (wallets == nil && owned.Allowed != met) {
			t.Fatalf("tokenOwnership is %+v; want %v and %s", owned, met, sum.FloatString(2))
		}
	})
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
		seedBalances(t, o)
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
			auth, err := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: from.token, Requirements: drawGate(t, o.wallet.Address)})
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

// checkGrowth fails unless the balances of a new token have all that the old one had.
func checkGrowth(t *rapid.T, before, after picket.TokenBalances) {
	for name, maps := range map[string][2]map[string]picket.Decimal{
		"contracts":   {before.ContractAddress, after.ContractAddress},
		"collections": {before.Collection, after.Collection},
		"creators":    {before.CreatorAddress, after.CreatorAddress},
		"mints":       {before.TokenIDs, after.TokenIDs},
	} {
		for token, balance := range maps[0] {
			if maps[1][token] != balance {
				t.Fatalf("the balance %s of %s of the %s became %q", balance, token, name, maps[1][token])
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
		if !errors.Is(err, picket.ErrParameterInvalid) {
			t.Fatalf("for another project, %s says %v", who, err)
		}
	}
	if !alive {
		_, gateErr := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: []string{o.wallet.Address}}})
		if !errors.Is(gateErr, picket.ErrParameterInvalid) || !errors.Is(localErr, accesstoken.ErrExpired) {
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
