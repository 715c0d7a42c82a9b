package spec_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// formed returns an operation POST /it that takes a form, with more of it.
func formed(t *testing.T, contentType, schema, more string) *spec.Operation {
	t.Helper()
	c, err := spec.Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    post:
      operationId: it
      parameters:
        - {name: X-Tenant, in: header, schema: {type: string}}
        - {name: X-Tags, in: header, schema: {type: array, items: {type: string}}}
        - {name: region, in: cookie, schema: {type: string}}
        - {name: word, in: query, schema: {type: string}}
        - {name: burnt, in: query, schema: {type: object, properties: {yes: {type: boolean}}}}
        - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {dear: {type: boolean}}}}
      requestBody: {content: {%s: {schema: %s}}}
      responses: {"400": {description: Refused.}}%s
`, contentType, schema, more), "")
	if err != nil {
		t.Fatal(err)
	}
	return c.Operation("it")
}

const (
	asForm  = "application/x-www-form-urlencoded"
	asParts = "multipart/form-data"
	fields  = "{type: object, required: [title], properties: {title: {type: string}, pages: {type: integer, minimum: 1}, ratio: {type: number}, kinds: {type: array, items: {type: string}}}}"
)

func said(op *spec.Operation, contentType, body string) string {
	r := httptest.NewRequest(http.MethodPost, "/it", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return strings.Join(messages(op.CheckRequest(r, []byte(body))), "; ")
}

func TestAFormIsReadExactly(t *testing.T) {
	op := formed(t, asForm, fields, "")
	for body, want := range map[string]string{
		"title=a&pages=1&kinds=a&kinds=b": "",
		"titles=a&title=a":                `"titles" is not a property; did you mean "title"?`,
		"Title=a":                         `"Title" is not a property; did you mean "title"?; title is required`,
		"title[]=a":                       `"title[]" is not a property; did you mean "title"?; title is required`,
		"title=a&hunter2=b":               `"hunter2" is not a property; the properties are kinds, pages, ratio and title`,
		"title=a&title=b":                 "title is given more than once",
		"title=%FF":                       "title is not UTF-8",
		"title=a&kinds=%FF":               "kinds is not UTF-8",
		"title=a&ratio=NaN":               "ratio must be a number",
		"title=a&ratio=Inf":               "ratio must be a number",
		"title=a&ratio=0x1p-2":            "ratio must be a number",
		"title=a&pages=01":                "pages must be a whole number of at least 1",
		"title=a&pages=":                  "pages must be a whole number of at least 1",
	} {
		if got := said(op, asForm, body); got != want {
			t.Errorf("%s: got %q, not %q", body, got, want)
		}
	}
}

func TestTheTokenEndpointIgnoresFieldsThatItDoesNotKnow(t *testing.T) {
	op := formed(t, asForm, fields, "\n      x-unknown-parameters: ignored")
	for body, want := range map[string]string{
		"title=a&audience=b&utm_source=c": "",
		"title=a&pagess=1":                `"pagess" is not a parameter; did you mean "pages"?`,
	} {
		if got := said(op, asForm, body); got != want {
			t.Errorf("%s: got %q, not %q", body, got, want)
		}
	}
}

func TestAMultipartFormIsReadExactly(t *testing.T) {
	part := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	op := formed(t, asParts, fields, "")
	for body, want := range map[string]string{
		part("title", "a") + part("pages", "1"):  "",
		part("title", "a") + part("pages", "+1"): "pages must be a whole number of at least 1",
		part("title", "\xff"):                    "title is not UTF-8",
		part("title", "a") + part("titles", "b"): `"titles" is not a property; did you mean "title"?`,
	} {
		if got := said(op, asParts+"; boundary=b", body+"--b--\r\n"); got != want {
			t.Errorf("%q: got %q, not %q", body, got, want)
		}
	}
}

// A form is an object, also where its schema only says so of its parts.
func TestAFormMayBeComposed(t *testing.T) {
	const composed = "{allOf: [" + fields + ", {properties: {more: {type: integer}}}]}"
	for contentType, body := range map[string]string{
		asForm: "title=a&more=%s", asParts: "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\n%s\r\n--b--\r\n",
	} {
		op := formed(t, contentType, composed, "")
		sent := contentType
		if contentType == asParts {
			sent += "; boundary=b"
		}
		if got := said(op, sent, fmt.Sprintf(body, "5")); got != "" {
			t.Errorf("%s: got %q", contentType, got)
		}
		if got := said(op, sent, fmt.Sprintf(body, "x")); got != "more must be a whole number" {
			t.Errorf("%s: got %q", contentType, got)
		}
	}
}

func TestAParameterIsReadExactly(t *testing.T) {
	op := formed(t, asForm, fields, "")
	for _, test := range []struct {
		query, header, value string
		want                 []string
	}{
		{"?word=%FF", "", "", []string{"word is not UTF-8"}},
		{"?yes=1", "", "", []string{"burnt must be true or false"}},
		{"?filter%5Bdear%5D=1", "", "", []string{"filter must be true or false"}},
		{"", "X-Tenant", "a|b", []string{"X-Tenant is given more than once"}},
		{"", "X-Tags", "a|b", nil},
		{"", "Cookie", "region=a; region=b", []string{"region is given more than once"}},
	} {
		r := httptest.NewRequest(http.MethodPost, "/it"+test.query, nil)
		for value := range strings.SplitSeq(test.value, "|") {
			if test.header != "" {
				r.Header.Add(test.header, value)
			}
		}
		if got := messages(op.CheckRequestHead(r)); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %q", test, got)
		}
	}
}

func TestTheCharsetOfARequestNeedNotBeSent(t *testing.T) {
	op := formed(t, "application/json; charset=utf-8", "{type: object, properties: {a: {type: string}}}", "")
	for _, contentType := range []string{"application/json", "application/json;charset=UTF-8", "application/json; charset=utf-8"} {
		if got := said(op, contentType, `{"a":1}`); got != "a must be a string" {
			t.Errorf("%s: got %q", contentType, got)
		}
	}
}
