package mock

import (
	"reflect"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// Token names what a wallet can hold a balance of: a contract, a Metaplex collection, the mint of an SPL token, or all
// tokens of a verified creator.
type Token struct {
	kind tokenKind
	id   string
}

type tokenKind string

const (
	byContract   tokenKind = "contractAddress"
	byCollection tokenKind = "collection"
	byMint       tokenKind = "tokenIds"
	byCreator    tokenKind = "creatorAddress"
)

// Contract is the token of an ERC-20, ERC-721 or ERC-1155 contract: what Requirements.ContractAddress names.
func Contract(address string) Token { return Token{byContract, address} }

// Collection is a Metaplex collection: what Requirements.Collection names.
func Collection(id string) Token { return Token{byCollection, id} }

// Mint is an SPL token: what Requirements.TokenIDs names.
func Mint(address string) Token { return Token{byMint, address} }

// Creator is all tokens of a verified creator: what Requirements.CreatorAddress names.
func Creator(address string) Token { return Token{byCreator, address} }

// canonical returns the token as a key that all its spellings share: an identifier of Solana has one, and on the other chains
// case makes no difference.
func (t Token) canonical(family picket.ChainType) (Token, bool) {
	switch {
	case family == picket.ChainTypeSolana:
		return t, t.id != ""
	case family == picket.ChainTypeEthereum && t.kind == byContract:
		address, ok := canonicalAddress(family, t.id)
		return Token{t.kind, address}, ok
	}
	return Token{t.kind, strings.ToLower(t.id)}, t.id != ""
}

// wallet is a wallet on a chain, with its address in canonical form.
type wallet struct {
	chain   picket.ChainInfo
	address string
}

func (w wallet) key() walletKey { return walletKey{w.chain.ChainSlug, w.address} }

// holdings is what a wallet holds of the tokens that were asked for.
type holdings struct {
	balances picket.TokenBalances
	total    picket.Decimal
	enough   bool
}

// tokensOf returns the tokens that the requirements name, in the order in which they are added up.
func tokensOf(r picket.Requirements) []Token {
	var tokens []Token
	if r.ContractAddress != "" {
		tokens = append(tokens, Contract(r.ContractAddress))
	}
	for _, id := range r.Collection {
		tokens = append(tokens, Collection(id))
	}
	if r.CreatorAddress != "" {
		tokens = append(tokens, Creator(r.CreatorAddress))
	}
	for _, id := range r.TokenIDs {
		tokens = append(tokens, Mint(id))
	}
	return tokens
}

// authorize checks the requirements for a wallet and returns the balances that it proved. Balances in known are trusted;
// the others are looked up.
func (s *store) authorize(w wallet, r picket.Requirements, known picket.TokenBalances) (picket.TokenBalances, error) {
	if reflect.ValueOf(r).IsZero() { // an empty list is not zero
		return picket.TokenBalances{}, nil
	}
	tokens := tokensOf(r)
	if r.MinTokenBalance != "" || len(tokens) > 0 {
		if err := s.checkTokens(w.chain, r, tokens); err != nil {
			return picket.TokenBalances{}, err
		}
	}
	if allows(r.AllowedWallets, w) {
		return picket.TokenBalances{}, nil
	}
	held, err := s.count(w, r, tokens, known)
	switch {
	case err != nil:
		return picket.TokenBalances{}, err
	case held.enough:
		return held.balances, nil
	case len(tokens) == 0 && r.AllowedWallets != nil:
		return picket.TokenBalances{}, permissionDenied("the wallet is not among the allowed wallet addresses")
	case r.AllowedWallets != nil:
		return picket.TokenBalances{}, permissionDenied("the wallet is not among the allowed wallet addresses, and holds %s of the required tokens, and %s needed", held.total, needed(r))
	}
	return picket.TokenBalances{}, permissionDenied("the wallet holds %s of the required tokens, and %s needed", held.total, needed(r))
}

func needed(r picket.Requirements) string {
	if atLeast, err := r.MinTokenBalance.Cmp("0"); err == nil && atLeast > 0 {
		return string(r.MinTokenBalance) + " are"
	}
	return "more than 0 are"
}

// checkTokens refuses token requirements that make no sense on the chain.
func (s *store) checkTokens(chain picket.ChainInfo, r picket.Requirements, tokens []Token) error {
	if !chain.AuthorizationSupported {
		return invalidParameter("%s does not support token gating; use allowedWallets", chain.ChainSlug)
	}
	if len(tokens) == 0 && r.TokenIDs == nil && r.Collection == nil {
		return invalidParameter("minTokenBalance needs a token to count, such as contractAddress")
	}
	for _, token := range tokens {
		canonical, ok := token.canonical(chain.ChainType)
		if !ok {
			return invalidParameter("contractAddress is not a contract on %s: it must be %s", chain.ChainSlug, addressForm(chain.ChainType))
		}
		if s.isNotToken(tokenKey{walletKey{chain: chain.ChainSlug}, canonical}) {
			return invalidParameter("contractAddress does not match any ERC20, ERC721, ERC1155 tokens")
		}
	}
	return nil
}

// allows reports whether a list has the wallet: in its one spelling on Solana, in any case on the other chains. It makes no
// canonical form of each address, which would cost a hash, and a list may be long.
func allows(allowed []string, w wallet) bool {
	if w.chain.ChainType == picket.ChainTypeSolana {
		return slices.Contains(allowed, w.address)
	}
	return slices.ContainsFunc(allowed, func(address string) bool { return strings.EqualFold(address, w.address) })
}

// count adds up what a wallet holds of the tokens, each once, however often and in whatever spellings it is named.
func (s *store) count(w wallet, r picket.Requirements, tokens []Token, known picket.TokenBalances) (holdings, error) {
	held := holdings{total: "0"}
	trusted, err := byToken(known, w.chain.ChainType)
	if err != nil {
		return holdings{}, err
	}
	counted := map[Token]bool{}
	for _, token := range tokens {
		canonical, _ := token.canonical(w.chain.ChainType) // was checked before
		if counted[canonical] {
			continue
		}
		counted[canonical] = true
		balance, ok := trusted[canonical]
		if !ok {
			balance = s.balance(tokenKey{w.key(), canonical})
		}
		setBalance(&held.balances, token, balance)
		total, err := held.total.Add(balance)
		if err != nil {
			return holdings{}, err
		}
		held.total = total
	}
	minimum := r.MinTokenBalance
	if minimum == "" {
		minimum = "0"
	}
	aboveZero, err := held.total.Cmp("0")
	if err != nil {
		return holdings{}, err
	}
	reached, err := held.total.Cmp(minimum)
	if err != nil {
		return holdings{}, invalidParameter("minTokenBalance: %v", err)
	}
	held.enough = aboveZero > 0 && reached >= 0
	return held, nil
}

var tokenKinds = [...]tokenKind{byContract, byCollection, byMint, byCreator}

// byToken returns balances by their tokens in canonical form. Where one is known in several spellings, the least counts.
func byToken(known picket.TokenBalances, family picket.ChainType) (map[Token]picket.Decimal, error) {
	balances := map[Token]picket.Decimal{}
	for _, kind := range tokenKinds {
		for id, balance := range balancesOf(&known, kind) {
			token, _ := Token{kind, id}.canonical(family)
			if least, ok := balances[token]; ok {
				order, err := balance.Cmp(least)
				if err != nil {
					return nil, err
				}
				if order >= 0 {
					continue
				}
			}
			balances[token] = balance
		}
	}
	return balances, nil
}

// balancesOf returns the map of balances that a kind of token has its place in; it is nil when there are none.
func balancesOf(b *picket.TokenBalances, kind tokenKind) map[string]picket.Decimal {
	return *balancesField(b, kind)
}

func setBalance(b *picket.TokenBalances, token Token, balance picket.Decimal) {
	field := balancesField(b, token.kind)
	if *field == nil {
		*field = map[string]picket.Decimal{}
	}
	(*field)[token.id] = balance
}

func balancesField(b *picket.TokenBalances, kind tokenKind) *map[string]picket.Decimal {
	switch kind {
	case byCollection:
		return &b.Collection
	case byMint:
		return &b.TokenIDs
	case byCreator:
		return &b.CreatorAddress
	}
	return &b.ContractAddress
}

// mergeBalances returns the balances of both. Those of newer win, also where older has them in another spelling.
func mergeBalances(older, newer picket.TokenBalances, family picket.ChainType) picket.TokenBalances {
	var merged picket.TokenBalances
	renewed := map[Token]bool{}
	for _, kind := range tokenKinds {
		for id, balance := range balancesOf(&newer, kind) {
			token, _ := Token{kind, id}.canonical(family)
			renewed[token] = true
			setBalance(&merged, Token{kind, id}, balance)
		}
		for id, balance := range balancesOf(&older, kind) {
			if token, _ := (Token{kind, id}).canonical(family); !renewed[token] {
				setBalance(&merged, Token{kind, id}, balance)
			}
		}
	}
	return merged
}

// mergeRequirements returns the requirements of both places. The same one in both is an error.
func mergeRequirements(top, nested picket.Requirements) (picket.Requirements, error) {
	from, into := reflect.ValueOf(top), reflect.ValueOf(&nested).Elem()
	for i := range from.NumField() {
		switch {
		case from.Field(i).IsZero():
		case into.Field(i).IsZero():
			into.Field(i).Set(from.Field(i))
		default:
			name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
			return picket.Requirements{}, invalidParameter("%s is given both at the top level and in requirements", name)
		}
	}
	return nested, nil
}
