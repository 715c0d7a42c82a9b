package strictyaml

import (
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// checker checks that a document has the form of a Go type, and notes the lines.
type checker struct {
	lines map[string]int // by path
}

func (c checker) value(node *yaml.Node, want reflect.Type, path string) error {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	c.lines[path] = node.Line
	switch {
	case node.Tag == "!!null":
		return nil // as if it were missing
	case want.Kind() == reflect.Struct:
		return c.object(node, want, path)
	case want.Kind() == reflect.Map:
		return checkMapping(node, path)
	case want.Kind() == reflect.Slice:
		return c.list(node, want, path)
	case node.Kind != yaml.ScalarNode:
		return fmt.Errorf("%d: %s must be a single value", node.Line, shown(path))
	}
	return nil
}

func (c checker) object(node *yaml.Node, want reflect.Type, path string) error {
	if err := checkMapping(node, path); err != nil {
		return err
	}
	fields := fieldsOf(want)
	for name, value := range entries(node) {
		if before, _, colon := strings.Cut(name.Value, ":"); colon {
			// To YAML, what follows the colon is a part of the name. It may be a key, and is not shown.
			return fmt.Errorf(`%d: "%s:" must be followed by a space`, name.Line, names.Shown(before))
		}
		field, ok := fields[name.Value]
		if !ok {
			known := slices.Sorted(maps.Keys(fields))
			return fmt.Errorf("%d: %s", name.Line, names.Unknown(names.Shown(name.Value), path, names.Nearest(name.Value, known), known...))
		}
		if err := c.value(value, field, below(path, name.Value)); err != nil {
			return err
		}
	}
	return nil
}

func (c checker) list(node *yaml.Node, want reflect.Type, path string) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("%d: %s must be a list", node.Line, shown(path))
	}
	for i, element := range node.Content {
		if err := c.value(element, want.Elem(), below(path, strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

// checkMapping refuses a node that is not a mapping, or has a name twice.
func checkMapping(node *yaml.Node, path string) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("%d: %s must be a mapping of names to values", node.Line, shown(path))
	}
	lines := map[string]int{}
	for name := range entries(node) {
		if before, doubled := lines[name.Value]; doubled {
			return fmt.Errorf(`%d: "%s" is already in line %d`, name.Line, names.Shown(name.Value), before)
		}
		lines[name.Value] = name.Line
	}
	return nil
}

// entries returns the names and the values of a mapping, which alternate in its content.
func entries(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(name, value *yaml.Node) bool) {
		for pair := range slices.Chunk(mapping.Content, 2) {
			if !yield(pair[0], pair[1]) {
				return
			}
		}
	}
}

func fieldsOf(want reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range want.NumField() {
		fields[want.Field(i).Tag.Get("yaml")] = want.Field(i).Type
	}
	return fields
}

func below(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

func shown(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}
