package observe

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// place is what the contract says about the values at a place, as far as it decides what is kept.
type place struct {
	schema *openapi3.Schema // nil where the contract says nothing
	names  map[string]*openapi3.Schema
	isMap  bool // names are data
	isEnum bool // words are kept
	isCode bool // words are kept that are no values elsewhere
	items  *openapi3.Schema
	data   *openapi3.Schema
}

// places finds the place of a schema, and keeps it.
type places struct {
	contract *spec.Contract
	known    map[*openapi3.Schema]*place
}

var nowhere = &place{}

func (p *places) of(schema *openapi3.Schema) *place {
	if schema == nil {
		return nowhere
	}
	if found := p.known[schema]; found != nil {
		return found
	}
	made := &place{schema: schema, names: p.contract.Names(schema)}
	p.describe(made, schema)
	p.known[schema] = made
	return made
}

// describe reads the parts of a schema that do not lie in its names.
func (p *places) describe(made *place, schema *openapi3.Schema) {
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, part := range parts {
			p.describe(made, part.Value)
		}
	}
	if schema.Items != nil {
		made.items = schema.Items.Value
	}
	if further := schema.AdditionalProperties.Schema; further != nil {
		made.isMap, made.data = true, further.Value
	}
	made.isEnum = made.isEnum || len(schema.Enum) > 0
}
