package spec

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func isForm(header http.Header) bool {
	return strings.HasPrefix(mediaType(header), mediaForm)
}

func isMultipart(header http.Header) bool { return mediaType(header) == "multipart/form-data" }

// fieldsOf returns the values of each field of a form. What it cannot read it leaves out, and the validator reports.
func fieldsOf(header http.Header, body []byte) map[string][]string {
	switch {
	case isForm(header):
		form, _ := url.ParseQuery(string(body))
		return form
	case isMultipart(header):
		_, parameters, _ := mime.ParseMediaType(header.Get("Content-Type"))
		fields := map[string][]string{}
		parts := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
		for {
			part, err := parts.NextPart()
			if err != nil {
				return fields
			}
			text, err := io.ReadAll(part)
			if err != nil {
				return fields
			}
			fields[part.FormName()] = append(fields[part.FormName()], string(text))
		}
	}
	return nil
}

// typeForms says of each form that it is an object. The validator reads no form whose schema leaves that to the parts of an allOf.
func typeForms(doc *openapi3.T, places placing) {
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody == nil {
				continue
			}
			for contentType, media := range op.RequestBody.Value.Content {
				header := http.Header{"Content-Type": {contentType}}
				if (!isForm(header) && !isMultipart(header)) || media.Schema == nil || media.Schema.Value.Type != nil {
					continue
				}
				object := *media.Schema.Value
				object.Type = &openapi3.Types{openapi3.TypeObject}
				places.schemas[&object] = places.schemas[media.Schema.Value]
				media.Schema = &openapi3.SchemaRef{Value: &object}
			}
		}
	}
}
