package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
)

// refuseNames refuses names that differ only in case and punctuation. They may be one name in Go, where the generator then leaves one of
// two schemas out, or makes code that does not compile.
func refuseNames(doc *openapi3.T) error {
	var all []error
	if doc.Components != nil {
		schemas := names{what: "the schemas", cure: "give one of them an x-go-name"}
		for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
			ref := doc.Components.Schemas[name]
			schemas.add(name, name, ref.Value.Extensions)
			all = append(all, refuseProperties("#/components/schemas/"+name, ref))
		}
		all = append(all, schemas.twice...)
	}
	operations := names{what: "the operationIds", cure: "write another one"}
	paths := doc.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path]
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			op := item.Operations()[method]
			operations.add(op.OperationID, op.OperationID, nil)
			parameters := names{what: fmt.Sprintf("the parameters of %s %s", method, path), cure: "give one of them an x-go-name"}
			for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
				if p := ref.Value; p.In != openapi3.ParameterInPath { // these are no fields of a struct
					parameters.add(p.Name, p.Name+" in "+p.In, p.Extensions)
				}
			}
			all = append(all, parameters.twice...)
		}
	}
	return errors.Join(append(all, operations.twice...)...)
}

// refuseProperties refuses such names among the properties of an object and of those that are described within it.
func refuseProperties(of string, ref *openapi3.SchemaRef) error {
	if ref == nil || ref.Ref != "" {
		return nil
	}
	schema := ref.Value
	properties := names{what: "the properties of " + of, cure: "give one of them an x-go-name"}
	var all []error
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		property := schema.Properties[name]
		extensions := property.Extensions // beside $ref
		if property.Ref == "" {
			extensions = property.Value.Extensions
		}
		properties.add(name, name, extensions)
		all = append(all, refuseProperties(of+"."+name, property))
	}
	for _, part := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf, openapi3.SchemaRefs{schema.Items, schema.AdditionalProperties.Schema}) {
		all = append(all, refuseProperties(of, part))
	}
	return errors.Join(append(all, properties.twice...)...)
}

// names are those of which no two may be the same in Go.
type names struct {
	what, cure string
	seen       map[string]string // by what Go keeps of them
	twice      []error
}

// add adds a name, and what it is called in messages. The same one may be added twice.
func (n *names) add(name, called string, extensions map[string]any) {
	if _, named := extensions["x-go-name"]; named || name == "" {
		return
	}
	kept := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	if other, ok := n.seen[kept]; ok && kept != "" && other != called {
		n.twice = append(n.twice, fmt.Errorf("%s %s and %s may be one name in Go, where case and punctuation get lost: %s", n.what, other, called, n.cure))
	}
	if n.seen == nil {
		n.seen = map[string]string{}
	}
	n.seen[kept] = called
}
