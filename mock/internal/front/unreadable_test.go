package front_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
)

// answerTo returns what a handler of its own for POST /it answers to a body when the generated code fails with the error that read returns.
func answerTo(t *testing.T, schema, body string, read func(r *http.Request) error) string {
	t.Helper()
	c, err := spec.Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    post:
      operationId: it
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1}}]
      requestBody: {content: {application/json: {schema: %s}}}
      responses: {"400": {description: Refused., content: {application/json: {schema: {type: object, additionalProperties: true}}}}}
`, schema), "")
	if err != nil {
		t.Fatal(err)
	}
	house := front.House{Limits: limits.New(1 << 20), MaxBodyBytes: 1 << 20, OnViolation: func(message string, _ []byte) { t.Error(message) }}
	key, err := tokens.RandomKey()
	house.Tokens = tokens.NewSigner(key, tokens.DefaultIssuer)
	if err != nil {
		t.Fatal(err)
	}
	house.Projects, err = tenant.NewProjects(tenant.Shared{Max: 1, Limits: house.Limits, Clock: time.Now, Contract: c}, tenant.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	h := front.New(house, front.Prepare(c))
	h.HandleFunc("POST /it", func(w http.ResponseWriter, r *http.Request) { h.RefuseUnreadable(w, r, read(r)) })
	request := httptest.NewRequest(http.MethodPost, "/it", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	h.ServeHTTP(response, request)
	var refused struct{ Code, Msg string }
	if err := json.Unmarshal(response.Body.Bytes(), &refused); err != nil || response.Code != http.StatusBadRequest || refused.Code != "parameter_invalid" {
		t.Errorf("got %d %s", response.Code, response.Body)
	}
	return refused.Msg
}

func into(value any) func(*http.Request) error {
	return func(r *http.Request) error {
		if err := json.NewDecoder(r.Body).Decode(value); err != nil {
			return fmt.Errorf("can't decode JSON body: %w", err)
		}
		return nil
	}
}

// Generated code reads into Go types, which may hold less than the contract allows.
func TestWhatGeneratedCodeCannotReadIsRefusedInPlainWords(t *testing.T) {
	const object = "{type: object, additionalProperties: true}"
	for body, test := range map[string]struct {
		into any
		want string
	}{
		`{"a":1.0}`:                     {new(struct{ A int }), "a must be a whole number from -9223372036854775808 to 9223372036854775807, without a fraction or an exponent"},
		`{"a":9223372036854775808}`:     {new(struct{ A int64 }), "a must be a whole number from -9223372036854775808 to 9223372036854775807, without a fraction or an exponent"},
		`{"a":128}`:                     {new(struct{ A int8 }), "a must be a whole number from -128 to 127, without a fraction or an exponent"},
		`{"a":-1}`:                      {new(struct{ A uint64 }), "a must be a whole number from 0 to 18446744073709551615, without a fraction or an exponent"},
		`{"a":{"b":1e39}}`:              {new(struct{ A struct{ B float32 } }), "a.b must be a number from -3.4028234663852886e+38 to 3.4028234663852886e+38"},
		`{"a":7}`:                       {new(struct{ A string }), "a must be a string"},
		`{"a":"hunter2"}`:               {new(struct{ A bool }), "a must be true or false"},
		`{"a":"hunter"}`:                {new(struct{ A []string }), "a must be an array"},
		`{"a":"hunter1"}`:               {new(struct{ A struct{} }), "a must be an object"},
		`{"a":"hunter3"}`:               {new(struct{ A openapi_types.UUID }), "the request has a value that the mock cannot read, although openapi.yaml allows it"},
		`{"a":"hunter4"}`:               {new(struct{ A time.Time }), "the request has a value that the mock cannot read, although openapi.yaml allows it"},
		`{"b":["x",{"c":1e3}],"a":"x"}`: {new(struct{ A time.Time }), "b.1.c is a number in a form that the mock cannot read; write it in at most 256 digits, without an exponent, and without a fraction if it is whole"},
	} {
		t.Run(body, func(t *testing.T) {
			// A field of a struct is named by its tag in generated code; here its name differs by case.
			if got := answerTo(t, object, body, into(test.into)); !strings.EqualFold(got, test.want) {
				t.Errorf("got %q, not %q", got, test.want)
			}
		})
	}
	t.Run("a parameter", func(t *testing.T) {
		for _, failed := range []error{
			&server.InvalidParamFormatError{ParamName: "limit", Err: fmt.Errorf("strconv.ParseInt: hunter2")},
			&server.TooManyValuesForParamError{ParamName: "limit", Count: 2},
			&server.RequiredParamError{ParamName: "limit"},
		} {
			got := answerTo(t, object, `{}`, func(*http.Request) error { return failed })
			if want := "limit must be a whole number of at least 1"; got != want {
				t.Errorf("got %q, not %q", got, want)
			}
		}
	})
}
