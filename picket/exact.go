package picket

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/picket/wire"
)

// checkExact says what is wrong with a response that package encoding/json decoded into result from body. That package ignores
// the case of names, takes the last of two properties with one name, and does not notice what is missing. So checkExact returns
// an error for a name that differs from one of the contract only in case, for a name that is there twice, and for a required
// property that is absent, an empty string, or null although it is no Nullable.
//
// The types say what is required: a field whose tag has neither omitempty nor omitzero. The generated types have them where
// openapi.yaml does not require a property.
func checkExact(result any, body []byte) error {
	r := reader{text: body}
	if f := r.value(reflect.TypeOf(result).Elem()); f != nil {
		return fmt.Errorf(f.format, f.place)
	}
	return nil
}

// A flaw is what is wrong at a place in a response.
type flaw struct{ format, place string }

func (f *flaw) in(place string) *flaw {
	f.place = strings.TrimSuffix(place+"."+f.place, ".")
	return f
}

func lacks(name string) *flaw { return &flaw{"the response lacks %q", name} }

func twice(name []byte) *flaw { return &flaw{"the response has %q twice", string(name)} }

// A reader walks over JSON that is known to be valid.
type reader struct {
	text []byte
	at   int
}

// next returns the first byte of the next token.
func (r *reader) next() byte {
	for r.text[r.at] <= ' ' {
		r.at++
	}
	return r.text[r.at]
}

// more reports whether another element of the object or array follows, to which it moves. It moves out of it otherwise.
func (r *reader) more() bool {
	switch r.next() {
	case '}', ']':
		r.at++
		return false
	case ',':
		r.at++
	}
	return true
}

// quoted moves past the next string and returns it as it is, with its quotes.
func (r *reader) quoted() []byte {
	start := r.at
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			r.at++
		}
	}
	r.at++
	return r.text[start:r.at]
}

// name returns the next name of an object, and moves to its value.
func (r *reader) name() []byte {
	r.next()
	quoted := r.quoted()
	r.next()
	r.at++ // the colon
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var name string
	_ = json.Unmarshal(quoted, &name) // it is valid
	return []byte(name)
}

// raw moves past the next value and returns its text.
func (r *reader) raw() []byte {
	r.next()
	start := r.at
	r.skip()
	return r.text[start:r.at]
}

// skip moves past the next value.
func (r *reader) skip() {
	for depth := 0; ; {
		switch r.next() {
		case '{', '[':
			r.at++
			depth++
		case '}', ']':
			r.at++
			depth--
		case ',', ':':
			r.at++
		case '"':
			r.quoted()
		default: // a number, true, false or null
			for r.at < len(r.text) && !bytes.ContainsRune([]byte(" \t\r\n,]}"), rune(r.text[r.at])) {
				r.at++
			}
		}
		if depth == 0 {
			return
		}
	}
}

var anything = reflect.TypeFor[any]()

// value compares the next value with the type that it was decoded as, and moves past it. It does not look at what was decoded,
// because that holds only the last of two properties with one name.
func (r *reader) value(t reflect.Type) *flaw {
	first := r.next()
	for t.Kind() == reflect.Pointer && first != 'n' { // null has no value to compare
		t = t.Elem()
	}
	if value := wire.NullableOf(t); value != nil {
		if first == 'n' {
			r.skip()
			return nil
		}
		return r.value(value)
	}
	if hasOwnForm(t) { // its type decides which names it has
		t = anything
	}
	switch {
	case first == '{' && t.Kind() == reflect.Struct:
		return r.object(t)
	case first == '{' && t.Kind() == reflect.Map:
		return r.entries(t.Elem())
	case first == '{' && t.Kind() == reflect.Interface:
		return r.entries(anything)
	case first == '[' && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
		return r.elements(t.Elem())
	case first == '[' && t.Kind() == reflect.Interface:
		return r.elements(anything)
	case first == 'n' && t.Kind() == reflect.Struct && slices.ContainsFunc(fieldsOf(t), func(f field) bool { return f.required }):
		return &flaw{"the response is null%.0s", ""}
	}
	r.skip()
	return nil
}

// entries compares the values of an object whose names are free, each of which may be there once.
func (r *reader) entries(t reflect.Type) *flaw {
	seen := map[string]bool{}
	for r.at++; r.more(); {
		name := string(r.name())
		if seen[name] {
			return &flaw{"the response has a name twice in %q", ""}
		}
		seen[name] = true
		if f := r.value(t); f != nil {
			return f.in(name)
		}
	}
	return nil
}

func (r *reader) elements(t reflect.Type) *flaw {
	i := 0
	for r.at++; r.more(); i++ {
		if f := r.value(t); f != nil {
			return f.in(strconv.Itoa(i))
		}
	}
	return nil
}

func (r *reader) object(t reflect.Type) *flaw {
	fields := fieldsOf(t)
	var seen bits
	var unknown map[string]bool
	for r.at++; r.more(); {
		name := r.name()
		i, exact := find(fields, name)
		switch {
		case i < 0 && unknown[string(name)], i >= 0 && exact && seen.has(i):
			return twice(name)
		case i < 0:
			if unknown == nil {
				unknown = map[string]bool{}
			}
			unknown[string(name)] = true
			r.skip()
			continue
		case !exact:
			return &flaw{"the response has %q, and not " + strings.ReplaceAll(strconv.Quote(fields[i].name), "%", "%%") + " exactly", string(name)}
		}
		seen.set(i)
		r.next()
		start := r.at
		if f := r.value(fields[i].is); f != nil {
			return f.in(fields[i].name)
		}
		if text := r.text[start:r.at]; fields[i].required && (string(text) == `""` || string(text) == "null" && wire.NullableOf(fields[i].is) == nil) {
			return lacks(fields[i].name)
		}
	}
	for i, field := range fields {
		if field.required && !seen.has(i) {
			return lacks(field.name)
		}
	}
	return nil
}

// bits are the fields of an object that were seen. A field beyond the last is never seen, so that a required one is missing
// and the response is refused; no object of the contract has as many.
type bits [4]uint64

func (b *bits) has(i int) bool { return i < len(b)*64 && b[i/64]&(1<<(i%64)) != 0 }

func (b *bits) set(i int) {
	if i < len(b)*64 {
		b[i/64] |= 1 << (i % 64)
	}
}

// find returns the field with a name, or the one whose name differs from it only in case, or -1.
func find(fields []field, name []byte) (index int, exact bool) {
	for i, f := range fields {
		if f.name == string(name) {
			return i, true
		}
	}
	for i, f := range fields {
		if strings.EqualFold(f.name, string(name)) {
			return i, false
		}
	}
	return -1, false
}
