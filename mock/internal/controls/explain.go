package controls

import (
	"context"
	"strconv"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

func (o Operations) ExplainExchange(ctx context.Context, request ExplainExchangeRequestObject) (ExplainExchangeResponseObject, error) {
	j := o.Project(ctx).Journal
	number, err := strconv.Atoi(request.Number)
	if err != nil { // it is "last"
		number = j.Last()
	}
	why, ok := j.Explain(number)
	if !ok {
		return nil, refusal.NotFound("the journal has no exchange with the number %d", number)
	}
	return ExplainExchange200JSONResponse{
		Refused:   why.Reason != explain.NotRefused,
		Reason:    why.Reason,
		Summary:   why.Summary,
		Signature: signatureOnTheWire(why.Signature),
		Gate:      gateOnTheWire(why.Gate),
		Token:     tokenOnTheWire(why.Token),
	}, nil
}

func signatureOnTheWire(s *explain.Signature) *SignatureExplanation {
	if s == nil {
		return nil
	}
	return &SignatureExplanation{WalletAddress: s.Wallet, Signer: s.Signer, Expected: s.Expected, Signed: s.Signed}
}

func gateOnTheWire(g *explain.Gate) *GateExplanation {
	if g == nil {
		return nil
	}
	shown := &GateExplanation{
		Chain: g.Chain, WalletAddress: g.Wallet, Steps: []GateStep{}, MoreSteps: g.More,
		Total: string(g.Total), Minimum: string(g.Minimum), AllowedWallets: g.Listed,
	}
	for _, step := range g.Steps {
		shown.Steps = append(shown.Steps, GateStep{
			Kind: step.Kind, Token: step.Token, Balance: string(step.Balance), Source: step.Source, Sum: string(step.Sum),
		})
	}
	return shown
}

func tokenOnTheWire(t *explain.Token) *TokenExplanation {
	if t == nil {
		return nil
	}
	shown := &TokenExplanation{Claims: t.Claims}
	for _, check := range t.Checks {
		shown.Checks = append(shown.Checks, TokenCheck{Check: check.Name, Passed: check.Passed, Found: check.Found})
	}
	return shown
}
