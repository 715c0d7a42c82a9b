package spec_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// keywords has, for each keyword of the validator, schemas with a value that breaks it, and what is said about the value.
var keywords = []struct{ keyword, schema, value, want string }{
	{"type", "{type: string}", `1`, "must be a string"},
	{"type", "{type: integer}", `1.5`, "must be a whole number"},
	{"type", "{type: number}", `"x"`, "must be a number"},
	{"type", "{type: number}", `1e999`, "must be a number from -1.7976931348623157e+308 to 1.7976931348623157e+308"},
	{"type", "{type: boolean}", `"x"`, "must be true or false"},
	{"type", "{type: array, items: {type: string}}", `true`, "must be an array"},
	{"type", "{type: object}", `[]`, "must be an object"},
	{"type", "{allOf: [{type: string}]}", `1`, "must be a string"},
	{"nullable", "{type: string}", `null`, "must be a string, not null"},
	{"nullable", "{not: {type: string}}", `null`, "must not be null"},
	{"enum", "{type: string, enum: [siwe]}", `"x"`, "must be siwe"},
	{"enum", "{type: string, enum: [siwe, simple]}", `"x"`, "must be siwe or simple"},
	{"enum", "{type: string, enum: [a, '', 'b c', \"d,e\"]}", `"x"`, `must be a, "", "b c" or "d,e"`},
	{"enum", "{type: integer, enum: [1, 2, 1000000]}", `3`, "must be 1, 2 or 1000000"},
	{"enum", "{enum: [1, true, [a]], nullable: true}", `3`, `must be 1, true or ["a"]`},
	{"minLength", "{type: string, minLength: 1}", `""`, "must not be empty"},
	{"minLength", "{type: string, minLength: 8}", `"hunter2"`, "must have at least 8 characters"},
	{"maxLength", "{type: string, maxLength: 5}", `"hunter2"`, "must have at most 5 characters"},
	{"maxLength", "{type: string, maxLength: 1}", `"hunter2"`, "must have at most 1 character"},
	{"maxLength", "{type: string, maxLength: 0}", `"hunter2"`, "must be empty"},
	{"pattern", "{type: string, pattern: '^[a-z]+$'}", `"hunter2"`, "must be a string that matches ^[a-z]+$"},
	{"format", "{type: string, format: uuid}", `"hunter2"`, "must be a UUID such as 123e4567-e89b-12d3-a456-426614174000"},
	{"format", "{type: integer, format: int32}", `2147483648`, "must be a whole number from -2147483648 to 2147483647"},
	{"minimum", "{type: integer, minimum: 5}", `4`, "must be at least 5"},
	{"minimum", "{type: number, minimum: -0.5}", `-1`, "must be at least -0.5"},
	{"maximum", "{type: integer, minimum: 100, maximum: 599}", `600`, "must be at most 599"},
	{"maximum", "{type: integer, maximum: 1000000}", `1000001`, "must be at most 1000000"},
	{"exclusiveMinimum", "{type: integer, minimum: 0, exclusiveMinimum: true}", `0`, "must be greater than 0"},
	{"exclusiveMinimum", "{type: integer, minimum: 0, exclusiveMinimum: true}", `-1`, "must be greater than 0"},
	{"exclusiveMaximum", "{type: number, maximum: 2.5, exclusiveMaximum: true}", `2.5`, "must be less than 2.5"},
	{"exclusiveMaximum", "{type: number, maximum: 2.5, exclusiveMaximum: true}", `3`, "must be less than 2.5"},
	{"multipleOf", "{type: integer, multipleOf: 5}", `6`, "must be a multiple of 5"},
	{"multipleOf", "{type: number, multipleOf: 0.01}", `0.001`, "must be a multiple of 0.01"},
	{"minItems", "{type: array, items: {}, minItems: 1}", `[]`, "must have at least 1 item"},
	{"minItems", "{type: array, items: {}, minItems: 2}", `[1]`, "must have at least 2 items"},
	{"maxItems", "{type: array, items: {}, maxItems: 2}", `[1,2,3]`, "must have at most 2 items"},
	{"uniqueItems", "{type: array, items: {}, uniqueItems: true}", `[1,2,1]`, "must have no two equal items"},
	{"minProperties", "{type: object, minProperties: 1}", `{}`, "must have at least 1 property"},
	{"maxProperties", "{type: object, maxProperties: 2}", `{"a":1,"b":1,"c":1}`, "must have at most 2 properties"},
	{"required", "{type: object, required: [a]}", `{}`, ".a is required"},
	{"properties", "{type: object, additionalProperties: false}", `{"b":1}`, `"b" is not a property of it`},
	{"properties", "{type: object, additionalProperties: false, properties: {amount: {}}}", `{"amonut":1}`, `"amonut" is not a property of it; did you mean "amount"?`},
	{"properties", "{type: object, additionalProperties: false, properties: {amount: {}}}", `{"Amount":1}`, `"Amount" is not a property of it; did you mean "amount"?`},
	{"properties", "{type: object, additionalProperties: false}", `{"b c":1}`, `"b c" is not a property of it`},
	{"readOnly", "{type: object, properties: {a: {type: string, readOnly: true}}}", `{"a":"x"}`, ".a is read-only, so a request must not have it"},
	{"writeOnly", "{type: object, properties: {a: {type: string, writeOnly: true}}}", `{"a":"x"}`, ".a is write-only, so a response must not have it"},
	{"not", "{not: {type: string}}", `"x"`, "must not be a string"},
	{"not", "{type: integer, not: {enum: [13]}}", `13`, "must not be 13"},
	{"not", "{not: {required: [a]}}", `{"a":1}`, "must not match the schema under not in openapi.yaml"},
	{"allOf", "{allOf: [{type: string, minLength: 2}, {maxLength: 3}]}", `"hunter2"`, "must have at most 3 characters"},
	{"allOf", "{allOf: [{type: object, required: [breed]}, {type: object, properties: {bread: {type: string}}}]}", `{"breed":1}`, `"breed" is not a property of it; did you mean "bread"?`},
	{"anyOf", "{anyOf: [{type: string, minLength: 3}, {type: integer, minimum: 0}]}", `"x"`, "must have at least 3 characters"},
	{"anyOf", "{anyOf: [{type: string, minLength: 3}, {type: integer, minimum: 0}]}", `-1`, "must be at least 0"},
	{"anyOf", "{anyOf: [{type: string, maxLength: 3, pattern: '^[0-9]*$'}, {type: integer, format: int64}]}", `"1234"`, "must have at most 3 characters"},
	{"anyOf", "{anyOf: [{type: string}, {type: integer, format: int64}]}", `99999999999999999999`, "must be a whole number from -9223372036854775808 to 9223372036854775807"},
	{"anyOf", "{anyOf: [{type: string}, {type: array, items: {type: string, minLength: 1}}]}", `["a", ""]`, ".1 must not be empty"},
	{"type", "{type: string}", `1e400`, "must be a string"},
	{"type", "{type: integer}", `1e400`, "must be a number from -1.7976931348623157e+308 to 1.7976931348623157e+308"},
	{"anyOf", "{anyOf: [{type: string, minLength: 3}, {type: integer, minimum: 0}]}", `true`, "must be a string of at least 3 characters, or a whole number of at least 0"},
	{"anyOf", "{anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: boolean}]}", `"x"`, "must be true or false, or an object as the schema Cat or Dog describes it"},
	{"anyOf", "{$ref: '#/components/schemas/Tree'}", `1`, "must be a string, or an array, each item of which is a string, or an array"},
	{"oneOf", "{oneOf: [{type: string}, {type: number, minimum: 0, exclusiveMinimum: true, maximum: 9}]}", `true`, "must be a string, or a number greater than 0 and of at most 9"},
	{"oneOf", "{oneOf: [{type: integer}, {type: number}]}", `1`, "matches more than one of several alternatives, and must match exactly one: it must be a whole number, or a number"},
	{"oneOf", "{oneOf: [{type: object, required: [a]}, {type: object, required: [b, c]}]}", `{}`, "must be an object with a, or an object with b and c"},
	{"oneOf", "{oneOf: [{type: object, properties: {a: {type: string}}, additionalProperties: false}, {type: object, required: [b]}]}", `5`,
		"must be an object as openapi.yaml describes it, or an object with b"},
	{"discriminator", pets, `{}`, ".kind is required, and must be cat or dog"},
	{"discriminator", pets, `{"kind":7}`, ".kind must be cat or dog"},
	{"discriminator", pets, `{"kind":"cow"}`, ".kind must be cat or dog"},
	{"discriminator", pets, `{"kind":"cat"}`, ".lives is required"},
	{"discriminator", pets, `{"kind":"cat","lives":10}`, ".lives must be at most 9"},
	{"discriminator", strings.Replace(pets, "mapping", "x-mapping", 1), `{}`, ".kind is required"},
	{"discriminator", strings.Replace(pets, "mapping", "x-mapping", 1), `{"kind":7}`, ".kind must be a string"},
	{"discriminator", strings.Replace(pets, "oneOf", "anyOf", 1), `{"kind":"cow"}`, ".kind must be cat or dog"},
	{"discriminator", strings.Replace(pets, "oneOf", "anyOf", 1), `{"kind":"cat"}`, "must be an object as the schema Cat or Dog describes it"},
}

