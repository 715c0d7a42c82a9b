package main

import (
	"errors"
	"fmt"
	"go/ast"
	"reflect"
	"strconv"
	"strings"
)

// refuse returns an error for each type of the contract that cannot be used as it was generated, and says what to change in
// openapi.yaml. folders are the generated packages, which have these types under the same names.
func (m *models) refuse(folders []string) error {
	var all []error
	for _, folder := range folders {
		taken, err := namesIn(folder)
		if err != nil {
			return err
		}
		for _, name := range m.names {
			if taken[name] {
				all = append(all, fmt.Errorf("%s needs another name in Go, because %s has a %[1]s of its own: give its schema an x-go-name", name, folder))
			}
		}
	}
	for _, model := range m.sorted() {
		fields, ok := model.is.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range fields.Fields.List {
			all = append(all, m.refuseField(model.name, field))
		}
	}
	return errors.Join(all...)
}

func (m *models) refuseField(of string, field *ast.Field) error {
	if field.Tag == nil {
		return nil
	}
	text, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return err
	}
	tag := reflect.StructTag(text).Get("json")
	property, options, _ := strings.Cut(tag, ",")
	if m.contains(field.Type, of, map[string]bool{}) {
		return fmt.Errorf("the property %s of %s contains %[2]s itself, which no struct in Go can: give it x-go-type-skip-optional-pointer: false",
			property, of)
	}
	if _, isNullable := field.Type.(*ast.IndexExpr); isNullable && strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
		return fmt.Errorf("the property %s of %s would be sent as null when it is absent: give it x-omitzero: true, "+
			"or describe its object in components/schemas and refer to it", property, of)
	}
	return nil
}

// contains reports whether a value of a type holds one of the named struct directly, without a pointer, list or map in between.
func (m *models) contains(is ast.Expr, name string, seen map[string]bool) bool {
	ident, ok := is.(*ast.Ident)
	if !ok || seen[ident.Name] {
		return false
	}
	if ident.Name == name {
		return true
	}
	seen[ident.Name] = true
	if other := m.other[ident.Name]; other != nil {
		return m.contains(other, name, seen)
	}
	if model := m.structs[ident.Name]; model != nil {
		if fields, ok := model.is.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				if m.contains(field.Type, name, seen) {
					return true
				}
			}
		}
	}
	return false
}
