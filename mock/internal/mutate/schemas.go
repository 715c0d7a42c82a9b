package mutate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

func (w *walker) schema(at place, schema *yaml.Node) {
	if schema == nil {
		return
	}
	if text(schema, "$ref") != "" {
		w.changeType(at, w.resolve(schema))
		return
	}
	pairs(schema, func(key string, node *yaml.Node) { w.keyword(at, schema, key, node) })
	w.members(at, schema, keywords...)
}

// keywords are those of a schema that keyword knows. An import belongs to an x-go-type.
var keywords = []string{
	"type", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
	"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "default", "enum", "nullable", "readOnly", "writeOnly", "xml",
	"discriminator", "additionalProperties", "items", "not", "allOf", "anyOf", "oneOf", "properties", "required",
	"x-superseded", "x-also-accepts", "x-go-type-import",
}

// keyword changes what one keyword of a schema says. "required" is changed with the properties.
func (w *walker) keyword(at place, schema *yaml.Node, key string, node *yaml.Node) {
	dropped := func() { w.add(at, key+": dropped", func(n *yaml.Node) { drop(n, key) }) }
	changed := func(to any) { w.add(at, key+": changed", func(n *yaml.Node) { set(n, key, scalar(to)) }) }
	switch key {
	case "type":
		w.changeType(at, schema)
	case "format":
		dropped()
		changed(otherFormat(text(schema, "type"), node.Value))
	case "pattern":
		dropped()
		changed("^x$")
	case "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf":
		dropped()
		changed(oneMore(node.Value))
	case "default":
		dropped()
		w.changeDefault(at, node)
	case "enum":
		w.enum(at, node)
	case "nullable", "readOnly", "writeOnly", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum":
		w.flip(at, schema, key, false)
	case "xml":
		dropped()
	case "discriminator":
		dropped()
		w.discriminator(at.in(key), node)
	case "x-superseded":
		w.superseded(at.in(key), schema, node)
	case "additionalProperties":
		if node.Value == "false" {
			w.add(at, "additionalProperties: allowed", func(n *yaml.Node) { drop(n, key) })
			return
		}
		w.add(at, "additionalProperties: forbidden", func(n *yaml.Node) { set(n, key, scalar(false)) })
		w.schema(at.in(key), node)
	case "not", "x-also-accepts":
		dropped()
		w.schema(at.in(key), node)
	case "items":
		w.schema(at.in(key), node)
	case "allOf", "anyOf", "oneOf":
		w.parts(at.in(key), node)
	case "properties":
		w.properties(at, schema, node)
	}
}

// otherFormat returns another format for values of the same type.
func otherFormat(kind, format string) string {
	others := []string{"email", "uri"}
	switch kind {
	case "integer":
		others = []string{"int32", "int64"}
	case "number":
		others = []string{"float", "double"}
	}
	if format == others[0] {
		return others[1]
	}
	return others[0]
}

// oneMore returns the number that is greater by 1.
func oneMore(bound string) any {
	if n, err := strconv.Atoi(bound); err == nil {
		return n + 1
	}
	x, _ := strconv.ParseFloat(bound, 64)
	return x + 1
}

// changeDefault changes a default to another value of its type.
func (w *walker) changeDefault(at place, node *yaml.Node) {
	var to *yaml.Node
	switch {
	case node.Kind == yaml.SequenceNode && len(node.Content) > 0:
		to = sequence()
	case node.Kind != yaml.ScalarNode:
		return
	case node.Tag == "!!bool":
		to = scalar(node.Value != "true")
	case node.Tag == "!!int", node.Tag == "!!float":
		to = scalar(oneMore(node.Value))
	default:
		to = scalar(node.Value + "X")
	}
	w.add(at, "default: changed", func(n *yaml.Node) { set(n, "default", to) })
}

