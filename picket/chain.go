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

// chainTypes are the families of the chains that the API is known to have, by slug (openapi.yaml, GET /chains).
var chainTypes = map[string]ChainType{
	"ethereum":  ChainTypeEthereum,
	"polygon":   ChainTypeEthereum,
	"optimism":  ChainTypeEthereum,
	"arbitrum":  ChainTypeEthereum,
	"avalanche": ChainTypeEthereum,
	"solana":    ChainTypeSolana,
	"flow":      ChainTypeFlow,
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

// checkAnswer compares the chain of the user that the API answered with to the one that was asked for.
func (s callSettings) checkAnswer(result any) error {
	if s.chain == "" {
		return nil
	}
	var got string
	switch r := result.(type) {
	case *AuthResponse:
		got = r.User.Chain
	case *AccessTokenPayload:
		got = r.Chain
	case *TokenResponse:
		got = r.User.Chain
	default:
		return nil
	}
	if got != s.chain {
		return fmt.Errorf("%w: it is %q, and only %q will do", ErrChainMismatch, got, s.chain)
	}
	return nil
}
