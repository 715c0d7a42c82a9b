package spec

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// maxAlternatives is how deep descriptions of alternatives and items go: a schema can contain itself.
const maxAlternatives = 3

// demand says what a keyword of a schema demands, as the rest of a sentence that begins with the name of a value. It returns "" for a
// keyword that it does not know.
func demand(schema *openapi3.Schema, keyword string) string {
	switch keyword {
	case "type":
		return "must be " + kind(schema)
	case "nullable":
		if what := kind(schema); what != unknownKind {
			return "must be " + what + ", not null"
		}
		return "must not be null"
	case "enum":
		return "must be " + members(schema.Enum)
	case "format":
		if format, known := formats[schema.Format]; known {
			return "must be " + format.words
		}
		return "must be of the format " + schema.Format
	case "pattern":
		return "must be " + kind(schema) + " that matches " + schema.Pattern
	case "not":
		if what := expectation(schema.Not.Value); what != unknownKind {
			return "must not be " + what
		}
		return "must not match the schema under not in openapi.yaml"
	case "anyOf", "oneOf":
		return "must be " + alternatives(slices.Concat(schema.AnyOf, schema.OneOf), 0)
	case "allOf":
		return "must match every schema under allOf in openapi.yaml"
	case "required":
		return "is required"
	case "readOnly":
		return "is read-only, so a request must not have it"
	case "writeOnly":
		return "is write-only, so a response must not have it"
	case "uniqueItems":
		return "must have no two equal items"
	}
	return bound(schema, keyword)
}

// bound is demand for the keywords that limit a size or an amount.
func bound(schema *openapi3.Schema, keyword string) string {
	switch keyword {
	case "minLength":
		if schema.MinLength == 1 {
			return "must not be empty"
		}
		return "must have at least " + amount(schema.MinLength, "character", "characters")
	case "maxLength":
		return atMost(*schema.MaxLength, "character", "characters")
	case "minItems":
		return "must have at least " + amount(schema.MinItems, "item", "items")
	case "maxItems":
		return atMost(*schema.MaxItems, "item", "items")
	case "minProperties":
		return "must have at least " + amount(schema.MinProps, "property", "properties")
	case "maxProperties":
		return atMost(*schema.MaxProps, "property", "properties")
	case "minimum":
		return "must be at least " + number(*schema.Min)
	case "exclusiveMinimum":
		return "must be greater than " + number(*schema.Min)
	case "maximum":
		return "must be at most " + number(*schema.Max)
	case "exclusiveMaximum":
		return "must be less than " + number(*schema.Max)
	case "multipleOf":
		return "must be a multiple of " + number(*schema.MultipleOf)
	}
	return ""
}

func atMost(most uint64, one, many string) string {
	if most == 0 {
		return "must be empty"
	}
	return "must have at most " + amount(most, one, many)
}

func amount(n uint64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// number writes a number in full where that is shorter than a line.
func number(n float64) string {
	if math.Abs(n) < 1e21 {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}

// plainWord is what a member of an enum looks like that reads well without quotes.
var plainWord = regexp.MustCompile(`^[\w.:/+-]+$`)

// members lists the values of an enum: "a, b or 3".
func members(values []any) string {
	shown := make([]string, len(values))
	for i, value := range values {
		if text, ok := value.(string); ok && plainWord.MatchString(text) {
			shown[i] = text
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			text = fmt.Append(nil, value)
		}
		shown[i] = string(text)
	}
	return names.Listed(shown, "or")
}

// alternatives says what the parts of an anyOf or oneOf are. Schemas of objects have their names, because "an object" says little.
func alternatives(parts openapi3.SchemaRefs, depth int) string {
	var kinds, named []string
	for _, part := range parts {
		name, isName := strings.CutPrefix(part.Ref, "#/components/schemas/")
		if isName && kind(part.Value) == "an object" {
			named = append(named, name)
			continue
		}
		what := noun(part.Value, depth+1)
		if what == "an object" {
			what = objectWith(part.Value)
		}
		if !slices.Contains(kinds, what) {
			kinds = append(kinds, what)
		}
	}
	if len(named) > 0 {
		kinds = append(kinds, "an object as the schema "+names.Listed(named, "or")+" describes it")
	}
	return strings.Join(kinds, ", or ")
}

// objectWith says what an object must have that is one of several alternatives.
func objectWith(schema *openapi3.Schema) string {
	if len(schema.Required) == 0 {
		return "an object " + unknownKind
	}
	return "an object with " + names.Listed(schema.Required, "and")
}

// expectation says what a schema describes, as a noun with its article.
func expectation(schema *openapi3.Schema) string { return noun(schema, 0) }

func noun(schema *openapi3.Schema, depth int) string {
	what := kind(schema)
	format, formatted := formats[schema.Format]
	switch {
	case depth > maxAlternatives:
		return what
	case len(schema.Enum) > 0:
		return members(schema.Enum)
	case len(schema.AnyOf) > 0:
		return alternatives(schema.AnyOf, depth)
	case len(schema.OneOf) > 0:
		return alternatives(schema.OneOf, depth)
	case len(schema.AllOf) > 0 && schema.Type == nil:
		return noun(schema.AllOf[0].Value, depth+1)
	case schema.Type.Is("array") && schema.Items != nil:
		if item := noun(schema.Items.Value, depth+1); item != unknownKind {
			return what + ", each item of which is " + item
		}
	case schema.Pattern != "":
		return what + " that matches " + schema.Pattern
	case formatted && schema.Min == nil && schema.Max == nil:
		return format.words
	case schema.MinLength == 1:
		return what + " that is not empty"
	case schema.MinLength > 1:
		return what + " of at least " + amount(schema.MinLength, "character", "characters")
	case schema.MaxLength != nil:
		return what + " of at most " + amount(*schema.MaxLength, "character", "characters")
	}
	return what + numberRange(schema)
}

// numberRange says which numbers a schema of numbers allows.
func numberRange(schema *openapi3.Schema) string {
	var limits []string
	if schema.Min != nil && excludes(schema.ExclusiveMin) {
		limits = append(limits, "greater than "+number(*schema.Min))
	} else if schema.Min != nil {
		limits = append(limits, "of at least "+number(*schema.Min))
	}
	if schema.Max != nil && excludes(schema.ExclusiveMax) {
		limits = append(limits, "less than "+number(*schema.Max))
	} else if schema.Max != nil {
		limits = append(limits, "of at most "+number(*schema.Max))
	}
	if len(limits) == 0 {
		return ""
	}
	return " " + strings.Join(limits, " and ")
}

// excludes reports whether a bound is itself not allowed.
func excludes(bound openapi3.ExclusiveBound) bool { return bound.Bool != nil && *bound.Bool }

const unknownKind = "as openapi.yaml describes it"

func kind(schema *openapi3.Schema) string {
	for range maxAlternatives {
		if len(schema.AllOf) == 0 || schema.Type != nil {
			break
		}
		schema = schema.AllOf[0].Value
	}
	switch {
	case schema.Type.Is("string"):
		return "a string"
	case schema.Type.Is("array"):
		return "an array"
	case schema.Type.Is("object"), schema.Type == nil && len(schema.Properties) > 0:
		return "an object"
	case schema.Type.Is("integer"):
		return "a whole number"
	case schema.Type.Is("number"):
		return "a number"
	case schema.Type.Is("boolean"):
		return "true or false"
	}
	return unknownKind
}
