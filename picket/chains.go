package picket

import (
	"cmp"
	"context"
	"io"
	"net/http"

	"github.com/seed-a13ee279/picket/picket/types"
)

// Chains returns the blockchains that wallets can log in with.
func (c *Client) Chains(ctx context.Context, options ...CallOption) ([]ChainInfo, error) {
	op := operation{name: "chains", options: options}
	response, err := call[types.ChainsResponse](ctx, c, op, func(ctx context.Context, _ io.Reader) (*http.Response, error) {
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
	op := operation{name: "chain", options: options, invalid: checkName("chain", chain)}
	return call[ChainInfo](ctx, c, op, func(ctx context.Context, _ io.Reader) (*http.Response, error) {
		return c.api.Chain(ctx, chain)
	})
}

// TokenOwnership says whether a wallet owns enough of the named tokens. A wallet that does not is no error: Allowed is false then.
// The client's API key must be a secret one. On EVM chains the request names a ContractAddress, on Solana TokenIDs, Collection
// or CreatorAddress.
//
// Errors: CodePermissionDenied for a publishable key, CodeParameterInvalid for a malformed address or a chain without
// token gating, CodeResourceNotFound for an unknown chain.
func (c *Client) TokenOwnership(ctx context.Context, chain, walletAddress string, request TokenOwnershipRequest, options ...CallOption) (*TokenOwnershipResponse, error) {
	op := operation{
		name: "tokenOwnership", options: options,
		invalid: cmp.Or(
			checkName("chain", chain),
			checkName("walletAddress", walletAddress),
			checkOwnership(request),
		),
	}.withJSON(request)
	return call[TokenOwnershipResponse](ctx, c, op, func(ctx context.Context, body io.Reader) (*http.Response, error) {
		return c.api.TokenOwnershipWithBody(ctx, chain, walletAddress, mediaTypeJSON, body)
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
