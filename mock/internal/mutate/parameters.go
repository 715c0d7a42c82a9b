package mutate

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

func (w *walker) parameters(at place, object *yaml.Node) {
	parameters := value(object, "parameters")
	if parameters == nil {
		return
	}
	names := map[string]bool{}
	for i, parameter := range parameters.Content {
		name := text(w.resolve(parameter), "name")
		if names[name] {
			name += " in " + text(w.resolve(parameter), "in")
		}
		names[name] = true
		w.add(at.in("parameters"), name+": dropped", func(n *yaml.Node) { n.Content = slices.Delete(n.Content, i, i+1) })
		w.parameter(at.in("parameters").as(fmt.Sprint(i), name), parameter)
	}
}

func (w *walker) parameter(at place, parameter *yaml.Node) {
	if text(parameter, "$ref") != "" {
		return
	}
	w.members(at, parameter, "name", "in", "required", "schema", "content", "style", "explode", "allowReserved", "allowEmptyValue")
	w.add(at, "name: changed", func(n *yaml.Node) { set(n, "name", scalar(text(n, "name")+"X")) })
	w.add(at, "in: changed", func(n *yaml.Node) {
		if text(n, "in") == "query" {
			set(n, "in", scalar("header"))
		} else {
			set(n, "in", scalar("query"))
		}
		drop(n, "style") // each place has styles of its own
	})
	w.flipRequired(at, parameter)
	w.style(at, parameter)
	w.flip(at, parameter, "allowReserved", false)
	w.flip(at, parameter, "allowEmptyValue", false)
	w.content(at, parameter)
	w.schema(at.in("schema"), value(parameter, "schema"))
}

// style changes how a list or an object is written. For other values, most styles write the same.
func (w *walker) style(at place, parameter *yaml.Node) {
	style := text(parameter, "style")
	if style == "" {
		style = map[string]string{"query": "form", "cookie": "form"}[text(parameter, "in")]
	}
	if value(parameter, "style") != nil {
		others := map[string]string{"simple": "label", "label": "matrix", "matrix": "simple", "form": "pipeDelimited"}
		other := others[style]
		if other == "" {
			other = "form"
		}
		if text(parameter, "in") != "header" && text(parameter, "in") != "cookie" { // these have only one style
			w.add(at, "style: changed", func(n *yaml.Node) { set(n, "style", scalar(other)) })
		}
	}
	switch kind := text(w.resolve(value(parameter, "schema")), "type"); {
	case kind == "array", kind == "object", value(parameter, "explode") != nil:
		explode := text(parameter, "explode")
		w.add(at, "explode: changed", func(n *yaml.Node) {
			set(n, "explode", scalar(explode == "false" || explode == "" && style != "form"))
		})
	}
}

func (w *walker) headers(at place, object *yaml.Node) {
	pairs(value(object, "headers"), func(name string, header *yaml.Node) {
		w.add(at.in("headers"), name+": dropped", func(n *yaml.Node) { drop(n, name) })
		w.add(at.in("headers"), name+": renamed", func(n *yaml.Node) { rename(n, name, name+"-X") })
		w.header(at.in("headers").in(name), header)
	})
}

func (w *walker) header(at place, header *yaml.Node) {
	if text(header, "$ref") != "" {
		return
	}
	w.members(at, header, "required", "schema", "content", "style", "explode", "allowReserved", "allowEmptyValue")
	w.flipRequired(at, header)
	w.flip(at, header, "explode", false)
	w.content(at, header)
	w.schema(at.in("schema"), value(header, "schema"))
}

func (w *walker) flipRequired(at place, node *yaml.Node) {
	if text(node, "required") == "true" {
		w.add(at, "required: dropped", func(n *yaml.Node) { drop(n, "required") })
	} else {
		w.add(at, "required: added", func(n *yaml.Node) { set(n, "required", scalar(true)) })
	}
}

// flip changes a keyword that an object has to its other value.
func (w *walker) flip(at place, object *yaml.Node, key string, byDefault bool) {
	switch value := text(object, key); {
	case value == "":
	case value == fmt.Sprint(!byDefault):
		w.add(at, key+": dropped", func(n *yaml.Node) { drop(n, key) })
	default:
		w.add(at, key+": changed", func(n *yaml.Node) { set(n, key, scalar(!byDefault)) })
	}
}
