package mock

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/contract"
)

// preference is what a request asks for in its Prefer header (RFC 7240): an answer from the examples of openapi.yaml, by
// status, by the example's name, or both.
type preference struct {
	status  int
	example string
}

// preferenceOf reads the Prefer headers of a request. Preferences other than code and example are not the mock's.
func preferenceOf(header http.Header) (preference, bool, error) {
	var p preference
	for _, value := range header.Values("Prefer") {
		for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == ';' }) {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "code":
				status, err := strconv.Atoi(value)
				if err != nil {
					return p, true, invalidParameter("Prefer: code must be a status, such as 429")
				}
				p.status = status
			case "example":
				p.example = value
			}
		}
	}
	return p, p != preference{}, nil
}

// answer writes the preferred example.
func (p preference) answer(op *contract.Operation, w http.ResponseWriter) error {
	for _, status := range statuses(op) {
		if p.status != 0 && status != p.status {
			continue
		}
		response := op.Spec().Responses.Status(status).Value
		if len(response.Content) == 0 && p.example == "" {
			return p.write(w, status, response, "", nil)
		}
		for _, contentType := range sortedKeys(response.Content) {
			examples := response.Content[contentType].Examples
			for _, name := range sortedKeys(examples) {
				if p.example == "" || p.example == name {
					return p.write(w, status, response, contentType, examples[name].Value.Value)
				}
			}
		}
	}
	return invalidParameter("Prefer: %s has no such example; it has %s", op.ID, strings.Join(exampleNames(op), ", "))
}

func (p preference) write(w http.ResponseWriter, status int, response *openapi3.Response, contentType string, example any) error {
	body, isText := example.(string)
	if !isText && example != nil {
		text, err := json.Marshal(example)
		if err != nil {
			return err
		}
		body = string(text)
	}
	for name, header := range response.Headers {
		if header.Value.Example != nil {
			w.Header().Set(name, fmt.Sprint(header.Value.Example))
		}
	}
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	var applied []string
	if p.status != 0 {
		applied = append(applied, fmt.Sprintf("code=%d", p.status))
	}
	if p.example != "" {
		applied = append(applied, "example="+p.example)
	}
	w.Header().Set("Preference-Applied", strings.Join(applied, ", "))
	w.WriteHeader(status)
	_, err := w.Write([]byte(body))
	return err
}

// statuses returns the documented statuses of an operation, in order.
func statuses(op *contract.Operation) []int {
	var statuses []int
	for text := range op.Spec().Responses.Map() {
		if status, err := strconv.Atoi(text); err == nil {
			statuses = append(statuses, status)
		}
	}
	slices.Sort(statuses)
	return statuses
}

// exampleNames returns what can be preferred, such as "401 apiKeyInvalid".
func exampleNames(op *contract.Operation) []string {
	var names []string
	for _, status := range statuses(op) {
		for _, media := range op.Spec().Responses.Status(status).Value.Content {
			for _, name := range sortedKeys(media.Examples) {
				names = append(names, fmt.Sprintf("%d %s", status, name))
			}
		}
	}
	return names
}
