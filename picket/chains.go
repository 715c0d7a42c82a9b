package picket

import (
	"cmp"
	"context"
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
// Errors: ErrResourceNotFound for an unknown chain.
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
// CreatorAddress.
//
// Errors: ErrPermissionDenied for a publishable key, ErrParameterInvalid for a malformed address or a chain without
// token gating, ErrResourceNotFound for an unknown chain.
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
	return checkRequirements(Requirements{
		ContractAddress: r.ContractAddress,
		CreatorAddress:  r.CreatorAddress,
		Collection:      r.Collection,
		TokenIDs:        r.TokenIDs,
		MinTokenBalance: r.MinTokenBalance,
	})
}
