package learn

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is an OpenAPI description, to be read by JSON pointers (RFC 6901).
type document struct{ root map[string]any }

func readDocument(text []byte) (document, error) {
	var d document
	err := yaml.Unmarshal(text, &d.root)
	return d, err
}

var (
	escaping   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaping = strings.NewReplacer("~1", "/", "~0", "~")
)

func escape(name string) string { return escaping.Replace(name) }

func unescape(token string) string { return unescaping.Replace(token) }

// below returns the pointer to something in what is at a pointer.
func below(pointer string, names ...string) string {
	for _, name := range names {
		pointer += "/" + escape(name)
	}
	return pointer
}

// at returns what is at a pointer, or nil.
func (d document) at(pointer string) any {
	var node any = d.root
	if pointer == "" {
		return node
	}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch parent := node.(type) {
		case map[string]any:
			node = parent[unescape(token)]
		case []any:
			i := slices.Index(indices(len(parent)), token)
			if i < 0 {
				return nil
			}
			node = parent[i]
		default:
			return nil
		}
	}
	return node
}

func indices(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = index(i)
	}
	return all
}

// object returns the mapping at a pointer, or nil.
func (d document) object(pointer string) map[string]any {
	object, _ := d.at(pointer).(map[string]any)
	return object
}

// keys returns the names in the mapping at a pointer, in alphabetical order.
func (d document) keys(pointer string) []string { return slices.Sorted(maps.Keys(d.object(pointer))) }

// text returns the string at a pointer, or "".
func (d document) text(pointer string) string {
	text, _ := d.at(pointer).(string)
	return text
}

// maxReferences keeps references that lead in a circle from being followed for ever.
const maxReferences = 16

// follow returns the pointer that the references at a pointer lead to.
func (d document) follow(pointer string) string {
	for range maxReferences {
		ref, _ := d.object(pointer)["$ref"].(string)
		to, local := strings.CutPrefix(ref, "#")
		if !local {
			break
		}
		pointer = to
	}
	return pointer
}

// strings returns the strings of the list at a pointer.
func (d document) strings(pointer string) []string {
	list, _ := d.at(pointer).([]any)
	var all []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// parts returns the pointers of the parts that a schema is composed of with a keyword such as allOf, and the references of these followed.
func (d document) parts(schema, keyword string) []string {
	list, _ := d.at(below(schema, keyword)).([]any)
	var all []string
	for i := range list {
		all = append(all, below(schema, keyword, index(i)))
	}
	return all
}

// declared returns the names that objects of a schema may have: properties and superseded names.
func (d document) declared(schema string) map[string]bool {
	all := map[string]bool{}
	d.declare(all, schema, 0)
	return all
}

func (d document) declare(all map[string]bool, schema string, depth int) {
	if depth > maxReferences {
		return
	}
	schema = d.follow(schema)
	for _, keyword := range []string{"properties", "x-superseded"} {
		for name := range d.object(below(schema, keyword)) {
			all[name] = true
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range d.parts(schema, keyword) {
			d.declare(all, part, depth+1)
		}
	}
}

// property returns the pointer of the property of a schema that a name leads to, or names with points between them, or "".
func (d document) property(schema, path string) string {
	schema = d.follow(schema)
	name, rest, more := strings.Cut(path, ".")
	if at := below(schema, "properties", name); d.object(at) != nil {
		if more {
			return d.property(at, rest)
		}
		return at
	}
	for _, part := range d.parts(schema, "allOf") {
		if at := d.property(part, path); at != "" {
			return at
		}
	}
	return ""
}

// required returns the names that objects of a schema must have.
func (d document) required(schema string) []string {
	schema = d.follow(schema)
	all := d.strings(below(schema, "required"))
	for _, part := range d.parts(schema, "allOf") {
		all = append(all, d.required(part)...)
	}
	return all
}

// types are the types that values of a schema may have. Nil stands for all.
type types map[string]bool

func (t types) has(kind string) bool {
	return t == nil || t[kind] || kind == "integer" && t["number"]
}

// accepts returns the types that values of a schema may have.
func (d document) accepts(schema string) types {
	schema = d.follow(schema)
	all := d.offers(schema)
	if all != nil && d.object(below(schema, "x-also-accepts")) != nil {
		maps.Copy(all, d.accepts(below(schema, "x-also-accepts")))
	}
	return all
}

// offers returns the types that values of a schema may have without x-also-accepts.
func (d document) offers(schema string) types {
	schema = d.follow(schema)
	object := d.object(schema)
	var all types
	if kind, ok := object["type"].(string); ok {
		all = types{kind: true}
	}
	for _, part := range d.parts(schema, "allOf") {
		all = both(all, d.accepts(part))
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		any := types{}
		for _, part := range d.parts(schema, keyword) {
			of := d.accepts(part)
			if of == nil {
				any = nil
				break
			}
			maps.Copy(any, of)
		}
		if len(any) > 0 {
			all = both(all, any)
		}
	}
	if all == nil {
		return nil
	}
	all = maps.Clone(all)
	if object["nullable"] == true {
		all["null"] = true
	} else {
		delete(all, "null")
	}
	return all
}

// also returns what x-also-accepts of a schema says, or of the part that it consists of, or nil.
func (d document) also(schema string) any {
	schema = d.follow(schema)
	if parts := d.parts(schema, "allOf"); d.at(below(schema, "x-also-accepts")) == nil && len(parts) == 1 {
		return d.also(parts[0])
	}
	return d.at(below(schema, "x-also-accepts"))
}

// both returns the types that two schemas allow.
func both(a, b types) types {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	all := types{}
	for kind := range a {
		if b.has(kind) {
			all[kind] = true
		}
	}
	return all
}

// subject returns a pointer in a form that people read: "NonceResponse.level" for the property of a schema.
func subject(pointer string) string {
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	var words []string
	switch {
	case len(tokens) > 2 && tokens[0] == "components":
		words, tokens = []string{tokens[2]}, tokens[3:]
	case len(tokens) > 2 && tokens[0] == "paths":
		words, tokens = []string{strings.ToUpper(tokens[2]) + " " + unescape(tokens[1])}, tokens[3:]
	}
	for i := 0; i < len(tokens); i++ {
		switch token := tokens[i]; token {
		case "properties":
		case "allOf", "anyOf", "oneOf":
			i++ // and the number of the part
		case "items":
			words[len(words)-1] += "[]"
		case "additionalProperties":
			words[len(words)-1] += "{}"
		default:
			words = append(words, unescape(token))
		}
	}
	return strings.Join(words, ".")
}

func index(i int) string { return strconv.Itoa(i) }
