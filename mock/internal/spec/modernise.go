package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

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
