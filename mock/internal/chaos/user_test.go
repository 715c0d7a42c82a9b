package chaos_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
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
		u.verifyLocally, u.validateLocally, u.visit, u.visit, u.visit, u.visit,
	}
	return u
}

func (u *user) act() { u.actions[u.random.IntN(len(u.actions))]() }

// attempt makes a call with a context that may end at any time, and checks its error.
func (u *user) attempt(name string, call func(context.Context, ...picket.CallOption) error) error {
	ctx, cancel := u.impatience()
	defer cancel()
	err := call(ctx, picket.WithMaxRetries(u.random.IntN(3)))
	u.tally.count(name, err)
	checkError(u.t, err)
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
func (u *user) anyGate() gate     { return u.gates[u.random.IntN(len(u.gates))] }

// sign asks for a nonce and signs it, or lets somebody else sign it; then the signature is bad.
func (u *user) sign(p person) (signature picket.Secret, bad, ok bool) {
	var nonce *picket.NonceResponse
	err := u.attempt("nonce", func(ctx context.Context, options ...picket.CallOption) (err error) {
		nonce, err = u.picket.Nonce(ctx, picket.NonceRequest{Chain: p.Chain, WalletAddress: p.Address, Locale: "en"}, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("nonce", err)
		return "", false, false
	}
	if nonce.Nonce == "" || nonce.Statement != mock.DefaultStatement || nonce.Format != picket.MessageFormatSimple {
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
	p := u.anyPerson()
	signature, bad, ok := u.sign(p)
	if !ok {
		return
	}
	request := picket.AuthRequest{Chain: p.Chain, WalletAddress: p.Address, Signature: signature}
	met := true
	if u.random.IntN(2) == 0 {
		g := u.anyGate()
		request.Requirements, met = &g.requirements, g.met(p)
	}
	var auth *picket.AuthResponse
	call := func(ctx context.Context, options ...picket.CallOption) (err error) {
		auth, err = u.picket.Auth(ctx, request, options...)
		return err
	}
	err := u.attempt("auth", call)
	switch {
	case err == nil && (bad || !met):
		u.t.Errorf("auth: let in %s, with a bad signature: %v, who meets the gate: %v", p.Address, bad, met)
	case err == nil:
		u.loggedIn("auth", p, auth.AccessToken, auth.User)
		if again := u.attempt("auth again", call); again == nil {
			u.t.Errorf("auth: a signature of %s logged in twice", p.Address)
		}
	case met && errors.Is(err, picket.ErrPermissionDenied):
		u.t.Errorf("auth: %s meets the gate and was refused: %v", p.Address, err)
	}
}

func (u *user) passwordGrant() {
	p := u.anyPerson()
	signature, bad, ok := u.sign(p)
	if !ok {
		return
	}
	var response *picket.TokenResponse
	err := u.attempt("token", func(ctx context.Context, options ...picket.CallOption) (err error) {
		response, err = u.picket.Token(ctx, picket.TokenRequest{GrantType: picket.GrantPassword, Chain: p.Chain, Username: p.Address, Password: signature}, options...)
		return err
	})
	switch {
	case err == nil && bad:
		u.t.Errorf("token: let in %s with a bad signature", p.Address)
	case err == nil:
		u.loggedIn("token", p, response.AccessToken, *response.User)
	}
}

// strangeGrants asks for a token with a code that nobody gave out.
func (u *user) strangeGrants() {
	err := u.attempt("token", func(ctx context.Context, options ...picket.CallOption) error {
		_, err := u.picket.Token(ctx, picket.TokenRequest{
			GrantType: picket.GrantAuthorizationCode, Code: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", RedirectURI: "http://localhost:3000/",
			CodeVerifier: "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq",
		}, options...)
		return err
	})
	if err == nil {
		u.t.Error("token: a code that was made up is good")
	}
}

// loggedIn checks what a login returned, and shares the token.
func (u *user) loggedIn(call string, p person, text picket.Secret, got picket.AuthenticatedUser) {
	k := token{text: text, owner: p, claims: readClaims(u.t, text)}
	want := picket.AuthenticatedUser{Chain: p.Chain, WalletAddress: p.Address, DisplayAddress: p.Address}
	for _, claimed := range []picket.AuthenticatedUser{got, {
		Chain: k.claims.Chain, WalletAddress: k.claims.WalletAddress, DisplayAddress: k.claims.DisplayAddress, TokenBalances: k.claims.TokenBalances,
	}} {
		want.TokenBalances = picket.TokenBalances{}
		if known := claimed.TokenBalances.ContractAddress; len(known) > 0 {
			want.TokenBalances.ContractAddress = map[string]picket.Decimal{}
			for address := range known {
				want.TokenBalances.ContractAddress[address] = balanceOf(p, address)
			}
		}
		if diff := cmp.Diff(want, claimed); diff != "" {
			u.t.Errorf("%s: somebody else was logged in than %s (-want +got)\n%s", call, p.Address, diff)
		}
	}
	if k.claims.Audience != u.api.ID || k.claims.Subject != p.Chain+":"+p.Address {
		u.t.Errorf("%s: the token is for %q and %q", call, k.claims.Audience, k.claims.Subject)
	}
	u.share(k, u.random)
}

func balanceOf(p person, address string) picket.Decimal {
	if address != contract {
		return "0"
	}
	return tenths(p.tenths)
}

func (u *user) authz() {
	k, g := u.anyToken(u.random), u.anyGate()
	var auth *picket.AuthResponse
	err := u.checkWithToken("authz", k, &g, func(ctx context.Context, options ...picket.CallOption) (err error) {
		auth, err = u.picket.Authz(ctx, picket.AuthzRequest{AccessToken: k.text, Requirements: g.requirements, Revalidate: u.random.IntN(2) == 0}, options...)
		return err
	})
	if err == nil {
		u.loggedIn("authz", k.owner, auth.AccessToken, auth.User)
	}
}

func (u *user) validate() {
	k, g := u.anyToken(u.random), u.sometimesGate()
	u.checkClaims("validate", k, g, u.picket.Validate)
}

func (u *user) verifyLocally() {
	k := u.anyToken(u.random)
	u.checkClaims("Verify", k, nil, func(ctx context.Context, request picket.ValidateRequest, _ ...picket.CallOption) (*picket.AccessTokenPayload, error) {
		return u.verifier.Verify(ctx, request.AccessToken)
	})
}

func (u *user) validateLocally() {
	k, g := u.anyToken(u.random), u.sometimesGate()
	u.checkClaims("Validate", k, g, func(ctx context.Context, request picket.ValidateRequest, _ ...picket.CallOption) (*picket.AccessTokenPayload, error) {
		return u.verifier.Validate(ctx, request)
	})
}

func (u *user) sometimesGate() *gate {
	if u.random.IntN(2) == 0 {
		return nil
	}
	g := u.anyGate()
	return &g
}

// checkClaims validates a token and compares what comes of it with what is known.
func (u *user) checkClaims(name string, k token, g *gate,
	validate func(context.Context, picket.ValidateRequest, ...picket.CallOption) (*picket.AccessTokenPayload, error),
) {
	request := picket.ValidateRequest{AccessToken: k.text}
	if g != nil {
		request.Requirements = &g.requirements
	}
	var claims *picket.AccessTokenPayload
	err := u.checkWithToken(name, k, g, func(ctx context.Context, options ...picket.CallOption) (err error) {
		claims, err = validate(ctx, request, options...)
		return err
	})
	if err != nil {
		return
	}
	if diff := cmp.Diff(&k.claims, claims); diff != "" {
		u.t.Errorf("%s: other claims than those of the token (-want +got)\n%s", name, diff)
	}
}

// checkWithToken makes a call with a token, and checks that it succeeds only for a good one whose user meets the gate, and is
// refused only for another.
func (u *user) checkWithToken(name string, k token, g *gate, call func(context.Context, ...picket.CallOption) error) error {
	met := g == nil || g.met(k.owner)
	before := u.now.now()
	err := u.attempt(name, call)
	after := u.now.now()
	switch {
	case err == nil && (k.bad || k.expired(before.Add(-accesstoken.DefaultLeeway)) || !met):
		u.t.Errorf("%s: let in %s: the token is bad: %v, the gate is met: %v", name, k.owner.Address, k.bad, met)
	case !k.bad && !k.expired(after) && errors.Is(err, picket.ErrParameterInvalid):
		u.t.Errorf("%s: a good token counts as bad: %v", name, err)
	case met && errors.Is(err, picket.ErrPermissionDenied) && !errors.Is(err, accesstoken.ErrUndecided):
		u.t.Errorf("%s: %s meets the gate and was refused: %v", name, k.owner.Address, err)
	}
	return err
}

// isNoRefusal fails the test when an error says that the request is at fault, which it was not.
func (u *user) isNoRefusal(name string, err error) {
	if errors.Is(err, picket.ErrParameterInvalid) || errors.Is(err, picket.ErrPermissionDenied) || errors.Is(err, picket.ErrInvalidArgument) {
		u.t.Errorf("%s: refused what is good: %v", name, err)
	}
}

func (u *user) ownership() {
	p, g := u.anyPerson(), u.gates[1+u.random.IntN(2)]
	var got *picket.TokenOwnershipResponse
	err := u.attempt("tokenOwnership", func(ctx context.Context, options ...picket.CallOption) (err error) {
		got, err = u.picket.TokenOwnership(ctx, p.Chain, p.Address, picket.TokenOwnershipRequest{
			ContractAddress: g.requirements.ContractAddress, MinTokenBalance: g.requirements.MinTokenBalance,
		}, options...)
		return err
	})
	if err != nil {
		u.isNoRefusal("tokenOwnership", err)
		return
	}
	want := &picket.TokenOwnershipResponse{Allowed: g.met(p), WalletAddress: p.Address, TokenBalance: balanceOf(p, contract)}
	want.TokenBalances.ContractAddress = map[string]picket.Decimal{contract: want.TokenBalance}
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
