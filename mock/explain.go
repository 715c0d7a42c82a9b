package mock

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// explainRequestError says all that is wrong with a request, in words of its own: those of the validator quote the values,
// and a value may be a signature or an access token.
func explainRequestError(err error) []string {
	var several openapi3.MultiError
	var request *openapi3filter.RequestError
	switch {
	case isMulti(err, &several):
		var all []string
		for _, one := range several {
			all = append(all, explainRequestError(one)...)
		}
		return all
	case !errors.As(err, &request):
		return []string{"the request is not as openapi.yaml has it"}
	}
	at := ""
	if request.Parameter != nil {
		at = request.Parameter.Name
	}
	if schemas := schemaErrors(request.Err); len(schemas) > 0 {
		all := make([]string, len(schemas))
		for i, schema := range schemas {
			all[i] = explainSchemaError(at, schema)
		}
		return all
	}
	switch {
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired) && at != "":
		return []string{at + " is required"}
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired):
		return []string{"a request body is required"}
	case at != "":
		return []string{at + " is malformed"}
	case strings.HasPrefix(request.Reason, "header Content-Type"):
		return []string{"the Content-Type must be " + strings.Join(sortedKeys(request.RequestBody.Content), " or ")}
	}
	return []string{"the body cannot be read as its Content-Type says"}
}

func describeResponseError(err error) error {
	var response *openapi3filter.ResponseError
	if errors.As(err, &response) {
		if schemas := schemaErrors(response.Err); len(schemas) > 0 {
			return errors.New(explainSchemaError("", schemas[0]))
		}
	}
	return err
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
func explainSchemaError(at string, err *openapi3.SchemaError) string {
	path := err.JSONPointer()
	if at != "" {
		path = append([]string{at}, path...)
	}
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

// unknownProperty is a property that the contract does not have.
type unknownProperty struct {
	path, name string
	nearest    string // the name that was probably meant, if there is one
}

// String says what is unknown and what was probably meant.
func (u unknownProperty) String() string {
	text := fmt.Sprintf("%q is not a property", u.name)
	if u.path != "" {
		text += " of " + u.path
	}
	if u.nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", u.nearest)
	}
	return text
}

// findUnknown returns the properties in value that schema does not have, and stops when there are very many.
func findUnknown(schema *openapi3.Schema, value any, path string) []unknownProperty {
	var unknown []unknownProperty
	switch value := value.(type) {
	case []any:
		if schema.Items == nil {
			return nil
		}
		for _, element := range value {
			unknown = append(unknown, findUnknown(schema.Items.Value, element, path)...)
		}
	case map[string]any:
		properties := propertiesOf(schema)
		if len(properties) == 0 {
			return nil // a map, or anything at all
		}
		for _, name := range sortedKeys(value) {
			if len(unknown) >= maxViolations {
				break
			}
			if property := properties[name]; property == nil {
				unknown = append(unknown, unknownProperty{path, shorten(name), nearest(name, sortedKeys(properties))})
			} else {
				unknown = append(unknown, findUnknown(property.Value, value[name], strings.TrimPrefix(path+"."+name, "."))...)
			}
		}
	}
	return unknown
}

// propertiesOf returns the properties of a schema and of all that it is composed of.
func propertiesOf(schema *openapi3.Schema) openapi3.Schemas {
	if len(schema.AllOf) == 0 {
		return schema.Properties
	}
	all := openapi3.Schemas{}
	for _, part := range schema.AllOf {
		for name, property := range propertiesOf(part.Value) {
			all[name] = property
		}
	}
	for name, property := range schema.Properties {
		all[name] = property
	}
	return all
}

// nearest returns the name that is so close to name that it was probably meant: but for case, dashes and
// underscores, or for a third of its letters.
func nearest(name string, names []string) string {
	if len(name) > 64 {
		return ""
	}
	plain := strings.NewReplacer("_", "", "-", "")
	name = strings.ToLower(plain.Replace(name))
	best, distance := "", len(name)/3+1
	for _, candidate := range names {
		d := levenshtein.ComputeDistance(name, strings.ToLower(plain.Replace(candidate)))
		if d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// shorten bounds what is told of a name that a request made up.
func shorten(name string) string { return shortenTo(name, 64) }

func shortenTo(text string, limit int) string {
	if len(text) > limit {
		return strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
