package diff

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// hiddenSuffix marks the paths of operations that addHidden adds. No path of a contract has a space.
const hiddenSuffix = " parameters"

// addHidden adds an operation to both versions for each that they have, with the schemas of its parameters in a request and those of
// its headers in the responses. Of those, oasdiff compares only the outermost parts; of bodies, it compares everything.
func addHidden(before, after *openapi3.T) {
	for path, item := range before.Paths.Map() {
		other := after.Paths.Value(path)
		if other == nil {
			continue
		}
		hidden, otherHidden := &openapi3.PathItem{}, &openapi3.PathItem{}
		for method, op := range item.Operations() {
			if otherOp := other.Operations()[method]; otherOp != nil {
				a, b := hiddenOperations(op, otherOp)
				hidden.SetOperation(method, a)
				otherHidden.SetOperation(method, b)
			}
		}
		before.Paths.Set(path+hiddenSuffix, hidden)
		after.Paths.Set(path+hiddenSuffix, otherHidden)
	}
}

func hiddenOperations(before, after *openapi3.Operation) (a, b *openapi3.Operation) {
	was, is := openapi3.Schemas{}, openapi3.Schemas{}
	for _, parameter := range before.Parameters {
		if other := after.Parameters.GetByInAndName(parameter.Value.In, parameter.Value.Name); other != nil {
			pair(was, is, parameter.Value.Name, parameter.Value, other)
		}
	}
	a, b = openapi3.NewOperation(), openapi3.NewOperation()
	a.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithContent(contentOf(was))}
	b.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithContent(contentOf(is))}
	a.Responses, b.Responses = openapi3.NewResponses(), openapi3.NewResponses()
	for status, response := range before.Responses.Map() {
		other := after.Responses.Value(status)
		if other == nil {
			continue
		}
		was, is := openapi3.Schemas{}, openapi3.Schemas{}
		for name, header := range response.Value.Headers {
			if otherHeader := other.Value.Headers[name]; otherHeader != nil {
				pair(was, is, name, &header.Value.Parameter, &otherHeader.Value.Parameter)
			}
		}
		a.Responses.Set(status, hiddenResponse(was))
		b.Responses.Set(status, hiddenResponse(is))
	}
	return a, b
}

// pair adds what oasdiff does not compare of a parameter or header that both versions have.
func pair(was, is openapi3.Schemas, name string, before, after *openapi3.Parameter) {
	a, b := before.Schema, after.Schema
	switch {
	case a == nil || b == nil:
		for mediaType, media := range before.Content {
			if other := after.Content.Get(mediaType); other != nil {
				was[name], is[name] = media.Schema, other.Schema
			}
		}
	case a.Value.Items != nil && b.Value.Items != nil:
		was[name+"/items"], is[name+"/items"] = a.Value.Items, b.Value.Items
	case a.Value.Type.Is(openapi3.TypeObject) && b.Value.Type.Is(openapi3.TypeObject):
		was[name], is[name] = a, b
	}
}

func contentOf(properties openapi3.Schemas) openapi3.Content {
	object := openapi3.NewObjectSchema()
	object.Properties = properties
	return openapi3.NewContentWithJSONSchema(object)
}

func hiddenResponse(headers openapi3.Schemas) *openapi3.ResponseRef {
	return &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("").WithContent(contentOf(headers))}
}

// hiddenPath returns the path of the operation for which another one was added, and whether it was.
func hiddenPath(path string) (string, bool) { return strings.CutSuffix(path, hiddenSuffix) }

// aboutSchemas reports whether what oasdiff found in a hidden operation is about its schemas.
func aboutSchemas(id string) bool {
	return strings.HasPrefix(id, "request-") || strings.HasPrefix(id, "response-") || strings.HasPrefix(id, "new-")
}

// hiddenText says parameter and header for what was hidden as a property.
func hiddenText(text string) string {
	return strings.NewReplacer("request's body", "parameter", "request property", "parameter", "response's property", "header", "response property", "header").Replace(text)
}
