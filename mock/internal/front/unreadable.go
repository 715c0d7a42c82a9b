package front

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// RefuseUnreadable answers a request that the contract allows and the generated code cannot read, because a Go type holds less than
// what the contract describes: whole numbers have 64 bits, and no fraction or exponent. It says so in words of its own; the errors of
// generated code name Go types, and quote values.
func (h *Handler) RefuseUnreadable(w http.ResponseWriter, r *http.Request, err error) {
	in := incomingOf(r.Context())
	message := "the request has a value that the mock cannot read, although openapi.yaml allows it"
	var mistyped *json.UnmarshalTypeError
	switch parameter := parameterOf(err); {
	case parameter != "":
		message = parameter + " must be " + in.Op.Expected(parameter)
	case errors.As(err, &mistyped) && mistyped.Field != "":
		message = mistyped.Field + " must be " + holds(mistyped.Type)
	default:
		if name := oddNumber(in.body); name != "" {
			message = name + " is a number in a form that the mock cannot read; write it in at most 256 digits, without an exponent, and without a fraction if it is whole"
		}
	}
	h.Refuse(w, r, refusal.InvalidParameter("%s", message))
}

// parameterOf returns the name of the parameter that an error of generated code is about, or "". Each generated package has error types
// of its own, which all have the name in the same field.
func parameterOf(err error) string {
	value := reflect.Indirect(reflect.ValueOf(err))
	if value.Kind() != reflect.Struct {
		return ""
	}
	if name := value.FieldByName("ParamName"); name.IsValid() && name.Kind() == reflect.String {
		return name.String()
	}
	return ""
}

// holds says what a Go type holds, as a noun with its article.
func holds(goType reflect.Type) string {
	switch kind := goType.Kind(); kind {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		most := int64(math.MaxInt64) >> (64 - goType.Bits())
		return fmt.Sprintf("a whole number from %d to %d, without a fraction or an exponent", -most-1, most)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("a whole number from 0 to %d, without a fraction or an exponent", uint64(math.MaxUint64)>>(64-goType.Bits()))
	case reflect.Float32:
		return "a number from -3.4028234663852886e+38 to 3.4028234663852886e+38"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	}
	return "an object"
}

// oddNumber returns the path of the first number in a JSON body that has a fraction, an exponent, or more digits than every Go type of
// numbers holds; or "".
func oddNumber(body []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return ""
	}
	return findOddNumber(value, nil)
}

func findOddNumber(value any, path []string) string {
	switch value := value.(type) {
	case json.Number:
		if _, err := strconv.ParseInt(value.String(), 10, 64); err != nil {
			return strings.Join(path, ".")
		}
	case []any:
		for i, item := range value {
			if found := findOddNumber(item, append(path, strconv.Itoa(i))); found != "" {
				return found
			}
		}
	case map[string]any:
		all := make([]string, 0, len(value))
		for name := range value {
			all = append(all, name)
		}
		slices.Sort(all)
		for _, name := range all {
			if found := findOddNumber(value[name], append(path, names.Shown(name))); found != "" {
				return found
			}
		}
	}
	return ""
}
