package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"sync"
)

// Marshal is json.Marshal with the values of Secrets instead of "[redacted]". It is for what is sent, and for what is stored where
// nobody else can read it. What it returns does not belong in a log.
//
// It finds Secrets in structs, pointers, slices, arrays, maps and Nullables. It does not find them, and writes "[redacted]", in a struct that
// embeds another one, has an unexported field or leads back to its own type, and in values of an interface type or of a type with
// a MarshalJSON or a MarshalText method.
func Marshal(v any) ([]byte, error) {
	value := reflect.ValueOf(v)
	if !value.IsValid() {
		return json.Marshal(v)
	}
	open := openType(value.Type(), nil)
	if open == value.Type() {
		return json.Marshal(v)
	}
	copied := reflect.New(open).Elem()
	reveal(copied, value)
	return json.Marshal(copied.Interface())
}

var (
	secretType = reflect.TypeFor[Secret]()
	marshalers = []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()}
	openTypes  sync.Map // reflect.Type → reflect.Type: a cache, filled on first use
)

// openType returns a type of the same shape with strings in place of Secrets, or the type itself when it has none. within are the
// structs that t is part of.
func openType(t reflect.Type, within []reflect.Type) reflect.Type {
	if t == secretType {
		return reflect.TypeFor[string]()
	}
	if t.Kind() == reflect.Pointer { // first, because a pointer to a Secret has its methods, too
		if open := openType(t.Elem(), within); open != t.Elem() {
			return reflect.PointerTo(open)
		}
		return t
	}
	if value := NullableOf(t); value != nil {
		if open := openType(value, within); open != value {
			return reflect.PointerTo(reflect.PointerTo(open)) // nil is absent, and a pointer to nil is null
		}
		return t
	}
	for _, marshaler := range marshalers {
		if reflect.PointerTo(t).Implements(marshaler) {
			return t
		}
	}
	switch t.Kind() {
	case reflect.Slice:
		if open := openType(t.Elem(), within); open != t.Elem() {
			return reflect.SliceOf(open)
		}
	case reflect.Array:
		if open := openType(t.Elem(), within); open != t.Elem() {
			return reflect.ArrayOf(t.Len(), open)
		}
	case reflect.Map:
		if open := openType(t.Elem(), within); open != t.Elem() {
			return reflect.MapOf(t.Key(), open)
		}
	case reflect.Struct:
		if cached, ok := openTypes.Load(t); ok {
			return cached.(reflect.Type)
		}
		if slices.Contains(within, t) {
			return t
		}
		open := openStruct(t, append(within, t))
		if len(within) == 0 { // inside others it depends on them
			openTypes.Store(t, open)
		}
		return open
	}
	return t
}

func openStruct(t reflect.Type, within []reflect.Type) reflect.Type {
	fields, changed := reflect.VisibleFields(t), false
	for i, field := range fields {
		if !field.IsExported() || field.Anonymous {
			return t
		}
		fields[i].Type = openType(field.Type, within)
		fields[i].Offset, fields[i].Index = 0, nil
		changed = changed || fields[i].Type != field.Type
	}
	if !changed {
		return t
	}
	return reflect.StructOf(fields)
}

// reveal copies a value into one of its open type.
func reveal(to, from reflect.Value) {
	switch {
	case to.Type() == from.Type():
		to.Set(from)
	case from.Type() == secretType:
		to.SetString(from.String())
	case NullableOf(from.Type()) != nil:
		value, null := from.Interface().(nullable).parts()
		if value.IsNil() && !null {
			return
		}
		to.Set(reflect.New(to.Type().Elem()))
		reveal(to.Elem(), value)
	case from.Kind() == reflect.Struct:
		for i := range from.NumField() {
			reveal(to.Field(i), from.Field(i))
		}
	case from.Kind() == reflect.Array:
		for i := range from.Len() {
			reveal(to.Index(i), from.Index(i))
		}
	case from.IsNil(): // a pointer, a slice or a map
	case from.Kind() == reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		reveal(to.Elem(), from.Elem())
	case from.Kind() == reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			reveal(to.Index(i), from.Index(i))
		}
	case from.Kind() == reflect.Map:
		to.Set(reflect.MakeMapWithSize(to.Type(), from.Len()))
		for entry := from.MapRange(); entry.Next(); {
			value := reflect.New(to.Type().Elem()).Elem()
			reveal(value, entry.Value())
			to.SetMapIndex(entry.Key(), value)
		}
	}
}
