package diff

import (
	"fmt"
	"go/types"
	"path"
	"reflect"
	"strings"
)

// compareTags compares how the fields of models are written as JSON, which apidiff does not.
func compareTags(before, after *types.Package, aliases map[string]string) []Change {
	var changes []Change
	for _, name := range before.Scope().Names() {
		was, is := tagsOf(before, name), tagsOf(after, name)
		for field, tag := range was {
			other, ok := is[field]
			if !ok || other == tag {
				continue
			}
			model := path.Base(after.Path()) + "." + name
			if alias, ok := aliases[name]; ok {
				model = strings.ReplaceAll(alias, "/", ".")
			}
			changes = append(changes, Change{model + "." + field, fmt.Sprintf("is written as JSON in another way: `json:%q`, before `json:%q`", other, tag), true})
		}
	}
	return changes
}

// tagsOf returns the tags for JSON of the exported fields of a struct type.
func tagsOf(pkg *types.Package, name string) map[string]string {
	tags := map[string]string{}
	object := pkg.Scope().Lookup(name)
	if object == nil || !object.Exported() {
		return tags
	}
	fields, ok := object.Type().Underlying().(*types.Struct)
	if !ok {
		return tags
	}
	for i := range fields.NumFields() {
		if fields.Field(i).Exported() {
			tags[fields.Field(i).Name()] = reflect.StructTag(fields.Tag(i)).Get("json")
		}
	}
	return tags
}