// discriminator changes which property says what an object is, and what its values stand for.
func (w *walker) discriminator(at place, node *yaml.Node) {
	w.members(at, node, "propertyName", "mapping")
	w.add(at, "propertyName: changed", func(n *yaml.Node) { set(n, "propertyName", scalar(text(n, "propertyName")+"X")) })
	targets := value(node, "mapping")
	pairs(targets, func(name string, target *yaml.Node) {
		w.add(at.in("mapping"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.add(at.in("mapping"), name+": renamed", func(n *yaml.Node) { rename(n, name, name+"X") })
		for i := 1; i < len(targets.Content); i += 2 {
			if other := targets.Content[i].Value; other != target.Value {
				w.add(at.in("mapping"), name+": re-pointed", func(n *yaml.Node) { set(n, name, scalar(other)) })
				break
			}
		}
	})
}

// superseded changes which further names an object may have, and what they stand for.
func (w *walker) superseded(at place, schema, entries *yaml.Node) {
	present := w.propertiesOf(schema)
	pairs(entries, func(name string, entry *yaml.Node) {
		w.members(at.in(name), entry, "by")
		w.add(at, name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.add(at, name+": renamed", func(n *yaml.Node) { rename(n, name, name+"X") })
		by := text(entry, "by")
		if i := slices.IndexFunc(present, func(other string) bool { return other != by && !strings.HasPrefix(by, other+".") }); i >= 0 {
			w.add(at, name+": re-pointed", func(n *yaml.Node) { set(value(n, name), "by", scalar(present[i])) })
		}
	})
}

// propertiesOf returns the names of the properties of a schema and of its parts.
func (w *walker) propertiesOf(schema *yaml.Node) []string {
	var names []string
	schema = w.resolve(schema)
	pairs(value(schema, "properties"), func(name string, _ *yaml.Node) { names = append(names, name) })
	if parts := value(schema, "allOf"); parts != nil {
		for _, part := range parts.Content {
			names = append(names, w.propertiesOf(part)...)
		}
	}
	return names
}

// parts visits the schemas that a schema is composed of.
func (w *walker) parts(at place, parts *yaml.Node) {
	for i, part := range parts.Content {
		if len(parts.Content) > 1 {
			w.add(at, fmt.Sprintf("%d: dropped", i), func(n *yaml.Node) { n.Content = slices.Delete(n.Content, i, i+1) })
		}
		w.schema(at.in(strconv.Itoa(i)), part)
	}
}

func (w *walker) properties(at place, schema, properties *yaml.Node) {
	if value(schema, "additionalProperties") == nil {
		w.add(at, "additionalProperties: forbidden", func(n *yaml.Node) { set(n, "additionalProperties", scalar(false)) })
	}
	pairs(properties, func(name string, property *yaml.Node) { w.property(at, schema, name, property) })
}

func (w *walker) property(at place, schema *yaml.Node, name string, property *yaml.Node) {
	properties := at.in("properties")
	w.add(at, "properties."+name+": renamed", func(n *yaml.Node) {
		rename(value(n, "properties"), name, name+"X")
		if required := value(n, "required"); slices.Contains(elements(required), name) {
			without(n, "required", name)
			required.Content = append(required.Content, scalar(name+"X"))
			set(n, "required", required)
		}
	})
	w.add(at, "properties."+name+": dropped", func(n *yaml.Node) {
		drop(value(n, "properties"), name)
		without(n, "required", name)
	})
	if slices.Contains(elements(value(schema, "required")), name) {
		w.add(at, "required."+name+": dropped", func(n *yaml.Node) { without(n, "required", name) })
	} else {
		w.add(at, "required."+name+": added", func(n *yaml.Node) {
			required := value(n, "required")
			if required == nil {
				required = sequence()
				set(n, "required", required)
			}
			required.Content = append(required.Content, scalar(name))
		})
	}
	w.schema(properties.in(name), property)
}

// changeType replaces a schema, or a reference to one, by a plain schema of another type.
func (w *walker) changeType(at place, resolved *yaml.Node) {
	to := "integer"
	if t := text(resolved, "type"); t != "string" {
		to = "string"
	}
	w.add(at, "type: changed to "+to, func(n *yaml.Node) {
		drop(n, "$ref")
		drop(n, "x-go-type")
		for _, key := range keywords {
			if !slices.Contains([]string{"type", "nullable", "readOnly", "writeOnly", "allOf", "x-go-type-import"}, key) {
				drop(n, key)
			}
		}
		set(n, "type", scalar(to))
	})
}

func (w *walker) enum(at place, members *yaml.Node) {
	enum := at.in("enum")
	for i, member := range members.Content {
		if len(members.Content) > 1 {
			w.add(enum, member.Value+": dropped", func(n *yaml.Node) { n.Content = slices.Delete(n.Content, i, i+1) })
		}
		suffix := "X"
		if member.Tag == "!!int" {
			suffix = "0"
		}
		w.add(enum, member.Value+": renamed", func(n *yaml.Node) { n.Content[i].Value += suffix })
	}
	w.add(at, "enum: a member added", func(n *yaml.Node) {
		list := value(n, "enum")
		list.Content = append(list.Content, scalar("another"))
	})
}
