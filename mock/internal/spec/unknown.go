package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/rules"
)

// findUnknown adds the properties of value that schema does not have, up to a limit.
func (f *findings) findUnknown(schema *openapi3.Schema, value any, path []string) {
	switch value := value.(type) {
	case []any:
		if schema.Items == nil {
			return
		}
		for i, element := range value {
			f.findUnknown(schema.Items.Value, element, append(path, fmt.Sprint(i)))
		}
	case map[string]any:
		properties := propertiesOf(schema)
		if len(properties) == 0 {
			return // a map, or a value of any kind
		}
		for name := range value {
			if property := properties[name]; property == nil || isNested(value[name]) {
				f.findUnknownIn(schema, properties, value, path)
				return
			}
		}
	}
}

// isNested reports whether a value can have properties of its own.
func isNested(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

// findUnknownIn is findUnknown for an object whose schema has the given properties.
func (f *findings) findUnknownIn(schema *openapi3.Schema, properties openapi3.Schemas, value map[string]any, path []string) {
	open := isOpen(schema)
	for _, name := range sorted(value) {
		if property := properties[name]; property != nil {
			f.findUnknown(property.Value, value[name], append(path, name))
		} else if !open || f.miscased(schema, properties, name) {
			f.unknownProperty(schema, properties, name, path)
		}
	}
}

// miscased reports whether a name differs only by case from one that objects of a schema may have.
func (f *findings) miscased(schema *openapi3.Schema, properties openapi3.Schemas, name string) bool {
	return rules.Miscased(name, properties) != "" || rules.Miscased(name, f.op.superseded[schema]) != ""
}

// unknownProperty adds a name that is none of the properties of a schema. A name that differs only by case is always reported, because a
// server may take it for the right one.
func (f *findings) unknownProperty(schema *openapi3.Schema, properties openapi3.Schemas, name string, path []string) {
	like := f.miscased(schema, properties, name)
	add := f.addUnknown
	if like {
		add = f.add
	}
	if like && f.full() || !like && f.unknown >= MaxViolations {
		return
	}
	superseded := f.op.superseded[schema]
	shown := f.shown(append(path, name)...)
	last := len(shown) - 1
	meant := names.Nearest(name, slices.Concat(sorted(properties), sorted(superseded)))
	if by := superseded[meant].by; len(by) > 0 {
		meant = strings.Join(by, ".")
	}
	if meant == name { // a superseded name within the value of another one
		meant = ""
	}
	var known []string
	if !f.answered { // whoever sent a request looks for the right name
		known = sorted(properties)
	}
	add(pointer(shown), names.Unknown(shown[last], dotted(shown[:last]), meant, known...), f.op.keyword(schema, "properties"))
}

// maxDepth is how many names of a path a violation shows.
const maxDepth = 32

// findDuplicates adds the names that are there twice in an object of a body, which was decoded before without an error. Some decoders take
// the first value of such a name, some the last, and some merge them.
func (f *findings) findDuplicates(body []byte, spec string) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var walk func(path []string) bool // false at the end
	walk = func(path []string) bool {
		token, err := decoder.Token()
		switch token {
		case json.Delim('['):
			for i := 0; decoder.More() && walk(append(path, strconv.Itoa(i))); i++ {
			}
			_, err = decoder.Token()
		case json.Delim('{'):
			seen := map[string]bool{}
			for decoder.More() {
				token, _ := decoder.Token()
				name, isName := token.(string)
				under := append(path, name)
				if seen[name] && !f.full() {
					shown := f.shown(under[:min(len(under), maxDepth)]...)
					what := strings.Join(shown, ".")
					if len(under) > maxDepth {
						what = "a name within " + what
					}
					f.add(pointer(shown), what+" is there more than once, and must be there only once", spec)
				}
				seen[name] = true
				if !isName || !walk(under) {
					return false
				}
			}
			_, err = decoder.Token()
		}
		return err == nil
	}
	walk(nil)
}

// dotted returns a path as messages show it: without the indices of lists.
func dotted(path []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(path), func(name string) bool { return strings.Trim(name, "0123456789") == "" }), ".")
}
