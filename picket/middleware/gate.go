package middleware

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-a13ee279/picket/picket"
)

// gate is requirements, and a key that no other requirements have.
type gate struct {
	requirements picket.Requirements
	key          string
}

func newGate(requirements picket.Requirements) (*gate, error) {
	if err := picket.CheckRequirements(requirements); err != nil {
		return nil, fmt.Errorf("middleware: %w", err)
	}
	// As JSON, because a field that the contract gains is then part of the key without a line here.
	key, err := json.Marshal(requirements)
	if err != nil {
		return nil, fmt.Errorf("middleware: %w", err)
	}
	return &gate{requirements, string(key)}, nil
}

// request asks about a token at the gate; a nil gate asks about the token alone. What it returns shares nothing with
// the gate.
func (g *gate) request(token string) picket.ValidateRequest {
	request := picket.ValidateRequest{AccessToken: picket.Secret(token)}
	if g != nil {
		r := g.requirements
		r.AllowedWallets = slices.Clone(r.AllowedWallets)
		r.Collection = slices.Clone(r.Collection)
		r.TokenIDs = slices.Clone(r.TokenIDs)
		request.Requirements = &r
	}
	return request
}
