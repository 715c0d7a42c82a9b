package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// decodeJSON decodes a body that must be a single JSON value. Numbers keep any size.
func decodeJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("the body is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errors.New("the body is not JSON: " + mistake(err))
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the body is not JSON: something follows the value")
	}
	return value, nil
}

// mistake says what is wrong with the syntax of a body.
func mistake(err error) string {
	var syntax *json.SyntaxError
	switch {
	case !errors.As(err, &syntax) || syntax.Error() == "unexpected end of JSON input":
		return "it ends too early"
	case strings.Contains(syntax.Error(), "depth"):
		return "its values are nested too deeply"
	}
	return fmt.Sprintf("byte %d is a mistake", syntax.Offset)
}

// contentTypeOf returns what header.Get does. It is asked for many times a message, and the name is in its canonical form already.
func contentTypeOf(header http.Header) string {
	if values := header["Content-Type"]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// mediaType returns the media type of a Content-Type, without its parameters.
func mediaType(header http.Header) string {
	text, _, _ := strings.Cut(contentTypeOf(header), ";")
	return strings.ToLower(strings.TrimSpace(text))
}

// withoutCharset leaves the charset UTF-8 out of the media types of a body, which is what they have in any case. So clients need not send it
// exactly as the contract writes it.
func withoutCharset(content openapi3.Content) {
	for _, name := range sorted(content) {
		base, parameters, err := mime.ParseMediaType(name)
		if err == nil && len(parameters) == 1 && strings.EqualFold(parameters["charset"], "utf-8") && content[base] == nil {
			content[base] = content[name]
			delete(content, name)
		}
	}
}

func isJSON(header http.Header) bool {
	is := mediaType(header)
	return strings.HasPrefix(is, mediaJSON) || strings.HasSuffix(is, "+json")
}
