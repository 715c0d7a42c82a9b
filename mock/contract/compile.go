package contract

import (
	"cmp"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// rules are compiled schemas. That of a schema with a keyword that rules do not know accepts nothing.
type rules map[*openapi3.Schema]*rule

// compile compiles the schemas of all bodies in JSON.
func compile(doc *openapi3.T) rules {
	c := rules{}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil {
				c.content(op.RequestBody.Value.Content)
			}
			for _, response := range op.Responses.Map() {
				c.content(response.Value.Content)
			}
		}
	}
	return c
}

func (c rules) content(content openapi3.Content) {
	if media := content["application/json"]; media != nil && media.Schema != nil {
		c.schema(media.Schema.Value)
	}
}

// keeps reports whether a body surely keeps a schema in JSON.
func (c rules) keeps(schema *openapi3.Schema, body []byte) bool {
	r := c[schema]
	return r != nil && r.accepts(body)
}

func (c rules) schema(schema *openapi3.Schema) *rule {
	if known, ok := c[schema]; ok {
		return known
	}
	c[schema] = &rule{} // while it is compiled: a schema made of itself is left to the validator
	compiled := c.alone(schema)
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
	c[schema] = compiled
	return compiled
}

// alone compiles a schema without those that it is composed of.
func (c rules) alone(schema *openapi3.Schema) *rule {
	text := textRuleOf(schema)
	if text == nil || !understood(schema) {
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

// understood reports whether a schema has no keywords but those that rules know and those that say nothing about values. That a
// value may be null as well is nothing to a rule.
func understood(schema *openapi3.Schema) bool {
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
	if schema.Type.Is("integer") && schema.Format == "int64" {
		rest.Format = ""
	}
	return reflect.ValueOf(rest).IsZero()
}

func textRuleOf(schema *openapi3.Schema) *textRule {
	r := &textRule{least: schema.MinLength, most: schema.MaxLength}
	if schema.Pattern != "" {
		pattern, err := regexp.Compile(schema.Pattern)
		if err != nil || strings.Contains(schema.Pattern, `\u`) { // which the validator rewrites
			return nil
		}
		r.patterns = []*regexp.Regexp{pattern}
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

func (c rules) objectRuleOf(schema *openapi3.Schema) *objectRule {
	r := &objectRule{required: schema.Required}
	if len(schema.Properties) > 0 {
		r.properties, r.closed = map[string]*rule{}, true
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

// normal returns nil when the rule requires too much.
func (r *objectRule) normal() *objectRule {
	if r.required = slices.Compact(slices.Sorted(slices.Values(r.required))); len(r.required) > 64 {
		return nil
	}
	return r
}

// restrict leaves what accepts the given types.
func (r *rule) restrict(types []string) {
	all := *r
	*r = rule{}
	for _, name := range types {
		switch name {
		case "string":
			r.text = all.text
		case "integer", "number":
			r.number = all.number
		case "array":
			r.list = all.list
		case "object":
			r.object = all.object
		case "boolean":
			r.boolean = all.boolean
		}
	}
}

// scalars returns a rule that leaves lists and objects to the validator.
func (r *rule) scalars() *rule { return &rule{text: r.text, number: r.number, boolean: r.boolean} }

// or returns a rule that accepts nothing but what one of two does. Of each kind of value it takes the first that accepts any.
// Objects it leaves to the validator, for which the names of all alternatives count.
func (r *rule) or(other *rule) *rule {
	return &rule{
		text:    cmp.Or(r.text, other.text),
		number:  cmp.Or(r.number, other.number),
		list:    cmp.Or(r.list, other.list),
		boolean: r.boolean || other.boolean,
	}
}

// and returns a rule that accepts nothing but what both of two do.
func (r *rule) and(other *rule) *rule {
	both := &rule{boolean: r.boolean && other.boolean}
	if r.text != nil && other.text != nil {
		both.text = r.text.and(other.text)
	}
	if r.number != nil && other.number != nil {
		both.number = r.number.and(other.number)
	}
	if r.list != nil && other.list != nil {
		both.list = r.list.and(other.list)
	}
	if r.object != nil && other.object != nil {
		both.object = r.object.and(other.object)
	}
	return both
}

func (r *textRule) and(other *textRule) *textRule {
	if r.among != nil && other.among != nil {
		return nil
	}
	return &textRule{
		least:    max(r.least, other.least),
		most:     lower(r.most, other.most),
		patterns: slices.Concat(r.patterns, other.patterns),
		among:    slices.Concat(r.among, other.among),
	}
}

func (r *numberRule) and(other *numberRule) *numberRule {
	return &numberRule{
		whole: r.whole || other.whole,
		least: higher(r.least, other.least),
		most:  lower(r.most, other.most),
	}
}

func (r *listRule) and(other *listRule) *listRule {
	both := &listRule{
		least: max(r.least, other.least),
		most:  lower(r.most, other.most),
		items: cmp.Or(r.items, other.items),
	}
	if r.items != nil && other.items != nil {
		both.items = r.items.and(other.items).scalars() // the validator takes the names of one of them
	}
	return both
}

// lower returns the lower of two limits, of which each may be nil, for none; higher returns the higher one.
func lower[N cmp.Ordered](a, b *N) *N {
	if a == nil || (b != nil && *b < *a) {
		return b
	}
	return a
}

func higher[N cmp.Ordered](a, b *N) *N {
	if a == nil || (b != nil && *b > *a) {
		return b
	}
	return a
}

// and gives up where additionalProperties of one is about names that the other has.
func (r *objectRule) and(other *objectRule) *objectRule {
	both := &objectRule{
		required:   slices.Concat(r.required, other.required),
		properties: maps.Clone(r.properties),
		others:     r.others,
		closed:     r.closed,
		further:    r.further,
	}
	switch {
	case !other.closed && !other.further: // it is about no name
	case !r.closed && !r.further:
		both.properties, both.others, both.closed, both.further = other.properties, other.others, other.closed, other.further
	case r.further || other.further:
		return nil
	default:
		for name, property := range other.properties {
			if known := both.properties[name]; known != nil {
				property = known.and(property).scalars() // the same here
			}
			both.properties[name] = property
		}
	}
	return both.normal()
}
