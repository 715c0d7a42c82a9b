package mock

import (
	"context"
	"strconv"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// operations implements the API: what server.StrictServerInterface asks for, so that the compiler tells when the
// contract and the mock part. An operation without a method here is answered from the contract.
type operations struct {
	unwritten.Operations
	server *Server
}

var _ server.StrictServerInterface = operations{}

func (operations) Nonce(ctx context.Context, request server.NonceRequestObject) (server.NonceResponseObject, error) {
	w, err := findKeyedWallet(request.Body.Chain, request.Body.WalletAddress)
	if err != nil {
		return nil, err
	}
	store := projectOf(ctx).store
	statement := findStatement(store.settings.statements, request.Body.Locale)
	nonce, err := store.obtainNonce(w.address, statement)
	if err != nil { // until enough of the others have died
		return server.Nonce429JSONResponse{TooManyRequestsJSONResponse: server.TooManyRequestsJSONResponse{
			Body:    types.Error{Msg: err.Error()},
			Headers: server.TooManyRequestsResponseHeaders{RetryAfter: strconv.Itoa(int(nonceLifetime.Seconds()))},
		}}, nil
	}
	return server.Nonce200JSONResponse{
		Nonce:     nonce.value,
		Statement: statement,
		Format:    store.settings.format,
	}, nil
}

func (o operations) Auth(ctx context.Context, request server.AuthRequestObject) (server.AuthResponseObject, error) {
	project := projectOf(ctx)
	w, proven, err := login(project, *request.Body)
	if err != nil {
		return nil, err
	}
	response, err := o.issue(project, w, proven, "")
	return open{response}, err
}

// login verifies a login and spends its nonce. It returns who logged in, and the balances that the requirements proved.
func login(project *Project, body types.AuthRequest) (wallet, picket.TokenBalances, error) {
	refused := func(err error) (wallet, picket.TokenBalances, error) { return wallet{}, picket.TokenBalances{}, err }
	w, err := findKeyedWallet(body.Chain, body.WalletAddress)
	if err != nil {
		return refused(err)
	}
	requirements, err := requirementsOf(body)
	if err != nil {
		return refused(err)
	}
	spent, err := verifyLogin(project, w, body)
	if err != nil {
		return refused(err)
	}
	proven, err := project.store.authorize(w, requirements, picket.TokenBalances{})
	if err != nil {
		return refused(err)
	}
	if !project.store.settings.reusableNonces && !project.store.spendNonce(w.address, spent) {
		return refused(invalidParameter("invalid signature: its nonce was spent by another login"))
	}
	return w, proven, nil
}

// verifyLogin checks the signature of a login and returns the nonce that it is over.
func verifyLogin(project *Project, w wallet, body types.AuthRequest) (string, error) {
	n, alive := project.store.currentNonce(w.address)
	if !alive {
		return "", invalidParameter("invalid signature: this wallet has no nonce, or its nonce was spent or is over two minutes old; ask for a new one")
	}
	domains := project.store.allAllowedDomains()
	err := checkSite(domains, w.chain, body.Context)
	if err == nil {
		messages := signingMessages(n, w, body, len(domains) > 0)
		err = verifySignature(w.chain.ChainType, w.address, body.Signature, messages, project.store.flowKeysOf(w.address))
	}
	if err != nil {
		return "", invalidParameter("invalid signature: %v", err)
	}
	return n.value, nil
}

// signingMessages returns the messages that a login may have signed: where the context is enough for it the SIWE one, which is
// the likelier then, and the simple one unless they must be for a site, with the address as the request has it and as EIP-55
// writes it.
func signingMessages(n nonce, w wallet, body types.AuthRequest, forSite bool) []string {
	addresses := []string{body.WalletAddress}
	if w.address != body.WalletAddress {
		addresses = append(addresses, w.address)
	}
	formats := []picket.MessageFormat{picket.MessageFormatSIWE, picket.MessageFormatSimple}
	if forSite {
		formats = formats[:1]
	}
	var messages []string
	for _, format := range formats {
		for _, address := range addresses {
			for _, statement := range n.statements {
				response := &picket.NonceResponse{Nonce: n.value, Statement: statement, Format: format}
				if message, err := picket.SigningMessage(response, address, body.Context); err == nil {
					messages = append(messages, message)
				}
			}
		}
	}
	return messages
}

// requirementsOf returns the requirements of a login, from both places where they can be.
func requirementsOf(body types.AuthRequest) (picket.Requirements, error) {
	nested := picket.Requirements{}
	if body.Requirements != nil {
		nested = *body.Requirements
	}
	return mergeRequirements(picket.Requirements{
		//lint:ignore SA1019 older SDKs send it
		ContractAddress: body.ContractAddress,
		//lint:ignore SA1019 older SDKs send it
		MinTokenBalance: body.MinTokenBalance,
		//lint:ignore SA1019 older SDKs send it
		CreatorAddress: body.CreatorAddress,
		//lint:ignore SA1019 older SDKs send it
		TokenIDs: body.TokenIDs,
		//lint:ignore SA1019 older SDKs send it
		Collection: body.Collection,
		//lint:ignore SA1019 older SDKs send it
		AllowedWallets: body.AllowedWallets,
	}, nested)
}

func (o operations) Authz(ctx context.Context, request server.AuthzRequestObject) (server.AuthzResponseObject, error) {
	project, body := projectOf(ctx), *request.Body
	claims, err := o.server.tokens.check(body.AccessToken, project.ID, project.Now())
	if err != nil {
		return nil, err
	}
	w, proven, err := authorizeClaims(project, claims, body.Requirements, body.Revalidate)
	if err != nil {
		return nil, err
	}
	response, err := o.issue(project, w, mergeBalances(claims.TokenBalances, proven, w.chain.ChainType), claims.Email)
	return open{response}, err
}

func (o operations) Validate(ctx context.Context, request server.ValidateRequestObject) (server.ValidateResponseObject, error) {
	project, body := projectOf(ctx), *request.Body
	claims, err := o.server.tokens.check(body.AccessToken, project.ID, project.Now())
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

// authorizeClaims checks requirements for the user of a token. Balances that the token has are trusted, unless they are
// to be fetched anew.
func authorizeClaims(project *Project, claims *picket.AccessTokenPayload, r picket.Requirements, revalidate bool) (wallet, picket.TokenBalances, error) {
	w, err := findWallet(claims.Chain, claims.WalletAddress)
	if err != nil {
		return wallet{}, picket.TokenBalances{}, err
	}
	known := claims.TokenBalances
	if revalidate {
		known = picket.TokenBalances{}
	}
	proven, err := project.store.authorize(w, r, known)
	return w, proven, err
}

// issue makes the response of a login: the user with the balances that were proven, and a token that carries them, and the
// email if there is one.
func (o operations) issue(project *Project, w wallet, proven picket.TokenBalances, email string) (picket.AuthResponse, error) {
	user := picket.AuthenticatedUser{
		Chain:          w.chain.ChainSlug,
		WalletAddress:  w.address,
		DisplayAddress: project.store.displayName(w.key()),
		TokenBalances:  proven,
	}
	token, err := o.server.tokens.issue(user, email, project.ID, project.Now())
	return picket.AuthResponse{AccessToken: token, User: user}, err
}

func (operations) Chains(context.Context, server.ChainsRequestObject) (server.ChainsResponseObject, error) {
	return server.Chains200JSONResponse{Data: chains()}, nil
}

func (operations) Chain(_ context.Context, request server.ChainRequestObject) (server.ChainResponseObject, error) {
	chain, err := findChain(request.Chain)
	return server.Chain200JSONResponse(chain), err
}

func (operations) TokenOwnership(ctx context.Context, request server.TokenOwnershipRequestObject) (server.TokenOwnershipResponseObject, error) {
	project := projectOf(ctx)
	if !usesSecretKey(ctx) {
		return nil, permissionDenied("token ownership needs a secret key, and this is a publishable one")
	}
	w, err := findWallet(request.Chain, request.WalletAddress)
	if err != nil {
		return nil, err
	}
	requirements, err := ownershipRequirements(*request.Body)
	if err != nil {
		return nil, err
	}
	tokens := tokensOf(requirements)
	if len(tokens) == 0 && requirements.MinTokenBalance == "" {
		return nil, invalidParameter("no token is named: contractAddress, tokenIds, collection or creatorAddress is required")
	}
	if err := project.store.checkTokens(w.chain, requirements, tokens); err != nil {
		return nil, err
	}
	held, err := project.store.count(w, requirements, tokens, picket.TokenBalances{})
	if err != nil {
		return nil, err
	}
	return server.TokenOwnership200JSONResponse{
		Allowed:       held.enough,
		WalletAddress: w.address,
		TokenBalance:  held.total,
		TokenBalances: held.balances,
	}, nil
}

func ownershipRequirements(body types.TokenOwnershipRequest) (picket.Requirements, error) {
	top := picket.Requirements{
		ContractAddress: body.ContractAddress,
		MinTokenBalance: body.MinTokenBalance,
		CreatorAddress:  body.CreatorAddress,
		TokenIDs:        body.TokenIDs,
		Collection:      body.Collection,
	}
	nested := picket.Requirements{}
	if n := body.Requirements; n != nil {
		nested = picket.Requirements{
			ContractAddress: n.ContractAddress,
			MinTokenBalance: n.MinTokenBalance,
			CreatorAddress:  n.CreatorAddress,
			TokenIDs:        n.TokenIDs,
			Collection:      n.Collection,
		}
	}
	return mergeRequirements(top, nested)
}
