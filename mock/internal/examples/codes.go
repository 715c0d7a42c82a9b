package examples

import (
	"maps"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// CodeNames are the names of the properties in which an error has its code: that of the API, and that of OAuth 2.0.
var CodeNames = []string{"code", "error"}

// ErrorCodes returns the error codes that the examples of a contract have, in alphabetical order. The set of codes is open, and the
// examples are the list of those that are known.
func ErrorCodes(contract *spec.Contract) []string {
	codes := map[string]bool{}
	for _, op := range contract.Operations() {
		for status, response := range op.Spec().Responses.Map() {
			if status < "400" { // "default" is not
				continue
			}
			for _, media := range response.Value.Content {
				values := []any{media.Example}
				for _, example := range media.Examples {
					values = append(values, example.Value.Value)
				}
				for _, value := range values {
					object, _ := value.(map[string]any)
					for _, name := range CodeNames {
						if code, ok := object[name].(string); ok {
							codes[code] = true
						}
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(codes))
}
