package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// explainRequest adds what the validator found in a request.
func (f *findings) explainRequest(err error) {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	switch {
	case isMulti(err, &several):
		for _, one := range several {
			f.explainRequest(one)
		}
		return
	case !errors.As(err, &request):
		f.add("", "the request does not match openapi.yaml", f.op.Place)
		return
	}
	parameter, spec := "", f.op.Place+"/requestBody"
	if request.Parameter != nil {
		parameter, spec = request.Parameter.Name, f.op.parameterPlace(request.Parameter)
	}
	if schemas := schemaErrors(request.Err); len(schemas) > 0 {
		f.explainSchemas(parameter, schemas)
		return
	}
	switch {
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired) && parameter != "":
		f.add(parameter, parameter+" is required", spec+"/required")
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired):
		f.add("", "a request body is required", spec+"/required")
	case parameter != "":
		f.add(parameter, parameter+" is malformed", spec)
	case strings.HasPrefix(request.Reason, "header Content-Type"):
		f.add("Content-Type", "the Content-Type must be "+strings.Join(sorted(request.RequestBody.Content), " or "), spec+"/content")
	default:
		f.add("", "the body is not what its Content-Type says", spec+"/content")
	}
}

// headerName finds the name of a response header in an error of the validator, which has it nowhere else.
var headerName = regexp.MustCompile(`header "([^"]+)"`)

// explainHeader adds what the validator found in the headers of a response.
func (f *findings) explainHeader(err error, spec string) {
	var response *openapi3filter.ResponseError
	name := ""
	if errors.As(err, &response) {
		if match := headerName.FindStringSubmatch(response.Reason); match != nil {
			name = match[1]
		}
	}
	switch {
	case name == "":
		f.add("", "the headers do not match openapi.yaml", spec+"/headers")
	case len(schemaErrors(response.Err)) > 0:
		f.explainSchemas(name, schemaErrors(response.Err))
	case strings.HasSuffix(response.Reason, "missing"):
		f.add(name, name+" is required", spec+"/headers/"+escape(name))
	default:
		f.add(name, name+" is malformed", spec+"/headers/"+escape(name))
	}
}

// explainSchemas adds the schema errors of the parameter or header of a name, or of the body when the name is empty.
func (f *findings) explainSchemas(name string, errs []*openapi3.SchemaError) {
	for _, err := range errs {
		if f.full() {
			return
		}
		path := f.shown(err.JSONPointer()...)
		at := name
		if name == "" {
			at = pointer(path)
		} else {
			path = append([]string{name}, path...)
		}
		f.add(at, explainSchemaError(path, err), f.op.keyword(err.Schema, err.SchemaField))
	}
}

// keyword returns where a keyword of a schema is in the description.
func (op *Operation) keyword(schema *openapi3.Schema, keyword string) string {
	at := op.places[schema]
	if at == "" || keyword == "" {
		return at
	}
	return at + "/" + keyword
}

// schemaErrors returns the schema errors within an error. For an allOf it returns those of its parts.
func schemaErrors(err error) []*openapi3.SchemaError {
	var several openapi3.MultiError
	var schema *openapi3.SchemaError
	switch {
	case isMulti(err, &several):
		var all []*openapi3.SchemaError
		for _, one := range several {
			all = append(all, schemaErrors(one)...)
		}
		return all
	case !errors.As(err, &schema):
		return nil
	case schema.Origin != nil && errors.As(schema.Origin, &several):
		if parts := schemaErrors(several); len(parts) > 0 {
			return parts
		}
	}
	return []*openapi3.SchemaError{schema}
}

// isMulti reports whether err is itself a list of errors. A list that err only wraps does not count.
func isMulti(err error, several *openapi3.MultiError) bool {
	m, ok := err.(openapi3.MultiError)
	*several = m
	return ok
}

// explainSchemaError says which value is wrong and what it must be. It never quotes the value.
func explainSchemaError(path []string, err *openapi3.SchemaError) string {
	name := strings.Join(path, ".")
	if name == "" {
		name = "the body"
	}
	switch err.SchemaField {
	case "required":
		return name + " is required"
	case "type", "nullable":
		return name + " must be " + kind(err.Schema)
	case "minLength":
		return name + " must not be empty"
	case "maxLength":
		return fmt.Sprintf("%s must have at most %d characters", name, *err.Schema.MaxLength)
	}
	return name + " must be " + expectation(err.Schema)
}

// expectation says what a schema requires, as the end of a sentence.
func expectation(schema *openapi3.Schema) string {
	switch {
	case len(schema.Enum) > 0:
		values := make([]string, len(schema.Enum))
		for i, value := range schema.Enum {
			values[i] = fmt.Sprint(value)
		}
		return strings.Join(values, " or ")
	case len(schema.AnyOf) > 0:
		kinds := make([]string, len(schema.AnyOf))
		for i, alternative := range schema.AnyOf {
			kinds[i] = expectation(alternative.Value)
		}
		return strings.Join(kinds, ", or ")
	case schema.Type.Is("array") && schema.Items != nil:
		return kind(schema) + ", each item of which is " + expectation(schema.Items.Value)
	case schema.Pattern != "":
		return kind(schema) + " that matches " + schema.Pattern
	case schema.MinLength > 0:
		return kind(schema) + " that is not empty"
	case schema.Min != nil:
		return fmt.Sprintf("%s of at least %v", kind(schema), *schema.Min)
	}
	return kind(schema)
}

func kind(schema *openapi3.Schema) string {
	if len(schema.AllOf) > 0 && schema.Type == nil {
		return kind(schema.AllOf[0].Value)
	}
	switch {
	case schema.Type.Is("string"):
		return "a string"
	case schema.Type.Is("array"):
		return "an array"
	case schema.Type.Is("object"):
		return "an object"
	case schema.Type.Is("integer"):
		return "a whole number"
	case schema.Type.Is("number"):
		return "a number"
	case schema.Type.Is("boolean"):
		return "true or false"
	}
	return "as openapi.yaml describes it"
}
