package learn

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// eachExample calls do with the pointers of the schema and of the value of each example of a body.
func (d document) eachExample(do func(schema, value string)) {
	content := func(at string) {
		for _, media := range d.keys(at) {
			for _, name := range d.keys(below(at, media, "examples")) {
				do(below(at, media, "schema"), below(d.follow(below(at, media, "examples", name)), "value"))
			}
		}
	}
	message := func(at string) {
		if d.follow(at) == at { // what is shared is seen where it is
			content(below(at, "content"))
		}
	}
	for _, op := range d.operations() {
		message(below(op.at, "requestBody"))
		for _, status := range d.keys(below(op.at, "responses")) {
			message(below(op.at, "responses", status))
		}
	}
	for _, kind := range []string{"responses", "requestBodies"} {
		for _, name := range d.keys("/components/" + kind) {
			message(below("/components", kind, name))
		}
	}
}

// completeExamples adds a property that is required now to the examples that lack it.
func (l *learner) completeExamples(d *yamledit.Document, schema, name string) error {
	doc, err := readDocument(d.Bytes())
	if err != nil {
		return err
	}
	lacking := map[string]bool{}
	doc.eachExample(func(used, value string) {
		doc.findObjects(used, value, schema, 0, func(at string) { lacking[at] = true })
	})
	if len(lacking) == 0 {
		return nil
	}
	value := doc.sample(valueNode(doc.at(below(schema, "properties", name))), nil)
	for at := range sortedMap(lacking) {
		if d.Node(below(at, name)) == nil {
			if err := d.Add(at, name, valueNode(value), ""); err != nil {
				return fmt.Errorf("an example at %s: %w", at, err)
			}
		}
	}
	return nil
}

// findObjects finds the objects of a schema in a value.
func (d document) findObjects(used, value, schema string, depth int, found func(at string)) {
	if depth > maxNesting || d.at(value) == nil {
		return
	}
	used = d.follow(used)
	if used == schema && d.object(value) != nil {
		found(value)
	}
	for _, part := range d.parts(used, "allOf") {
		d.findObjects(part, value, schema, depth+1, found)
	}
	properties := d.object(below(used, "properties"))
	for name := range d.object(value) {
		if properties[name] != nil {
			d.findObjects(below(used, "properties", name), below(value, name), schema, depth+1, found)
		}
	}
	if list, _ := d.at(value).([]any); d.at(below(used, "items")) != nil {
		for i := range list {
			d.findObjects(below(used, "items"), below(value, index(i)), schema, depth+1, found)
		}
	}
}

// sample makes up a value for a schema of the document, or for one that refers to schemas that are still to be added. It returns a word
// if it cannot make one up.
func (d document) sample(schema *yaml.Node, added []namedSchema) any {
	const name = "Sampled"
	schemas := map[string]any{}
	for name, schema := range d.object("/components/schemas") {
		schemas[name] = schema
	}
	for _, s := range added {
		var decoded any
		if s.schema.Decode(&decoded) == nil {
			schemas[s.name] = decoded
		}
	}
	var decoded any
	if schema.Decode(&decoded) != nil {
		return "observed"
	}
	schemas[name] = decoded
	text, err := yaml.Marshal(map[string]any{"openapi": "3.0.3", "info": map[string]any{"title": "a", "version": "1"}, "paths": map[string]any{},
		"components": map[string]any{"schemas": schemas}})
	if err != nil {
		return "observed"
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return "observed"
	}
	value, err := sample.Value(doc.Components.Schemas[name].Value, 1, 1, nil)
	if err != nil {
		return "observed"
	}
	return value
}
