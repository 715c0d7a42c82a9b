package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/picket"
)

// operations checks what holds for every operation of the contract, be it one that the other checks know or not: its example
// requests get an answer that the contract has, it is refused without a key or token and with an unknown one, and picket-mock
// answers every example of a response when it is asked to.
func (r *run) operations(ctx context.Context) {
	for _, op := range r.api.Operations() {
		requests := exampleRequests(op)
		for _, example := range requests {
			r.check(ctx, fmt.Sprintf("%s: the example request %s", op.ID, example.name), func(ctx context.Context) error {
				if op.Method != http.MethodGet && r.control == nil {
					return skip("is sent to picket-mock alone, because it may write")
				}
				status, _, err := r.send(ctx, op, example, r.credentials(op), "")
				if err == nil && status >= http.StatusInternalServerError {
					err = fmt.Errorf("it is answered with %d", status)
				}
				return err
			})
		}
		schemes, optional := op.Security()
		if len(requests) == 0 || optional {
			continue
		}
		wanted := map[string]picket.ErrorCode{"": picket.CodeAuthenticationRequired, "Basic " + basic(unknownKey): picket.CodeAPIKeyInvalid}
		if slices.Contains(schemes, "accessToken") {
			wanted = map[string]picket.ErrorCode{"": "", "Bearer unknown": ""} // the code is in the challenge (RFC 6750 section 3)
		}
		for _, authorization := range slices.Sorted(maps.Keys(wanted)) {
			name := op.ID + ": without authorization it is refused"
			if authorization != "" {
				name = op.ID + ": with an unknown key or token it is refused"
			}
			r.checkWrong(ctx, name, func(ctx context.Context) error {
				status, body, err := r.send(ctx, op, requests[0], authorization, "")
				if err != nil {
					return err
				}
				var refusal struct{ Code picket.ErrorCode }
				_ = json.Unmarshal(body, &refusal) // the contract says whether it is JSON
				if status != http.StatusUnauthorized || (wanted[authorization] != "" && refusal.Code != wanted[authorization]) {
					return fmt.Errorf("it must be answered with 401 %s, and is with %d", wanted[authorization], status)
				}
				return nil
			})
		}
	}
	for _, op := range r.api.Operations() {
		r.check(ctx, op.ID+": picket-mock answers every example", func(ctx context.Context) error {
			if r.control == nil {
				return needsMock
			}
			return r.examples(ctx, op)
		})
	}
}

const unknownKey = "sk_ffffffffffffffffffffffffffffffff"

func basic(key string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(key, "")
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Basic ")
}

// credentials returns the Authorization header that an operation needs.
func (r *run) credentials(op *contract.Operation) string {
	switch schemes, _ := op.Security(); {
	case slices.Contains(schemes, "apiKey"):
		return "Basic " + basic(r.key)
	case slices.Contains(schemes, "accessToken"):
		return "Bearer " + string(r.accessToken)
	}
	return ""
}

// example is the example of a request in the contract.
type example struct {
	name        string
	path        string // with the query
	contentType string
	body        []byte
}

// exampleRequests returns those of an operation, or none when a parameter that it needs has no example.
func exampleRequests(op *contract.Operation) []example {
	path, query := op.Path, url.Values{}
	for _, ref := range op.Spec().Parameters {
		parameter := ref.Value
		switch values, list := parameter.Example.([]any); {
		case parameter.Example == nil && parameter.Required:
			return nil
		case parameter.Example == nil || parameter.In == openapi3.ParameterInHeader:
		case list:
			for _, value := range values {
				query.Add(parameter.Name, fmt.Sprint(value))
			}
		case parameter.In == openapi3.ParameterInPath:
			path = strings.Replace(path, "{"+parameter.Name+"}", url.PathEscape(fmt.Sprint(parameter.Example)), 1)
		default:
			query.Set(parameter.Name, fmt.Sprint(parameter.Example))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if op.Spec().RequestBody == nil {
		return []example{{name: "by its parameters", path: path}}
	}
	var all []example
	content := op.Spec().RequestBody.Value.Content
	for _, contentType := range slices.Sorted(maps.Keys(content)) {
		examples := content[contentType].Examples
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			all = append(all, example{name + " as " + contentType, path, contentType, encode(contentType, examples[name].Value.Value)})
		}
	}
	return all
}

func encode(contentType string, value any) []byte {
	if fields, ok := value.(map[string]any); ok && contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, field := range fields {
			form.Set(name, fmt.Sprint(field))
		}
		return []byte(form.Encode())
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil // what is from YAML can be JSON, but for infinities
	}
	return text
}

// send sends an example and returns the status and the body of the answer.
func (r *run) send(ctx context.Context, op *contract.Operation, e example, authorization, prefer string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, op.Method, strings.TrimSuffix(r.base, r.api.Base())+e.path, bytes.NewReader(e.body))
	if err != nil {
		return 0, nil, err
	}
	for name, value := range map[string]string{"Content-Type": e.contentType, "Authorization": authorization, "Prefer": prefer} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	return do(r.http, request)
}

// do sends a request and reads the answer, up to a bound.
func do(client *http.Client, request *http.Request) (int, []byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, withoutURL(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, contract.DefaultMaxBodyBytes))
	return response.StatusCode, body, err
}

// withoutURL takes the URL out of an error of http.Client, because its query may hold a signature or a code.
func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}

// examples asks picket-mock for the response of each status, by each of its examples.
func (r *run) examples(ctx context.Context, op *contract.Operation) error {
	requests := exampleRequests(op)
	if len(requests) == 0 {
		return errors.New("there is no example of a request")
	}
	for _, text := range slices.Sorted(maps.Keys(op.Spec().Responses.Map())) {
		status, err := strconv.Atoi(text)
		if err != nil {
			continue // a default or a range
		}
		preferences := []string{"code=" + text}
		for _, media := range op.Spec().Responses.Status(status).Value.Content {
			for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
				preferences = append(preferences, "code="+text+", example="+name)
			}
		}
		for _, preference := range preferences {
			got, _, err := r.send(ctx, op, requests[0], r.credentials(op), preference)
			if err != nil {
				return err
			}
			if got != status {
				return fmt.Errorf("it answers %d when told Prefer: %s", got, preference)
			}
		}
	}
	return nil
}
