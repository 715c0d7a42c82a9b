package learn

import (
	"fmt"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// Result is what follows from what was seen.
type Result struct {
	// Proposals are in the order of the document.
	Proposals []Proposal
	// Contradictions are what a person has to decide.
	Contradictions []Contradiction

	text  []byte
	facts []Fact
}

// Proposal is one change of the contract.
type Proposal struct {
	// Place is what is changed or added to, as a JSON pointer into the document.
	Place string
	// Says says what was seen, such as "NonceResponse.level: new, an integer".
	Says     string
	Evidence Evidence

	adds bool // it takes nothing back that the contract says
	edit func(*yamledit.Document) error
}

// Contradiction is something that the contract excludes and that was seen, and for which there is no proposal.
type Contradiction struct {
	Place    string
	Says     string
	Evidence Evidence
}

// Apply returns the contract with the proposals.
func (r *Result) Apply() ([]byte, error) {
	edited, err := yamledit.Parse(r.text)
	if err != nil {
		return nil, err
	}
	for _, proposal := range r.Proposals {
		if err := proposal.edit(edited); err != nil {
			return nil, fmt.Errorf("%s: %w", proposal.Says, err)
		}
	}
	return edited.Bytes(), nil
}

// State says what observations say of a fact that was inferred.
type State string

// The states of a fact.
const (
	Confirmed     State = "confirmed"
	Contradicted  State = "contradicted"
	NotSeen       State = "not seen"
	NotObservable State = "not observable"
)

// Fact is something in the contract with the x-provenance inferred, and what was seen of it.
type Fact struct {
	Place    string // a JSON pointer into the document
	Subject  string // what it is, such as "OAuthError.error"
	State    State
	Reason   string // by what it is contradicted, or why it was not seen
	Evidence Evidence
}

// Provenance returns every fact that the contract only infers, in the order of the document.
func (r *Result) Provenance() []Fact { return slices.Clone(r.facts) }

// Raise returns the contract in which the facts that are confirmed have the x-provenance observed.
func (r *Result) Raise() ([]byte, error) {
	edited, err := yamledit.Parse(r.text)
	if err != nil {
		return nil, err
	}
	for _, fact := range r.facts {
		if fact.State != Confirmed {
			continue
		}
		if err := raise(edited, fact); err != nil {
			return nil, fmt.Errorf("%s: %w", fact.Subject, err)
		}
	}
	return edited.Bytes(), nil
}

func raise(d *yamledit.Document, fact Fact) error {
	if err := d.Replace(below(fact.Place, "x-provenance"), text("observed")); err != nil {
		return err
	}
	source := below(fact.Place, "x-source")
	if node := d.Node(source); node != nil {
		return d.Replace(source, quoted(node.Value+"; "+fact.Evidence.source()))
	}
	return d.Add(fact.Place, "x-source", quoted(fact.Evidence.source()), "")
}
