package gating

import (
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// Token names what a wallet can hold a balance of.
type Token struct {
	Kind Kind
	ID   string
}

// Kind is the requirement that a token is named by.
type Kind string

// The kinds of tokens: a contract, a Metaplex collection, the mint of an SPL token, and all tokens of a verified creator.
const (
	ByContract   Kind = "contractAddress"
	ByCollection Kind = "collection"
	ByMint       Kind = "tokenIds"
	ByCreator    Kind = "creatorAddress"
)

var kinds = [...]Kind{ByContract, ByCollection, ByMint, ByCreator}

// Canonical returns the token in the one form that all its spellings share, which serves as a key. On Solana there is one
// spelling; on the other chains case makes no difference.
func (t Token) Canonical(family picket.ChainType) (Token, bool) {
	switch {
	case family == picket.ChainTypeSolana:
		return t, t.ID != ""
	case family == picket.ChainTypeEthereum && t.Kind == ByContract:
		address, ok := wallets.CanonicalAddress(family, t.ID)
		return Token{t.Kind, address}, ok
	}
	return Token{t.Kind, strings.ToLower(t.ID)}, t.ID != ""
}

// TokensOf returns the tokens that requirements name, in the order in which they are added up.
func TokensOf(r picket.Requirements) []Token {
	var tokens []Token
	if r.ContractAddress != "" {
		tokens = append(tokens, Token{ByContract, r.ContractAddress})
	}
	for _, id := range r.Collection {
		tokens = append(tokens, Token{ByCollection, id})
	}
	if r.CreatorAddress != "" {
		tokens = append(tokens, Token{ByCreator, r.CreatorAddress})
	}
	for _, id := range r.TokenIDs {
		tokens = append(tokens, Token{ByMint, id})
	}
	return tokens
}
