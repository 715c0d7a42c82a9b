package drift

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// schema is what a contract says about the values at a place. Without a schema, it says nothing, and has no value there.
type schema struct {
	*openapi3.Schema

	contract namer
}

// namer is what is needed of a contract.
type namer interface {
	Names(*openapi3.Schema) map[string]*openapi3.Schema
	Superseded(*openapi3.Schema) map[string]*openapi3.Schema
	Spellings(s *openapi3.Schema, property string) []string
}

func (s schema) is() bool { return s.Schema != nil }

func (s schema) with(other *openapi3.Schema) schema { return schema{other, s.contract} }

// accepts reports whether values may have a type.
func (s schema) accepts(kind string) bool { return s.is() && accepts(s.Schema, kind) }

func accepts(s *openapi3.Schema, kind string) bool {
	is := func(part *openapi3.SchemaRef) bool { return accepts(part.Value, kind) }
	if kind == "null" {
		return s.Nullable || slices.ContainsFunc(slices.Concat(s.AnyOf, s.OneOf), is)
	}
	types := s.Type.Slice()
	if len(types) > 0 && !slices.Contains(types, kind) && !(kind == "integer" && slices.Contains(types, "number")) {
		return false
	}
	if slices.ContainsFunc(s.AllOf, func(part *openapi3.SchemaRef) bool { return !is(part) }) {
		return false
	}
	alternatives := slices.Concat(s.AnyOf, s.OneOf)
	return len(alternatives) == 0 || slices.ContainsFunc(alternatives, is)
}

// of returns the alternative that takes values of a type, or the schema itself.
func (s schema) of(kind string) schema {
	if s.is() {
		for _, part := range slices.Concat(s.AnyOf, s.OneOf) {
			if accepts(part.Value, kind) {
				return s.with(part.Value).of(kind)
			}
		}
	}
	return s
}

// parts returns the schema and all that it is composed of.
func parts(s *openapi3.Schema) []*openapi3.Schema {
	all := []*openapi3.Schema{s}
	for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		all = append(all, parts(part.Value)...)
	}
	return all
}

// items returns the schema of the items of lists.
func (s schema) items() schema {
	if s = s.of("array"); s.is() {
		for _, part := range parts(s.Schema) {
			if part.Items != nil {
				return s.with(part.Items.Value)
			}
		}
	}
	return s.with(nil)
}

// further returns the schema of what is under names that are data.
func (s schema) further() schema {
	if s = s.of("object"); s.is() {
		for _, part := range parts(s.Schema) {
			if part.AdditionalProperties.Schema != nil {
				return s.with(part.AdditionalProperties.Schema.Value)
			}
		}
	}
	return s.with(nil)
}

// property returns the schema of what is under a name.
func (s schema) property(name string) schema {
	if s = s.of("object"); s.is() {
		if found := s.contract.Names(s.Schema)[name]; found != nil {
			return s.with(found)
		}
	}
	return s.further()
}

// has reports whether the contract has a name.
func (s schema) has(name string) bool {
	s = s.of("object")
	return s.is() && s.contract.Names(s.Schema)[name] != nil
}

// properties returns the names of objects, without the superseded ones, in alphabetical order.
func (s schema) properties() []string {
	if s = s.of("object"); !s.is() {
		return nil
	}
	superseded := s.contract.Superseded(s.Schema)
	var all []string
	for name := range s.contract.Names(s.Schema) {
		if superseded[name] == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// spellings returns the superseded names of a property.
func (s schema) spellings(property string) []string {
	if s = s.of("object"); !s.is() {
		return nil
	}
	return s.contract.Spellings(s.Schema, property)
}

// requires reports whether objects must have a name.
func (s schema) requires(name string) bool {
	s = s.of("object")
	return s.is() && requires(s.Schema, name)
}

func requires(s *openapi3.Schema, name string) bool {
	return slices.Contains(s.Required, name) ||
		slices.ContainsFunc(s.AllOf, func(part *openapi3.SchemaRef) bool { return requires(part.Value, name) })
}

// words returns the members of the enum that strings are of, if they are of one.
func (s schema) words() (members []any, ok bool) {
	if s.is() {
		for _, part := range parts(s.Schema) {
			if len(part.Enum) > 0 {
				members, ok = append(members, part.Enum...), true
			}
		}
	}
	return members, ok
}

// allows reports whether a value is as the schema says.
func (s schema) allows(value any) bool {
	return s.is() && s.VisitJSON(value, openapi3.VisitAsResponse()) == nil
}
