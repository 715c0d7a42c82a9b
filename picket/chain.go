package picket

import (
	"errors"
	"fmt"
)

// ErrChainMismatch means that a user logged in on another chain than WithChain asks for, where requirements mean other tokens.
// Test for it with errors.Is.
var ErrChainMismatch = errors.New("the user logged in on another chain")

// The slugs of the chains that the API is known to have; Client.Chains lists those that it has today. Each chain also has a
// ChainType, the family that it belongs to: that of ChainPolygon is ChainTypeEthereum. These constants are of type string, so
// that none of them can be taken for a ChainType.
const (
	ChainEthereum  string = "ethereum"
	ChainPolygon   string = "polygon"
	ChainOptimism  string = "optimism"
	ChainArbitrum  string = "arbitrum"
	ChainAvalanche string = "avalanche"
	ChainSolana    string = "solana"
	// ChainFlow has no token gating.
	ChainFlow string = "flow"
)

// defaultChain is the chain of a login that names none.
const defaultChain = ChainEthereum

// chains are the chains that the API is known to have (openapi.yaml, GET /chains).
var chains = map[string]struct {
	family ChainType
	id     ChainID
}{
	ChainEthereum:  {ChainTypeEthereum, 1},
	ChainPolygon:   {ChainTypeEthereum, 137},
	ChainOptimism:  {ChainTypeEthereum, 10},
	ChainArbitrum:  {ChainTypeEthereum, 42161},
	ChainAvalanche: {ChainTypeEthereum, 43114},
	ChainSolana:    {ChainTypeSolana, 101},
	ChainFlow:      {ChainTypeFlow, 747},
}

// WithChain lets Auth, Authz, Validate and ExchangeGrant succeed only for users of the chain with the given slug. For a user of
// another chain they fail with ErrChainMismatch and return no token; a login on another chain is not even sent. Calls that
// concern no user are not affected.
//
// A server that gates with these calls needs it, because whoever logs in chooses the chain, and one address names different
// contracts on different chains. By default users of every chain pass, as with AnyChain.
func WithChain(chain string) CallOption {
	return func(s *callSettings) error {
		if chain == AnyChain {
			s.chain = ""
			return nil
		}
		if err := checkSlug("WithChain: the chain", chain); err != nil {
			return err
		}
		s.chain = chain
		return nil
	}
}

// checkUser compares the chain of the user in a response with the one that was asked for.
func (s callSettings) checkUser(result any) error {
	if s.chain == "" {
		return nil
	}
	var chain string
	switch r := result.(type) {
	case *AuthResponse:
		chain = r.User.Chain
	case *AccessTokenPayload:
		chain = r.Chain
	case *OAuthTokenResponse:
		if r.User == nil {
			return fmt.Errorf("%w: it does not say which chain the user logged in on, which must be %q", ErrUnexpectedResponse, s.chain)
		}
		chain = r.User.Chain
	default:
		return nil
	}
	if chain != s.chain {
		return fmt.Errorf("%w: it is %q, and must be %q", ErrChainMismatch, chain, s.chain)
	}
	return nil
}
