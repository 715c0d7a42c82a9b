package spec

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// checkSendable fails if no request can be what the description says of an operation.
func checkSendable(doc *openapi3.T, path *openapi3.PathItem, op *openapi3.Operation, place string) error {
	for _, ref := range slices.Concat(path.Parameters, op.Parameters) {
		if err := checkSendableParameter(ref.Value, place); err != nil {
			return err
		}
	}
	if err := checkOneAuthorization(doc, op, place); err != nil {
		return err
	}
	if len(path.Servers) > 0 || op.Servers != nil {
		return fmt.Errorf("%s: servers of a path or of an operation are not supported, because the client and the mock have all operations at one base URL", place)
	}
	if op.RequestBody == nil {
		return nil
	}
	for contentType, media := range op.RequestBody.Value.Content {
		if !isForm(http.Header{"Content-Type": {contentType}}) || media.Schema == nil {
			continue
		}
		properties := propertiesOf(media.Schema.Value)
		for _, name := range sorted(properties) {
			if schema := properties[name].Value; media.Encoding[name] == nil && (isObject(schema) || isNestedList(schema)) {
				return fmt.Errorf("%s/requestBody: the field %s of the form has values of its own, for which a form has no place; "+
					"write {type: string}, or take the body as application/json", place, name)
			}
		}
	}
	return nil
}

// ignoredHeaders are the names that OpenAPI 3.0 ignores in the definition of a header parameter.
var ignoredHeaders = map[string]string{
	"accept":        "because the media types of the responses say what can be accepted",
	"authorization": "and describe it in securitySchemes",
	"content-type":  "because the media types of requestBody say what it can be",
}

func checkSendableParameter(parameter *openapi3.Parameter, place string) error {
	if instead := ignoredHeaders[strings.ToLower(parameter.Name)]; parameter.In == openapi3.ParameterInHeader && instead != "" {
		return fmt.Errorf("%s/parameters: OpenAPI 3.0 ignores a header parameter with the name %s; take it out, %s", place, parameter.Name, instead)
	}
	if parameter.Schema != nil && isNestedList(parameter.Schema.Value) {
		return fmt.Errorf("%s/parameters: the items of %s are lists or objects, which no style of a parameter can send; "+
			"write {content: {application/json: {schema: ...}}} instead of schema", place, parameter.Name)
	}
	return nil
}

// checkOneAuthorization fails if an operation demands two things that are both in the Authorization header, of which a request has one.
func checkOneAuthorization(doc *openapi3.T, op *openapi3.Operation, place string) error {
	if op.Security == nil || doc.Components == nil {
		return nil
	}
	for _, together := range *op.Security {
		var schemes []string
		for _, name := range sorted(together) {
			if ref := doc.Components.SecuritySchemes[name]; ref != nil && !(Scheme{SecurityScheme: ref.Value}).IsKey() {
				schemes = append(schemes, name)
			}
		}
		if len(schemes) > 1 {
			return fmt.Errorf("%s/security demands %s together, and each is in the header Authorization, of which a request has one; "+
				"write them as alternatives, or give one of them a header of its own with {type: apiKey, in: header}", place, names.Listed(schemes, "and"))
		}
	}
	return nil
}
