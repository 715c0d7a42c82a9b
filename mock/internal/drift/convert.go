package drift

import (
	"encoding/json"
	"strconv"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// convert returns a value as one of another type. It keeps its meaning where it can, and is made up otherwise. It reports whether the
// contract with the differences allows what it returns.
func (a *answering) convert(real any, kind string, is schema, seen *observe.Value, at spot) (any, bool) {
	if converted := a.converted(real, kind, is, seen, at); converted != nil && is.allows(converted) {
		return converted, true
	}
	return a.ofKind(kind, is, seen, at)
}

// converted returns a value as one of another type, or nil.
func (a *answering) converted(real any, kind string, is schema, seen *observe.Value, at spot) any {
	switch kind {
	case "null":
		return nil
	case "array":
		if real == nil {
			return nil
		}
		return []any{a.value(real, schema{contract: is.contract}, is.items(), seen.Items, at.item(0))}
	}
	switch real := real.(type) {
	case string:
		switch kind {
		case "integer", "number":
			return asNumber(real, kind)
		case "boolean":
			return real == "true"
		}
	case json.Number:
		switch kind {
		case "integer", "number":
			return asNumber(real.String(), kind)
		case "string":
			return real.String()
		}
	case bool:
		switch kind {
		case "string":
			return strconv.FormatBool(real)
		case "integer", "number":
			if real {
				return asNumber("1", kind)
			}
			return asNumber("0", kind)
		}
	case []any:
		if len(real) > 0 && kindOf(real[0]) != "array" {
			if kindOf(real[0]) == kind {
				return real[0]
			}
			return a.converted(real[0], kind, is, seen, at)
		}
	}
	return nil
}
