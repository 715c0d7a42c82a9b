package picket

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// checkExact says what is wrong with a response that package encoding/json decoded into result from body: encoding/json reads
// names without case, and the last of several, and does not miss what is not there. It returns an error for a name that
// differs from one of the contract in case only, for a name that is there twice, and for a property that openapi.yaml requires
// and that is absent, null or an empty string.
//
// What is required is read from the generated types: a field whose tag has neither omitempty nor omitzero.
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

// value compares the next value with the type that it was decoded as, and moves past it. It does not look at what was decoded:
// of a name that is there twice, that is only the last.
func (r *reader) value(t reflect.Type) *flaw {
	first := r.next()
	if t.Kind() == reflect.Pointer && first != 'n' { // null is no value then
		t = t.Elem()
	}
	switch {
	case first == '{' && t.Kind() == reflect.Struct:
		return r.object(t)
	case first == 'n' && t.Kind() == reflect.Struct:
		for _, field := range fieldsOf(t) {
			if field.required {
				return &flaw{"the response is null%.0s", ""}
			}
		}
	case first == '{' && t.Kind() == reflect.Map:
		seen := map[string]bool{}
		for r.at++; r.more(); r.skip() {
			name := string(r.name())
			if seen[name] {
				return &flaw{"the response has a name twice in %q", ""}
			}
			seen[name] = true
		}
		return nil
	case first == '[' && t.Kind() == reflect.Slice:
		i := 0
		for r.at++; r.more(); i++ {
			if f := r.value(t.Elem()); f != nil {
				return f.in(strconv.Itoa(i))
			}
		}
		return nil
	}
	r.skip()
	return nil
}

func (r *reader) object(t reflect.Type) *flaw {
	fields := fieldsOf(t)
	var seen uint64 // no object of the contract has more properties; of one beyond, a required one would be lacking
	var unknown map[string]bool
	for r.at++; r.more(); {
		name := r.name()
		i, exact := find(fields, name)
		switch {
		case i < 0 && unknown[string(name)], i >= 0 && exact && seen&(1<<i) != 0:
			return twice(name)
		case i < 0:
			if unknown == nil {
				unknown = map[string]bool{}
			}
			unknown[string(name)] = true
			r.skip()
			continue
		case !exact:
			return &flaw{"the response has %q, and not " + strconv.Quote(fields[i].name) + " exactly", string(name)}
		}
		seen |= 1 << i
		r.next()
		start := r.at
		if f := r.value(t.Field(fields[i].index).Type); f != nil {
			return f.in(fields[i].name)
		}
		if text := r.text[start:r.at]; fields[i].required && (string(text) == "null" || string(text) == `""`) {
			return lacks(fields[i].name)
		}
	}
	for i, field := range fields {
		if field.required && seen&(1<<i) == 0 {
			return lacks(field.name)
		}
	}
	return nil
}

// A field is a property of an object of the contract.
type field struct {
	name     string
	index    int
	required bool
}

// find returns the field with a name, or the one whose name differs from it in case only, or -1.
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

var fieldsByType sync.Map // reflect.Type → []field: a cache, filled on first use

func fieldsOf(t reflect.Type) []field {
	if cached, ok := fieldsByType.Load(t); ok {
		return cached.([]field)
	}
	var fields []field
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields = append(fields, field{name, i, !strings.Contains(options, "omit")})
	}
	fieldsByType.Store(t, fields)
	return fields
}
