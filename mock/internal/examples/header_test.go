package examples_test

import (
	"errors"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
)

func TestAHeaderIsSentAsItsSchemaSays(t *testing.T) {
	failure := errors.New("nothing was made up")
	for text, want := range map[string]string{
		`{"schema": {"type": "string"}, "example": "a, b"}`:                                             "a, b",
		`{"schema": {"type": "integer"}, "example": 1767323045678}`:                                     "1767323045678",
		`{"schema": {"type": "number"}, "example": 0.5}`:                                                "0.5",
		`{"schema": {"type": "boolean"}, "example": false}`:                                             "false",
		`{"schema": {"type": "array", "items": {"type": "integer"}}, "example": [1, 2]}`:                "1,2",
		`{"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}, "example": {"a": 1}}`: "a,1",
		`{"schema": {"type": "object"}, "explode": true, "example": {"a": 1}}`:                          "a=1",
		`{"schema": {"type": "string"}, "examples": {"one": {"value": "a"}}}`:                           "a",
		`{"schema": {"type": "string", "example": "a"}}`:                                                "a",
		`{"schema": {"type": "string"}, "required": true}`:                                              "made up",
		`{"schema": {"type": "integer"}, "required": true}`:                                             "an error",
		`{"schema": {"type": "string"}}`:                                                                "nothing",
		`{"content": {"application/json": {"schema": {"type": "object"}, "example": {"a": [1]}}}}`:      `{"a":[1]}`,
		`{"content": {"application/json": {"schema": {"type": "string"}}}, "required": true}`:           `"made up"`,
	} {
		header := new(openapi3.Header)
		if err := header.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatal(err)
		}
		got, ok, err := examples.Header(header, func(schema *openapi3.Schema) (any, error) {
			if schema.Type.Is("integer") {
				return nil, failure
			}
			return "made up", nil
		})
		switch {
		case errors.Is(err, failure):
			got = "an error"
		case err != nil:
			t.Fatal(err)
		case !ok:
			got = "nothing"
		}
		if got != want {
			t.Errorf("%s: got %q, not %q", text, got, want)
		}
	}
}
