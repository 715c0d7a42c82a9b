package gating

import (
	"reflect"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

// Join returns the requirements from both places of a request where they can be: at its top level, and nested in requirements. The
// same requirement in both places is an error.
func Join(top, nested picket.Requirements) (picket.Requirements, error) {
	from, into := reflect.ValueOf(top), reflect.ValueOf(&nested).Elem()
	for i := range from.NumField() {
		switch {
		case from.Field(i).IsZero():
		case into.Field(i).IsZero():
			into.Field(i).Set(from.Field(i))
		default:
			name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
			return picket.Requirements{}, refusal.InvalidParameter("%s is given both at the top level and in requirements", name)
		}
	}
	return nested, nil
}
