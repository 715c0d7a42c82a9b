package picket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// AnyChain, in place of a chain's slug, makes a Gate for users of every chain. Only a list of wallets can be meant so: the
// same contract address is another token on each chain, and users choose their chain themselves.
const AnyChain = "*"

// Gate says who may pass: the users of one chain who meet one of the requirements. NewGate prepares it once, so that a
// decision costs the same for one allowed wallet as for ten thousand. A Gate does not change and is safe for concurrent use.
// The zero value and a nil Gate let nobody pass.
type Gate struct {
	chain        string
	requirements Requirements
	key          string

	allowed map[string]bool // in canonical form
	tokens  requiredTokens
	minimum Decimal
}

// NewGate returns the gate for users of a chain, named by its slug, who meet one of the requirements. The chain is part of
// every gate, because a user picks the chain of a login: a wallet without any tokens on "ethereum" may hold plenty, of a
// contract with the same address, on a chain where they cost nothing. AnyChain is for requirements that are AllowedWallets
// and nothing else.
//
// What could never let anyone in, or would let in everyone, is an error here and not a refusal of every user later:
// requirements that are empty, an empty list, a minimum that is not a decimal or counts no token, and an address that does
// not have the form of its chain: 0x and 40 hexadecimal digits on EVM chains, the base58 form of 32 bytes on Solana, 0x and
// 16 hexadecimal digits for a wallet on Flow. On EVM chains and Flow tokens are named by ContractAddress, on Solana by
// TokenIDs, Collection and CreatorAddress. The checksum of EIP-55 is not checked.
//
// A chain that this package does not know is taken, because the API may have more by now; Client.Chain tells whether it has
// this one. Its addresses are checked as far as those of all chains have something in common.
//
// Errors: ErrInvalidArgument.
func NewGate(chain string, requirements Requirements) (*Gate, error) {
	g := &Gate{chain: chain, requirements: cloneRequirements(requirements)}
	if err := g.prepare(); err != nil {
		return nil, fmt.Errorf("picket: %w: gate: %w", ErrInvalidArgument, err)
	}
	return g, nil
}

func (g *Gate) prepare() error {
	if err := checkGateChain(g.chain); err != nil {
		return err
	}
	if err := checkRequirements(g.requirements); err != nil {
		return err
	}
	if err := checkForms(g.chain, g.requirements); err != nil {
		return err
	}
	g.allowed = make(map[string]bool, len(g.requirements.AllowedWallets))
	for _, wallet := range g.requirements.AllowedWallets {
		g.allowed[canonical(wallet)] = true
	}
	g.tokens = newRequiredTokens(g.requirements)
	g.minimum = "0"
	if g.requirements.MinTokenBalance != "" {
		minimum, err := g.requirements.MinTokenBalance.Add("0")
		if err != nil {
			return err
		}
		g.minimum = minimum
	}
	// As JSON, because a field that the contract gains is then part of the key without a line here.
	text, err := json.Marshal(struct {
		Chain        string
		Requirements Requirements
	}{g.chain, g.requirements})
	if err != nil {
		return err
	}
	digest := sha256.Sum256(text)
	g.key = hex.EncodeToString(digest[:])
	return nil
}

// Chain returns the slug of the chain that users must have logged in on, or AnyChain.
func (g *Gate) Chain() string {
	if g == nil {
		return ""
	}
	return g.chain
}

// Requirements returns a copy of the requirements.
func (g *Gate) Requirements() Requirements {
	if g == nil {
		return Requirements{}
	}
	return cloneRequirements(g.requirements)
}

// Key returns a short text that only gates with the same chain and the same requirements share, for use as a key in caches
// and logs.
func (g *Gate) Key() string {
	if g == nil {
		return ""
	}
	return g.key
}

// IsFor reports whether users of a chain can pass the gate at all: those of its own chain, or of every chain for AnyChain.
func (g *Gate) IsFor(chain string) bool {
	return g != nil && chain != "" && (g.chain == chain || g.chain == AnyChain)
}

// Evaluate decides whether a user may pass, from the chain, the wallet address and the proven balances of the user, which must
// come from the API itself, such as AuthResponse.User. EvaluateClaims does so for the claims of a token.
//
// Requirements are a logical or. AllowedWallets is met by membership. Of tokens, the proven balances of ContractAddress, of
// each Collection, of CreatorAddress and of each of TokenIDs are added up, each token once and exactly; the sum must reach
// MinTokenBalance, or be above zero when that is absent or 0. A balance is never below zero, so a sum that suffices does so
// whatever is not known. Hexadecimal addresses, as on EVM chains and Flow, compare without case, all others exactly; where a
// token is known in several spellings, the least of their balances counts.
//
// A balance is as old as the token that it was read from, up to 12 hours. OutcomeNotMet therefore means that the wallet did
// not hold enough when the token was made; it may by now. Client.Authz with Revalidate asks for the balances again and
// returns a token with the new ones.
//
// Errors: ErrInvalidArgument for a user without a chain, and for balances that cannot be added up. The outcome is
// OutcomeUnknown then.
func (g *Gate) Evaluate(user AuthenticatedUser) (Outcome, error) {
	return g.evaluate(user.Chain, user.WalletAddress, user.TokenBalances)
}

// EvaluateClaims is Evaluate for the claims of an access token that was verified.
func (g *Gate) EvaluateClaims(claims *AccessTokenPayload) (Outcome, error) {
	if claims == nil {
		return OutcomeUnknown, fmt.Errorf("picket: %w: there are no claims", ErrInvalidArgument)
	}
	return g.evaluate(claims.Chain, claims.WalletAddress, claims.TokenBalances)
}

func (g *Gate) evaluate(chain, wallet string, balances TokenBalances) (Outcome, error) {
	switch {
	case g == nil || g.key == "":
		return OutcomeUnknown, fmt.Errorf("picket: %w: the gate is not one that NewGate returned", ErrInvalidArgument)
	case chain == "":
		return OutcomeUnknown, fmt.Errorf("picket: %w: the user has no chain", ErrInvalidArgument)
	case !g.IsFor(chain):
		return OutcomeOtherChain, nil
	case wallet != "" && g.allowed[canonical(wallet)]:
		return OutcomeMet, nil
	}
	return g.tokens.evaluate(balances, g.minimum)
}

func checkGateChain(chain string) error {
	switch chain {
	case "":
		return errors.New("it names no chain; name the one whose users may pass, such as ethereum, because users choose their chain themselves")
	case AnyChain:
		return nil
	}
	return checkSlug("the chain", chain)
}

func cloneRequirements(r Requirements) Requirements {
	r.AllowedWallets = slices.Clone(r.AllowedWallets)
	r.Collection = slices.Clone(r.Collection)
	r.TokenIDs = slices.Clone(r.TokenIDs)
	return r
}
