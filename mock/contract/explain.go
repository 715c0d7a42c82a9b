package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// report collects the violations of one message. They are told in words of its own: those of the validator quote the values,
// and a value may be a signature or an access token.
type report struct {
	op         *Operation
	direction  Direction
	violations []Violation
	unknown    int // how many of them are about unknown names
}

func (op *Operation) report(direction Direction) *report {
	return &report{op: op, direction: direction}
}

func (f *report) add(pointer, message, spec string) {
	if !f.full() {
		f.violations = append(f.violations, f.violation(pointer, message, spec))
	}
}

func (f *report) addUnknown(pointer, message, spec string) {
	if f.unknown < MaxViolations {
		unknown := f.violation(pointer, message, spec)
		unknown.Unknown = true
		f.violations = append(f.violations, unknown)
		f.unknown++
	}
}

// maxTold bounds a pointer and a message, in bytes: a message may nest names as deep as it likes.
const maxTold = 1024

func (f *report) violation(pointer, message, spec string) Violation {
	return Violation{
		Operation: f.op.ID, Direction: f.direction, Pointer: names.ShortenTo(pointer, maxTold), Message: names.ShortenTo(message, maxTold), Spec: spec,
	}
}

// shown returns a path of names as it can be shown. Names of the contract stay as they are. Another name in a request may be a
// secret; in a response it may be an address.
func (f *report) shown(path ...string) []string {
	shown := make([]string, len(path))
	for i, name := range path {
		switch {
		case f.op.names[name]:
			shown[i] = name
		case f.direction == Response:
			shown[i] = names.Answered(name)
		default:
			shown[i] = names.Shown(name)
		}
	}
	return shown
}

// full reports whether no more is told that is not about unknown names.
func (f *report) full() bool { return len(f.violations)-f.unknown >= MaxViolations }

// explainRequest tells what the validator says of a request.
func (f *report) explainRequest(err error) {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	switch {
	case isMulti(err, &several):
		for _, one := range several {
			f.explainRequest(one)
		}
		return
	case !errors.As(err, &request):
		f.add("", "the request is not as openapi.yaml has it", f.op.place)
		return
	}
	parameter, spec := "", f.op.place+"/requestBody"
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
		f.add("", "the body cannot be read as its Content-Type says", spec+"/content")
	}
}

// headerName finds the name in what the validator says of a response header: it tells it in no other way.
var headerName = regexp.MustCompile(`header "([^"]+)"`)

// explainHeader tells what the validator says of the headers of a response.
func (f *report) explainHeader(err error, spec string) {
	var response *openapi3filter.ResponseError
	name := ""
	if errors.As(err, &response) {
		if match := headerName.FindStringSubmatch(response.Reason); match != nil {
			name = match[1]
		}
	}
	switch {
	case name == "":
		f.add("", "the headers are not as openapi.yaml has them", spec+"/headers")
	case len(schemaErrors(response.Err)) > 0:
		f.explainSchemas(name, schemaErrors(response.Err))
	case strings.HasSuffix(response.Reason, "missing"):
		f.add(name, name+" is required", spec+"/headers/"+escape(name))
	default:
		f.add(name, name+" is malformed", spec+"/headers/"+escape(name))
	}
}

// explainSchemas tells the schema errors of a body, or of the parameter or header of the given name.
func (f *report) explainSchemas(name string, errs []*openapi3.SchemaError) {
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

// keyword returns where in the description a keyword of a schema is.
func (op *Operation) keyword(schema *openapi3.Schema, keyword string) string {
	at := op.places[schema]
	if at == "" || keyword == "" {
		return at
	}
	return at + "/" + keyword
}

// schemaErrors returns the schema errors that an error is made of: behind an allOf stand those of its parts.
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

// isMulti reports whether err itself is several errors, not only somewhere behind it.
func isMulti(err error, several *openapi3.MultiError) bool {
	m, ok := err.(openapi3.MultiError)
	*several = m
	return ok
}

// explainSchemaError says which value is wrong and what it must be, without the value.
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

// expectation says what a schema wants, as the end of a sentence.
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
		return kind(schema) + " of which each is " + expectation(schema.Items.Value)
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
	return "as openapi.yaml has it"
}

