package diff

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// errorCodes compares the error codes that the examples of an operation's refusals have, because programs tell errors apart by them.
func (r *rest) errorCodes(name string, before, after *openapi3.Responses) {
	was, is := codesOf(before), codesOf(after)
	for _, code := range slices.Sorted(maps.Keys(was)) {
		if !is[code] {
			r.say(name, true, "no example has the error code `%s` any more", code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(is)) {
		if !was[code] {
			r.say(name, false, "an example has the new error code `%s`", code)
		}
	}
}

func codesOf(responses *openapi3.Responses) map[string]bool {
	codes := map[string]bool{}
	for status, response := range responses.Map() {
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
				for _, key := range []string{"code", "error"} { // of the API, and of OAuth 2.0 (RFC 6749 section 5.2)
					if code, ok := object[key].(string); ok {
						codes[code] = true
					}
				}
			}
		}
	}
	return codes
}
