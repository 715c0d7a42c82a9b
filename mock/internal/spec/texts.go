package spec

import (
	"errors"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// jsonNumber is a number as JSON writes it (RFC 8259 section 6). The validator also reads what Go does, such as +1, 01 and 0x1p-2.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// checkParameterTexts finds what the validator takes for a value although it is none: "1" for true, or bytes that are not UTF-8. It also
// finds headers and cookies that are there several times, of which the validator reads the first.
func (op *Operation) checkParameterTexts(found *findings, r *http.Request) {
	query := r.URL.Query()
	for _, name := range sorted(query) {
		if parameter := op.queryParameter(name); parameter != nil && parameter.Schema != nil {
			found.checkTexts(parameter.Name, query[name], memberSchema(parameter, name), op.parameterPlace(parameter)+"/schema")
		}
	}
	inPath := op.PathValues(r.URL)
	for _, ref := range op.parameters {
		parameter := ref.Value
		var texts []string
		switch parameter.In {
		case openapi3.ParameterInPath:
			texts = []string{inPath[parameter.Name]}
		case openapi3.ParameterInHeader:
			texts = r.Header.Values(parameter.Name)
		case openapi3.ParameterInCookie:
			for _, cookie := range r.CookiesNamed(parameter.Name) {
				texts = append(texts, cookie.Value)
			}
		}
		at := op.parameterPlace(parameter)
		if len(texts) > 1 && (parameter.Schema == nil || !takesMany(parameter.Schema.Value)) {
			found.add(parameter.Name, parameter.Name+" is given more than once", at)
		}
		if parameter.Schema != nil {
			found.checkTexts(parameter.Name, texts, parameter.Schema.Value, at+"/schema")
		}
	}
}

// memberSchema returns the schema for what a query has under a name: that of the parameter, or of a property of it.
func memberSchema(parameter *openapi3.Parameter, name string) *openapi3.Schema {
	schema := parameter.Schema.Value
	if name == parameter.Name {
		return schema
	}
	member := strings.TrimSuffix(strings.TrimPrefix(name, parameter.Name+"["), "]")
	if property := propertiesOf(schema)[member]; property != nil {
		return property.Value
	}
	return schema
}

// checkFieldTexts is checkParameterTexts for the fields of a form.
func (op *Operation) checkFieldTexts(found *findings, fields map[string][]string, b requestBody) {
	if b.schema == nil {
		return
	}
	properties := propertiesOf(b.schema)
	for _, name := range sorted(fields) {
		if property := properties[name]; property != nil {
			found.checkTexts(pointer([]string{name}), fields[name], property.Value, op.keyword(property.Value, "type"))
		}
	}
}

// checkTexts adds that a text is not written as its schema asks for. The validator may find more of it, which is not said.
func (f *findings) checkTexts(at string, texts []string, schema *openapi3.Schema, place string) {
	name, what := strings.TrimPrefix(at, "/"), ""
	switch {
	case isBinary(schema):
	case slices.ContainsFunc(texts, func(text string) bool { return !utf8.ValidString(text) }):
		what = " is not UTF-8"
	case slices.ContainsFunc(texts, func(text string) bool { return !isExact(text, schema) }):
		what = " must be " + expectation(schema)
	}
	if what != "" {
		f.add(at, name+what, place)
		f.inexact[at] = true
	}
}

// isBinary reports whether a value, or each element of a list, is a file.
func isBinary(schema *openapi3.Schema) bool {
	of := typed(schema)
	return of.Format == "binary" || of.Items != nil && typed(of.Items.Value).Format == "binary"
}

// isExact reports whether a text is written as JSON writes the booleans and numbers that a schema asks for.
func isExact(text string, schema *openapi3.Schema) bool {
	switch of := typed(schema); {
	case of.Type.Is(openapi3.TypeBoolean):
		return text == "true" || text == "false"
	case of.Type.Is(openapi3.TypeInteger), of.Type.Is(openapi3.TypeNumber):
		return jsonNumber.MatchString(text)
	case of.Type.Is(openapi3.TypeArray) && of.Items != nil:
		if item := typed(of.Items.Value).Type; !item.Is(openapi3.TypeString) { // others have no commas and bars in them
			return !slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",| ", r) }),
				func(element string) bool { return !isExact(element, of.Items.Value) })
		}
	}
	return true
}

// typed returns the part of a schema that says of which type its values are, if every part of an allOf must match.
func typed(schema *openapi3.Schema) *openapi3.Schema {
	for range maxAlternatives {
		if schema.Type != nil || len(schema.AllOf) == 0 {
			break
		}
		schema = schema.AllOf[0].Value
	}
	return schema
}

// unreadableAs says what a text must be that could not be read as a value of a schema. A number may be too large to be read.
func unreadableAs(schema *openapi3.Schema, err error) string {
	if !errors.Is(err, strconv.ErrRange) {
		return expectation(schema)
	}
	of := typed(schema)
	if of.Items != nil {
		return "an array, each item of which is " + unreadableAs(of.Items.Value, err)
	}
	if of.Type.Is(openapi3.TypeNumber) {
		return formats["double"].words
	}
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if known := formats[of.Format]; known.least < known.most {
		least, most = known.least, known.most
	}
	from, to := strconv.FormatInt(least, 10), strconv.FormatInt(most, 10)
	if of.Min != nil && *of.Min > float64(least) {
		from = number(*of.Min)
	}
	if of.Max != nil && *of.Max < float64(most) {
		to = number(*of.Max)
	}
	return "a whole number from " + from + " to " + to
}
