package spec

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// InEverySpelling returns the body of a response with each value also under the superseded names of its property, if the names are in
// the same object. It returns other bodies as they are.
func (op *Operation) InEverySpelling(status int, header http.Header, body []byte) []byte {
	if !op.respells || !isJSON(header) {
		return body
	}
	documented, _ := op.response(status)
	if documented == nil {
		return body
	}
	media := documented.Content.Get(contentTypeOf(header))
	if media == nil || media.Schema == nil || !op.hasSuperseded(media.Schema.Value, map[*openapi3.Schema]bool{}) {
		return body
	}
	value, err := decodeJSON(body)
	if err != nil {
		return body
	}
	op.spellOut(media.Schema.Value, value)
	text, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return append(text, '\n')
}

func (op *Operation) spellOut(schema *openapi3.Schema, value any) {
	switch value := value.(type) {
	case []any:
		if schema.Items != nil {
			for _, element := range value {
				op.spellOut(schema.Items.Value, element)
			}
		}
	case map[string]any:
		for name, property := range propertiesOf(schema) {
			op.spellOut(property.Value, value[name])
		}
		for name, s := range op.superseded[schema] {
			_, there := value[name]
			if present, ok := value[strings.Join(s.by, ".")]; ok && len(s.by) == 1 && !there {
				value[name] = present
			}
		}
	}
}
