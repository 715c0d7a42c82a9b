package picket

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A field is a property of an object, as package encoding/json reads it.
type field struct {
	name     string
	is       reflect.Type
	required bool
}

var (
	fieldsByType sync.Map // reflect.Type → []field: a cache, filled on first use
	ownForms     sync.Map // reflect.Type → bool: the same
)

// fieldsOf returns the properties of a struct.
func fieldsOf(t reflect.Type) []field {
	if cached, ok := fieldsByType.Load(t); ok {
		return cached.([]field)
	}
	fields := appendFields(nil, t, nil)
	fieldsByType.Store(t, fields)
	return fields
}

// appendFields appends the properties of a struct, and those of the structs that are embedded in it. It is part of the structs
// within.
func appendFields(fields []field, t reflect.Type, within []reflect.Type) []field {
	if slices.Contains(within, t) {
		return fields
	}
	within = append(within, t)
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && embedded(f.Type).Kind() == reflect.Struct:
			fields = appendFields(fields, embedded(f.Type), within)
		case !f.IsExported():
		case name == "":
			fields = append(fields, field{f.Name, f.Type, !strings.Contains(options, "omit")})
		default:
			fields = append(fields, field{name, f.Type, !strings.Contains(options, "omit")})
		}
	}
	return fields
}

func embedded(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// hasOwnForm reports whether a type reads JSON itself, so that its fields say nothing about what it reads.
func hasOwnForm(t reflect.Type) bool {
	if cached, ok := ownForms.Load(t); ok {
		return cached.(bool)
	}
	own := reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
	ownForms.Store(t, own)
	return own
}
