// Package drift has a mock answer as an API does that was observed to differ from the contract, so that applications can be tested
// against it. It changes the form of answers, and never what they decide.
//
// # What is changed
//
// The differences are those that package learn proposes, as far as they were seen in responses. The contract with them decides what an
// answer may have. Where several forms were seen, each has its share of the answers, in turn: counters and a seed decide, so a test
// sees the same in every run.
//
//   - A new property has a value that is made up. One that is not always there, although the contract requires it, is left out.
//   - A value becomes null, or gets another type, and keeps its meaning where that is possible: the string "12.5" becomes the number 12.5,
//     and a single value a list of one.
//   - A string of an enum, and the code of an error, become words that the contract does not have.
//   - Headers are added, or left out.
//   - A status that the contract does not have takes the place of another one of the same class, and so does a media type. Statuses of
//     the 4xx that say something else than that the operation refuses (see ofItsOwn), and those of the 5xx, do not take turns. Neither
//     does what fewer than observe.Shared answers had, because its names are not known.
//   - Operations that the contract does not have answer as they were seen to.
//
// # What stays
//
// An answer that refuses keeps refusing, and a success stays one. Nothing that opens something is made up: a boolean that is made up is
// false, and an access token that is made up was signed by nobody. A number keeps its value or is rounded down. So an application that
// reads a renamed property finds it, and does not get in by it.
//
// Requests for operations of the contract are checked as without drift. That an API took a name that the contract does not have may
// mean that it ignored it, and a server that ignores a misspelt requirement lets everyone in.
package drift

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Drift is how an API differs from the contract. It is safe for concurrent use. A nil Drift changes nothing.
type Drift struct {
	contract    *spec.Contract
	differences []learn.Proposal
	seed        uint64
	changes     map[*spec.Operation]change
	was         namer
	codes       []string // the error codes of the contract
}

// change is how answers of an operation differ.
type change struct {
	was  *spec.Operation    // the operation of the contract; nil if it does not have it
	is   *spec.Operation    // the operation of the contract with the differences
	seen *observe.Operation // nil if it was not seen
}

// New compares what was seen with a contract, and with its text in YAML.
func New(contract *spec.Contract, text []byte, seen *observe.Log, seed uint64) (*Drift, error) {
	result, err := learn.Learn(text, seen)
	if err != nil {
		return nil, err
	}
	result.Proposals = slices.DeleteFunc(result.Proposals, func(p learn.Proposal) bool { return !p.Evidence.Responses })
	changed, err := result.Apply()
	if err != nil {
		return nil, fmt.Errorf("the contract cannot be changed after what was observed: %w", err)
	}
	d := &Drift{differences: result.Proposals, seed: seed, changes: map[*spec.Operation]change{}, was: contract, codes: examples.ErrorCodes(contract)}
	if d.contract, err = spec.Read(changed, contract.Base()); err != nil {
		return nil, fmt.Errorf("what was observed does not make a contract, and picket-mock learn shows what it makes: %w", err)
	}
	operations := map[string]*observe.Operation{}
	for _, all := range []map[string]*observe.Operation{seen.Others, seen.Operations} {
		for name, op := range all {
			operations[withoutNames(name)] = op
		}
	}
	known := map[string]*spec.Operation{}
	for _, op := range contract.Operations() {
		known[nameOf(op, contract)] = op
	}
	for _, op := range d.contract.Operations() {
		name := nameOf(op, contract)
		d.changes[op] = change{was: known[name], is: op, seen: operations[name]}
	}
	return d, nil
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// withoutNames returns a method and a path in which the parameters have no names.
func withoutNames(name string) string {
	return parameter.ReplaceAllLiteralString(name, observe.Placeholder)
}

func nameOf(op *spec.Operation, contract *spec.Contract) string {
	return withoutNames(op.Method + " " + strings.TrimPrefix(op.Path, contract.Base()))
}

// Contract returns the contract with the differences.
func (d *Drift) Contract() *spec.Contract { return d.contract }

// Differences returns what is different, in the order of the contract.
func (d *Drift) Differences() []learn.Proposal {
	if d == nil {
		return nil
	}
	return slices.Clone(d.differences)
}

// Asked returns the operation by which requests for an operation are checked: that of the contract, if it has it.
func (d *Drift) Asked(op *spec.Operation) *spec.Operation {
	if d != nil && d.changes[op].was != nil {
		return d.changes[op].was
	}
	return op
}
