package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// refuse returns an error for each part of a contract that the generator makes something useless of, and says what to change. A
// contract from which only a server is generated may have YAML.
func refuse(doc *openapi3.T, serverOnly bool) error {
	all := []error{refuseNames(doc)}
	paths := doc.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		operations := paths[path].Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op, name := operations[method], method+" "+path
			parameters := slices.Concat(paths[path].Parameters, op.Parameters)
			for _, parameter := range parameters {
				all = append(all, refuseParameter(name, parameter.Value))
			}
			if op.RequestBody != nil && !serverOnly {
				all = append(all, refuseYAML(name, op.RequestBody.Value.Content))
			}
			responses := op.Responses.Map()
			for _, status := range slices.Sorted(maps.Keys(responses)) {
				of := name + ", status " + status
				if !serverOnly {
					all = append(all, refuseYAML(of, responses[status].Value.Content))
				}
				all = append(all, refuseResponse(of, responses[status].Value))
			}
		}
	}
	return errors.Join(all...)
}

// refuseParameter refuses an object that is described in place, which the generated server knows as two different types, except in a query
// or a path.
func refuseParameter(of string, parameter *openapi3.Parameter) error {
	schema := parameter.Schema
	for _, media := range parameter.Content {
		schema = media.Schema
	}
	inPlace := schema != nil && schema.Ref == "" && len(schema.Value.Properties) > 0
	if inPlace && (len(parameter.Content) > 0 || slices.Contains([]string{openapi3.ParameterInHeader, openapi3.ParameterInCookie}, parameter.In)) {
		return fmt.Errorf("%s, parameter %s is an object that is described in place: describe it in components/schemas and refer to it", of, parameter.Name)
	}
	return nil
}

// refuseYAML refuses YAML, for which the generated client needs a library.
func refuseYAML(of string, content openapi3.Content) error {
	for _, mediaType := range slices.Sorted(maps.Keys(content)) {
		if strings.Contains(mediaType, "yaml") {
			return fmt.Errorf("%s has the media type %s, for which the generated client would need a YAML library: write text/plain or application/octet-stream", of, mediaType)
		}
	}
	return nil
}

// refuseResponse refuses JSON of which the generated server makes a type that can have no methods. With a header, it is a struct.
func refuseResponse(of string, response *openapi3.Response) error {
	if len(response.Headers) > 0 {
		return nil
	}
	for _, mediaType := range slices.Sorted(maps.Keys(response.Content)) {
		if base, _, _ := strings.Cut(mediaType, ";"); base != "application/json" && !strings.HasSuffix(base, "+json") {
			continue
		}
		schema := response.Content[mediaType].Schema
		switch {
		case schema == nil || isAnything(schema.Value):
			return fmt.Errorf("%s, %s may be anything, for which the generated server has no type: give it a schema with a type", of, mediaType)
		case schema.Ref == "" && len(schema.Value.AnyOf)+len(schema.Value.OneOf) > 0:
			return fmt.Errorf("%s, %s has alternatives that are described in place: describe them in components/schemas and refer to them", of, mediaType)
		}
	}
	return nil
}

func isAnything(schema *openapi3.Schema) bool {
	return schema.Type == nil && len(schema.Properties)+len(schema.AllOf)+len(schema.AnyOf)+len(schema.OneOf) == 0
}
