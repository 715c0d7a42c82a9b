package sample

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// FirstSuccess returns the lowest status of the successful responses of an operation, or else of its redirects. It is 0 when the
// operation has neither.
func FirstSuccess(op *openapi3.Operation) int {
	for status := http.StatusOK; status < http.StatusBadRequest; status++ {
		if op.Responses.Status(status) != nil {
			return status
		}
	}
	return 0
}

// ContentTypes returns the content types that a body may have: JSON first, and then the others in alphabetical order.
func ContentTypes(content openapi3.Content) []string {
	const json = "application/json"
	types := slices.Sorted(maps.Keys(content))
	if i := slices.Index(types, json); i > 0 {
		types = slices.Insert(slices.Delete(types, i, i+1), 0, json)
	}
	return types
}

// Example returns the example of a body that has the given name. For the name "", it returns the unnamed example, or else the first one
// in alphabetical order. It reports whether there is such an example.
func Example(media *openapi3.MediaType, name string) (value any, ok bool) {
	if name == "" && media.Example != nil {
		return media.Example, true
	}
	for _, given := range slices.Sorted(maps.Keys(media.Examples)) {
		if name == "" || name == given {
			return media.Examples[given].Value.Value, true
		}
	}
	return nil, false
}

// ExampleNames returns the names of the examples of a body, in alphabetical order.
func ExampleNames(media *openapi3.MediaType) []string {
	return slices.Sorted(maps.Keys(media.Examples))
}

// Statuses returns the statuses of the responses of an operation, in order. A range such as 4XX stands for its lowest status that is not
// among them otherwise; a default stands for none.
func Statuses(op *openapi3.Operation) []int {
	var statuses, ranges []int
	for text := range op.Responses.Map() {
		if status, err := strconv.Atoi(text); err == nil {
			statuses = append(statuses, status)
		} else if class, ok := strings.CutSuffix(text, "XX"); ok {
			hundreds, _ := strconv.Atoi(class) // the contract is valid
			ranges = append(ranges, 100*hundreds)
		}
	}
	for _, status := range ranges {
		for slices.Contains(statuses, status) {
			status++
		}
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	return statuses
}
