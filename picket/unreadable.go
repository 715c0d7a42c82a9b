package picket

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// unreadable says why package encoding/json could not decode a response into a type. It names the place and what the contract has
// there, and shows nothing of the value, which may be a secret.
func unreadable(t reflect.Type, body []byte, err error) error {
	if !json.Valid(body) {
		return fmt.Errorf("the response is not as expected: %w", err)
	}
	r := reader{text: body}
	f := r.misfit(t)
	switch {
	case f == nil:
		return fmt.Errorf("the response is not as expected: %w", err)
	case f.place == "":
		return fmt.Errorf("the response is %s; it must be %s", f.given, f.wanted)
	}
	return fmt.Errorf("the response has %s at %q; it must be %s", f.given, f.place, f.wanted)
}

// A misfit is a value that its type cannot be decoded from.
type misfit struct{ place, given, wanted string }

func (m *misfit) in(place string) *misfit {
	if m.place != "" {
		place += "." + m.place
	}
	m.place = place
	return m
}

// misfit returns the first misfit in the next value, and moves past it if there is none.
func (r *reader) misfit(t reflect.Type) *misfit {
	first := r.next()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value := wire.NullableOf(t); value != nil {
		return r.misfit(value)
	}
	if !hasOwnForm(t) {
		switch {
		case first == 'n':
			r.skip()
			return nil
		case first == '{' && t.Kind() == reflect.Struct:
			fields := fieldsOf(t)
			return r.misfitIn(func(name string) reflect.Type {
				if i, _ := find(fields, []byte(name)); i >= 0 {
					return fields[i].is
				}
				return anything
			})
		case first == '{' && t.Kind() == reflect.Map:
			return r.misfitIn(func(string) reflect.Type { return t.Elem() })
		case first == '[' && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
			i := 0
			for r.at++; r.more(); i++ {
				if m := r.misfit(t.Elem()); m != nil {
					return m.in(strconv.Itoa(i))
				}
			}
			return nil
		}
	}
	if err := json.Unmarshal(r.raw(), reflect.New(t).Interface()); err != nil {
		return &misfit{given: kindOf(first), wanted: jsonFormOf(t)}
	}
	return nil
}

// misfitIn returns the first misfit in the object that comes next.
func (r *reader) misfitIn(typeOf func(name string) reflect.Type) *misfit {
	for r.at++; r.more(); {
		name := string(r.name())
		if m := r.misfit(typeOf(name)); m != nil {
			return m.in(name)
		}
	}
	return nil
}

// kindOf says what a JSON value is that begins with a byte.
func kindOf(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// jsonFormOf says which JSON a type is decoded from.
func jsonFormOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "a time such as 2006-01-02T15:04:05Z (RFC 3339)"
	case reflect.TypeFor[openapi_types.Date]():
		return "a date such as 2006-01-02"
	case reflect.TypeFor[[]byte]():
		return "a string in base64"
	}
	if hasOwnForm(t) {
		return "in the form that the API describes for it"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "a boolean"
	case reflect.Float32, reflect.Float64:
		return "a number that fits into " + t.Kind().String()
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	default:
		return "a whole number that fits into " + t.Kind().String()
	}
}
