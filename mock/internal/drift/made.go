package drift

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
)

// make makes up a value of the types and formats that were seen, or of any that the contract with the differences allows. It reports
// whether it could.
func (a *answering) make(is schema, seen *observe.Value, at spot) (any, bool) {
	if kind := a.kind(schema{}, is, seen, at); kind != "" {
		if made, ok := a.ofKind(kind, is, seen, at); ok {
			return made, true
		}
	}
	return a.sampled(is, at)
}

// ofKind makes up a value of a type that was seen.
func (a *answering) ofKind(kind string, is schema, seen *observe.Value, at spot) (made any, ok bool) {
	switch kind {
	case "null":
	case "boolean":
		made = false
	case "object":
		made = a.object(map[string]any{}, schema{contract: is.contract}, is, seen, at)
	case "array":
		made = a.list(is, seen, at)
	case "string":
		made = a.text(is, seen, at)
	default:
		number, _ := a.sampled(is.of(kind), at)
		made = asNumber(fmt.Sprint(number), kind)
	}
	return made, is.allows(made)
}

// maxItems is how many items a list gets at most.
const maxItems = 3

func (a *answering) list(is schema, seen *observe.Value, at spot) any {
	list := []any{}
	if seen.Size != nil && seen.Items != nil {
		for i := range min(seen.Size.Max, maxItems) {
			if item, ok := a.make(is.items(), seen.Items, at.item(int(i))); ok {
				list = append(list, item)
			}
		}
	}
	return list
}

// text makes up a string of one of the formats that were seen.
func (a *answering) text(is schema, seen *observe.Value, at spot) any {
	var formats []string
	var weights []int64
	for _, format := range slices.Sorted(maps.Keys(seen.Formats)) {
		formats, weights = append(formats, format), append(weights, seen.Formats[format])
	}
	if i := a.among(at, "format", weights, seen.Types["string"]); i >= 0 {
		if text, ok := a.formatted(formats[i], at); ok && is.allows(text) {
			return text
		}
	}
	text, _ := a.sampled(is.of("string"), at)
	return text
}

// patterns are those of what is made up in the formats that package sample does not know. A name that has no format must not look like a
// word.
var patterns = map[string]string{
	observe.Integer: `^[1-9][0-9]{3}$`,
	observe.Decimal: `^[1-9][0-9]\.[0-9][1-9]$`,
	observe.Address: `^0x[0-9a-f]{40}$`,
	observe.Token:   `^eyJ[0-9A-Za-z]{24}\.eyJ[0-9A-Za-z]{24}\.[0-9A-Za-z]{43}$`,
	observe.Empty:   `^$`,
	"":              `^[0-9][0-9a-f]{23}$`,
}

// formatted makes up a string in a format.
func (a *answering) formatted(format string, at spot) (string, bool) {
	made := openapi3.NewStringSchema()
	if pattern, ok := patterns[format]; ok {
		made.Pattern = pattern
	} else {
		made.Format = format
	}
	value, ok := a.sampled(schema{Schema: made}, at)
	text, isText := value.(string)
	return text, ok && isText
}

// sampled makes up a value of a schema, in which every boolean that may be false is false.
func (a *answering) sampled(is schema, at spot) (any, bool) {
	if !is.is() {
		return nil, false
	}
	value, err := sample.Value(is.Schema, a.seed, at.value, nil)
	if err != nil {
		return nil, false
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, false
	}
	value, err = decode(text)
	value = closed(value)
	return value, err == nil && is.allows(value)
}

// closed returns a value that was made up, with false in place of true.
func closed(value any) any {
	switch value := value.(type) {
	case bool:
		return false
	case []any:
		for i, item := range value {
			value[i] = closed(item)
		}
	case map[string]any:
		for name, property := range value {
			value[name] = closed(property)
		}
	}
	return value
}

var plainNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$`)

// asNumber returns a number of a type, integer or number, with the value of a text, rounded down to a whole number if it has to be. It
// is nil if the text is no number.
func asNumber(text, kind string) any {
	if !plainNumber.MatchString(text) {
		return nil
	}
	whole, fraction, _ := strings.Cut(text, ".")
	switch {
	case kind == "integer":
		n, _ := new(big.Int).SetString(whole, 10) // the form was checked
		if strings.HasPrefix(whole, "-") && strings.Trim(fraction, "0") != "" {
			n.Sub(n, big.NewInt(1))
		}
		return json.Number(n.String())
	case fraction == "":
		return json.Number(whole + ".0")
	}
	return json.Number(text)
}
