package spec_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
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

// httpRequest returns an example as a request that shows a key and a token.
func httpRequest(op *spec.Operation, e examples.Request) *http.Request {
	e = e.Authorized(op, "key", "token")
	r := httptest.NewRequest(op.Method, "http://localhost"+e.URL(), nil)
	r.Header = e.Header
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
		requests, err := examples.Requests(op)
		if err != nil {
			t.Error(err)
		}
		for _, request := range requests {
			check("request "+request.Name, op.CheckRequest(httpRequest(op, request), request.Body))
		}
		for _, status := range sample.Statuses(op.Spec()) {
			response := op.Spec().Responses.Status(status).Value
			header := http.Header{}
			for name, ref := range response.Headers {
				value, ok, err := examples.Header(ref.Value, func(schema *openapi3.Schema) (any, error) { return sample.Value(schema, 0, 0, nil) })
				if err != nil {
					t.Error(err)
				}
				if ok {
					header.Set(name, value)
				}
			}
			if len(response.Content) == 0 {
				check(fmt.Sprint(status), op.CheckResponse(op.Method, status, header, nil))
			}
			for mediaType, media := range response.Content {
				for name, example := range media.Examples {
					body, contentType, err := examples.Body(mediaType, media, example.Value.Value)
					if err != nil {
						t.Error(err)
					}
					header.Set("Content-Type", contentType)
					check(fmt.Sprintf("%d %s", status, name), op.CheckResponse(op.Method, status, header, body))
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d examples were checked", checked)
	}
}
