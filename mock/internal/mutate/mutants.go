package mutate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Mutant is one small change to the contract.
type Mutant struct {
	// ID says what is changed and how, such as "schemas.NonceResponse.properties.format: renamed". It is the same in every
	// run, as long as the place is called the same.
	ID string

	at   place
	edit func(*yaml.Node)
}

// Apply returns the contract with the change. The rest stays as it is written, if a YAML encoder would write it in the same way except
// for empty lines.
func (m Mutant) Apply(contract []byte) ([]byte, error) {
	document, err := parse(contract)
	if err != nil {
		return nil, err
	}
	before, err := encode(document)
	if err != nil {
		return nil, err
	}
	node := m.at.find(document)
	if node == nil {
		return nil, fmt.Errorf("%s: the contract has no such place", m.ID)
	}
	m.edit(node)
	after, err := encode(document)
	if err != nil {
		return nil, err
	}
	return transplant(contract, before, after), nil
}

// Unchanged returns the contract without a change, as Apply would write it. The tests must accept it before they can judge a mutant.
func Unchanged(contract []byte) ([]byte, error) {
	document, err := parse(contract)
	if err != nil {
		return nil, err
	}
	text, err := encode(document)
	return transplant(contract, text, text), err
}

// transplant makes the change between before and after, two encodings, to the original text. It returns after if the original
// differs from before in more than empty lines.
func transplant(original, before, after []byte) []byte {
	lines := func(text []byte) [][]byte { return bytes.SplitAfter(text, []byte("\n")) }
	o, b, a := lines(original), lines(before), lines(after)
	position := make([]int, len(b)) // of each line of before in original
	next := 0
	for i, line := range b {
		for next < len(o) && !bytes.Equal(o[next], line) && len(bytes.TrimSpace(o[next])) == 0 {
			next++
		}
		if next == len(o) || !bytes.Equal(o[next], line) {
			return after
		}
		position[i] = next
		next++
	}
	same := 0 // lines at the beginning
	for same < min(len(a), len(b))-1 && bytes.Equal(a[same], b[same]) {
		same++
	}
	rest := 1 // lines at the end; the last is the empty one after the last line break
	for rest < min(len(a), len(b))-same && bytes.Equal(a[len(a)-1-rest], b[len(b)-1-rest]) {
		rest++
	}
	return bytes.Join([][]byte{
		bytes.Join(o[:position[same]], nil),
		bytes.Join(a[same:len(a)-rest], nil),
		bytes.Join(o[position[len(b)-rest]:], nil),
	}, nil)
}

// Mutants returns every small change to the contract that matters to a program, in the order of the contract. Changes of prose
// (descriptions, summaries, sources, tags, deprecation) and of examples are not among them, and neither are changes that are
// known to mean the same: a shared response is changed where it stands, and not again in each operation that refers to it.
//
// A contract with a keyword that OpenAPI 3.0 does not have is refused, because no mutant would show whether a test notices what the
// keyword says. An extension that is not known is dropped as a whole.
func Mutants(contract []byte) ([]Mutant, error) {
	document, err := parse(contract)
	if err != nil {
		return nil, err
	}
	top := document.Content[0]
	if version := text(top, "openapi"); !strings.HasPrefix(version, "3.0.") {
		return nil, fmt.Errorf("the contract is OpenAPI %q; mutants can be made only of OpenAPI 3.0", version)
	}
	w := &walker{document: document}
	w.root(top)
	if len(w.unknown) > 0 {
		return nil, fmt.Errorf("OpenAPI 3.0 does not have these keywords of the contract: %s; correct them, or teach them to mock/internal/mutate",
			strings.Join(w.unknown, ", "))
	}
	return w.mutants, nil
}

func (w *walker) root(top *yaml.Node) {
	root := place{}
	w.members(root, top, "openapi", "info", "servers", "paths", "components", "security")
	w.servers(root, top)
	if value(top, "security") != nil {
		w.add(root, "security: dropped", func(n *yaml.Node) { drop(n, "security") })
		w.alternatives(root, value(top, "security"))
	}
	pairs(value(top, "paths"), func(path string, item *yaml.Node) {
		w.add(root.in("paths"), path+": renamed", func(n *yaml.Node) { rename(n, path, renamedPath(path)) })
		w.item(root.in("paths").in(path), item)
	})
	// The IDs of what is in components begin with its kind.
	kinds := place{"", []string{"components"}}
	w.members(place{"components", kinds.steps}, value(top, "components"),
		"securitySchemes", "parameters", "headers", "responses", "schemas", "requestBodies", "links", "callbacks")
	components := func(kind string, visit func(at place, node *yaml.Node)) {
		pairs(value(value(top, "components"), kind), func(name string, node *yaml.Node) { visit(kinds.in(kind).in(name), node) })
	}
	components("securitySchemes", w.securityScheme)
	components("parameters", w.parameter)
	components("headers", w.header)
	components("requestBodies", w.requestBody)
	components("responses", w.response)
	components("links", w.link)
	components("callbacks", w.callback)
	components("schemas", w.schema)
}

// renamedPath changes the last segment of a path that is not a parameter, because the name of a parameter is never sent.
func renamedPath(path string) string {
	segments := strings.Split(path, "/")
	for i := range slices.Backward(segments) {
		if !strings.HasPrefix(segments[i], "{") {
			segments[i] += "X"
			break
		}
	}
	return strings.Join(segments, "/")
}

// A walker collects mutants on its way through the contract.
type walker struct {
	document *yaml.Node
	mutants  []Mutant
	unknown  []string // the places of keywords that are not known
}

// prose matters to people, and not to programs.
var prose = []string{
	"description", "summary", "title", "tags", "externalDocs", "example", "examples", "deprecated",
	"x-provenance", "x-source", "x-deprecated-reason",
}

// members drops each extension of an object that is not among the known members, and notes the keywords that are not known.
func (w *walker) members(at place, object *yaml.Node, known ...string) {
	pairs(object, func(key string, _ *yaml.Node) {
		if slices.Contains(known, key) || slices.Contains(prose, key) {
			return
		}
		if strings.HasPrefix(key, "x-") {
			w.add(at, key+": dropped", func(n *yaml.Node) { drop(n, key) })
			return
		}
		w.unknown = append(w.unknown, at.in(key).id)
	})
}

func (w *walker) add(at place, what string, edit func(*yaml.Node)) {
	separator := ": "
	if strings.Contains(what, ": ") {
		separator = "."
	}
	if at.id == "" {
		separator = ""
	}
	w.mutants = append(w.mutants, Mutant{at.id + separator + what, at, edit})
}

// resolve follows a reference within the contract.
func (w *walker) resolve(node *yaml.Node) *yaml.Node {
	for range 10 {
		pointer, ok := strings.CutPrefix(text(node, "$ref"), "#/")
		if !ok {
			return node
		}
		node = place{"", strings.Split(pointer, "/")}.find(w.document)
	}
	return node
}
