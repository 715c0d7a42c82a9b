package chaos_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// user is one of many who act at the same time.
type user struct {
	*world
	random  *rand.Rand
	actions []func()
}

func (w *world) newUser(number, part uint64) *user {
	u := &user{world: w, random: rand.New(rand.NewPCG(w.seed, number+part<<16+1))}
	u.actions = []func(){
		u.login, u.login, u.passwordGrant, u.authz, u.validate, u.ownership, u.listChains, u.oneChain, u.strangeGrants,
		u.verifyLocally, u.validateLocally, u.visit, u.visit, u.visit, u.visit, u.visit, u.visit,
	}
	return u
}

func (u *user) act() {
	if u.random.IntN(200) == 0 {
		u.comeAndGo()
		return
	}
	u.actions[u.random.IntN(len(u.actions))]()
}

// attempt makes a call with a context that may end at any time, and checks its error.
func (u *user) attempt(name string, call func(context.Context, ...picket.CallOption) error) error {
	ctx, cancel := u.impatience()
	defer cancel()
	err := call(ctx, picket.WithMaxRetries(u.random.IntN(3)))
	u.tally.count(name, err)
	checkError(u.t, err)
	u.isNobodyElses(ctx, name, err)
	return err
}

func (u *user) impatience() (context.Context, context.CancelFunc) {
	patience := time.Duration(u.random.Int64N(int64(4 * time.Millisecond)))
	switch u.random.IntN(10) {
	case 0:
		return context.WithTimeout(u.t.Context(), patience)
	case 1:
		ctx, cancel := context.WithCancel(u.t.Context())
		timer := time.AfterFunc(patience, cancel)
		return ctx, func() { timer.Stop(); cancel() }
	}
	return u.t.Context(), func() {}
}

func (u *user) anyPerson() person { return u.people[u.random.IntN(len(u.people))] }

// anyAccount returns somebody who is to log in on one of their chains.
func (u *user) anyAccount() account {
	p := u.anyPerson()
	return account{p, p.chains[u.random.IntN(len(p.chains))]}
}

// anyGate returns the index of a gate, one of all or one that the account meets.
func (u *user) anyGate(a account) int {
	var met []int
	for i, g := range u.gates {
		if g.met(a) {
			met = append(met, i)
		}
	}
	if len(met) == 0 || u.random.IntN(2) == 0 {
		return u.random.IntN(len(u.gates))
	}
	return met[u.random.IntN(len(met))]
}

