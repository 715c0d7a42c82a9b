package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/oapi-codegen/runtime"

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
	return o.authorize(ctx, request.Params)
}

// PostAuthorize is the same with the parameters in a form.
func (o Operations) PostAuthorize(ctx context.Context, _ server.PostAuthorizeRequestObject) (server.PostAuthorizeResponseObject, error) {
	if err := checkNoQuery(front.Request(ctx)); err != nil {
		return nil, err
	}
	var params types.AuthorizeParams // which have the names of the form
	if err := runtime.BindForm(&params, front.Parameters(ctx), nil, nil); err != nil {
		return nil, err
	}
	return o.authorize(ctx, params)
}

// user is who logged in for an authorization.
type user struct {
	wallet  wallets.Wallet
	proven  picket.TokenBalances
	at      time.Time // of the login
	session picket.Secret
}

func (o Operations) authorize(ctx context.Context, params types.AuthorizeParams) (browserAnswer, error) {
	r, parameters := front.Request(ctx), front.Parameters(ctx)
	client, err := findClient(o.projects, parameters, o.names().For(r).Issuer)
	if err != nil {
		return nil, err
	}
	if err := client.checkMode(params.ResponseMode); err != nil {
		return nil, err
	}
	if err := checkUnsupported(parameters); err != nil {
		return nil, err
	}
	silent, err := isSilent(params.Prompt)
	if err != nil {
		return nil, err
	}
	expected, err := o.expectedSubject(client.project, params.IDTokenHint)
	if err != nil {
		return nil, err
	}
	chain, err := wallets.FindChain(params.Chain)
	if err != nil {
		return nil, err
	}
	var who user
	switch decided, isDecided := ctx.Value(decisionKey{}).(decision); {
	case isDecided:
		who, err = o.decide(client.project, chain, decided, params)
	case params.Signature != "":
		who, err = signedInQuery(client.project, chain, params)
	case silent:
		who, err = remembered(r, client.project, chain, params)
	default:
		return o.loginPage(client, chain, parameters, gateOf(params))
	}
	if err != nil {
		return nil, err
	}
	if expected != "" && expected != subjectOf(who.wallet) {
		return nil, refusal.Grant(codeLoginRequired, "the user of the id_token_hint is not the one who is logged in")
	}
	code, err := client.project.State.AddCode(state.Grant{
		Wallet:      who.wallet,
		Proven:      who.proven,
		Scopes:      grantedScopes(params.Scope),
		RedirectURI: client.redirectURI,
		Challenge:   params.CodeChallenge,
		Nonce:       params.Nonce,
		LoggedInAt:  who.at,
	})
	if err != nil {
		return nil, err
	}
	answer := client.answer(map[string]string{"code": string(code)})
	if who.session != "" {
		answer = answer.with(sessionCookie(o.names().For(r), client.project, who.session))
	}
	return answer, nil
}

// signedInQuery logs the wallet in whose signature is among the parameters.
func signedInQuery(project *tenant.Project, chain picket.ChainInfo, params types.AuthorizeParams) (user, error) {
	if params.WalletAddress == "" {
		return user{}, refusal.InvalidParameter("walletAddress is required with a signature")
	}
	gate := gateOf(params)
	w, proven, err := login(project, picket.AuthRequest{
		Chain:         chain.ChainSlug,
		WalletAddress: params.WalletAddress,
		Signature:     params.Signature,
		Requirements:  &gate,
		Context: picket.SigningMessageContext{
			Domain:    params.Domain,
			URI:       params.URI,
			IssuedAt:  params.IssuedAt,
			ChainID:   chain.ChainID,
			ChainType: chain.ChainType,
		},
	})
	return user{wallet: w, proven: proven, at: project.Clock.Now()}, err
}

// gateOf returns the requirements among the parameters.
func gateOf(params types.AuthorizeParams) picket.Requirements {
	return picket.Requirements{
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
func authorizationRefuser(house front.House) front.Refuser {
	return func(w http.ResponseWriter, r *http.Request, refused *refusal.Error) {
		_ = refuseAuthorization(house, r, refused)(w) // to a buffer: it cannot fail
	}
}

func refuseAuthorization(house front.House, r *http.Request, refused *refusal.Error) browserAnswer {
	parameters := front.Parameters(r.Context())
	client, err := findClient(house.Projects, parameters, house.Names().For(r).Issuer)
	switch {
	case refused.Status == http.StatusRequestEntityTooLarge: // whose parameters are not known
		return errorPage(refused)
	case err != nil:
		return errorPage(refusal.Of(err))
	}
	if err := checkUnsupported(parameters); err != nil { // such a request lacks what would be required otherwise
		refused = err
	}
	return client.answer(map[string]string{
		"error":             authorizationCode(refused, parameters),
		"error_description": refusal.Description(refused.Message),
	})
}

// authorizationCode returns the code with which an authorization is refused (RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0
// section 3.1.2.6).
func authorizationCode(refused *refusal.Error, parameters url.Values) string {
	isOther := func(responseType string) bool { return responseType != string(types.AuthorizeParamsResponseTypeCode) }
	switch {
	case slices.Contains(openIDCodes, refused.Code):
		return string(refused.Code)
	case refused.Status == http.StatusForbidden:
		return "access_denied"
	case slices.ContainsFunc(parameters["response_type"], isOther):
		return "unsupported_response_type"
	}
	return "invalid_request"
}
