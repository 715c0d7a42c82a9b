package spec

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// keywords30 are the keywords of a schema in OpenAPI 3.0, all of which are checked or say nothing about values, and annotations that
// came later. The validator reads the others in a description of OpenAPI 3.0, and does not check them.
var keywords30 = []string{
	"additionalProperties", "allOf", "anyOf", "default", "deprecated", "description", "discriminator", "enum", "example", "exclusiveMaximum",
	"exclusiveMinimum", "externalDocs", "format", "items", "maximum", "maxItems", "maxLength", "maxProperties", "minimum", "minItems",
	"minLength", "minProperties", "multipleOf", "not", "nullable", "oneOf", "pattern", "properties", "readOnly", "required", "title", "type",
	"uniqueItems", "writeOnly", "xml",
	"$comment", "examples",
}

// instead has what to write for keywords that OpenAPI 3.0 does not have, where it has something else.
var instead = map[string]string{
	"const":           "write enum with one value",
	"contentEncoding": "write format: byte",
	"$defs":           "put the schema under #/components/schemas",
}

// checkSupported fails if a description says something that would not be checked as it is written. Its error is a sentence that names the
// place.
func checkSupported(doc *openapi3.T, places placing) error {
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") {
		return fmt.Errorf("openapi: %s is not supported, only 3.0, because the mock and the generated code would not check and read all of it; "+
			`write "openapi: 3.0.3", and for example {type: string, nullable: true} for {type: [string, "null"]}`, doc.OpenAPI)
	}
	schemas := slices.Collect(maps.Keys(places.schemas))
	slices.SortFunc(schemas, func(a, b *openapi3.Schema) int { return strings.Compare(places.schemas[a], places.schemas[b]) })
	for _, schema := range schemas {
		if err := checkSchema(schema, places.schemas[schema]); err != nil {
			return err
		}
	}
	for _, place := range sorted(places.references) {
		if err := checkReference(places.references[place], place); err != nil {
			return err
		}
	}
	paths := doc.Paths.Map()
	for _, path := range sorted(paths) {
		operations := paths[path].Operations()
		for _, method := range sorted(operations) {
			place := "#/paths/" + escape(path) + "/" + strings.ToLower(method)
			if err := checkTexts(paths[path], operations[method], place); err != nil {
				return err
			}
			if err := checkSendable(doc, paths[path], operations[method], place); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkSchema(schema *openapi3.Schema, place string) error {
	if schema.Always != nil {
		return fmt.Errorf("%s is true or false, which is no schema in OpenAPI 3.0; write {} or {not: {}}", place)
	}
	if keyword := unsupportedKeyword(schema); keyword != "" {
		message := fmt.Sprintf("%s/%s is not supported: OpenAPI 3.0 has no such keyword, so nothing would check it", place, keyword)
		if other := instead[keyword]; other != "" {
			message += "; " + other
		}
		return fmt.Errorf("%s", message)
	}
	types := schema.Type.Slice()
	if len(types) > 1 {
		return fmt.Errorf(`%s/type is a list, which OpenAPI 3.0 does not have; write nullable: true for "null", and anyOf for several types`, place)
	}
	if len(types) == 1 && !slices.Contains([]string{"array", "boolean", "integer", "number", "object", "string"}, types[0]) {
		return fmt.Errorf("%s/type is %s, which is not a type in OpenAPI 3.0", place, types[0])
	}
	for keyword, bound := range map[string]openapi3.ExclusiveBound{"exclusiveMinimum": schema.ExclusiveMin, "exclusiveMaximum": schema.ExclusiveMax} {
		other := strings.ToLower(strings.TrimPrefix(keyword, "exclusive"))
		switch {
		case bound.Value != nil:
			return fmt.Errorf("%s/%s is a number, and is true or false in OpenAPI 3.0; write {%s: %s, %s: true}", place, keyword, other, number(*bound.Value), keyword)
		case excludes(bound) && (keyword == "exclusiveMinimum" && schema.Min == nil || keyword == "exclusiveMaximum" && schema.Max == nil):
			return fmt.Errorf("%s/%s excludes nothing without %s", place, keyword, other)
		}
	}
	if _, err := regexp.Compile(goPattern(schema.Pattern)); err != nil {
		return fmt.Errorf("%s/pattern cannot be checked: %w; the regular expressions of Go (RE2) have no lookaround and no back references", place, err)
	}
	return nil
}

// annotations are the keywords that say nothing about values.
var annotations = []string{"$comment", "default", "deprecated", "description", "example", "examples", "externalDocs", "summary", "title", "xml"}

// checkReference fails if a reference has keywords beside it, which OpenAPI 3.0 ignores. A description may stand there.
func checkReference(ref *openapi3.SchemaRef, place string) error {
	text, err := json.Marshal(ref)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	var beside map[string]any
	if err := json.Unmarshal(text, &beside); err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	for _, keyword := range sorted(beside) {
		if keyword != "$ref" && !strings.HasPrefix(keyword, "x-") && !slices.Contains(annotations, keyword) {
			return fmt.Errorf("%[1]s has %[2]s beside $ref, where OpenAPI 3.0 ignores it; write {allOf: [{$ref: ...}], %[2]s: ...}", place, keyword)
		}
	}
	return nil
}

// goPattern is a pattern as the validator reads it.
func goPattern(pattern string) string { return codePoint.ReplaceAllString(pattern, `\x{$1}`) }

var codePoint = regexp.MustCompile(`\\u([0-9A-F]{4})`)

// unsupportedKeyword returns a keyword of a schema that is not one of OpenAPI 3.0, or "".
func unsupportedKeyword(schema *openapi3.Schema) string {
	for _, name := range sorted(schema.Extensions) {
		if !strings.HasPrefix(name, "x-") {
			return name
		}
	}
	value := reflect.ValueOf(schema).Elem()
	for i := range value.NumField() {
		name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
		if name != "-" && !value.Field(i).IsZero() && !slices.Contains(keywords30, name) {
			return name
		}
	}
	return ""
}

// checkTexts fails if the text of a parameter, a response header or a field of a form cannot be read by its schema: the validator would refuse every value,
// or none.
func checkTexts(path *openapi3.PathItem, op *openapi3.Operation, place string) error {
	for _, parameter := range slices.Concat(path.Parameters, op.Parameters) {
		if schema := parameter.Value.Schema; schema != nil && !readable(schema.Value) {
			return unreadable(place+"/parameters", parameter.Value.Name)
		}
	}
	for status, response := range op.Responses.Map() {
		for contentType, media := range response.Value.Content {
			if media.Schema != nil && !isText(contentType, media.Schema.Value) {
				return fmt.Errorf("%s/responses/%s/content/%s has a schema of its parts, by which it cannot be checked; write {type: string}, and the example as a text",
					place, status, escape(contentType))
			}
		}
		for name, header := range response.Value.Headers {
			if schema := header.Value.Schema; schema != nil && !readable(schema.Value) {
				return unreadable(place+"/responses/"+status, name)
			}
		}
	}
	if op.RequestBody == nil {
		return nil
	}
	for contentType, media := range op.RequestBody.Value.Content {
		if media.Schema != nil && !decodable(contentType, media.Schema.Value) {
			return fmt.Errorf("%s/requestBody/content/%s cannot be checked by its schema; write {type: string, format: binary} for a body that may be anything",
				place, escape(contentType))
		}
		if !strings.HasPrefix(contentType, "application/x-www-form-urlencoded") || media.Schema == nil {
			continue
		}
		properties := propertiesOf(media.Schema.Value)
		for _, name := range sorted(properties) {
			if !readable(properties[name].Value) {
				return unreadable(place+"/requestBody", name)
			}
		}
	}
	return nil
}

// decodable reports whether the validator can read bodies of a content type.
func decodable(contentType string, schema *openapi3.Schema) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.TrimSpace(mediaType)
	return (schema.Type.Is("string") && schema.Format == "binary") || strings.HasSuffix(strings.ToLower(mediaType), "+json") ||
		openapi3filter.RegisteredBodyDecoder(mediaType) != nil
}

// isText reports whether a response is JSON, or its schema says nothing of what is in it.
func isText(contentType string, schema *openapi3.Schema) bool {
	of := typed(schema)
	return isJSON(http.Header{"Content-Type": {contentType}}) || !isObject(of) && !of.Type.Is(openapi3.TypeArray)
}

func unreadable(place, name string) error {
	return fmt.Errorf("%s: the schema of %s does not say of which type it is, so its text cannot be read; give it a type, and also each part of an allOf, and leave not out", place, name)
}

// readable reports whether the validator can tell by a schema of which type a text is.
func readable(schema *openapi3.Schema) bool {
	can := func(part *openapi3.SchemaRef) bool { return readable(part.Value) }
	switch {
	case len(schema.AllOf) > 0:
		return !slices.ContainsFunc(schema.AllOf, func(part *openapi3.SchemaRef) bool { return !can(part) })
	case len(schema.AnyOf) > 0:
		return slices.ContainsFunc(schema.AnyOf, can)
	case len(schema.OneOf) > 0:
		return slices.ContainsFunc(schema.OneOf, can)
	}
	return schema.Not == nil && schema.Type != nil
}
