// Package gating decides who passes a gate: requirements against balances. Its functions are pure; where balances come from is
// the caller's business.
package gating

import (
	"reflect"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Ledger says what wallets hold. Tokens are in canonical form.
type Ledger interface {
	// Balance returns how much of a token a wallet holds: "0" when nothing is known.
	Balance(wallet wallets.ID, token Token) picket.Decimal
	// IsNotToken reports whether a contract on a chain is known to be no token.
	IsNotToken(chain string, token Token) bool
}

// Authorize checks requirements for a wallet and returns the balances that it proved. Balances in known are trusted; the
// others come from the ledger.
func Authorize(ledger Ledger, w wallets.Wallet, r picket.Requirements, known picket.TokenBalances) (picket.TokenBalances, error) {
	if reflect.ValueOf(r).IsZero() { // an empty list is not zero
		return picket.TokenBalances{}, nil
	}
	tokens := TokensOf(r)
	if r.MinTokenBalance != "" || len(tokens) > 0 {
		if err := checkTokens(ledger, w.Chain, r, tokens); err != nil {
			return picket.TokenBalances{}, err
		}
	}
	if allows(r.AllowedWallets, w) {
		return picket.TokenBalances{}, nil
	}
	held, err := count(ledger, w, r, tokens, known)
	switch {
	case err != nil:
		return picket.TokenBalances{}, err
	case held.Enough:
		return held.Balances, nil
	case len(tokens) == 0 && r.AllowedWallets != nil:
		return picket.TokenBalances{}, closed(explain.NotListed, w, r, held, "the wallet is not among the allowed wallet addresses")
	case r.AllowedWallets != nil:
		return picket.TokenBalances{}, closed(explain.TooFewTokens, w, r, held,
			"the wallet is not among the allowed wallet addresses, and holds %s of the required tokens, and %s needed", held.Total, needed(r))
	}
	return picket.TokenBalances{}, closed(explain.TooFewTokens, w, r, held, "the wallet holds %s of the required tokens, and %s needed", held.Total, needed(r))
}

func needed(r picket.Requirements) string {
	if atLeast, err := r.MinTokenBalance.Cmp("0"); err == nil && atLeast > 0 {
		return string(r.MinTokenBalance) + " are"
	}
	return "more than 0 are"
}

// Count returns what a wallet holds of the tokens that requirements name, which must name some.
func Count(ledger Ledger, w wallets.Wallet, r picket.Requirements) (Holdings, error) {
	tokens := TokensOf(r)
	if len(tokens) == 0 && r.MinTokenBalance == "" {
		return Holdings{}, refusal.InvalidParameter("no token is named: contractAddress, tokenIds, collection or creatorAddress is required")
	}
	if err := checkTokens(ledger, w.Chain, r, tokens); err != nil {
		return Holdings{}, err
	}
	return count(ledger, w, r, tokens, picket.TokenBalances{})
}

// checkTokens refuses token requirements that make no sense on the chain.
func checkTokens(ledger Ledger, chain picket.ChainInfo, r picket.Requirements, tokens []Token) error {
	if !chain.AuthorizationSupported {
		return refusal.InvalidParameter("%s does not support token gating; use allowedWallets", chain.ChainSlug)
	}
	if len(tokens) == 0 && r.TokenIDs == nil && r.Collection == nil {
		return refusal.InvalidParameter("minTokenBalance needs a token to count, such as contractAddress")
	}
	for _, token := range tokens {
		canonical, ok := token.Canonical(chain.ChainType)
		if !ok {
			return refusal.InvalidParameter("contractAddress is not a contract on %s: it must be %s", chain.ChainSlug, wallets.AddressForm(chain.ChainType))
		}
		if ledger.IsNotToken(chain.ChainSlug, canonical) {
			return refusal.InvalidParameter("contractAddress does not match any ERC20, ERC721, ERC1155 tokens")
		}
	}
	return nil
}

// allows reports whether a list has the wallet: in its one spelling on Solana, in any case on the other chains. It does not bring
// each address into canonical form, because that costs a hash and a list may be long.
func allows(allowed []string, w wallets.Wallet) bool {
	if w.Chain.ChainType == picket.ChainTypeSolana {
		return slices.Contains(allowed, w.Address)
	}
	return slices.ContainsFunc(allowed, func(address string) bool { return strings.EqualFold(address, w.Address) })
}