// sign asks for a nonce and signs it, or lets somebody else sign it, which makes the signature bad.
func (u *user) sign(p account) (signature picket.Secret, bad, ok bool) {
	var nonce *picket.NonceResponse
	err := u.attempt("nonce", func(ctx context.Context, options ...picket.CallOption) (err error) {
		nonce, err = u.picket.Nonce(ctx, picket.NonceRequest{Chain: p.chain, WalletAddress: p.Address, Locale: "en"}, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("nonce", err)
		return "", false, false
	}
	if nonce.Nonce == "" || nonce.Statement != tenant.DefaultSettings().Statements[""] || nonce.Format != picket.MessageFormatSimple {
		u.t.Errorf("nonce: got %+v", nonce)
	}
	message, err := picket.SigningMessage(nonce, p.Address, picket.SigningMessageContext{})
	if err != nil {
		u.t.Error(err)
		return "", false, false
	}
	if signer := u.anyPerson(); u.random.IntN(4) == 0 && signer.Address != p.Address {
		return signer.Sign(message), true, true
	}
	return p.Sign(message), false, true
}

func (u *user) login() {
	p := u.anyAccount()
	signature, bad, ok := u.sign(p)
	if !ok {
		return
	}
	request := picket.AuthRequest{Chain: p.chain, WalletAddress: p.Address, Signature: signature}
	met, bound := true, []picket.CallOption(nil)
	if u.random.IntN(2) == 0 {
		g := u.gates[u.anyGate(p)]
		request.Requirements = &g.requirements
		met, bound = u.bind(g, p)
	}
	var auth *picket.AuthResponse
	call := func(ctx context.Context, options ...picket.CallOption) (err error) {
		auth, err = u.picket.Auth(ctx, request, append(options, bound...)...)
		return err
	}
	err := u.attempt("auth", call)
	switch {
	case err == nil && (bad || !met):
		u.t.Errorf("auth: let in %s on %s, with a bad signature: %v, who meets the gate: %v", p.Address, p.chain, bad, met)
	case err == nil:
		u.loggedIn("auth", p, auth.AccessToken, auth.User)
		if again := u.attempt("auth again", call); again == nil {
			u.t.Errorf("auth: a signature of %s logged in twice", p.Address)
		}
	case met && errors.Is(err, picket.CodePermissionDenied):
		u.t.Errorf("auth: %s meets the gate and was refused: %v", p.Address, err)
	}
}

// bind reports whether an account meets a gate in a call of the API. The API judges on the chain of the login, and only WithChain,
// which is used at random, ensures that this is the gate's chain.
func (u *user) bind(g gate, a account) (met bool, options []picket.CallOption) {
	if u.random.IntN(2) == 0 {
		return g.held(a), nil
	}
	return g.met(a), []picket.CallOption{picket.WithChain(g.chain)}
}

func (u *user) passwordGrant() {
	p := u.anyAccount()
	signature, bad, ok := u.sign(p)
	if !ok {
		return
	}
	var response *picket.OAuthTokenResponse
	err := u.attempt("token", func(ctx context.Context, options ...picket.CallOption) (err error) {
		response, err = u.picket.ExchangeGrant(ctx, picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Chain: p.chain, Username: p.Address, Password: signature}, options...)
		return err
	})
	switch {
	case err == nil && bad:
		u.t.Errorf("token: let in %s with a bad signature", p.Address)
	case err == nil:
		u.loggedIn("token", p, response.AccessToken, *response.User)
	}
}

// strangeGrants asks for a token with a code that was never issued.
func (u *user) strangeGrants() {
	err := u.attempt("token", func(ctx context.Context, options ...picket.CallOption) error {
		_, err := u.picket.ExchangeGrant(ctx, picket.OAuthTokenRequest{
			GrantType: picket.GrantAuthorizationCode, Code: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", RedirectURI: "http://localhost:3000/",
			CodeVerifier: "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
		}, options...)
		return err
	})
	if err == nil {
		u.t.Error("token: a code that was never issued is good")
	}
}

// loggedIn checks what a login returned, and shares the token.
func (u *user) loggedIn(call string, p account, text picket.Secret, got picket.AuthenticatedUser) {
	k := token{text: text, owner: p, claims: readClaims(u.t, text), key: u.keys.keyOf(text)}
	if k.key == nil {
		u.t.Errorf("%s: the token is not one of the API", call)
	}
	for _, claimed := range []picket.AuthenticatedUser{got, {
		Chain: k.claims.Chain, WalletAddress: k.claims.WalletAddress, DisplayAddress: k.claims.DisplayAddress, TokenBalances: k.claims.TokenBalances,
	}} {
		want := picket.AuthenticatedUser{Chain: p.chain, WalletAddress: p.Address, DisplayAddress: p.Address}
		want.TokenBalances.ContractAddress = balancesOf(p, claimed.TokenBalances.ContractAddress)
		want.TokenBalances.TokenIDs = balancesOf(p, claimed.TokenBalances.TokenIDs)
		if diff := cmp.Diff(want, claimed); diff != "" {
			u.t.Errorf("%s: somebody else was logged in than %s (-want +got)\n%s", call, p.Address, diff)
		}
	}
	if k.claims.Audience != u.api.ID || k.claims.Subject != p.chain+":"+p.Address {
		u.t.Errorf("%s: the token is for %q and %q", call, k.claims.Audience, k.claims.Subject)
	}
	u.share(k, u.random)
}

// balancesOf returns what an account holds of the tokens that are known of it, or nil when none are.
func balancesOf(p account, known map[string]picket.Decimal) map[string]picket.Decimal {
	if len(known) == 0 {
		return nil
	}
	held := map[string]picket.Decimal{}
	for address := range known {
		held[address] = balanceOf(p, address)
	}
	return held
}

func balanceOf(p account, address string) picket.Decimal {
	if strings.EqualFold(address, contract) {
		address = contract
	}
	return tenths(p.balance(address))
}

func (u *user) authz() {
	k := u.anyToken()
	g := u.gates[u.anyGate(k.owner)]
	met, bound := u.bind(g, k.owner)
	var auth *picket.AuthResponse
	err := u.checkWithToken("authz", k, met, 0, func(ctx context.Context, options ...picket.CallOption) (err error) {
		request := picket.AuthzRequest{AccessToken: k.text, Requirements: g.requirements, Revalidate: u.random.IntN(2) == 0}
		auth, err = u.picket.Authz(ctx, request, append(options, bound...)...)
		return err
	})
	if err == nil {
		u.loggedIn("authz", k.owner, auth.AccessToken, auth.User)
	}
}

func (u *user) validate() {
	k, met, bound := u.anyToken(), true, []picket.CallOption(nil)
	request := picket.ValidateRequest{AccessToken: k.text}
	if u.random.IntN(2) == 0 {
		g := u.gates[u.anyGate(k.owner)]
		request.Requirements = &g.requirements
		met, bound = u.bind(g, k.owner)
	}
	u.checkClaims("validate", k, met, 0, func(ctx context.Context, options ...picket.CallOption) (*picket.AccessTokenPayload, error) {
		return u.picket.Validate(ctx, request, append(options, bound...)...)
	})
}

func (u *user) verifyLocally() {
	k := u.anyToken()
	u.checkClaims("Verify", k, true, leeway, func(ctx context.Context, _ ...picket.CallOption) (*picket.AccessTokenPayload, error) {
		return u.verifier.Verify(ctx, k.text)
	})
}

func (u *user) validateLocally() {
	k, met, prepared := u.anyToken(), true, (*picket.Gate)(nil)
	if u.random.IntN(2) == 0 {
		g := u.gates[u.anyGate(k.owner)]
		met = g.met(k.owner)
		var err error
		if prepared, err = picket.NewGate(g.chain, g.requirements); err != nil {
			u.t.Error(err)
		}
	}
	u.checkClaims("Validate", k, met, leeway, func(ctx context.Context, _ ...picket.CallOption) (*picket.AccessTokenPayload, error) {
		return u.verifier.Validate(ctx, k.text, prepared)
	})
}

// checkClaims validates a token and compares what comes of it with what is known.
func (u *user) checkClaims(name string, k token, met bool, leeway time.Duration,
	validate func(context.Context, ...picket.CallOption) (*picket.AccessTokenPayload, error),
) {
	var claims *picket.AccessTokenPayload
	err := u.checkWithToken(name, k, met, leeway, func(ctx context.Context, options ...picket.CallOption) (err error) {
		claims, err = validate(ctx, options...)
		return err
	})
	if err != nil {
		return
	}
	if diff := cmp.Diff(&k.claims, claims); diff != "" {
		u.t.Errorf("%s: other claims than those of the token (-want +got)\n%s", name, diff)
	}
}

// checkWithToken makes a call with a token, and checks that it succeeds only for a good token whose user meets the gate, and that no
// such token is refused. The leeway is that of the verifier; the API has none, and knows every key.
func (u *user) checkWithToken(name string, k token, met bool, leeway time.Duration, call func(context.Context, ...picket.CallOption) error) error {
	local := leeway > 0
	before := u.now.now()
	err := u.attempt(name, call)
	after := u.now.now()
	switch {
	case err == nil && (k.bad || k.expired(before, leeway) || !met || (local && k.isGone(before, 0))):
		u.t.Errorf("%s: let in %s on %s: the token is bad: %v, expired: %v, the gate is met: %v", name, k.owner.Address, k.owner.chain, k.bad, k.expired(before, leeway), met)
	case !k.bad && !k.expired(after, leeway) && !(local && k.isWithdrawn(after)) && errors.Is(err, picket.CodeParameterInvalid):
		u.t.Errorf("%s: a good token counts as bad, %v after it was issued: %v", name, after.Sub(k.claims.IssuedAt.Time()), err)
	case met && errors.Is(err, picket.CodePermissionDenied) && !errors.Is(err, accesstoken.ErrUndecided):
		u.t.Errorf("%s: %s on %s meets the gate and was refused: %v", name, k.owner.Address, k.owner.chain, err)
	case local && errors.Is(err, accesstoken.ErrExpired) && !k.bad && !k.expired(after, leeway):
		u.t.Errorf("%s: a token that has not expired counts as expired: %v", name, err)
	}
	return err
}

// isNoRefusal fails the test when an error blames a request that was good.
func (u *user) isNoRefusal(name string, err error) {
	if errors.Is(err, picket.CodeParameterInvalid) || errors.Is(err, picket.CodePermissionDenied) || errors.Is(err, picket.ErrInvalidArgument) {
		u.t.Errorf("%s: refused what is good: %v", name, err)
	}
}

func (u *user) ownership() {
	p := u.anyAccount()
	g := u.gates[u.anyGate(p)]
	if g.token == "" {
		g = u.gates[1]
	}
	var got *picket.TokenOwnershipResponse
	err := u.attempt("tokenOwnership", func(ctx context.Context, options ...picket.CallOption) (err error) {
		got, err = u.picket.TokenOwnership(ctx, p.chain, p.Address, picket.TokenOwnershipRequest{
			ContractAddress: g.requirements.ContractAddress, TokenIDs: g.requirements.TokenIDs, MinTokenBalance: g.requirements.MinTokenBalance,
		}, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("tokenOwnership", err)
		return
	}
	want := &picket.TokenOwnershipResponse{Allowed: p.balance(g.token) >= g.enough, WalletAddress: p.Address, TokenBalance: balanceOf(p, g.token)}
	want.TokenBalances.ContractAddress = balancesOf(p, got.TokenBalances.ContractAddress)
	want.TokenBalances.TokenIDs = balancesOf(p, got.TokenBalances.TokenIDs)
	if diff := cmp.Diff(want, got); diff != "" {
		u.t.Errorf("tokenOwnership (-want +got)\n%s", diff)
	}
}

func (u *user) listChains() {
	var got []picket.ChainInfo
	err := u.attempt("chains", func(ctx context.Context, options ...picket.CallOption) (err error) {
		got, err = u.picket.Chains(ctx, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("chains", err)
	} else if diff := cmp.Diff(u.chains, got); diff != "" {
		u.t.Errorf("chains (-want +got)\n%s", diff)
	}
}

func (u *user) oneChain() {
	want := u.chains[u.random.IntN(len(u.chains))]
	var got *picket.ChainInfo
	err := u.attempt("chain", func(ctx context.Context, options ...picket.CallOption) (err error) {
		got, err = u.picket.Chain(ctx, want.ChainSlug, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("chain", err)
	} else if diff := cmp.Diff(&want, got); diff != "" {
		u.t.Errorf("chain (-want +got)\n%s", diff)
	}
}
