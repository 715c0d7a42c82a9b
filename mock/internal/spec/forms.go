package spec

import (
	"bytes"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
)

func isForm(header http.Header) bool {
	return strings.HasPrefix(mediaType(header), mediaForm)
}

// TakesForm reports whether a body with the Content-Type of header is a form that the operation takes.
func (op *Operation) TakesForm(header http.Header) bool {
	_, known := op.bodySchema(header)
	return known && isForm(header)
}

func isMultipart(header http.Header) bool { return mediaType(header) == "multipart/form-data" }

// fieldsOf returns how often a form has each field. What it cannot read it leaves out, and the validator reports.
func fieldsOf(header http.Header, body []byte) map[string]int {
	fields := map[string]int{}
	switch {
	case isForm(header):
		form, _ := url.ParseQuery(string(body))
		for name, values := range form {
			fields[name] = len(values)
		}
	case isMultipart(header):
		_, parameters, _ := mime.ParseMediaType(header.Get("Content-Type"))
		parts := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
		for {
			part, err := parts.NextPart()
			if err != nil {
				return fields
			}
			fields[part.FormName()]++
		}
	}
	return fields
}
