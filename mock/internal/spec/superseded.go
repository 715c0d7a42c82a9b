package spec

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A supersession is a name that an object may have although it is no property, because a property supersedes it: an entry of
// x-superseded. openapi.yaml describes the form of the extension.
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
				return nil, fmt.Errorf("%s is superseded by %s, which is no property of the schema", at, by)
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

// Superseded returns the names that objects of a schema may have although they are no properties, because properties supersede
// them, each with the schema of its value.
func (c *Contract) Superseded(schema *openapi3.Schema) map[string]*openapi3.Schema {
	all := map[string]*openapi3.Schema{}
	for name, s := range c.superseded[schema] {
		all[name] = s.schema
	}
	return all
}

// Moved is a value of a request that was under a superseded name, and is at its present place now. Both are paths with dots.
type Moved struct {
	Given, Present string
	Empty          bool // the value is an empty list
}

// A move is a Moved with its paths as lists of names.
type move struct {
	given, present []string
	empty          bool
}

// modernise moves what a value has under superseded names to its present place, in the value itself. It finds the names that cannot be
// moved because both places are taken. From then on the findings show where the message had what was moved.
func (f *findings) modernise(schema *openapi3.Schema, value any, path []string) {
	if len(f.op.superseded) == 0 {
		return
	}
	switch value := value.(type) {
	case []any:
		if schema.Items != nil {
			for i, element := range value {
				f.modernise(schema.Items.Value, element, append(path, fmt.Sprint(i)))
			}
		}
	case map[string]any:
		superseded := f.op.superseded[schema]
		for _, name := range sorted(superseded) {
			if old, ok := value[name]; ok {
				delete(value, name)
				f.modernised = true
				f.move(value, superseded[name], name, old, slices.Clone(path))
			}
		}
		properties := propertiesOf(schema)
		for _, name := range sorted(value) {
			switch property := properties[name]; {
			case !isNested(value[name]):
			case property != nil:
				f.modernise(property.Value, value[name], append(path, name))
			case schema.AdditionalProperties.Schema != nil:
				f.modernise(schema.AdditionalProperties.Schema.Value, value[name], append(path, name))
			}
		}
	}
}

// move puts a value, which an object at path had under a superseded name, to its present place in the object.
func (f *findings) move(object map[string]any, s supersession, name string, value any, path []string) {
	given := append(slices.Clone(path), name)
	if len(s.by) == 0 {
		members, ok := value.(map[string]any)
		if !ok {
			shown := f.shown(given...)
			f.add(pointer(shown), dotted(shown)+" must be an object", s.place)
		}
		for _, member := range sorted(members) {
			f.put(object, member, members[member], move{given: append(slices.Clone(given), member), present: append(slices.Clone(path), member)}, s.place)
		}
		return
	}
	for _, parent := range s.by[:len(s.by)-1] {
		if object[parent] == nil {
			if _, null := object[parent]; null {
				return // null is wrong there, and is reported
			}
			object[parent] = map[string]any{}
		}
		next, ok := object[parent].(map[string]any)
		if !ok {
			return // what is there is wrong, and is reported
		}
		object = next
	}
	f.put(object, s.by[len(s.by)-1], value, move{given: given, present: slices.Concat(path, s.by)}, s.place)
}

func (f *findings) put(object map[string]any, name string, value any, m move, place string) {
	present, taken := object[name]
	if !taken {
		object[name] = value
		list, isList := value.([]any)
		m.empty = isList && len(list) == 0
		f.moves = append(f.moves, m)
		return
	}
	if f.full() || (f.answered && reflect.DeepEqual(present, value)) {
		return
	}
	old, current := f.shown(m.given...), f.shown(m.present...)
	if f.answered {
		f.add(pointer(old), dotted(old)+" differs from "+dotted(current)+", and must be the same", place)
	} else {
		f.add(pointer(old), bothGiven(old, current), place)
	}
}

// bothGiven says that a request has a value in two places.
func bothGiven(old, present []string) string {
	last := len(old) - 1
	if old[last] != present[len(present)-1] {
		return dotted(old) + " and " + dotted(present) + " are both given; leave " + dotted(old) + " out"
	}
	where := func(parent []string) string {
		if len(parent) == 0 {
			return "at the top level"
		}
		return "in " + dotted(parent)
	}
	places := []string{where(old[:last]), where(present[:len(present)-1])}
	if len(old) > len(present) {
		slices.Reverse(places)
	}
	return fmt.Sprintf("%s is given both %s and %s", old[last], places[0], places[1])
}

// asGiven returns a path into a message that was modernised as the message has it.
func (f *findings) asGiven(path []string) []string {
	for _, m := range f.moves {
		if len(path) >= len(m.present) && slices.Equal(path[:len(m.present)], m.present) {
			return slices.Concat(m.given, path[len(m.present):])
		}
	}
	return path
}

func (f *findings) moved() []Moved {
	all := make([]Moved, len(f.moves))
	for i, m := range f.moves {
		all[i] = Moved{Given: strings.Join(m.given, "."), Present: strings.Join(m.present, "."), Empty: m.empty}
	}
	return all
}

// InEverySpelling returns the body of a response with each value also under the superseded names of its property, if the names are in
// the same object. It returns other bodies as they are.
func (op *Operation) InEverySpelling(status int, header http.Header, body []byte) []byte {
	documented, _ := op.response(status)
	if len(op.superseded) == 0 || documented == nil || !isJSON(header) {
		return body
	}
	media := documented.Content.Get(header.Get("Content-Type"))
	if media == nil || media.Schema == nil || !op.hasSuperseded(media.Schema.Value, map[*openapi3.Schema]bool{}) {
		return body
	}
	value, err := decodeJSON(body)
	if err != nil {
		return body
	}
	op.spellOut(media.Schema.Value, value)
	text, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return append(text, '\n')
}

func (op *Operation) spellOut(schema *openapi3.Schema, value any) {
	switch value := value.(type) {
	case []any:
		if schema.Items != nil {
			for _, element := range value {
				op.spellOut(schema.Items.Value, element)
			}
		}
	case map[string]any:
		for name, property := range propertiesOf(schema) {
			op.spellOut(property.Value, value[name])
		}
		for name, s := range op.superseded[schema] {
			_, there := value[name]
			if present, ok := value[strings.Join(s.by, ".")]; ok && len(s.by) == 1 && !there {
				value[name] = present
			}
		}
	}
}
