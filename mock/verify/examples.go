package verify

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// example is an example request of the contract.
type example struct {
	name        string // empty, or begins with a space
	path        string // with the query
	contentType string
	body        []byte
}

// exampleRequests returns the example requests of an operation, or none if a required parameter has no example.
func exampleRequests(op *spec.Operation) []example {
	path, ok := examplePath(op)
	switch {
	case !ok:
		return nil
	case op.Spec().RequestBody == nil:
		return []example{{path: path}}
	}
	var all []example
	content := op.Spec().RequestBody.Value.Content
	for _, contentType := range spec.RequestTypes(op.Spec()) {
		examples := content[contentType].Examples
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			all = append(all, example{" " + name + " as " + contentType, path, contentType, encode(contentType, examples[name].Value.Value)})
		}
	}
	return all
}

// examplePath returns the path and the query made of the examples of an operation's parameters, and false if a required one has none.
func examplePath(op *spec.Operation) (string, bool) {
	path, query := op.Path, url.Values{}
	for _, ref := range op.Spec().Parameters {
		parameter := ref.Value
		switch values, list := parameter.Example.([]any); {
		case parameter.Example == nil && parameter.Required:
			return "", false
		case parameter.Example == nil || parameter.In == openapi3.ParameterInHeader:
		case list:
			for _, value := range values {
				query.Add(parameter.Name, fmt.Sprint(value))
			}
		case parameter.In == openapi3.ParameterInPath:
			path = strings.Replace(path, "{"+parameter.Name+"}", url.PathEscape(fmt.Sprint(parameter.Example)), 1)
		default:
			query.Set(parameter.Name, fmt.Sprint(parameter.Example))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, true
}

func encode(contentType string, value any) []byte {
	if fields, ok := value.(map[string]any); ok && contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, field := range fields {
			form.Set(name, fmt.Sprint(field))
		}
		return []byte(form.Encode())
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil // values of YAML are also values of JSON, except infinities
	}
	return text
}

// preference is a Prefer header that asks picket-mock for an example (RFC 7240), and the status of that example.
type preference struct {
	header string
	status int
}

// preferences returns what asks for the response of each status, and for each example of it.
func preferences(op *spec.Operation) []preference {
	var all []preference
	for _, text := range slices.Sorted(maps.Keys(op.Spec().Responses.Map())) {
		status, err := strconv.Atoi(text)
		if err != nil {
			continue // a default or a range
		}
		all = append(all, preference{"code=" + text, status})
		for _, media := range op.Spec().Responses.Status(status).Value.Content {
			for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
				all = append(all, preference{"code=" + text + ", example=" + name, status})
			}
		}
	}
	return all
}
