// Package explain has what is known of refusals: what was compared with what. It decides nothing, and holds no state.
package explain

import (
	"encoding/json"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// Explanation says why a request was refused.
type Explanation struct {
	Reason    Reason
	Summary   string     // in a sentence or two
	Signature *Signature // of a login, or nil
	Gate      *Gate      // or nil
	Token     *Token     // or nil
}

// Signature is what was signed and what should have been.
type Signature struct {
	Wallet   string // that was to sign
	Signer   string // that signed; empty if unknown. Without a signed message, that is who signed if it was the expected one.
	Expected string // the message
	Signed   string // the message; empty if unknown
}

// Gate is how a gate added up what a wallet holds.
type Gate struct {
	Chain, Wallet  string
	Steps          []Step
	More           int // tokens that are not among the steps
	Total, Minimum picket.Decimal
	Listed         *int // how many wallets the requirements list, or nil; the wallet is not among them
}

// Step is a token and its balance.
type Step struct {
	Kind, Token  string
	Balance, Sum picket.Decimal
	Source       string
}

// The sources of a balance.
const (
	FromAccessToken = "accessToken"
	FromState       = "state"
)

// Token is the checks of an access token.
type Token struct {
	Claims json.RawMessage // nil if they cannot be read
	Checks []Check         // up to the one that failed
}

// Check is one of them.
type Check struct {
	Name   string
	Passed bool
	Found  string
}

// Why finds out an explanation. That takes time, so it is done when somebody asks.
type Why struct {
	Find func(History) Explanation
	Size int // how much it keeps, in bytes, about
}

// Known is a reason that needs no finding out.
func Known(known Explanation) *Why {
	size := len(known.Summary)
	if known.Gate != nil {
		for _, step := range known.Gate.Steps {
			size += len(step.Token) + len(step.Balance) + len(step.Sum) + 96
		}
	}
	return &Why{Find: func(History) Explanation { return known }, Size: size}
}

// Saying returns the same explanation with another summary.
func (w *Why) Saying(summary string) *Why {
	if w == nil {
		return nil
	}
	find := func(h History) Explanation {
		e := w.Find(h)
		e.Summary = summary
		return e
	}
	return &Why{Find: find, Size: w.Size + len(summary)}
}

// History is what a project's journal has from before a refusal, the latest first.
type History struct {
	Time    time.Time // of the refusal, by the project's clock
	Nonces  []Nonce
	Wallets []string // addresses that requests had
}

// Nonce is one that was given out.
type Nonce struct {
	Wallet, Value, Statement string
	Given                    time.Time
	Spent                    bool // by a login
}
