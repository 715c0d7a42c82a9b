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
