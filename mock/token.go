package mock

import (
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Token names what a wallet can hold a balance of: a contract, a Metaplex collection, the mint of an SPL token, or all
// tokens of a verified creator.
type Token struct{ inside gating.Token }

// Contract is the token of an ERC-20, ERC-721 or ERC-1155 contract: what Requirements.ContractAddress names.
func Contract(address string) Token { return Token{gating.Token{Kind: gating.ByContract, ID: address}} }

// Collection is a Metaplex collection: what Requirements.Collection names.
func Collection(id string) Token { return Token{gating.Token{Kind: gating.ByCollection, ID: id}} }

// Mint is an SPL token: what Requirements.TokenIDs names.
func Mint(address string) Token { return Token{gating.Token{Kind: gating.ByMint, ID: address}} }

// Creator is all tokens of a verified creator: what Requirements.CreatorAddress names.
func Creator(address string) Token { return Token{gating.Token{Kind: gating.ByCreator, ID: address}} }

// oneToken returns the token that is named; exactly one must be.
func oneToken(contract, collection, mint, creator string) (Token, error) {
	var named []Token
	for _, token := range []Token{Contract(contract), Collection(collection), Mint(mint), Creator(creator)} {
		if token.inside.ID != "" {
			named = append(named, token)
		}
	}
	if len(named) != 1 {
		return Token{}, refusal.InvalidParameter("exactly one of contractAddress, collection, tokenId and creatorAddress must be given")
	}
	return named[0], nil
}
