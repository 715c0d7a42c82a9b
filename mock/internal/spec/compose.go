package spec

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// propertiesOf returns the properties of a schema and of all schemas that it is composed of.
func propertiesOf(schema *openapi3.Schema) openapi3.Schemas {
	parts := slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf)
	if len(parts) == 0 {
		return schema.Properties
	}
	all := openapi3.Schemas{}
	for _, part := range parts {
		for name, property := range propertiesOf(part.Value) {
			all[name] = property
		}
	}
	for name, property := range schema.Properties {
		all[name] = property
	}
	return all
}

// isOpen reports whether a schema, or one that it is composed of, explicitly allows further properties.
func isOpen(schema *openapi3.Schema) bool {
	further := schema.AdditionalProperties
	return further.Schema != nil || (further.Has != nil && *further.Has) ||
		slices.ContainsFunc(slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf), func(part *openapi3.SchemaRef) bool { return isOpen(part.Value) })
}

// allowsNull reports whether a schema that has no type allows null, as OpenAPI 3.0.3 makes clear. The validator needs to be told.
func allowsNull(schema *openapi3.Schema) bool {
	if schema.Type != nil || schema.Not != nil || len(schema.Properties)+len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) > 0 {
		return false
	}
	return len(schema.Enum) == 0 || slices.Contains(schema.Enum, nil)
}

// isObject reports whether values of a schema are objects.
func isObject(schema *openapi3.Schema) bool { return kind(schema) == "an object" }

// takesMany reports whether a parameter may be given several times.
func takesMany(schema *openapi3.Schema) bool {
	return schema.Type.Is("array") || isObject(schema) ||
		slices.ContainsFunc(slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf), func(part *openapi3.SchemaRef) bool { return takesMany(part.Value) })
}

// typed returns the part of a schema that says of which type its values are, if every part of an allOf must match.
func typed(schema *openapi3.Schema) *openapi3.Schema {
	for range maxAlternatives {
		if schema.Type != nil || len(schema.AllOf) == 0 {
			break
		}
		schema = schema.AllOf[0].Value
	}
	return schema
}

// isNestedList reports whether a schema is for a list of lists or objects.
func isNestedList(schema *openapi3.Schema) bool {
	of := typed(schema)
	if !of.Type.Is(openapi3.TypeArray) || of.Items == nil {
		return false
	}
	item := typed(of.Items.Value)
	return item.Type.Is(openapi3.TypeArray) || isObject(item)
}

// isNumber reports whether values of a schema are numbers.
func isNumber(schema *openapi3.Schema) bool {
	of := typed(schema).Type
	return of.Is(openapi3.TypeNumber) || of.Is(openapi3.TypeInteger)
}

// onlyOfType returns the only one of some schemas whose values have the JSON type of a value, or nil.
func onlyOfType(schemas openapi3.SchemaRefs, value any) *openapi3.Schema {
	var only *openapi3.Schema
	for _, ref := range schemas {
		switch of := typed(ref.Value); {
		case of.Type == nil:
			return nil
		case !isOfType(of, value):
		case only != nil:
			return nil
		default:
			only = ref.Value
		}
	}
	return only
}

func isOfType(schema *openapi3.Schema, value any) bool {
	switch value.(type) {
	case string:
		return schema.Type.Is(openapi3.TypeString)
	case bool:
		return schema.Type.Is(openapi3.TypeBoolean)
	case []any:
		return schema.Type.Is(openapi3.TypeArray)
	case map[string]any:
		return schema.Type.Is(openapi3.TypeObject)
	case nil:
		return false
	}
	return isNumber(schema)
}
