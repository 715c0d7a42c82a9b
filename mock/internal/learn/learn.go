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
	named  map[string]bool      // the names of new schemas
	seen   map[string]operation // by their pointers
	usage  usage
}

// Learn compares what was seen with the contract. The contract is the text of an OpenAPI 3.0 description in YAML.
func Learn(contract []byte, log *observe.Log) (*Result, error) {
	doc, err := readDocument(contract)
	if err != nil {
		return nil, fmt.Errorf("the contract is not YAML: %w", err)
	}
	l := &learner{doc: doc, folded: newFolded(doc), seen: map[string]operation{}, named: map[string]bool{}, usage: doc.usage(), result: &Result{text: contract}}
	known := doc.operations()
	log = underNamesOf(known, log)
	for name, seen := range sortedMap(log.Operations) {
		op, ok := known[name]
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
		l.proposeOperation(name, seen)
	}
	for _, op := range sortedMap(l.seen) {
		l.contradictions(op)
	}
	l.facts("")
	return l.result, l.sort()
}

// underNamesOf returns what was seen with the operations that a contract has under its names, whatever they were observed as: paths may
// have become operations since, and parameters may have other names.
func underNamesOf(known map[string]operation, log *observe.Log) *observe.Log {
	named := map[string]string{}
	for name := range known {
		named[braces.ReplaceAllLiteralString(name, observe.Placeholder)] = name
	}
	all := observe.New()
	for name, seen := range log.Operations {
		if now, ok := named[braces.ReplaceAllLiteralString(name, observe.Placeholder)]; ok {
			name = now
		}
		all.Merge(&observe.Log{Operations: map[string]*observe.Operation{name: seen}})
	}
	for name, seen := range log.Others {
		if now, ok := named[name]; ok {
			all.Merge(&observe.Log{Operations: map[string]*observe.Operation{now: seen}})
			continue
		}
		all.Merge(&observe.Log{Others: map[string]*observe.Operation{name: seen}})
	}
	return all
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
