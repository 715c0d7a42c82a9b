package spec

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// jsonNumber is a number as JSON writes it (RFC 8259 section 6). The validator also reads what Go does, such as +1, 01 and 0x1p-2.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// inexact says which of some texts are not as their schema asks for, as the rest of a sentence that begins with their name. It returns ""
// when all are.
func inexact(texts []string, schema *openapi3.Schema) string {
	switch {
	case isBinary(schema):
	case slices.ContainsFunc(texts, func(text string) bool { return !utf8.ValidString(text) }):
		return " is not UTF-8"
	case slices.ContainsFunc(texts, func(text string) bool { return !isExact(text, schema) }):
		return " must be " + expectation(schema)
	}
	return ""
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

// isBinary reports whether a value, or each element of a list, is a file.
func isBinary(schema *openapi3.Schema) bool {
	of := typed(schema)
	return of.Format == "binary" || of.Items != nil && typed(of.Items.Value).Format == "binary"
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
