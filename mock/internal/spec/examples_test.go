package spec_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func theAPI(t testing.TB) *spec.Contract {
	t.Helper()
	c, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// encode returns an example as a body of a content type.
func encode(t *testing.T, contentType string, example any) []byte {
	t.Helper()
	if text, ok := example.(string); ok && contentType != "application/json" {
		return []byte(text)
	}
	if contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, value := range example.(map[string]any) {
			form.Set(name, fmt.Sprint(value))
		}
		return []byte(form.Encode())
	}
	text, err := json.Marshal(example)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// exampleRequest returns a request with the example of each parameter.
func exampleRequest(op *spec.Operation, contentType string) *http.Request {
	path, query := op.Path, url.Values{}
	for _, ref := range op.Spec().Parameters {
		parameter := ref.Value
		switch values, list := parameter.Example.([]any); {
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
	r := httptest.NewRequest(op.Method, "http://localhost"+path+"?"+query.Encode(), nil)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	switch schemes, _ := op.Security(); {
	case len(schemes) == 0:
	case schemes[0] == "bearerToken":
		r.Header.Set("Authorization", "Bearer token")
	default:
		r.SetBasicAuth("key", "")
	}
	return r
}

func TestEveryExampleOfTheContractKeepsIt(t *testing.T) {
	checked := 0
	for _, op := range theAPI(t).Operations() {
		check := func(name string, violations []spec.Violation) {
			checked++
			for _, v := range violations {
				t.Errorf("%s, %s: %+v", op.ID, name, v)
			}
		}
		if body := op.Spec().RequestBody; body == nil {
			check("request", op.CheckRequest(exampleRequest(op, ""), nil))
		} else {
			for contentType, media := range body.Value.Content {
				for name, example := range media.Examples {
					check("request "+name, op.CheckRequest(exampleRequest(op, contentType), encode(t, contentType, example.Value.Value)))
				}
			}
		}
		for text, response := range op.Spec().Responses.Map() {
			status, err := strconv.Atoi(text)
			if err != nil {
				t.Fatalf("%s has the status %q", op.ID, text)
			}
			header := http.Header{}
			for name, ref := range response.Value.Headers {
				header.Set(name, fmt.Sprint(ref.Value.Example))
			}
			if len(response.Value.Content) == 0 {
				check(text, op.CheckResponse(op.Method, status, header, nil))
			}
			for contentType, media := range response.Value.Content {
				header.Set("Content-Type", contentType)
				for name, example := range media.Examples {
					check(text+" "+name, op.CheckResponse(op.Method, status, header, encode(t, contentType, example.Value.Value)))
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d examples were checked", checked)
	}
}