// findUnknown tells the properties in value that schema does not have. Of very many it tells some.
func (f *report) findUnknown(schema *openapi3.Schema, value any, path []string) {
	switch value := value.(type) {
	case []any:
		if schema.Items == nil {
			return
		}
		for i, element := range value {
			f.findUnknown(schema.Items.Value, element, append(path, fmt.Sprint(i)))
		}
	case map[string]any:
		properties := propertiesOf(schema)
		if len(properties) == 0 {
			return // a map, or anything at all
		}
		for name := range value {
			if property := properties[name]; property == nil || isNested(value[name]) {
				f.findUnknownIn(schema, properties, value, path)
				return
			}
		}
	}
}

// isNested reports whether a value can have properties of its own.
func isNested(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}

func (f *report) findUnknownIn(schema *openapi3.Schema, properties openapi3.Schemas, value map[string]any, path []string) {
	open := isOpen(schema)
	for _, name := range sorted(value) {
		property := properties[name]
		if property != nil {
			f.findUnknown(property.Value, value[name], append(path, name))
			continue
		}
		// A name that differs by case alone is told whatever else there is, because no server can be counted on to ignore it.
		like := miscased(name, properties) != ""
		if !like && (open || f.unknown >= MaxViolations) {
			continue
		}
		add := f.addUnknown
		if like {
			add = f.add
		}
		if like && f.full() {
			return
		}
		shown := f.shown(append(path, name)...)
		add(pointer(shown), names.Unknown(name, shown[len(path)], dotted(shown[:len(path)]), sorted(properties)), f.op.keyword(schema, "properties"))
	}
}

// maxDepth is how many names of a path are told.
const maxDepth = 32

// findDoubled tells the names that are there twice in an object of a body, of which some decoders take the first value, some the
// last, and some a mixture. The body was decoded before.
func (f *report) findDoubled(body []byte, spec string) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var walk func(path []string) bool // false at the end
	walk = func(path []string) bool {
		token, err := decoder.Token()
		switch token {
		case json.Delim('['):
			for i := 0; decoder.More() && walk(append(path, strconv.Itoa(i))); i++ {
			}
			_, err = decoder.Token()
		case json.Delim('{'):
			seen := map[string]bool{}
			for decoder.More() {
				token, _ := decoder.Token()
				name, isName := token.(string)
				under := append(path, name)
				if seen[name] && !f.full() {
					shown := f.shown(under[:min(len(under), maxDepth)]...)
					what := strings.Join(shown, ".")
					if len(under) > maxDepth {
						what = "a name within " + what
					}
					f.add(pointer(shown), what+" is there more than once, and may be there once", spec)
				}
				seen[name] = true
				if !isName || !walk(under) {
					return false
				}
			}
			_, err = decoder.Token()
		}
		return err == nil
	}
	walk(nil)
}

// dotted returns a path without the indices of lists, as messages have it.
func dotted(path []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(path), func(name string) bool { return strings.Trim(name, "0123456789") == "" }), ".")
}

// propertiesOf returns the properties of a schema and of all that it is composed of.
func propertiesOf(schema *openapi3.Schema) openapi3.Schemas {
	parts := slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf)
	if len(parts) == 0 {
		return schema.Properties
	}
	all := openapi3.Schemas{}
	for _, part := range parts {
		for name, property := range propertiesOf(part.Value) {
			all[name] = property
		}
	}
	for name, property := range schema.Properties {
		all[name] = property
	}
	return all
}

// isOpen reports whether a schema, or one that it is composed of, says that there may be properties that it does not name.
func isOpen(schema *openapi3.Schema) bool {
	further := schema.AdditionalProperties
	return further.Schema != nil || (further.Has != nil && *further.Has) ||
		slices.ContainsFunc(slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf), func(part *openapi3.SchemaRef) bool { return isOpen(part.Value) })
}
