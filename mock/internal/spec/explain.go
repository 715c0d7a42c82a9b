package spec

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/seed-a13ee279/picket/mock/internal/names"
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
	case parameter != "" && request.Parameter.Schema != nil:
		f.add(parameter, parameter+" must be "+unreadableAs(request.Parameter.Schema.Value, request.Err), spec+"/schema")
	case parameter != "":
		f.add(parameter, parameter+" is malformed", spec)
	case strings.HasPrefix(request.Reason, "header Content-Type"):
		f.add("Content-Type", "the Content-Type must be "+strings.Join(sorted(request.RequestBody.Content), " or "), spec+"/content")
	default:
		f.explainUndecoded(request, spec+"/content")
	}
}

// explainUndecoded adds what is wrong with a body that the validator could not decode: with one field of a form, if it says which.
func (f *findings) explainUndecoded(request *openapi3filter.RequestError, spec string) {
	header := request.Input.Request.Header
	schema, _ := f.op.bodySchema(header)
	var undecoded *openapi3filter.ParseError
	if schema != nil && errors.As(request.Err, &undecoded) {
		for _, name := range undecoded.Path() { // from the inside out
			name, _ := name.(string)
			if property := propertiesOf(schema)[name]; property != nil {
				f.add(pointer([]string{name}), name+" must be "+unreadableAs(property.Value, request.Err), f.op.keyword(property.Value, "type"))
				return
			}
		}
	}
	if len(f.inexact) > 0 || f.unknown > 0 && isMultipart(header) {
		return // it cannot be decoded because of what was found before
	}
	if errors.Is(request.Err, openapi3.ErrSchemaInputNaN) || errors.Is(request.Err, openapi3.ErrSchemaInputInf) {
		f.add("", "the body has a number that is not finite, and every number must be", spec)
		return
	}
	f.add("", "the body is not what its Content-Type says", spec)
}

// headerName finds the name of a response header in an error of the validator, which has it nowhere else.
var headerName = regexp.MustCompile(`header "([^"]+)"`)

// explainHeader adds what the validator found in the headers of a response.
func (f *findings) explainHeader(err error, headers openapi3.Headers, spec string) {
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
		what := "is malformed"
		if header := headers[name]; header != nil && header.Value.Schema != nil {
			what = "must be " + unreadableAs(header.Value.Schema.Value, err)
		}
		f.add(name, name+" "+what, spec+"/headers/"+escape(name))
	}
}

// explainSchemas adds the schema errors of the parameter or header of a name, or of the body when the name is empty.
func (f *findings) explainSchemas(name string, errs []*openapi3.SchemaError) {
	f.explainWithin(name, nil, errs)
}

// explainWithin is explainSchemas for a value at a path in the parameter or body.
func (f *findings) explainWithin(name string, path []string, errs []*openapi3.SchemaError) {
	for _, err := range errs {
		if f.full() {
			return
		}
		given := slices.Concat(path, err.JSONPointer())
		switch err.SchemaField {
		case "minimum":
			if excludes(err.Schema.ExclusiveMin) {
				continue // exclusiveMinimum says it
			}
		case "maximum":
			if excludes(err.Schema.ExclusiveMax) {
				continue
			}
		case "discriminator":
			given = append(given, err.Schema.Discriminator.PropertyName)
		case "properties":
			f.explainUnknown(name, given, err)
			continue
		case "anyOf", "oneOf":
			if f.explainAlternative(name, given, err) {
				continue
			}
		}
		shown := f.shown(given...)
		at := name
		if name == "" {
			at = pointer(shown)
		} else {
			shown = append([]string{name}, shown...)
		}
		f.add(at, explainSchemaError(shown, err), f.op.keyword(err.Schema, err.SchemaField))
	}
}

// explainAlternative adds what is wrong with a value by the only alternative that is of its type. It returns false if there is no such one.
func (f *findings) explainAlternative(name string, path []string, err *openapi3.SchemaError) bool {
	if errors.Is(err, openapi3.ErrOneOfConflict) || chosen(err) {
		return false
	}
	alternative := onlyOfType(slices.Concat(err.Schema.AnyOf, err.Schema.OneOf), err.Value)
	if alternative == nil {
		return false
	}
	as := openapi3.VisitAsRequest()
	if f.answered {
		as = openapi3.VisitAsResponse()
	}
	within := schemaErrors(alternative.VisitJSON(err.Value, append(checkFormats, as, openapi3.MultiErrors())...))
	f.explainWithin(name, path, within)
	return len(within) > 0
}

// explainUnknown adds a name in an object whose schema forbids further ones. Only the text of the validator's error says which.
func (f *findings) explainUnknown(parameter string, path []string, err *openapi3.SchemaError) {
	quoted, _ := strconv.QuotedPrefix(strings.TrimPrefix(err.Reason, "property "))
	name, failed := strconv.Unquote(quoted)
	switch {
	case failed != nil:
		f.addUnknown(parameter, "there is a property that the schema does not have", f.op.keyword(err.Schema, "properties"))
	case parameter == "":
		f.unknownProperty(err.Schema, err.Schema.Properties, name, path)
	default:
		shown := f.shown(append(path, name)...)
		last := len(shown) - 1
		message := names.Unknown(shown[last], dotted(append([]string{parameter}, shown[:last]...)), "")
		f.addUnknown(parameter, message, f.op.keyword(err.Schema, "properties"))
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

// schemaErrors returns the schema errors within an error. For an allOf, and for the alternative that a discriminator chose, it returns
// those of its parts.
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
	case (schema.SchemaField == "allOf" || chosen(schema)) && errors.As(schema.Origin, &several):
		if parts := schemaErrors(several); len(parts) > 0 {
			return parts
		}
	}
	return []*openapi3.SchemaError{schema}
}

// chosen reports whether an error is about an alternative that a discriminator chose.
func chosen(err *openapi3.SchemaError) bool {
	return err.SchemaField == "oneOf" && err.Schema.Discriminator != nil && len(err.Schema.Discriminator.Mapping) > 0 &&
		!errors.Is(err, openapi3.ErrOneOfConflict)
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
	switch {
	case err.SchemaField == "discriminator":
		return name + " " + discriminates(err)
	case errors.Is(err, openapi3.ErrOneOfConflict):
		return name + " matches more than one of several alternatives, and must match exactly one: it " + demand(err.Schema, "oneOf")
	case err.SchemaField == "type" && err.Origin != nil && isNumber(err.Schema): // it is a number, and too large to be compared
		return name + " must be " + formats["double"].words
	}
	if what := demand(err.Schema, err.SchemaField); what != "" {
		return name + " " + what
	}
	return name + " must be " + expectation(err.Schema)
}

// discriminates says what is wrong with the property that chooses between alternatives.
func discriminates(err *openapi3.SchemaError) string {
	values := sorted(err.Schema.Discriminator.Mapping)
	switch {
	case err.Value == nil && len(values) > 0:
		return "is required, and must be " + names.Listed(values, "or")
	case err.Value == nil:
		return "is required"
	case len(values) > 0:
		return "must be " + names.Listed(values, "or")
	}
	return "must be a string"
}
