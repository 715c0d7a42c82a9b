package sample

import (
	"maps"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// FirstSuccess returns the status of the first response of an operation that is a success, or else the first redirect. It is 0
// when there is neither.
func FirstSuccess(op *openapi3.Operation) int {
	for status := http.StatusOK; status < http.StatusBadRequest; status++ {
		if op.Responses.Status(status) != nil {
			return status
		}
	}
	return 0
}

// ContentTypes returns the types that a body may have, JSON first and the others by name.
func ContentTypes(content openapi3.Content) []string {
	const json = "application/json"
	types := slices.Sorted(maps.Keys(content))
	if i := slices.Index(types, json); i > 0 {
		types = slices.Insert(slices.Delete(types, i, i+1), 0, json)
	}
	return types
}

// Example returns an example of a body: the one of the given name, or, without a name, the one that has none, else the first
// by name. It reports whether there is one.
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
