package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
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
		return refused(refusal.InvalidParameter("invalid signature: this wallet has no nonce, or its nonce was spent or is over two minutes old; ask for a new one"))
	}
	proven, err := prove(project, w, n, body)
	if err != nil {
		return refused(err)
	}
	if !project.Settings.ReusableNonces && !project.State.SpendNonce(w.Address, n.Value) {
		return refused(refusal.InvalidParameter("invalid signature: its nonce was spent by another login"))
	}
	return w, proven, nil
}

// prove checks the signature of a login, over the nonce, and its requirements. It returns the balances that they proved.
func prove(project *tenant.Project, w wallets.Wallet, n state.Nonce, body types.AuthRequest) (picket.TokenBalances, error) {
	domains := project.State.Domains.All()
	err := checkSite(domains, w.Chain, body.Context)
	if err == nil {
		messages := signingMessages(n, w, body, len(domains) > 0)
		if contract, ok := state.ContractWallets.Get(project.State, w.ID()); ok {
			err = contract.Verify(body.Signature, messages)
		} else {
			keys, _ := state.FlowKeys.Get(project.State, w.Address)
			err = wallets.Verify(w.Chain.ChainType, w.Address, body.Signature, messages, keys)
		}
	}
	if err != nil {
		return picket.TokenBalances{}, refusal.InvalidParameter("invalid signature: %v", err)
	}
	requirements := picket.Requirements{}
	if body.Requirements != nil {
		requirements = *body.Requirements
	}
	return gating.Authorize(project.State, w, requirements, picket.TokenBalances{})
}

// signingMessages returns the messages that a login may have signed, the likeliest first: the SIWE message, if the context is enough
// to make it, and the simple message, unless the message must name a site; each with the address as the request spells it and as
// EIP-55 does.
func signingMessages(n state.Nonce, w wallets.Wallet, body types.AuthRequest, forSite bool) []string {
	addresses := []string{body.WalletAddress}
	if w.Address != body.WalletAddress {
		addresses = append(addresses, w.Address)
	}
	formats := []picket.MessageFormat{picket.MessageFormatSIWE, picket.MessageFormatSimple}
	if forSite {
		formats = formats[:1]
	}
	var messages []string
	for _, format := range formats {
		for _, address := range addresses {
			for _, statement := range n.Statements {
				response := &picket.NonceResponse{Nonce: n.Value, Statement: statement, Format: format}
				if message, err := picket.SigningMessage(response, address, body.Context); err == nil {
					messages = append(messages, message)
				}
			}
		}
	}
	return messages
}
