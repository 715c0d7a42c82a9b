package mock_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock"
)

// TestTheIndexHasABodyForEachOperationThatTheMockTakes compares the index with control.yaml, and sends each body to a mock of its own.
func TestTheIndexHasABodyForEachOperationThatTheMockTakes(t *testing.T) {
	var index []struct {
		OperationID, Method, Path, Summary string
		Query                              []string
		Body                               json.RawMessage
	}
	control(t, mock.Start(t), "", "GET", "/", "", &index)
	doc, err := openapi3.NewLoader().LoadFromFile("control.yaml")
	if err != nil {
		t.Fatal(err)
	}
	described := 0
	for _, item := range doc.Paths.Map() {
		described += len(item.Operations())
	}
	if len(index) != described {
		t.Errorf("the index has %d operations, and control.yaml has %d", len(index), described)
	}
	for i, listed := range index {
		path := strings.TrimPrefix(listed.Path, "/_mock")
		op := doc.Paths.Value(path).GetOperation(listed.Method)
		if op == nil || op.OperationID != listed.OperationID || op.Summary != listed.Summary {
			t.Errorf("%+v is listed, and control.yaml has %+v", listed, op)
			continue
		}
		if i > 0 && index[i-1].Path > listed.Path {
			t.Errorf("%s is after %s", listed.Path, index[i-1].Path)
		}
		var query []string
		for _, parameter := range op.Parameters {
			if parameter.Value.In == openapi3.ParameterInQuery {
				query = append(query, parameter.Value.Name)
			}
		}
		if (op.RequestBody != nil) != (listed.Body != nil) || !slices.Equal(query, listed.Query) {
			t.Errorf("%s is listed with the body %s and the query %q", listed.OperationID, listed.Body, listed.Query)
		}
		if listed.Body == nil {
			continue
		}
		if got := control(t, mock.Start(t), "", listed.Method, path, string(listed.Body), nil); got.status > 299 {
			t.Errorf("%s %s with %s is answered with %d %s", listed.Method, path, listed.Body, got.status, got.body)
		}
	}
}

func TestTheContractsAreServed(t *testing.T) {
	srv := mock.Start(t)
	controlContract, err := os.ReadFile("control.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]byte{"/openapi.yaml": openapi.Spec(), "/control.yaml": controlContract} {
		got := control(t, srv, "", "GET", path, "", nil)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/yaml" || got.body != string(want) {
			t.Errorf("%s: %d %s with %d bytes, not %d", path, got.status, got.header.Get("Content-Type"), len(got.body), len(want))
		}
	}
}

func TestNothingElseIsUnderTheIndex(t *testing.T) {
	srv := mock.Start(t)
	for _, path := range []string{"/zzz", "//", "/health/", "/zzz/health"} {
		if got := control(t, srv, "", "GET", path, "", nil); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := control(t, srv, "", "GET", "", "", nil); got.status != http.StatusNotFound || !strings.Contains(got.msg, "did you mean GET /_mock/?") {
		t.Errorf("without a slash: %d %s", got.status, got.body)
	}
}
