package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
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

	edit func(*yamledit.Document) error
}

// Contradiction is something that the contract excludes and that was seen, and for which there is no proposal.
type Contradiction struct {
	Place    string
	Says     string
	Evidence Evidence
}

// Learn compares what was seen with the contract. The contract is the text of an OpenAPI 3.0 description in YAML.
func Learn(contract []byte, log *observe.Log) (*Result, error) {
	doc, err := readDocument(contract)
	if err != nil {
		return nil, fmt.Errorf("the contract is not YAML: %w", err)
	}
	l := &learner{doc: doc, folded: newFolded(doc), seen: map[string]operation{}, result: &Result{text: contract}}
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

// String returns the evidence in words.
func (e Evidence) String() string {
	all := max(e.Count, e.Of)
	text := ""
	if e.Of > e.Count {
		text = fmt.Sprintf("%d of ", e.Count)
	}
	switch {
	case e.Requests && !e.Responses:
		text += amount(all, "successful request", "successful requests")
	case e.Requests:
		text += amount(all, "answer or successful request", "answers and successful requests")
	default:
		text += amount(all, "answer", "answers")
	}
	if len(e.Operations) > 0 {
		text += " of " + words(e.Operations)
	}
	return text + ", " + e.span()
}

func (e Evidence) span() string {
	if e.From == e.To {
		return e.From
	}
	return e.From + " to " + e.To
}

// source returns the x-source of an addition.
func (e Evidence) source() string {
	seen := amount(e.Count, "answer", "answers")
	if e.Requests && !e.Responses {
		seen = amount(e.Count, "request", "requests")
	}
	return fmt.Sprintf("observed: %s, %s to %s", seen, e.From, e.To)
}

// subject returns a pointer in a form that people read: "NonceResponse.level" for the property of a schema.
func subject(pointer string) string {
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	var words []string
	switch {
	case len(tokens) > 2 && tokens[0] == "components":
		words, tokens = []string{tokens[2]}, tokens[3:]
	case len(tokens) > 2 && tokens[0] == "paths":
		words, tokens = []string{strings.ToUpper(tokens[2]) + " " + unescape(tokens[1])}, tokens[3:]
	}
	for i := 0; i < len(tokens); i++ {
		switch token := tokens[i]; token {
		case "properties":
		case "allOf", "anyOf", "oneOf":
			i++ // and the number of the part
		case "items":
			words[len(words)-1] += "[]"
		case "additionalProperties":
			words[len(words)-1] += "{}"
		default:
			words = append(words, unescape(token))
		}
	}
	return strings.Join(words, ".")
}
