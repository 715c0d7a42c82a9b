package examples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// boundary stands between the parts of a form. It is always the same, so that the same example makes the same bytes.
const boundary = "picket-example-form-boundary"

// Body returns a value as a body of a media type, and its Content-Type.
func Body(mediaType string, media *openapi3.MediaType, value any) (body []byte, contentType string, err error) {
	base, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return nil, "", fmt.Errorf("%q is not a media type", mediaType)
	}
	fields, isObject := value.(map[string]any)
	switch text, isText := value.(string); {
	case isObject && base == "application/x-www-form-urlencoded":
		form := url.Values{}
		for name, field := range fields {
			for _, one := range each(field) {
				form.Add(name, plain(one))
			}
		}
		return []byte(form.Encode()), mediaType, nil
	case isObject && base == "multipart/form-data":
		body, err := parts(media, fields)
		return body, base + "; boundary=" + boundary, err
	case isText && !isJSON(base):
		return []byte(text), mediaType, nil
	case value == nil && !isJSON(base):
		return nil, mediaType, nil
	}
	body, err = json.Marshal(value)
	return body, mediaType, err
}

func isJSON(base string) bool { return base == "application/json" || strings.HasSuffix(base, "+json") }

// parts returns the fields of a multipart form (RFC 7578).
func parts(media *openapi3.MediaType, fields map[string]any) ([]byte, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.SetBoundary(boundary); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range each(fields[name]) {
			header := textproto.MIMEHeader{}
			disposition := map[string]string{"name": name}
			if isFile(media, name) {
				disposition["filename"] = name
				header.Set("Content-Type", "application/octet-stream")
			} else if _, nested := value.(map[string]any); nested {
				header.Set("Content-Type", "application/json")
			}
			if encoding := media.Encoding[name]; encoding != nil && encoding.ContentType != "" {
				first, _, _ := strings.Cut(encoding.ContentType, ",") // it may list several
				header.Set("Content-Type", strings.TrimSpace(first))
			}
			header.Set("Content-Disposition", mime.FormatMediaType("form-data", disposition))
			part, err := form.CreatePart(header)
			if err != nil {
				return nil, err
			}
			if _, err := part.Write([]byte(plain(value))); err != nil {
				return nil, err
			}
		}
	}
	err := form.Close()
	return body.Bytes(), err
}

// isFile reports whether a field of a form is a file, or several.
func isFile(media *openapi3.MediaType, name string) bool {
	if media.Schema == nil {
		return false
	}
	field := media.Schema.Value.Properties[name]
	if field != nil && field.Value.Items != nil {
		field = field.Value.Items
	}
	return field != nil && field.Value.Format == "binary"
}

// each returns the elements of a list, or else the value itself.
func each(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

// plain returns a value as a form has it.
func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := asJSON(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return text
}

func asJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}
