package rules

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Rules has a rule for each schema of the JSON bodies that it was compiled from.
type Rules map[*openapi3.Schema]*rule

// compiler makes Rules.
type compiler struct {
	rules      Rules
	superseded func(*openapi3.Schema) []string
	format     func(name string) func(text string) bool
}

// Compile compiles the schemas of the JSON bodies of operations. An object with one of the superseded names of its schema is left to
// the validator. The format function returns what checks strings of a format as the validator does, or nil.
func Compile(superseded func(*openapi3.Schema) []string, format func(name string) func(text string) bool, operations ...*openapi3.Operation) Rules {
	c := compiler{Rules{}, superseded, format}
	for _, op := range operations {
		if op.RequestBody != nil {
			c.content(op.RequestBody.Value.Content)
		}
		for _, response := range op.Responses.Map() {
			c.content(response.Value.Content)
		}
	}
	return c.rules
}

// Accepts reports whether a body is JSON that certainly matches a schema, with no unknown, duplicate or wrongly cased property name.
// False says nothing: the validator has to decide.
func (c Rules) Accepts(schema *openapi3.Schema, body []byte) bool {
	r := c[schema]
	return r != nil && r.accepts(body)
}

func (c compiler) content(content openapi3.Content) {
	if media := content["application/json"]; media != nil && media.Schema != nil {
		c.schema(media.Schema.Value)
	}
}

func (c compiler) schema(schema *openapi3.Schema) *rule {
	if known, ok := c.rules[schema]; ok {
		return known
	}
	c.rules[schema] = &rule{} // while it is being compiled: a schema that contains itself is left to the validator
	compiled := c.own(schema)
	for _, part := range schema.AllOf {
		compiled = compiled.and(c.schema(part.Value))
	}
	if len(schema.AnyOf) > 0 {
		alternatives := &rule{}
		for _, part := range schema.AnyOf {
			alternatives = alternatives.or(c.schema(part.Value))
		}
		compiled = compiled.and(alternatives)
	}
	c.rules[schema] = compiled
	return compiled
}

// own compiles the keywords of a schema itself, without its allOf and anyOf.
func (c compiler) own(schema *openapi3.Schema) *rule {
	text := c.textRuleOf(schema)
	if text == nil || !c.understood(schema) {
		return &rule{}
	}
	r := &rule{
		text:    text,
		number:  &numberRule{schema.Type.Is("integer"), schema.Min, schema.Max},
		list:    &listRule{least: schema.MinItems, most: schema.MaxItems},
		object:  c.objectRuleOf(schema),
		boolean: true,
	}
	if schema.Items != nil {
		r.list.items = c.schema(schema.Items.Value)
	}
	if schema.Type != nil {
		r.restrict(schema.Type.Slice())
	}
	if schema.Enum != nil {
		r.restrict([]string{"string"})
	}
	return r
}

// understood reports whether rules know every keyword of a schema that says something about values. They can ignore nullable: a
// rule accepts no null.
func (c compiler) understood(schema *openapi3.Schema) bool {
	rest := *schema
	rest.Title, rest.Description, rest.ExternalDocs, rest.Deprecated = "", "", nil, false
	rest.Default, rest.Example, rest.Extensions, rest.Origin = nil, nil, nil, nil
	rest.AllOf, rest.AnyOf = nil, nil
	rest.Enum, rest.Nullable = nil, false
	if !schema.Type.IsMultiple() {
		rest.Type = nil
	}
	rest.MinLength, rest.MaxLength, rest.Pattern = 0, nil, ""
	rest.Min, rest.Max = nil, nil
	rest.MinItems, rest.MaxItems, rest.Items = 0, nil, nil
	rest.Required, rest.Properties, rest.AdditionalProperties = nil, nil, openapi3.AdditionalProperties{}
	switch {
	case schema.Type.Is("string") && c.format(schema.Format) != nil,
		schema.Type.Is("integer") && schema.Format == "int64",
		schema.Type.Is("number") && schema.Format == "double": // a rule accepts no number that they cannot hold
		rest.Format = ""
	}
	return reflect.ValueOf(rest).IsZero()
}

func (c compiler) textRuleOf(schema *openapi3.Schema) *textRule {
	r := &textRule{least: schema.MinLength, most: schema.MaxLength}
	if schema.Pattern != "" {
		compiled, err := compilePattern(schema.Pattern)
		if err != nil || strings.Contains(schema.Pattern, `\u`) { // the validator rewrites \u
			return nil
		}
		r.checks = append(r.checks, compiled)
	}
	if check := c.format(schema.Format); check != nil {
		r.checks = append(r.checks, check)
	}
	for _, value := range schema.Enum {
		text, ok := value.(string)
		if !ok {
			return nil
		}
		r.among = append(r.among, text)
	}
	return r
}

func (c compiler) objectRuleOf(schema *openapi3.Schema) *objectRule {
	r := &objectRule{required: schema.Required}
	superseded := c.superseded(schema)
	if len(schema.Properties)+len(superseded) > 0 {
		r.properties, r.closed = map[string]*rule{}, true
	}
	for _, name := range superseded {
		r.properties[name] = &rule{} // which accepts nothing
	}
	for name, property := range schema.Properties {
		r.properties[name] = c.schema(property.Value)
	}
	switch further := schema.AdditionalProperties; {
	case further.Schema != nil:
		r.others, r.further = c.schema(further.Schema.Value), true
	case further.Has != nil:
		r.closed, r.further = !*further.Has, true
	}
	return r.normal()
}
