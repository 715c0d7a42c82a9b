package picket

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
)

// isJSON reports whether a response is JSON according to its Content-Type. It accepts what proxies make of that header: the same
// type twice, in one line or in several, in quotes, and with parameters of any form. Types that contradict each other are not
// JSON.
func isJSON(header http.Header) bool {
	if values := header["Content-Type"]; len(values) == 1 && (values[0] == mediaTypeJSON || values[0] == "application/json; charset=utf-8") {
		return true // nearly always, and quicker
	}
	types := mediaTypes(header)
	for _, t := range types {
		if t != mediaTypeJSON && !strings.HasSuffix(t, "+json") {
			return false
		}
	}
	return len(types) > 0
}

// describeType says what a response is according to its Content-Type.
func describeType(header http.Header) string {
	if types := mediaTypes(header); len(types) > 0 {
		return strings.Join(types, ", ")
	}
	return "of no known type"
}

// mediaTypes returns the media types in the lines of Content-Type, each once, in lower case and without parameters.
func mediaTypes(header http.Header) []string {
	var types []string
	known := map[string]bool{}
	inQuotes := false
	for element := range strings.FieldsFuncSeq(strings.Join(header.Values("Content-Type"), ","), func(r rune) bool {
		if r == '"' {
			inQuotes = !inQuotes
		}
		return r == ',' && !inQuotes
	}) {
		bare, _, _ := strings.Cut(element, ";")
		t, _, err := mime.ParseMediaType(strings.Trim(bare, ` "'`))
		if err == nil && strings.Contains(t, "/") && !known[t] {
			known[t] = true
			types = append(types, t)
		}
	}
	return types
}

// withoutByteOrderMark returns a body without the U+FEFF that some servers write in front of JSON, and that RFC 8259 section
// 8.1 lets readers ignore.
func withoutByteOrderMark(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\uFEFF")) }
