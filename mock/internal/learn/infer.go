package learn

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// Enough is how many objects must have a property before it is proposed as a required one.
const Enough = 20

// inference makes schemas of what was seen.
type inference struct {
	doc      document
	required bool // properties can be required: the values are of responses only
}

// openAPIFormats are the formats that OpenAPI has, of those that are told apart.
var openAPIFormats = []string{observe.DateTime, observe.Date, observe.UUID, observe.Email, observe.URI}

// schema returns the keywords of a schema for values, as a mapping.
func (i inference) schema(v *observe.Value) *yaml.Node {
	kinds := i.kinds(v)
	if len(kinds) == 0 {
		return i.nullable(v, mapping())
	}
	schema := i.kind(v, kinds[0])
	switch others := kinds[1:]; len(others) {
	case 0:
	case 1:
		add(schema, "x-also-accepts", i.plain(v, others[0]))
	default:
		var alternatives []*yaml.Node
		for _, kind := range others {
			alternatives = append(alternatives, i.plain(v, kind))
		}
		add(schema, "x-also-accepts", mapping("anyOf", block(alternatives...)))
	}
	return i.nullable(v, schema)
}

// kinds returns the types of values other than null, and first the one to offer: that which says most.
func (i inference) kinds(v *observe.Value) []string {
	var all []string
	for _, kind := range []string{"object", "array", "string", "number", "integer", "boolean"} {
		if v.Types[kind] > 0 && (kind != "integer" || v.Types["number"] == 0) {
			all = append(all, kind)
		}
	}
	return all
}

func (i inference) nullable(v *observe.Value, schema *yaml.Node) *yaml.Node {
	switch {
	case v.Types["null"] == 0 || len(schema.Content) == 0: // without a type, everything may be null
		return schema
	case indexOf(schema, "type") < 0 && len(i.kinds(v)) > 0: // OpenAPI 3.0 wants it beside nullable
		addFirst(schema, "type", text(i.kinds(v)[0]))
	}
	add(schema, "nullable", boolean(true))
	return schema
}

// plain is kind without references, for x-also-accepts.
func (i inference) plain(v *observe.Value, kind string) *yaml.Node {
	return inline(inference{required: i.required}.kind(v, kind))
}

// kind returns a schema for the values of one type.
func (i inference) kind(v *observe.Value, kind string) *yaml.Node {
	switch kind {
	case "object":
		return i.object(v)
	case "array":
		items := mapping()
		if v.Items != nil {
			items = bare(i.schema(v.Items))
		}
		return mapping("type", text("array"), "items", items)
	case "string":
		return i.text(v)
	case "integer":
		return mapping("type", text("integer"), "format", text("int64"))
	}
	return mapping("type", text(kind))
}

// text returns a schema for strings. Where all are decimals, addresses or tokens, it refers to the schema that the contract has for those.
func (i inference) text(v *observe.Value) *yaml.Node {
	all := v.Types["string"]
	for _, format := range openAPIFormats {
		if v.Formats[format] == all {
			return mapping("type", text("string"), "format", text(format))
		}
	}
	for _, shared := range []struct {
		name    string
		formats int64
	}{
		{"Decimal", v.Formats[observe.Decimal] + v.Formats[observe.Integer]},
		{"WalletAddress", v.Formats[observe.Address]},
		{"AccessToken", v.Formats[observe.Token]},
	} {
		at := below("/components/schemas", shared.name)
		isDecimal := shared.name != "Decimal" || v.Formats[observe.Decimal] > 0 // digits alone may be anything, such as 007
		if shared.formats == all && isDecimal && i.doc.text(below(at, "type")) == "string" && v.Negative == 0 {
			return mapping("allOf", block(ref(at)))
		}
	}
	return mapping("type", text("string"))
}

func (i inference) object(v *observe.Value) *yaml.Node {
	if shared := i.shared(v); shared != "" {
		return mapping("allOf", block(ref(shared)))
	}
	named, data := namesAndData(v)
	if data != nil && len(named) == 0 {
		return mapping("type", text("object"), "additionalProperties", bare(i.schema(data)))
	}
	var required []*yaml.Node
	properties := mapping()
	for name, property := range sortedMap(named) {
		schema := i.schema(property)
		addFirst(schema, "description", text(unknownMeaning))
		add(properties, name, schema)
		if i.required && v.Types["object"] >= Enough && property.Count() == v.Types["object"] {
			required = append(required, text(name))
		}
	}
	schema := mapping("type", text("object"))
	if len(required) > 0 {
		add(schema, "required", list(required...))
	}
	if len(properties.Content) > 0 {
		add(schema, "properties", properties)
	}
	if data != nil {
		add(schema, "additionalProperties", bare(i.schema(data)))
	}
	return schema
}

// unknownMeaning is the description of what was seen and nothing else is known of.
const unknownMeaning = "Seen in traffic, and not documented."

// namesAndData tells the properties of objects from what is under names that are data. If some names are data, the others are too, unless
// at least half of the objects have them.
func namesAndData(v *observe.Value) (named map[string]*observe.Value, data *observe.Value) {
	varies := v.HasVaryingNames()
	if v.Data == nil && !varies {
		return v.Properties, nil
	}
	named, data = map[string]*observe.Value{}, v.Data.Clone()
	for name, property := range v.Properties {
		if !varies && property.Count()*2 >= v.Types["object"] {
			named[name] = property
			continue
		}
		if data == nil {
			data = &observe.Value{}
		}
		data.Merge(property)
	}
	return named, data
}

// shared returns the pointer of the schema of the contract that objects have, or "". They have at least two names, all of them are the
// schema's, and none is missing that it requires.
func (i inference) shared(v *observe.Value) string {
	if len(v.Properties) < 2 || v.Data != nil {
		return ""
	}
	best, fewest := "", 0
	for _, name := range i.doc.keys("/components/schemas") {
		at := below("/components/schemas", name)
		declared := i.doc.declared(at)
		fits := len(declared) > 0 && !slices.ContainsFunc(i.doc.required(at), func(name string) bool { return v.Properties[name].Count() < v.Types["object"] })
		for property := range v.Properties {
			fits = fits && declared[property]
		}
		if fits && i.fits(at, v) && (best == "" || len(declared) < fewest) {
			best, fewest = at, len(declared)
		}
	}
	return best
}

// fits reports whether what was seen has the types that a schema demands.
func (i inference) fits(at string, v *observe.Value) bool {
	f := newFolded(i.doc)
	f.schema(at, v, source{}, 0)
	for at, use := range f.uses {
		if len(furtherTypes(i.doc, at, use)) > 0 || use.value.Types["null"] > 0 && !i.doc.accepts(at).has("null") {
			return false
		}
	}
	return true
}

// bare returns a schema without the allOf around a reference that has nothing beside it.
func bare(schema *yaml.Node) *yaml.Node {
	if shared := reference(schema); shared != nil {
		return shared
	}
	return schema
}

// add adds an entry to a mapping.
func add(node *yaml.Node, name string, value *yaml.Node) {
	node.Content = append(node.Content, text(name), value)
}

func addFirst(node *yaml.Node, name string, value *yaml.Node) {
	node.Content = slices.Insert(node.Content, 0, text(name), value)
}
