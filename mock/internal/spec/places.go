package spec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// places returns where in a description each schema is defined, as a JSON pointer (RFC 6901) in the form of a URI fragment.
func places(doc *openapi3.T) placing {
	p := placing{map[*openapi3.Schema]string{}, map[string]*openapi3.SchemaRef{}}
	if c := doc.Components; c != nil {
		for _, name := range sorted(c.Schemas) {
			p.schema("#/components/schemas/"+escape(name), c.Schemas[name])
		}
		for _, name := range sorted(c.Parameters) {
			p.parameter("#/components/parameters/"+escape(name), c.Parameters[name])
		}
		for _, name := range sorted(c.Headers) {
			p.header("#/components/headers/"+escape(name), c.Headers[name])
		}
		for _, name := range sorted(c.Responses) {
			p.response("#/components/responses/"+escape(name), c.Responses[name])
		}
		for _, name := range sorted(c.RequestBodies) {
			p.content("#/components/requestBodies/"+escape(name), c.RequestBodies[name].Value.Content)
		}
	}
	routes := doc.Paths.Map()
	for _, route := range sorted(routes) {
		for i, parameter := range routes[route].Parameters {
			p.parameter(fmt.Sprintf("#/paths/%s/parameters/%d", escape(route), i), parameter)
		}
		for method, op := range routes[route].Operations() {
			at := "#/paths/" + escape(route) + "/" + strings.ToLower(method)
			for i, parameter := range op.Parameters {
				p.parameter(fmt.Sprintf("%s/parameters/%d", at, i), parameter)
			}
			if op.RequestBody != nil {
				p.content(at+"/requestBody", op.RequestBody.Value.Content)
			}
			for status, response := range op.Responses.Map() {
				p.response(at+"/responses/"+status, response)
			}
		}
	}
	return p
}

type placing struct {
	schemas    map[*openapi3.Schema]string
	references map[string]*openapi3.SchemaRef // to schemas, by their places
}

func (p placing) schema(at string, ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil {
		return
	}
	if ref.Ref != "" && at != ref.Ref { // its schema is placed where it is defined
		p.references[at] = ref
		return
	}
	schema := ref.Value
	if _, known := p.schemas[schema]; known {
		return
	}
	p.schemas[schema] = at
	for name, property := range schema.Properties {
		p.schema(at+"/properties/"+escape(name), property)
	}
	p.schema(at+"/items", schema.Items)
	p.schema(at+"/not", schema.Not)
	p.schema(at+"/additionalProperties", schema.AdditionalProperties.Schema)
	for keyword, parts := range map[string]openapi3.SchemaRefs{"allOf": schema.AllOf, "anyOf": schema.AnyOf, "oneOf": schema.OneOf} {
		for i, part := range parts {
			p.schema(at+"/"+keyword+"/"+strconv.Itoa(i), part)
		}
	}
}

func (p placing) content(at string, content openapi3.Content) {
	for contentType, media := range content {
		p.schema(at+"/content/"+escape(contentType)+"/schema", media.Schema)
	}
}

func (p placing) parameter(at string, ref *openapi3.ParameterRef) {
	if ref.Ref == "" {
		p.schema(at+"/schema", ref.Value.Schema)
		p.content(at, ref.Value.Content)
	}
}

func (p placing) header(at string, ref *openapi3.HeaderRef) {
	if ref.Ref == "" {
		p.schema(at+"/schema", ref.Value.Schema)
	}
}

func (p placing) response(at string, ref *openapi3.ResponseRef) {
	if ref.Ref != "" {
		return
	}
	p.content(at, ref.Value.Content)
	for name, header := range ref.Value.Headers {
		p.header(at+"/headers/"+escape(name), header)
	}
}

// escape returns a name as a part of a JSON pointer. It is not percent-encoded, so that the paths of operations stay readable.
func escape(name string) string { return escaper.Replace(name) }

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
