package gating

import (
	"fmt"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// maxSteps is how many tokens an explanation lists.
const maxSteps = 100

// closed refuses a wallet at a gate.
func closed(reason explain.Reason, w wallets.Wallet, r picket.Requirements, held Holdings, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return refusal.PermissionDenied("%s", message).Because(explain.Known(explain.Explanation{Reason: reason, Summary: message, Gate: sumOf(w, r, held)}))
}

// NotEnough explains why Count did not find enough.
func NotEnough(w wallets.Wallet, r picket.Requirements, held Holdings) *explain.Why {
	return explain.Known(explain.Explanation{
		Reason:  explain.TooFewTokens,
		Summary: fmt.Sprintf("the wallet holds %s of the tokens, and %s needed", held.Total, needed(r)),
		Gate:    sumOf(w, r, held),
	})
}

// sumOf shows how holdings were added up.
func sumOf(w wallets.Wallet, r picket.Requirements, held Holdings) *explain.Gate {
	gate := &explain.Gate{Chain: w.Chain.ChainSlug, Wallet: w.Address, Total: held.Total, Minimum: r.MinTokenBalance}
	if r.AllowedWallets != nil {
		listed := len(r.AllowedWallets)
		gate.Listed = &listed
	}
	sum := picket.Decimal("0")
	for _, c := range held.counted[:min(len(held.counted), maxSteps)] {
		sum, _ = sum.Add(c.balance) // it could be added before
		step := explain.Step{Kind: string(c.token.Kind), Token: c.token.ID, Balance: c.balance, Sum: sum, Source: explain.FromState}
		if c.isProven {
			step.Source = explain.FromAccessToken
		}
		gate.Steps = append(gate.Steps, step)
	}
	gate.More = len(held.counted) - len(gate.Steps)
	return gate
}
