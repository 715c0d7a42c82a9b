package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A supersession is an entry of x-superseded: a name that an object may have although it is not a property, because a property
// supersedes it. openapi.yaml describes the form of the extension.
type supersession struct {
	by     []string         // the path of the property, from the object that has the name; empty for the object itself
	schema *openapi3.Schema // of the property, which is that of the value
	place  string           // where the description says so
}

const extension = "x-superseded"

// readSuperseded reads x-superseded of all schemas. A schema has also the entries of those that it is composed of.
func (d *description) readSuperseded() error {
	own := map[*openapi3.Schema]map[string]supersession{}
	for schema, place := range d.places {
		entries, err := supersessions(schema, place+"/"+extension)
		if err != nil {
			return err
		}
		if len(entries) > 0 {
			own[schema] = entries
		}
	}
	if len(own) == 0 {
		return nil
	}
	d.superseded = map[*openapi3.Schema]map[string]supersession{}
	for schema := range d.places {
		all := map[string]supersession{}
		collectSuperseded(all, own, schema)
		if len(all) > 0 {
			d.superseded[schema] = all
		}
	}
	return nil
}

func collectSuperseded(all map[string]supersession, own map[*openapi3.Schema]map[string]supersession, schema *openapi3.Schema) {
	for _, part := range slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf) {
		collectSuperseded(all, own, part.Value)
	}
	maps.Copy(all, own[schema])
}

// supersessions reads x-superseded of one schema.
func supersessions(schema *openapi3.Schema, place string) (map[string]supersession, error) {
	value, ok := schema.Extensions[extension]
	if !ok {
		return nil, nil
	}
	entries, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s must be an object that has an object for each superseded name", place)
	}
	read := map[string]supersession{}
	properties := propertiesOf(schema)
	for _, name := range sorted(entries) {
		at := place + "/" + escape(name)
		entry, _ := entries[name].(map[string]any)
		by, _ := entry["by"].(string)
		if by == "" {
			return nil, fmt.Errorf("%s must name the property that supersedes it: {by: property}, {by: object.property}, or {by: .} for the object itself", at)
		}
		for key := range entry {
			if key != "by" && !strings.HasPrefix(key, "x-") {
				return nil, fmt.Errorf("%s has %q; it may have by and extensions", at, key)
			}
		}
		if properties[name] != nil {
			return nil, fmt.Errorf("%s is a property of the schema; a superseded name must not be one", at)
		}
		s := supersession{schema: schema, place: at}
		if by != "." {
			s.by = strings.Split(by, ".")
			if s.schema = propertyAt(schema, s.by); s.schema == nil {
				return nil, fmt.Errorf("%s is superseded by %s, which is not a property of the schema", at, by)
			}
		} else if len(properties) == 0 {
			return nil, fmt.Errorf("%s is superseded by the object itself, which has no properties", at)
		}
		read[name] = s
	}
	return read, nil
}

// propertyAt returns the schema of the property with a path, or nil.
func propertyAt(schema *openapi3.Schema, path []string) *openapi3.Schema {
	for _, name := range path {
		property := propertiesOf(schema)[name]
		if property == nil {
			return nil
		}
		schema = property.Value
	}
	return schema
}

// hasSuperseded reports whether values of a schema can have superseded names somewhere.
func (d *description) hasSuperseded(schema *openapi3.Schema, seen map[*openapi3.Schema]bool) bool {
	if len(d.superseded) == 0 || schema == nil || seen[schema] {
		return false
	}
	seen[schema] = true
	if d.superseded[schema] != nil {
		return true
	}
	parts := slices.Concat(openapi3.SchemaRefs{schema.Items, schema.AdditionalProperties.Schema}, schema.AllOf, schema.AnyOf, schema.OneOf,
		slices.Collect(maps.Values(schema.Properties)))
	return slices.ContainsFunc(parts, func(part *openapi3.SchemaRef) bool { return part != nil && d.hasSuperseded(part.Value, seen) })
}

// onlyInJSON fails if a request can have superseded names in a body that is not JSON, where nothing would bring them to their place.
func (d *description) onlyInJSON(op *openapi3.Operation) error {
	if op.RequestBody == nil {
		return nil
	}
	for contentType, media := range op.RequestBody.Value.Content {
		if !strings.HasPrefix(contentType, "application/json") && media.Schema != nil && d.hasSuperseded(media.Schema.Value, map[*openapi3.Schema]bool{}) {
			return fmt.Errorf("the request of %s is %s and has %s in its schema, which is supported only in JSON", op.OperationID, contentType, extension)
		}
	}
	return nil
}

// answersSuperseded reports whether a response of an operation can have superseded names.
func (d *description) answersSuperseded(op *openapi3.Operation) bool {
	for _, response := range op.Responses.Map() {
		for _, media := range response.Value.Content {
			if media.Schema != nil && d.hasSuperseded(media.Schema.Value, map[*openapi3.Schema]bool{}) {
				return true
			}
		}
	}
	return false
}

// Superseded returns the names that objects of a schema may have although they are no properties, because properties supersede
// them, each with the schema of its value.
func (c *Contract) Superseded(schema *openapi3.Schema) map[string]*openapi3.Schema {
	all := map[string]*openapi3.Schema{}
	for name, s := range c.superseded[schema] {
		all[name] = s.schema
	}
	return all
}

// Names returns the names that objects of a schema may have, properties and superseded names, each with the schema of its value.
func (c *Contract) Names(schema *openapi3.Schema) map[string]*openapi3.Schema {
	all := c.Superseded(schema)
	for name, property := range propertiesOf(schema) {
		all[name] = property.Value
	}
	return all
}

// Spellings returns the superseded names under which objects of a schema may have one of their properties, in alphabetical order.
func (c *Contract) Spellings(schema *openapi3.Schema, property string) []string {
	var all []string
	for _, name := range sorted(c.superseded[schema]) {
		if slices.Equal(c.superseded[schema][name].by, []string{property}) {
			all = append(all, name)
		}
	}
	return all
}
