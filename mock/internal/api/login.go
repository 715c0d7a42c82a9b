package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/signing"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

func (Operations) Nonce(ctx context.Context, request server.NonceRequestObject) (server.NonceResponseObject, error) {
	w, err := wallets.FindKeyed(request.Body.Chain, request.Body.WalletAddress)
	if err != nil {
		return nil, err
	}
	project := front.Project(ctx)
	statement := project.Settings.Statement(request.Body.Locale)
	nonce, err := project.State.ObtainNonce(w.Address, statement)
	switch full := (*refusal.Error)(nil); {
	case errors.As(err, &full) && full.Status == http.StatusTooManyRequests: // until enough of the others have died
		return server.Nonce429JSONResponse{TooManyRequestsJSONResponse: server.TooManyRequestsJSONResponse{
			Body:    types.Error{Msg: err.Error()},
			Headers: server.TooManyRequestsResponseHeaders{RetryAfter: strconv.Itoa(int(state.NonceLifetime.Seconds()))},
		}}, nil
	case err != nil:
		return nil, err
	}
	return server.Nonce200JSONResponse{
		Nonce:     nonce.Value,
		Statement: statement,
		Format:    project.Settings.Format,
	}, nil
}

func (o Operations) Auth(ctx context.Context, request server.AuthRequestObject) (server.AuthResponseObject, error) {
	project := front.Project(ctx)
	w, proven, err := login(project, *request.Body)
	if err != nil {
		return nil, explainEmpty(front.Moved(ctx), request.Body.Requirements, err)
	}
	response, err := o.issue(project, w, proven, "")
	return open{response}, err
}

// issue makes the response of a login: the user with the balances that were proven, and a token that carries them and the email, if
// there is one.
func (o Operations) issue(project *tenant.Project, w wallets.Wallet, proven picket.TokenBalances, email string) (picket.AuthResponse, error) {
	user := picket.AuthenticatedUser{
		Chain:          w.Chain.ChainSlug,
		WalletAddress:  w.Address,
		DisplayAddress: project.State.DisplayName(w.ID()),
		TokenBalances:  proven,
	}
	token, err := o.tokens.Issue(user, email, project.ID, project.Clock.Now())
	return picket.AuthResponse{AccessToken: token, User: user}, err
}

// login verifies a login and spends its nonce. It returns who logged in, and the balances that the requirements proved.
func login(project *tenant.Project, body types.AuthRequest) (wallets.Wallet, picket.TokenBalances, error) {
	refused := func(err error) (wallets.Wallet, picket.TokenBalances, error) {
		return wallets.Wallet{}, picket.TokenBalances{}, err
	}
	w, err := wallets.FindKeyed(body.Chain, body.WalletAddress)
	if err != nil {
		return refused(err)
	}
	n, alive := project.State.CurrentNonce(w.Address)
	if !alive {
		const gone = "this wallet has no nonce, or its nonce was spent or is over two minutes old; ask for a new one"
		return refused(refuseSignature(project, w, state.Nonce{}, body, errors.New(gone)))
	}
	proven, err := prove(project, w, n, body)
	if err != nil {
		return refused(err)
	}
	if !project.Settings.ReusableNonces && !project.State.SpendNonce(w.Address, n.Value) {
		return refused(refusal.InvalidParameter("invalid signature: its nonce was spent by another login").Because(explain.Known(explain.Explanation{
			Reason:  explain.NonceSpent,
			Summary: "another login spent the nonce at the same time: ask for a new nonce for each login",
		})))
	}
	return w, proven, nil
}

// prove checks the signature of a login, over the nonce, and its requirements. It returns the balances that they proved.
func prove(project *tenant.Project, w wallets.Wallet, n state.Nonce, body types.AuthRequest) (picket.TokenBalances, error) {
	domains := project.State.Domains.All()
	signed := signedOf(w, body)
	err := signed.CheckSite(domains)
	if err == nil {
		err = verifier(project, w, body.Signature)(signed.Messages(n, len(domains) > 0))
	}
	if err != nil {
		return picket.TokenBalances{}, refuseSignature(project, w, n, body, err)
	}
	requirements := picket.Requirements{}
	if body.Requirements != nil {
		requirements = *body.Requirements
	}
	return gating.Authorize(project.State, w, requirements, picket.TokenBalances{})
}

// signedOf returns what a login says about the message that was signed.
func signedOf(w wallets.Wallet, body types.AuthRequest) signing.Login {
	return signing.Login{Wallet: w, Address: body.WalletAddress, Context: body.Context}
}

// verifier returns a function that checks that a wallet made a signature of one of some messages.
func verifier(project *tenant.Project, w wallets.Wallet, signature picket.Secret) func(messages []string) error {
	if contract, ok := state.ContractWallets.Get(project.State, w.ID()); ok {
		return func(messages []string) error { return contract.Verify(signature, messages) }
	}
	keys, _ := state.FlowKeys.Get(project.State, w.Address)
	return func(messages []string) error {
		return wallets.Verify(w.Chain.ChainType, w.Address, signature, messages, keys)
	}
}

// refuseSignature refuses a login because of its signature. The nonce is zero if the wallet has none.
func refuseSignature(project *tenant.Project, w wallets.Wallet, n state.Nonce, body types.AuthRequest, err error) error {
	body.Signature = picket.Secret(strings.Clone(string(body.Signature))) // as parts of it, the whole form or query would be kept
	for _, part := range []*string{&w.Address, &body.WalletAddress, &body.Context.Domain, &body.Context.URI, &body.Context.IssuedAt} {
		*part = strings.Clone(*part)
	}
	verify := verifier(project, w, body.Signature)
	return refusal.InvalidParameter("invalid signature: %v", err).Because(signing.Refused{
		Login:     signedOf(w, body),
		Err:       err,
		Signature: body.Signature,
		Nonce:     n,
		Format:    project.Settings.Format,
		Domains:   project.State.Domains.All(),
		Accepts:   func(message string) bool { return verify([]string{message}) == nil },
	}.Why())
}