const pets = `{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}],
	discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}}`

// described returns a contract with an operation that has a schema wherever a schema can be.
func described(t *testing.T, schema, scalar string) *spec.Operation {
	t.Helper()
	c, err := spec.Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /things/{path}:
    post:
      operationId: it
      parameters:
        - {name: path, in: path, required: true, schema: %[2]s}
        - {name: query, in: query, schema: %[2]s}
        - {name: X-Header, in: header, schema: %[2]s}
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {it: %[1]s}}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {it: %[2]s}}}
      responses:
        "200":
          description: It.
          headers: {X-Header: {schema: %[2]s}}
          content: {application/json: {schema: {type: object, properties: {it: %[1]s}}}}
components:
  schemas:
    Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer, maximum: 9}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
    Tree: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Tree'}}]}
`, schema, scalar), "")
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	return c.Operation("it")
}

// inRequest returns what is said about a request with a query, a header and a body.
func inRequest(op *spec.Operation, path, query, header, contentType, body string) []string {
	r := httptest.NewRequest(http.MethodPost, "/things/"+url.PathEscape(path)+query, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if header != "" {
		r.Header.Set("X-Header", header)
	}
	return messages(op.CheckRequest(r, []byte(body)))
}

func messages(violations []spec.Violation) []string {
	var all []string
	for _, v := range violations {
		all = append(all, v.Message)
	}
	return all
}

func TestEveryKeywordIsExplained(t *testing.T) {
	inJSON := http.Header{"Content-Type": {"application/json"}}
	for _, test := range keywords {
		op := described(t, test.schema, "{type: string}")
		body := `{"it":` + test.value + `}`
		want := "it " + test.want
		if strings.HasPrefix(test.want, ".") || strings.HasPrefix(test.want, `"`) {
			want = strings.TrimPrefix("it"+test.want, `it"`)
			if want != "it"+test.want {
				want = `"` + want
			}
		}
		if got := inRequest(op, "x", "", "", "application/json", body); test.keyword != "writeOnly" && !slices.Equal(got, []string{want}) {
			t.Errorf("%s: request %s: got %q, not %q", test.schema, body, got, want)
		}
		if got := messages(op.CheckResponse(http.MethodPost, 200, inJSON, []byte(body))); test.keyword != "readOnly" && !slices.Equal(got, []string{want}) {
			t.Errorf("%s: response %s: got %q, not %q", test.schema, body, got, want)
		}
	}
}

