package spec_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func TestAParameterOfThePathIsOneOfItsOperations(t *testing.T) {
	c, err := spec.Read([]byte(`
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    parameters:
      - {name: X-Of-All, in: header, required: true, schema: {type: string, enum: [a]}}
    get:
      operationId: it
      parameters:
        - {name: X-Own, in: header, required: true, schema: {type: string, enum: [b]}}
      responses:
        4XX: {description: It., headers: {X-Why: {required: true, schema: {type: string}}}}
`), "")
	if err != nil {
		t.Fatal(err)
	}
	op := c.Operation("it")
	places := func(found []spec.Violation) map[string]string {
		all := map[string]string{}
		for _, v := range found {
			all[v.Pointer] = v.Place
		}
		return all
	}
	request := httptest.NewRequest(http.MethodGet, "/it", nil)
	if diff := cmp.Diff(map[string]string{
		"X-Of-All": "#/paths/~1it/parameters/0/required", "X-Own": "#/paths/~1it/get/parameters/0/required",
	}, places(op.CheckRequest(request, nil))); diff != "" {
		t.Error(diff)
	}
	request.Header.Set("X-Of-All", "x")
	request.Header.Set("X-Own", "x")
	if diff := cmp.Diff(map[string]string{
		"X-Of-All": "#/paths/~1it/parameters/0/schema/enum", "X-Own": "#/paths/~1it/get/parameters/0/schema/enum",
	}, places(op.CheckRequest(request, nil))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"X-Why": "#/paths/~1it/get/responses/4XX/headers/X-Why"}, places(op.CheckResponse(http.MethodGet, 418, nil, nil))); diff != "" {
		t.Error(diff)
	}
}
