package login

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxBodyBytes limits the body of a request.
const maxBodyBytes = 16 << 10

// admit refuses requests that are not a POST from the site's own pages.
func (s *Site) admit(r *http.Request) *refusal {
	if r.Method != http.MethodPost {
		return &refusal{status: http.StatusMethodNotAllowed, code: "method_not_allowed", message: "only POST is allowed"}
	}
	origins := r.Header["Origin"]
	if len(origins) > 1 || (len(origins) == 1 && origins[0] != s.origin) || s.foreign.Check(r) != nil {
		return foreign(s.origin, strings.Join(origins, ", "))
	}
	return nil
}

// readProperty reads the body of a request: a JSON object with one property, which is a string that is not empty.
func readProperty(w http.ResponseWriter, r *http.Request, name string) (string, *refusal) {
	if !isJSON(r.Header["Content-Type"]) {
		return "", &refusal{status: http.StatusUnsupportedMediaType, code: codeInvalid, message: "the body must be JSON; send one Content-Type: application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return "", &refusal{status: http.StatusRequestEntityTooLarge, code: codeInvalid, message: fmt.Sprintf("the body is longer than %d bytes", maxBodyBytes)}
	case err != nil:
		return "", malformed(errors.New("the body broke off"))
	}
	value, err := parseProperty(body, name)
	if err != nil {
		return "", malformed(fmt.Errorf(`%w; send exactly {"%s": "…"}`, err, name))
	}
	return value, nil
}

func isJSON(contentTypes []string) bool {
	if len(contentTypes) != 1 {
		return false
	}
	mediaType, parameters, err := mime.ParseMediaType(contentTypes[0])
	if err != nil || mediaType != "application/json" {
		return false
	}
	charset, given := parameters["charset"]
	return len(parameters) == 0 || (len(parameters) == 1 && given && strings.EqualFold(charset, "utf-8"))
}

// parseProperty compares names exactly. encoding/json would accept other capitals, and the last of two properties.
func parseProperty(body []byte, name string) (string, error) {
	errSyntax := errors.New("the body is not a JSON object")
	if !utf8.Valid(body) {
		return "", errors.New("the body is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return "", errSyntax
	}
	value, found := "", false
	for decoder.More() {
		token, err := decoder.Token()
		key, ok := token.(string)
		switch {
		case err != nil || !ok:
			return "", errSyntax
		case key != name:
			return "", fmt.Errorf("%s is not a property of the body", shorten(key))
		case found:
			return "", fmt.Errorf("%s is there twice", name)
		}
		if token, err = decoder.Token(); err != nil {
			return "", errSyntax
		}
		if value, found = token.(string); !found {
			return "", fmt.Errorf("%s is not a string", name)
		}
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return "", errSyntax
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "", errors.New("there is more after the JSON object")
	}
	if value == "" {
		return "", fmt.Errorf("%s is missing or empty", name)
	}
	return value, nil
}

// shorten returns a text from a request in a form that can be shown: short, in quotes and in ASCII.
func shorten(text string) string {
	const maxLength = 40
	if runes := []rune(text); len(runes) > maxLength {
		return fmt.Sprintf("%+q…", string(runes[:maxLength]))
	}
	return fmt.Sprintf("%+q", text)
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

// locale returns the language that a browser prefers, as a BCP 47 tag, or "" if it has none. Browsers put it first in
// Accept-Language (RFC 9110 section 12.5.4).
func locale(r *http.Request) string {
	const maxLength = 64 // as in openapi.yaml
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	tag, _, _ := strings.Cut(first, ";")
	if tag = strings.TrimSpace(tag); len(tag) > maxLength || !languageTag.MatchString(tag) {
		return ""
	}
	return tag
}