// A parameter, a field of a form and a header have no JSON types: their text is read as the schema says.
func TestEveryKeywordOfAParameterIsExplained(t *testing.T) {
	for _, test := range []struct{ schema, text, want string }{
		{"{type: integer}", "x", "must be a whole number"},
		{"{type: integer}", "99999999999999999999", "must be a whole number from -9223372036854775808 to 9223372036854775807"},
		{"{type: integer, minimum: 1, format: int32}", "99999999999", "must be a whole number from 1 to 2147483647"},
		{"{type: integer, minimum: 1, maximum: 100}", "-99999999999999999999", "must be a whole number from 1 to 100"},
		{"{type: array, items: {type: integer}}", "99999999999999999999", "must be an array, each item of which is a whole number from -9223372036854775808 to 9223372036854775807"},
		{"{type: integer}", "+1", "must be a whole number"},
		{"{type: integer}", "01", "must be a whole number"},
		{"{type: number}", "0x1p-2", "must be a number"},
		{"{type: number}", "NaN", "must be a number"},
		{"{type: number}", "1e999", "must be a number from -1.7976931348623157e+308 to 1.7976931348623157e+308"},
		{"{type: boolean}", "1", "must be true or false"},
		{"{type: boolean}", "True", "must be true or false"},
		{"{allOf: [{type: boolean}]}", "t", "must be true or false"},
		{"{type: array, items: {type: boolean}}", "F", "must be an array, each item of which is true or false"},
		{"{type: integer, format: int32}", "2147483648", "must be a whole number from -2147483648 to 2147483647"},
		{"{type: integer, minimum: 1, maximum: 9}", "x", "must be a whole number of at least 1 and of at most 9"},
		{"{type: number}", "hunter2", "must be a number"},
		{"{type: boolean}", "hunter2", "must be true or false"},
		{"{type: array, items: {type: integer}}", "hunter2", "must be an array, each item of which is a whole number"},
		{"{type: string, enum: [a, b, c]}", "hunter2", "must be a, b or c"},
		{"{type: string, minLength: 8}", "hunter2", "must have at least 8 characters"},
		{"{type: string, maxLength: 3}", "hunter2", "must have at most 3 characters"},
		{"{type: string, pattern: '^a$'}", "hunter2", "must be a string that matches ^a$"},
		{"{type: string, format: date}", "hunter2", "must be a date such as 2006-01-02 (RFC 3339)"},
		{"{type: integer, minimum: 5}", "4", "must be at least 5"},
		{"{type: integer, maximum: 599}", "600", "must be at most 599"},
		{"{type: integer, minimum: 5, exclusiveMinimum: true}", "5", "must be greater than 5"},
		{"{type: integer, maximum: 5, exclusiveMaximum: true}", "6", "must be less than 5"},
		{"{type: integer, multipleOf: 5}", "6", "must be a multiple of 5"},
		{"{anyOf: [{type: integer}, {type: boolean}]}", "hunter2", "must be a whole number, or true or false"},
	} {
		op := described(t, "{}", test.schema)
		inQuery := func(in string) []string { return []string{in + " " + test.want} }
		valid := func(got []string, in string) []string { // what is said about the place that is looked at
			return slices.DeleteFunc(got, func(message string) bool { return !strings.HasPrefix(message, in+" ") })
		}
		const inJSON, form = "application/json", "application/x-www-form-urlencoded"
		text := url.QueryEscape(test.text)
		for in, got := range map[string][]string{
			"path":     inRequest(op, test.text, "", "", inJSON, `{}`),
			"query":    inRequest(op, "x", "?query="+text, "", inJSON, `{}`),
			"X-Header": inRequest(op, "x", "", test.text, inJSON, `{}`),
			"it":       inRequest(op, "x", "", "", form, "it="+text),
		} {
			if got := valid(got, in); !slices.Equal(got, inQuery(in)) {
				t.Errorf("%s in %s: got %q, not %q", test.schema, in, got, inQuery(in))
			}
		}
		header := http.Header{"Content-Type": {inJSON}, "X-Header": {test.text}}
		if got := messages(op.CheckResponse(http.MethodPost, 200, header, []byte(`{}`))); !slices.Equal(got, inQuery("X-Header")) {
			t.Errorf("%s in a response header: got %q", test.schema, got)
		}
	}
}

// TestTheTableHasEveryKeywordOfTheValidator reads the validator's own source.
func TestTheTableHasEveryKeywordOfTheValidator(t *testing.T) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/getkin/kin-openapi/openapi3").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "schema_3point0_validator.go"))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"boolean"} // a schema that is true or false, which is OpenAPI 3.1
	for _, test := range keywords {
		known = append(known, test.keyword)
	}
	fields := regexp.MustCompile(`withField\("(\w+)"\)|field, direction := "(\w+)"|field, direction = "(\w+)"`).FindAllStringSubmatch(string(text), -1)
	for _, field := range fields {
		if keyword := strings.Join(field[1:], ""); !slices.Contains(known, keyword) {
			t.Errorf("the validator knows %s, and the table does not", keyword)
		}
	}
	if len(fields) < 25 {
		t.Errorf("only %d places were found where the validator names a keyword", len(fields))
	}
	if all := strings.Count(string(text), "withField("); all > len(fields) {
		t.Errorf("the validator names a keyword in %d places, and only %d can be read", all, len(fields))
	}
}
