package spec_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

const furtherForms = `openapi: 3.0.3
info: {title: Toys, version: "1"}
paths:
  /toys:
    post:
      operationId: buy
      requestBody:
        required: true
        x-also-accepts: MEDIA
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                colour: {type: COLOUR}
      responses: {'204': {description: Bought.}}
    put:
      operationId: price
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                price: {type: string, pattern: '^[0-9]+$', x-also-accepts: SCHEMA}
      responses: {'204': {description: Priced.}}
`

// describing returns furtherForms with the placeholders replaced in pairs, or else by what is right.
func describing(pairs ...string) []byte {
	pairs = append(pairs, "MEDIA", "[application/json]", "COLOUR", "string", "SCHEMA", "{type: integer, minimum: 1}")
	return []byte(strings.NewReplacer(pairs...).Replace(furtherForms))
}

func TestAValueHasTheFormThatIsOfferedOrAFurtherOne(t *testing.T) {
	api, err := spec.Read(describing(), "")
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"price":"7"}`:  "",
		`{"price":7}`:    "",
		`{"price":0}`:    "price must be",
		`{"price":"x"}`:  "price must be",
		`{"price":true}`: "price must be",
	} {
		checkRead(t, api.Operation("price"), "application/json", body, body, want)
	}
}

func TestAFormMayComeAsJSON(t *testing.T) {
	api, err := spec.Read(describing(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ contentType, body, read, want string }{
		{"application/x-www-form-urlencoded", "colour=red&name=a+b", "colour=red&name=a+b", ""},
		{"application/json", `{"name":"a b","colour":"red"}`, "colour=red&name=a+b", ""},
		{"application/json; charset=utf-8", `{"name":"a&b=c"}`, "name=a%26b%3Dc", ""},
		{"application/json", `{"colour":"red"}`, "colour=red", "name is required"},
		{"application/json", `{"name":7}`, "", "name must be a string"},
		{"text/plain", "name=a", "name=a", "the Content-Type must be application/json or application/x-www-form-urlencoded"},
	} {
		checkRead(t, api.Operation("buy"), test.contentType, test.body, test.read, test.want)
	}
}

// checkRead checks what a request is read as, and the first thing that is wrong with it.
func checkRead(t *testing.T, op *spec.Operation, contentType, body, as, want string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), op.Method, op.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	read := op.ReadRequest(request, []byte(body))
	got := ""
	if len(read.Violations) > 0 {
		got = read.Violations[0].Message
	}
	if (want == "") != (got == "") || !strings.HasPrefix(got, want) {
		t.Errorf("%s: got %q; want %q", body, got, want)
	}
	if string(read.Body) != as {
		t.Errorf("%s is read as %s; want %s", body, read.Body, as)
	}
	if form := strings.HasPrefix(read.Header.Get("Content-Type"), "application/x-www-form-urlencoded"); form == strings.HasPrefix(as, "{") && contentType != "text/plain" {
		t.Errorf("%s is read as %s", body, read.Header.Get("Content-Type"))
	}
	if request.Header.Get("Content-Type") != contentType {
		t.Errorf("%s: the request was changed", body)
	}
}

func TestAFurtherFormThatCannotBeUsedIsRefused(t *testing.T) {
	for want, pairs := range map[string][]string{
		"x-also-accepts must be a schema without references":                   {"SCHEMA", "{$ref: '#/components/schemas/X'}"},
		"/properties/price/x-also-accepts must be a schema":                    {"SCHEMA", "7"},
		"x-also-accepts of the request of buy must be [application/json], and": {"MEDIA", "[application/xml]"},
		"so its property colour must be a string":                              {"COLOUR", "integer"},
		"x-also-accepts of the request of buy must be [application/json]":      {"MEDIA", "application/json"},
	} {
		if _, err := spec.Read(describing(pairs...), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v; want %s", pairs, err, want)
		}
	}
}
