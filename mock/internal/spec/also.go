package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// alsoAccepts is the extension that names further forms of a value or a body. openapi.yaml describes it.
const alsoAccepts = "x-also-accepts"

const (
	mediaJSON = "application/json"
	mediaForm = "application/x-www-form-urlencoded"
)

// acceptMore makes the further forms of values and bodies a part of the description, as if it had them in anyOf and in content.
func acceptMore(doc *openapi3.T, places placing) error {
	for schema, place := range maps.Clone(places.schemas) {
		value, ok := schema.Extensions[alsoAccepts]
		if !ok {
			continue
		}
		at := place + "/" + alsoAccepts
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		further := new(openapi3.Schema)
		if err := json.Unmarshal(text, further); err != nil || bytes.Contains(text, []byte(`"$ref"`)) {
			return fmt.Errorf("%s must be a schema without references", at)
		}
		offered := *schema
		offered.Extensions = maps.Clone(schema.Extensions)
		delete(offered.Extensions, alsoAccepts)
		*schema = openapi3.Schema{AnyOf: openapi3.SchemaRefs{{Value: &offered}, {Value: further}}, Description: schema.Description}
		places.schemas[&offered] = place
		places.schema(at, &openapi3.SchemaRef{Value: further})
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if err := acceptMoreMedia(op); err != nil {
				return err
			}
		}
	}
	return nil
}

// acceptMoreMedia lets the form that an operation takes come as JSON as well, if the description says so.
func acceptMoreMedia(op *openapi3.Operation) error {
	if op.RequestBody == nil {
		return nil
	}
	body := op.RequestBody.Value
	value, ok := body.Extensions[alsoAccepts]
	if !ok || body.Content[mediaJSON] != nil { // a shared body was seen before
		return nil
	}
	names, _ := value.([]any)
	form := body.Content[mediaForm]
	if len(names) != 1 || names[0] != mediaJSON || len(body.Content) != 1 || form == nil {
		return fmt.Errorf("%s of the request of %s must be [%s], and its only media type %s", alsoAccepts, op.OperationID, mediaJSON, mediaForm)
	}
	for name, property := range form.Schema.Value.Properties {
		if !property.Value.Type.Is(openapi3.TypeString) {
			return fmt.Errorf("the request of %s is a form that may also come as JSON, so its property %s must be a string", op.OperationID, name)
		}
	}
	body.Content[mediaJSON] = form
	return nil
}

// RequestTypes returns the media types of the request of an operation: those that it offers before the further ones.
func RequestTypes(op *openapi3.Operation) []string {
	if op.RequestBody == nil {
		return nil
	}
	body := op.RequestBody.Value
	further, _ := body.Extensions[alsoAccepts].([]any)
	isFurther := func(name string) bool { return slices.Contains(further, any(name)) }
	names := slices.Sorted(maps.Keys(body.Content))
	return slices.Concat(slices.DeleteFunc(slices.Clone(names), isFurther), slices.DeleteFunc(names, func(name string) bool { return !isFurther(name) }))
}

// asForm returns a request with a body of JSON as the form that the operation takes.
func asForm(op *openapi3.Operation, header http.Header, body []byte) (form string, ok bool) {
	if op.RequestBody == nil || op.RequestBody.Value.Extensions[alsoAccepts] == nil || !isJSON(header) {
		return "", false
	}
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil {
		return "", false
	}
	values := url.Values{}
	for name, value := range fields {
		if text, isText := value.(string); isText { // every property is one
			values.Set(name, text)
		}
	}
	return values.Encode(), true
}
