package api

import (
	"context"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

func (o Operations) Authz(ctx context.Context, request server.AuthzRequestObject) (server.AuthzResponseObject, error) {
	project, body := front.Project(ctx), *request.Body
	claims, err := o.tokens.Check(body.AccessToken, project.ID, project.Clock.Now())
	if err != nil {
		return nil, err
	}
	w, proven, err := authorizeClaims(project, claims, body.Requirements, body.Revalidate)
	if err != nil {
		return nil, err
	}
	response, err := o.issue(project, w, gating.Merge(claims.TokenBalances, proven, w.Chain.ChainType), claims.Email)
	return open{response}, err
}

func (o Operations) Validate(ctx context.Context, request server.ValidateRequestObject) (server.ValidateResponseObject, error) {
	project, body := front.Project(ctx), *request.Body
	claims, err := o.tokens.Check(body.AccessToken, project.ID, project.Clock.Now())
	if err != nil {
		return nil, err
	}
	if body.Requirements != nil {
		if _, _, err := authorizeClaims(project, claims, *body.Requirements, false); err != nil {
			return nil, err
		}
	}
	return server.Validate200JSONResponse(*claims), nil
}

// authorizeClaims checks requirements for the user of a token. Balances that the token has are trusted, unless the caller
// asked for fresh ones.
func authorizeClaims(project *tenant.Project, claims *picket.AccessTokenPayload, r picket.Requirements, revalidate bool) (wallets.Wallet, picket.TokenBalances, error) {
	w, err := wallets.Find(claims.Chain, claims.WalletAddress)
	if err != nil {
		return wallets.Wallet{}, picket.TokenBalances{}, err
	}
	known := claims.TokenBalances
	if revalidate {
		known = picket.TokenBalances{}
	}
	proven, err := gating.Authorize(project.State, w, r, known)
	return w, proven, explainEmpty(nil, &r, err)
}

func (Operations) TokenOwnership(ctx context.Context, request server.TokenOwnershipRequestObject) (server.TokenOwnershipResponseObject, error) {
	project := front.Project(ctx)
	if !front.UsesSecretKey(ctx) {
		return nil, refusal.PermissionDenied("token ownership needs a secret key, and this is a publishable one")
	}
	w, err := wallets.Find(request.Chain, request.WalletAddress)
	if err != nil {
		return nil, err
	}
	body := *request.Body
	wanted := picket.Requirements{
		ContractAddress: body.ContractAddress,
		MinTokenBalance: body.MinTokenBalance,
		CreatorAddress:  body.CreatorAddress,
		TokenIDs:        body.TokenIDs,
		Collection:      body.Collection,
	}
	held, err := gating.Count(project.State, w, wanted)
	if err != nil {
		return nil, err
	}
	if !held.Enough {
		front.Explain(ctx, gating.NotEnough(w, wanted, held))
	}
	return server.TokenOwnership200JSONResponse{
		Allowed:       held.Enough,
		WalletAddress: w.Address,
		TokenBalance:  held.Total,
		TokenBalances: held.Balances,
	}, nil
}
