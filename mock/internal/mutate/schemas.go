package mutate

import (
	"fmt"
	"slices"
	"strconv"

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
	pairs(schema, func(key string, node *yaml.Node) {
		dropped := func() { w.add(at, key+": dropped", func(n *yaml.Node) { drop(n, key) }) }
		changed := func(to any) { w.add(at, key+": changed", func(n *yaml.Node) { set(n, key, scalar(to)) }) }
		switch key {
		case "type":
			w.changeType(at, schema)
		case "format":
			dropped()
			changed(map[string]string{"int64": "int32", "uri": "email"}[node.Value])
		case "pattern":
			dropped()
			changed("^x$")
		case "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems":
			dropped()
			bound, _ := strconv.Atoi(node.Value)
			changed(bound + 1)
		case "default":
			dropped()
			if node.Tag == "!!bool" {
				changed(node.Value != "true")
			} else {
				changed(node.Value + "X")
			}
		case "enum":
			w.enum(at, node)
		case "nullable", "x-go-type", "x-go-name", "x-omitempty", "x-omitzero", "x-go-type-skip-optional-pointer":
			dropped()
		case "x-superseded":
			pairs(node, func(name string, _ *yaml.Node) {
				w.add(at.in(key), name+": dropped", func(n *yaml.Node) { drop(n, name) })
				w.add(at.in(key), name+": renamed", func(n *yaml.Node) { rename(n, name, name+"X") })
			})
		case "additionalProperties":
			w.add(at, "additionalProperties: forbidden", func(n *yaml.Node) { set(n, key, scalar(false)) })
			w.schema(at.in(key), node)
		case "items":
			w.schema(at.in(key), node)
		case "allOf", "anyOf", "oneOf":
			w.parts(at.in(key), node)
		case "properties":
			w.properties(at, schema, node)
		}
	})
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
		for _, key := range []string{"$ref", "format", "pattern", "minLength", "maxLength", "minimum", "items", "properties", "required", "additionalProperties", "enum", "default", "x-go-type", "x-superseded"} {
			drop(n, key)
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
		w.add(enum, member.Value+": renamed", func(n *yaml.Node) { n.Content[i].Value += "X" })
	}
	w.add(at, "enum: a member added", func(n *yaml.Node) {
		list := value(n, "enum")
		list.Content = append(list.Content, scalar("another"))
	})
}
