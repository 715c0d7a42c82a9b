package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// Authorize is the authorization endpoint of OAuth 2.0. What it refuses reaches the client by its refuser.
func (o Operations) Authorize(ctx context.Context, request server.AuthorizeRequestObject) (server.AuthorizeResponseObject, error) {
	params, query := request.Params, front.Request(ctx).URL.Query()
	client, err := findClient(o.projects, query)
	if err != nil {
		return nil, err
	}
	if params.ResponseMode == types.AuthorizeParamsResponseModeWebMessage && client.origin == "" {
		return nil, refusal.InvalidParameter("response_mode web_message needs a redirect_uri of http or https, whose origin the message goes to")
	}
	chain, err := wallets.FindChain(params.Chain)
	if err != nil {
		return nil, err
	}
	decided, isDecided := ctx.Value(decisionKey{}).(decision)
	if !isDecided && params.Signature == "" {
		return o.loginPage(client, chain, query)
	}
	var signed picket.AuthRequest
	if isDecided {
		signed, err = o.signDecision(client.project, chain, decided, params.Locale)
	} else {
		signed, err = signedInQuery(chain, params)
	}
	if err != nil {
		return nil, err
	}
	signed.Requirements = requirementsInQuery(params)
	w, proven, err := login(client.project, signed)
	if err != nil {
		return nil, err
	}
	code, err := client.project.State.AddCode(state.Grant{
		Wallet:      w,
		Proven:      proven,
		Scopes:      grantedScopes(params.Scope),
		RedirectURI: client.redirectURI,
		Challenge:   params.CodeChallenge,
		Nonce:       params.Nonce,
	})
	if err != nil {
		return nil, err
	}
	return client.answer(map[string]string{"code": string(code)}), nil
}

// signedInQuery returns the login whose signature is in the query.
func signedInQuery(chain picket.ChainInfo, params types.AuthorizeParams) (picket.AuthRequest, error) {
	if params.WalletAddress == "" {
		return picket.AuthRequest{}, refusal.InvalidParameter("walletAddress is required with a signature")
	}
	return picket.AuthRequest{
		Chain:         chain.ChainSlug,
		WalletAddress: params.WalletAddress,
		Signature:     params.Signature,
		Context: picket.SigningMessageContext{
			Domain:    params.Domain,
			URI:       params.URI,
			IssuedAt:  params.IssuedAt,
			ChainID:   chain.ChainID,
			ChainType: chain.ChainType,
		},
	}, nil
}

func requirementsInQuery(params types.AuthorizeParams) *picket.Requirements {
	return &picket.Requirements{
		ContractAddress: params.ContractAddress,
		MinTokenBalance: params.MinTokenBalance,
		CreatorAddress:  params.CreatorAddress,
		TokenIDs:        params.TokenIDs,
		Collection:      params.Collection,
		AllowedWallets:  params.AllowedWallets,
	}
}

// authorizationRefuser tells the client of an authorization request that it is refused, or only the user when there is no client
// that can be trusted.
func authorizationRefuser(projects *tenant.Projects) front.Refuser {
	return func(w http.ResponseWriter, r *http.Request, refused *refusal.Error) {
		_ = refuseAuthorization(projects, r.URL.Query(), refused).VisitAuthorizeResponse(w) // to a buffer: it cannot fail
	}
}

func refuseAuthorization(projects *tenant.Projects, query url.Values, refused *refusal.Error) server.AuthorizeResponseObject {
	client, err := findClient(projects, query)
	if err != nil {
		return errorPage(refusal.Of(err))
	}
	code := "invalid_request"
	switch {
	case refused.Status == http.StatusForbidden:
		code = "access_denied"
	case slices.ContainsFunc(query["response_type"], func(t string) bool { return t != string(types.AuthorizeParamsResponseTypeCode) }):
		code = "unsupported_response_type"
	}
	return client.answer(map[string]string{"error": code, "error_description": refusal.Description(refused.Message)})
}
