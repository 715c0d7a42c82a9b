package main

import (
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// madeElsewhere are the operations whose answers a library makes, so that no code of the mock names their properties.
var madeElsewhere = []string{"jwks"}

// unsent lists the properties of an operation's success that the mock's behaviour does not name, and therefore cannot send. It
// compares names only: a property with the name of another one that the mock does send is not noticed.
func (s sources) unsent(op *spec.Operation) []string {
	status := sample.FirstSuccess(op.Spec())
	if status == 0 || slices.Contains(madeElsewhere, op.ID) {
		return nil
	}
	media := op.Spec().Responses.Status(status).Value.Content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	f := finder{s.types.fields(), s.mock.mentioned(), map[*openapi3.Schema]bool{}, map[string]bool{}}
	for _, pkg := range s.values {
		maps.Copy(f.mentioned, pkg.mentioned())
	}
	f.visit(media.Schema.Value)
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(f.unsent)) {
		lines = append(lines, "behaviour in mock: never sends the property "+name)
	}
	return lines
}

// A finder finds the properties that no code mentions.
type finder struct {
	inGo      map[string][]string // the names of fields, by those of properties
	mentioned map[string]bool     // the fields that the code mentions
	seen      map[*openapi3.Schema]bool
	unsent    map[string]bool
}

// visit adds the properties of a schema, at any depth, without deprecated ones. An object of which the code mentions no property is
// made elsewhere, such as a key in JOSE's library.
func (f *finder) visit(schema *openapi3.Schema) {
	if f.seen[schema] {
		return
	}
	f.seen[schema] = true
	isSent := func(name string) bool {
		return slices.ContainsFunc(f.inGo[name], func(field string) bool { return f.mentioned[field] })
	}
	names := slices.Collect(maps.Keys(schema.Properties))
	isMade := slices.ContainsFunc(names, isSent)
	for name, property := range schema.Properties {
		switch {
		case isSent(name):
			f.visit(property.Value)
		case isMade && !property.Value.Deprecated:
			f.unsent[name] = true
		}
	}
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.OneOf, schema.AnyOf, {schema.Items, schema.AdditionalProperties.Schema}} {
		for _, part := range parts {
			if part != nil {
				f.visit(part.Value)
			}
		}
	}
}

// fields returns the names that the fields of structs have in Go, by those in JSON.
func (s source) fields() map[string][]string {
	fields := map[string][]string{}
	for _, file := range s {
		ast.Inspect(file, func(node ast.Node) bool {
			field, ok := node.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			tag, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				return true
			}
			name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
			for _, inGo := range field.Names {
				fields[name] = append(fields[name], inGo.Name)
			}
			return true
		})
	}
	return fields
}

// mentioned returns the names of fields that the code selects or sets in a composite literal.
func (s source) mentioned() map[string]bool {
	names := map[string]bool{}
	for _, file := range s {
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.SelectorExpr:
				names[n.Sel.Name] = true
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok {
					names[key.Name] = true
				}
			}
			return true
		})
	}
	return names
}
