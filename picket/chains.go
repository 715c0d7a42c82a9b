package picket

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/seed-a13ee279/picket/picket/types"
)

// Chains returns the blockchains that wallets can log in with.
func (c *Client) Chains(ctx context.Context, options ...CallOption) ([]ChainInfo, error) {
	response, err := call[types.ChainsResponse](ctx, c, operation{name: "chains", options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.Chains(ctx)
	})
	if err != nil {
		return nil, err
	}
	return response.Data, nil
}

// Chain returns what is known of the chain with the given slug, such as "polygon".
//
// Errors: CodeResourceNotFound for an unknown chain.
func (c *Client) Chain(ctx context.Context, chain string, options ...CallOption) (*ChainInfo, error) {
	if err := checkName("chain", chain); err != nil {
		return nil, c.invalid("chain", err)
	}
	return call[ChainInfo](ctx, c, operation{name: "chain", options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.Chain(ctx, chain)
	})
}

// TokenOwnership says whether a wallet owns enough of the named tokens; it is no error when it does not. The client's
// API key must be a secret one. On EVM chains the request names a ContractAddress, on Solana TokenIDs, Collection or
// CreatorAddress. The fields are those of the request itself; its Requirements must be nil.
//
// Errors: CodePermissionDenied for a publishable key, CodeParameterInvalid for a malformed address or a chain without
// token gating, CodeResourceNotFound for an unknown chain.
func (c *Client) TokenOwnership(ctx context.Context, chain, walletAddress string, request TokenOwnershipRequest, options ...CallOption) (*TokenOwnershipResponse, error) {
	if err := cmp.Or(
		checkName("chain", chain),
		checkName("walletAddress", walletAddress),
		checkOwnership(request),
	); err != nil {
		return nil, c.invalid("tokenOwnership", err)
	}
	return call[TokenOwnershipResponse](ctx, c, operation{name: "tokenOwnership", options: options}, func(ctx context.Context) (*http.Response, error) {
		return c.api.TokenOwnership(ctx, chain, walletAddress, request)
	})
}

func checkOwnership(r TokenOwnershipRequest) error {
	if r.Requirements != nil {
		return errors.New("the tokens are named in Requirements; move them to the fields of the request itself")
	}
	return checkRequirements(Requirements{
		ContractAddress: r.ContractAddress,
		CreatorAddress:  r.CreatorAddress,
		Collection:      r.Collection,
		TokenIDs:        r.TokenIDs,
		MinTokenBalance: r.MinTokenBalance,
	})
}
