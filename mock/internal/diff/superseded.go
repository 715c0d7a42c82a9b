package diff

import (
	"maps"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/load"
)

// withSuperseded makes the names in x-superseded properties again, in both versions: messages may have them as before, so a property that
// becomes a superseded name breaks nobody, and a superseded name that is dropped is a property that is dropped.
func withSuperseded(_ *openapi3.Loader, infos []*load.SpecInfo) ([]*load.SpecInfo, error) {
	for _, info := range infos {
		seen := map[*openapi3.Schema]bool{}
		if info.Spec.Components != nil {
			for _, schema := range info.Spec.Components.Schemas {
				restore(schema, seen)
			}
		}
		for _, item := range info.Spec.Paths.Map() {
			for _, op := range item.Operations() {
				if op.RequestBody != nil {
					restoreContent(op.RequestBody.Value.Content, seen)
				}
				for _, response := range op.Responses.Map() {
					restoreContent(response.Value.Content, seen)
				}
			}
		}
	}
	return infos, nil
}

func restoreContent(content openapi3.Content, seen map[*openapi3.Schema]bool) {
	for _, media := range content {
		restore(media.Schema, seen)
	}
}

func restore(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	schema := ref.Value
	seen[schema] = true
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf, {schema.Items, schema.AdditionalProperties.Schema}} {
		for _, part := range parts {
			restore(part, seen)
		}
	}
	for _, property := range schema.Properties {
		restore(property, seen)
	}
	entries := supersededIn(schema)
	if len(entries) == 0 {
		return
	}
	present := propertiesOf(schema)
	properties := maps.Clone(schema.Properties)
	if properties == nil {
		properties = openapi3.Schemas{}
	}
	for name, by := range entries {
		if property := propertyAt(schema, present, by); property != nil {
			properties[name] = property
		}
	}
	schema.Properties = properties
	if schema.Type == nil {
		schema.Type = &openapi3.Types{openapi3.TypeObject}
	}
}

// supersededIn returns the superseded names of a schema, and which property supersedes each.
func supersededIn(schema *openapi3.Schema) map[string]string {
	entries, _ := schema.Extensions[supersededExtension].(map[string]any)
	names := map[string]string{}
	for name, entry := range entries {
		fields, _ := entry.(map[string]any)
		names[name], _ = fields["by"].(string)
	}
	return names
}

// propertyAt returns the schema of the property with a path with dots; "." is an object with all the properties.
func propertyAt(schema *openapi3.Schema, present openapi3.Schemas, by string) *openapi3.SchemaRef {
	if by == "." {
		return openapi3.NewSchemaRef("", &openapi3.Schema{Type: &openapi3.Types{openapi3.TypeObject}, Properties: present})
	}
	var property *openapi3.SchemaRef
	for name := range strings.SplitSeq(by, ".") {
		if property = propertiesOf(schema)[name]; property == nil {
			return nil
		}
		schema = property.Value
	}
	return property
}

// propertiesOf returns the properties of a schema and of its parts.
func propertiesOf(schema *openapi3.Schema) openapi3.Schemas {
	all := maps.Clone(schema.Properties)
	if all == nil {
		all = openapi3.Schemas{}
	}
	for _, part := range schema.AllOf {
		maps.Copy(all, propertiesOf(part.Value))
	}
	return all
}
