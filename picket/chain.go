package picket

import (
	"errors"
	"fmt"
)

// ErrChainMismatch means that a user logged in on another chain than the one that was asked for. A requirement would mean
// other tokens there. Test for it with errors.Is.
var ErrChainMismatch = errors.New("the user logged in on another chain")

// defaultChain is the chain of a login that names none.
const defaultChain = "ethereum"

// chains are the chains that the API is known to have, by slug (openapi.yaml, GET /chains).
var chains = map[string]struct {
	family ChainType
	id     ChainID
}{
	"ethereum":  {ChainTypeEthereum, 1},
	"polygon":   {ChainTypeEthereum, 137},
	"optimism":  {ChainTypeEthereum, 10},
	"arbitrum":  {ChainTypeEthereum, 42161},
	"avalanche": {ChainTypeEthereum, 43114},
	"solana":    {ChainTypeSolana, 101},
	"flow":      {ChainTypeFlow, 747},
}

// WithChain lets Auth, Authz, Validate and Token succeed only for a user of the chain with the given slug; for one of another
// chain they fail with ErrChainMismatch, and return no token. A login on another chain is not even sent. It makes no
// difference to calls that concern no user.
//
// A server that gates with these calls needs it: whoever logs in picks the chain, and the same contract address, or no
// contract at all, is something else on each. By default every chain will do, as with AnyChain.
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

// checkUser compares the chain of the user in a response to the one that was asked for.
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
			return fmt.Errorf("%w: it does not say which chain the user logged in on, and only %q will do", ErrUnexpectedResponse, s.chain)
		}
		chain = r.User.Chain
	default:
		return nil
	}
	if chain != s.chain {
		return fmt.Errorf("%w: it is %q, and only %q will do", ErrChainMismatch, chain, s.chain)
	}
	return nil
}
