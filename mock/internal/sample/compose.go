package sample

import (
	"cmp"
	"encoding/json"
	"maps"
	"path"
	"reflect"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// choices chooses alternatives. Counting n up leads through all combinations of them.
type choices struct{ n int }

func (c *choices) among(alternatives int) int {
	choice := c.n % alternatives
	c.n /= alternatives
	return choice
}

// flatten returns a schema that is not composed of others: it joins all parts of allOf, and one alternative each of oneOf and anyOf.
func (m *maker) flatten(schema *openapi3.Schema, c *choices) (*openapi3.Schema, error) {
	flat := *schema
	flat.AllOf, flat.OneOf, flat.AnyOf = nil, nil, nil
	parts := slices.Clone(schema.AllOf)
	for _, alternatives := range []openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		chosen := alternatives[c.among(len(alternatives))]
		parts = append(parts, chosen)
		if schema.Discriminator != nil {
			parts = append(parts, discriminated(schema.Discriminator, chosen))
		}
	}
	for _, part := range parts {
		if m.open[part.Value] {
			return nil, errEndless
		}
		m.open[part.Value] = true
		flatPart, err := m.flatten(part.Value, c)
		delete(m.open, part.Value)
		if err != nil {
			return nil, err
		}
		flat = merge(flat, *flatPart)
	}
	return &flat, nil
}

// discriminated returns a schema with the property that says which alternative an object is.
func discriminated(d *openapi3.Discriminator, chosen *openapi3.SchemaRef) *openapi3.SchemaRef {
	name := path.Base(chosen.Ref)
	for _, value := range slices.Sorted(maps.Keys(d.Mapping)) {
		if target := d.Mapping[value].Ref; target == chosen.Ref || target == path.Base(chosen.Ref) {
			name = value
		}
	}
	property := openapi3.NewStringSchema()
	property.Enum = []any{name}
	return openapi3.NewObjectSchema().WithProperty(d.PropertyName, property).WithRequired([]string{d.PropertyName}).NewRef()
}

// merge returns a schema that only allows what both schemas allow. Where one schema cannot say that, as with two patterns, it takes
// what a says.
func merge(a, b openapi3.Schema) openapi3.Schema {
	a.Example, a.Default = cmp.Or(a.Example, b.Example), cmp.Or(a.Default, b.Default)
	if a.Type == nil || b.Type.Is(openapi3.TypeInteger) {
		a.Type = cmp.Or(b.Type, a.Type)
	}
	switch {
	case a.Enum == nil:
		a.Enum = b.Enum
	case b.Enum != nil:
		a.Enum = slices.DeleteFunc(slices.Clone(a.Enum), func(value any) bool { return !isAmong(b.Enum, value) })
	}
	a.Format, a.Pattern = cmp.Or(a.Format, b.Format), cmp.Or(a.Pattern, b.Pattern)
	a.MinLength, a.MaxLength = max(a.MinLength, b.MinLength), least(a.MaxLength, b.MaxLength)
	a.MinItems, a.MaxItems = max(a.MinItems, b.MinItems), least(a.MaxItems, b.MaxItems)
	a.MinProps, a.MaxProps = max(a.MinProps, b.MinProps), least(a.MaxProps, b.MaxProps)
	if b.Min != nil && (a.Min == nil || *b.Min >= *a.Min) {
		a.Min, a.ExclusiveMin = b.Min, b.ExclusiveMin
	}
	if b.Max != nil && (a.Max == nil || *b.Max <= *a.Max) {
		a.Max, a.ExclusiveMax = b.Max, b.ExclusiveMax
	}
	a.MultipleOf = cmp.Or(a.MultipleOf, b.MultipleOf)
	a.UniqueItems = a.UniqueItems || b.UniqueItems
	a.Items = both(a.Items, b.Items)
	a.AdditionalProperties.Schema = both(a.AdditionalProperties.Schema, b.AdditionalProperties.Schema)
	a.Required = append(slices.Clone(a.Required), b.Required...)
	properties := openapi3.Schemas{}
	for _, from := range []openapi3.Schemas{a.Properties, b.Properties} {
		for name, property := range from {
			properties[name] = both(properties[name], property)
		}
	}
	a.Properties = properties
	return a
}

func least(a, b *uint64) *uint64 {
	if a == nil || (b != nil && *b < *a) {
		return b
	}
	return a
}

func both(a, b *openapi3.SchemaRef) *openapi3.SchemaRef {
	if a == nil || b == nil || a.Value == b.Value {
		return cmp.Or(a, b)
	}
	return (&openapi3.Schema{AllOf: openapi3.SchemaRefs{a, b}}).NewRef()
}

func isAmong(values []any, value any) bool {
	return slices.ContainsFunc(values, func(other any) bool { return reflect.DeepEqual(value, other) })
}

// readings returns the values that a text may stand for: itself, and the number or boolean that it reads as.
func readings(text string) []any {
	values := []any{text}
	var other any
	if json.Unmarshal([]byte(text), &other) == nil {
		values = append(values, other)
	}
	return values
}
