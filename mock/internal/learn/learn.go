package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// learner compares what was seen with the contract.
type learner struct {
	doc    document
	folded *folded
	result *Result
	known  map[string]bool      // the error codes of the contract
	made   []string             // the operationIds of new operations
	seen   map[string]operation // by their pointers
	usage  usage
}

// Learn compares what was seen with the contract. The contract is the text of an OpenAPI 3.0 description in YAML.
func Learn(contract []byte, log *observe.Log) (*Result, error) {
	doc, err := readDocument(contract)
	if err != nil {
		return nil, fmt.Errorf("the contract is not YAML: %w", err)
	}
	l := &learner{doc: doc, folded: newFolded(doc), seen: map[string]operation{}, usage: doc.usage(), result: &Result{text: contract}}
	known := doc.operations()
	for name, seen := range sortedMap(log.Operations) {
		op, ok := known[name]
		if !ok {
			op, ok = renamed(known, name)
		}
		if !ok {
			l.contradict(Contradiction{Place: "/paths", Says: name + " was observed as an operation of another contract, and this contract does not have it",
				Evidence: Evidence{Count: seen.Count, Of: seen.Count, From: seen.From, To: seen.To}})
			continue
		}
		op.seen = seen
		l.walk(op)
	}
	l.proposeHeaders()
	l.proposeCodes()
	l.proposeSchemas()
	for name, seen := range sortedMap(log.Others) {
		if op, ok := renamed(known, name); ok { // the contract has it by now
			op.seen = seen
			l.walk(op)
			continue
		}
		l.proposeOperation(name, seen)
	}
	l.facts("")
	return l.result, l.sort()
}

// renamed returns the operation of the contract with the same method and path, whatever the names of its parameters are.
func renamed(known map[string]operation, name string) (operation, bool) {
	plain := braces.ReplaceAllLiteralString(name, observe.Placeholder)
	for other, op := range sortedMap(known) {
		if braces.ReplaceAllLiteralString(other, observe.Placeholder) == plain {
			return op, true
		}
	}
	return operation{}, false
}

// sort brings proposals into the order of the document.
func (l *learner) sort() error {
	edited, err := yamledit.Parse(l.result.text)
	if err != nil {
		return fmt.Errorf("the contract cannot be edited: %w", err)
	}
	line := func(place string) int {
		for place != "" {
			if n := edited.Line(place); n > 0 {
				return n
			}
			place = place[:strings.LastIndex(place, "/")]
		}
		return 0
	}
	slices.SortStableFunc(l.result.Proposals, func(a, b Proposal) int {
		return cmp.Or(line(a.Place)-line(b.Place), strings.Compare(a.Place, b.Place), strings.Compare(a.Says, b.Says))
	})
	slices.SortStableFunc(l.result.facts, func(a, b Fact) int { return line(a.Place) - line(b.Place) })
	slices.SortStableFunc(l.result.Contradictions, func(a, b Contradiction) int {
		return cmp.Or(line(a.Place)-line(b.Place), strings.Compare(a.Says, b.Says))
	})
	return nil
}
