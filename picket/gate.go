package picket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// AnyChain, in place of a chain's slug, makes a Gate for users of every chain. It is for lists of wallets only: the same contract
// address is another token on each chain, and users choose their chain themselves.
const AnyChain = "*"

// Gate says who may pass: the users of one chain who meet one of the requirements. NewGate prepares it once, so that a
// decision takes the same time for one allowed wallet as for ten thousand. A Gate does not change and is safe for concurrent
// use. The zero value and a nil Gate let nobody pass.
type Gate struct {
	chain        string
	requirements Requirements
	key          string

	allowed map[string]bool // in canonical form
	tokens  requiredTokens
	minimum Decimal
}

// NewGate returns the gate for users of a chain, such as ChainEthereum, who meet one of the requirements. Every gate names its
// chain, because users choose the chain of their login: a wallet without any tokens on Ethereum may hold plenty of a contract
// with the same address on a chain where they cost nothing. AnyChain is for requirements that have AllowedWallets and nothing
// else.
//
// Requirements that could let nobody in, or would let everyone in, are an error here, so that the mistake shows before the first
// user comes. They are requirements that are empty or have an empty list, a minimum that is not a decimal or counts no token, and
// an address that does not have the form of its chain: 0x and 40 hexadecimal digits on EVM chains, the base58 form of 32 bytes on
// Solana, 0x and 16 hexadecimal digits for a wallet on Flow. On EVM chains and Flow tokens are named by ContractAddress, on
// Solana by TokenIDs, Collection and CreatorAddress. The checksum of EIP-55 is not checked.
//
// NewGate accepts a chain that this package does not know, because the API may have new ones; Client.Chain says whether it has
// this one. Of its addresses, only what those of all chains have in common is checked.
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
	// From JSON, so that a field that is added to the contract is part of the key without a change here.
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

// Key returns a short text that identifies the chain and the requirements, for use as a key in caches and logs. Only equal gates
// have the same.
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

// Evaluate decides whether a user may pass, from the user's chain, wallet address and proven balances. The user must come from the
// API itself, such as AuthResponse.User. EvaluateClaims decides from the claims of an access token.
//
// A user has to meet one requirement. A wallet on the list of AllowedWallets meets it. For tokens, the proven balances of
// ContractAddress, each Collection, CreatorAddress and each of TokenIDs are added up exactly, each token once. The sum must reach
// MinTokenBalance, or be above zero when that is absent or 0. No balance is below zero, so a sum that is enough stays enough
// whatever the unknown balances are. Hexadecimal addresses, as on EVM chains and Flow, compare without case, all others exactly;
// when balances name a token in several spellings, the smallest of them counts.
//
// A balance is as old as the access token that it was read from, up to 12 hours. So OutcomeNotMet means that the wallet did not
// hold enough when the access token was made; it may hold enough by now. Client.Authz with Revalidate reads the balances again
// and returns an access token with the new ones.
//
// Errors: ErrInvalidArgument for a user without a chain, and for balances that cannot be added up. The outcome is
// OutcomeUnknown then.
func (g *Gate) Evaluate(user AuthenticatedUser) (Outcome, error) {
	return g.evaluate(user.Chain, user.WalletAddress, user.TokenBalances)
}

// EvaluateClaims is Evaluate for the claims of an access token. They must come from a token that was verified.
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
