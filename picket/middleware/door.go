package middleware

import (
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// door is a gate, if there is one, and its name for logs.
type door struct {
	gate *picket.Gate
	name string
}

func newDoor(chain string, requirements picket.Requirements) (door, error) {
	gate, err := picket.NewGate(chain, requirements)
	if err != nil {
		return door{}, fmt.Errorf("middleware: %w", err)
	}
	return door{gate, nameOf(gate)}, nil
}

// nameOf returns a short text by which an operator recognizes a gate.
func nameOf(gate *picket.Gate) string {
	r := gate.Requirements()
	parts := []string{gate.Chain()}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, fmt.Sprintf("%s=%.64s", name, value))
		}
	}
	list := func(name string, values []string) {
		switch len(values) {
		case 0:
		case 1:
			add(name, values[0])
		default:
			add(name, fmt.Sprintf("%.44s and %d more", values[0], len(values)-1))
		}
	}
	add("contractAddress", r.ContractAddress)
	list("collection", r.Collection)
	add("creatorAddress", r.CreatorAddress)
	list("tokenIds", r.TokenIDs)
	list("allowedWallets", r.AllowedWallets)
	add("minTokenBalance", string(r.MinTokenBalance))
	return strings.Join(parts, " ")
}
