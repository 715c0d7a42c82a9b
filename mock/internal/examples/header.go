package examples

import (
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/runtime"

	"github.com/seed-a13ee279/picket/mock/internal/sample"
)

// Header returns a response header as it is sent: its example, or else, if it is required, a value that makeUp returns for its schema.
// It returns false if there is neither.
func Header(h *openapi3.Header, makeUp func(*openapi3.Schema) (any, error)) (text string, ok bool, err error) {
	media := mediaOf(&h.Parameter)
	value, given := sample.Example(media, "")
	switch {
	case given:
	case media.Schema == nil:
		return "", false, nil
	case media.Schema.Value.Example != nil:
		value = media.Schema.Value.Example
	case !h.Required:
		return "", false, nil
	default:
		if value, err = makeUp(media.Schema.Value); err != nil {
			return "", false, err
		}
	}
	if h.Schema == nil {
		text, err = asJSON(value)
		return text, err == nil, err
	}
	explode := h.Explode != nil && *h.Explode
	text, err = runtime.StyleParamWithOptions("simple", explode, "", value, runtime.StyleParamOptions{ParamLocation: runtime.ParamLocationHeader})
	return text, err == nil, err
}

// mediaOf returns the schema and the examples of a parameter or header, which may have them below a media type.
func mediaOf(p *openapi3.Parameter) *openapi3.MediaType {
	media := &openapi3.MediaType{Schema: p.Schema, Example: p.Example, Examples: p.Examples}
	if p.Schema == nil {
		for _, mediaType := range sample.ContentTypes(p.Content) {
			media = p.Content[mediaType]
		}
	}
	return media
}
