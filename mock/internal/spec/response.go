package spec

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// CheckResponse returns everything that is wrong with a response to a request of the given method. The body is that of the response, with
// any content coding removed. The body of a response to HEAD is not checked.
func (op *Operation) CheckResponse(method string, status int, header http.Header, body []byte) []Violation {
	found := op.inResponse()
	documented, place := op.response(status)
	if documented == nil {
		supported := slices.Sorted(maps.Keys(op.Spec().Responses.Map()))
		found.add("", fmt.Sprintf("the status is not supported: %d, only %s", status, strings.Join(supported, ", ")), op.Place+"/responses")
		return found.violations
	}
	if len(documented.Headers) > 0 {
		for _, name := range sorted(documented.Headers) {
			if schema := documented.Headers[name].Value.Schema; schema != nil {
				if what := inexact(header.Values(name), schema.Value); what != "" {
					found.addInexact(name, name+what, place+"/headers/"+escape(name))
				}
			}
		}
		if err := op.validateHeaders(method, status, header); err != nil {
			found.explainHeader(err, documented.Headers, place)
		}
	}
	content := documented.Content
	media := content.Get(contentTypeOf(header))
	switch {
	case media == nil && len(content) > 0:
		found.add("Content-Type", "the Content-Type must be "+strings.Join(sorted(content), " or "), place+"/content")
	case method == http.MethodHead || !isJSON(header):
	case media == nil:
		found.add("", fmt.Sprintf("there is a body, and a response of status %d has none", status), place)
	default:
		var schema *openapi3.Schema
		if media.Schema != nil {
			schema = media.Schema.Value
		}
		op.checkResponseBody(found, schema, body, place)
	}
	return found.violations
}

// Response returns what the contract says about responses of a status, or nil.
func (op *Operation) Response(status int) *openapi3.Response {
	documented, _ := op.response(status)
	return documented
}

// response returns what the contract says about responses of a status, and where; nil if it does not have that status.
func (op *Operation) response(status int) (*openapi3.Response, string) {
	exact := strconv.Itoa(status)
	known, ok := op.responses[exact]
	if !ok {
		known, ok = op.responses[exact[:1]+"XX"]
	}
	if !ok {
		known = op.responses["default"]
	}
	return known.response, known.place
}

// validateHeaders lets the validator check the headers of a response.
func (op *Operation) validateHeaders(method string, status int, header http.Header) error {
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: &http.Request{Method: method}, Route: op.route},
		Status:                 status,
		Header:                 header,
		Options:                &openapi3filter.Options{ExcludeResponseBody: true, MultiError: true, SchemaValidationOptions: checkFormats},
	})
}

// checkResponseBody checks a body that must be JSON. The schema may be nil. Place is that of the response in the description.
func (op *Operation) checkResponseBody(found *findings, schema *openapi3.Schema, body []byte, place string) {
	if op.rules.Accepts(schema, body) {
		return
	}
	content := place + "/content"
	value, err := decodeJSON(body)
	if err != nil {
		found.add("", err.Error(), content)
		return
	}
	found.findDuplicates(body, content)
	if schema == nil {
		return
	}
	found.modernise(schema, value, nil)
	if err := schema.VisitJSON(value, append(checkFormats, openapi3.VisitAsResponse(), openapi3.MultiErrors())...); err != nil {
		found.explainSchemas("", schemaErrors(err))
	}
	found.findUnknown(schema, value, nil)
}
