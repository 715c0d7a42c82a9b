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

	// depth is in how many structs the field is embedded, and tagged says that its tag has a name. They decide which of several
	// fields with one name counts.
	depth  int
	tagged bool
}

// hides reports whether package encoding/json uses a field and not another one with the same name.
func (f field) hides(other field) bool {
	return f.depth < other.depth || (f.depth == other.depth && f.tagged && !other.tagged)
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
	all := appendFields(nil, t, nil)
	var fields []field
	for i, f := range all {
		hidden := false
		for j, other := range all {
			hidden = hidden || (i != j && f.name == other.name && !f.hides(other))
		}
		if !hidden {
			fields = append(fields, f)
		}
	}
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
		required, depth := !strings.Contains(options, "omit"), len(within)-1
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && embedded(f.Type).Kind() == reflect.Struct:
			fields = appendFields(fields, embedded(f.Type), within)
		case !f.IsExported():
		case name == "":
			fields = append(fields, field{f.Name, f.Type, required, depth, false})
		default:
			fields = append(fields, field{name, f.Type, required, depth, true})
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
