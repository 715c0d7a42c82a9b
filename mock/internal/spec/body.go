package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
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
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the body is not JSON: something follows the value")
	}
	return value, nil
}

// mediaType returns the media type of a Content-Type, without its parameters.
func mediaType(header http.Header) string {
	text, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(text))
}

func isJSON(header http.Header) bool {
	is := mediaType(header)
	return strings.HasPrefix(is, mediaJSON) || strings.HasSuffix(is, "+json")
}
