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

// What would not be checked as it is written is refused, with the place and the reason.
func TestADescriptionThatWouldBeCheckedInPartIsRefused(t *testing.T) {
	const it = "the description cannot be used: #/components/schemas/It"
	const noKeyword = " is not supported: OpenAPI 3.0 has no such keyword, so nothing would check it"
	for schema, want := range map[string]string{
		"{type: string, const: a}":                                    it + "/const" + noKeyword + "; write enum with one value",
		"{type: array, prefixItems: [{type: string}], items: {}}":     it + "/prefixItems" + noKeyword,
		"{if: {type: string}, then: {minLength: 1}}":                  it + "/if" + noKeyword,
		"{then: {minLength: 1}}":                                      it + "/then" + noKeyword,
		"{else: {minLength: 1}}":                                      it + "/else" + noKeyword,
		"{type: object, patternProperties: {a: {type: string}}}":      it + "/patternProperties" + noKeyword,
		"{$defs: {A: {type: string}}}":                                it + "/$defs" + noKeyword + "; put the schema under #/components/schemas",
		"{type: object, unevaluatedProperties: false}":                it + "/unevaluatedProperties" + noKeyword,
		"{type: array, unevaluatedItems: false, items: {}}":           it + "/unevaluatedItems" + noKeyword,
		"{type: object, dependentRequired: {a: [b]}}":                 it + "/dependentRequired" + noKeyword,
		"{type: object, dependentSchemas: {a: {}}}":                   it + "/dependentSchemas" + noKeyword,
		"{type: object, propertyNames: {pattern: a}}":                 it + "/propertyNames" + noKeyword,
		"{type: array, items: {}, contains: {type: string}}":          it + "/contains" + noKeyword,
		"{type: string, contentEncoding: base64}":                     it + "/contentEncoding" + noKeyword + "; write format: byte",
		"{type: string, maxLenght: 5}":                                it + "/maxLenght" + noKeyword,
		`{type: object, properties: {a/b: {type: [string, "null"]}}}`: it + `/properties/a~1b/type is a list, which OpenAPI 3.0 does not have; write nullable: true for "null", and anyOf for several types`,
		"{type: text}":                            it + "/type is text, which is not a type in OpenAPI 3.0",
		`{type: "null"}`:                          it + "/type is null, which is not a type in OpenAPI 3.0",
		"{type: integer, exclusiveMinimum: 3}":    it + "/exclusiveMinimum is a number, and is true or false in OpenAPI 3.0; write {minimum: 3, exclusiveMinimum: true}",
		"{type: integer, exclusiveMaximum: true}": it + "/exclusiveMaximum excludes nothing without maximum",
		"{type: string, pattern: '^(?=a)'}":       it + "/pattern cannot be checked: error parsing regexp: invalid or unsupported Perl syntax: `(?=`; the regular expressions of Go (RE2) have no lookaround and no back references",
		"{type: array, items: true}":              it + "/items is true or false, which is no schema in OpenAPI 3.0; write {} or {not: {}}",
		"{type: object, properties: {a: {$ref: '#/components/schemas/Word', nullable: true}}}": it + "/properties/a has nullable beside $ref, where OpenAPI 3.0 ignores it; write {allOf: [{$ref: ...}], nullable: ...}",

		"{type: string, nullable: true, x-note: a, xml: {name: b}, title: c, deprecated: true, example: d, format: hue}": "",
		"{type: object, properties: {a: {$ref: '#/components/schemas/Word', description: A word.}}}":                     "",
		`{type: string, pattern: '^\u0041$'}`: "",
		"{}":                                  "",
	} {
		_, err := spec.Read(fmt.Appendf(nil, "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {}, components: {schemas: {Word: {type: string}, It: %s}}}", schema), "")
		if got := message(err); got != want {
			t.Errorf("%s: got %q, not %q", schema, got, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestOnlyOpenAPI30IsRead(t *testing.T) {
	for version, read := range map[string]bool{"3.0.0": true, "3.0.3": true, "3.0.4": true, "3.1.0": false, "3.1.1": false, "3.2.0": false, "2.0": false, "": false} {
		_, err := spec.Read(fmt.Appendf(nil, "{openapi: %q, info: {title: a, version: '1'}, paths: {}}", version), "")
		if (err == nil) != read {
			t.Errorf("%s: got %v", version, err)
		}
		if err != nil && !strings.Contains(err.Error(), `is not supported, only 3.0, because the mock and the generated code would not check and read all of it; `+
			`write "openapi: 3.0.3", and for example {type: string, nullable: true} for {type: [string, "null"]}`) {
			t.Errorf("%s: got %v", version, err)
		}
	}
}

// The validator cannot tell what the text of a parameter or of a field is without a type, and would refuse all, or none.
func TestAParameterWhoseTextCannotBeReadIsRefused(t *testing.T) {
	const why = ": the schema of it does not say of which type it is, so its text cannot be read; give it a type, and also each part of an allOf, and leave not out"
	for schema, readable := range map[string]bool{
		"{enum: [a]}":                                          false,
		"{type: integer, not: {enum: [13]}}":                   false,
		"{allOf: [{type: string}, {enum: [a]}]}":               false,
		"{oneOf: [{enum: [a]}, {pattern: a}]}":                 false,
		"{allOf: [{type: string}, {type: string, enum: [a]}]}": true,
		"{anyOf: [{type: string}, {enum: [a]}]}":               true,
		"{oneOf: [{type: string}, {type: integer}]}":           true,
	} {
		for place, text := range map[string]string{
			"/parameters":    "parameters: [{name: it, in: query, schema: %s}]",
			"/responses/200": "responses: {'200': {description: a, headers: {it: {schema: %s}}}}",
			"/requestBody":   "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {it: %s}}}}}",
		} {
			want := ""
			if !readable {
				want = "the description cannot be used: #/paths/~1it/post" + place + why
			}
			if !strings.Contains(text, "responses") {
				text += ", responses: {}"
			}
			text := fmt.Sprintf("{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {post: {"+text+"}}}}", schema)
			if _, err := spec.Read([]byte(text), ""); message(err) != want {
				t.Errorf("%s: got %v, not %q", text, err, want)
			}
		}
	}
}

func TestABodyThatCannotBeCheckedIsRefused(t *testing.T) {
	const inObject, binary = "{type: object, properties: {a: {type: string, xml: {attribute: true}}}}", "{type: string, format: binary}"
	for _, test := range []struct {
		contentType, schema string
		read                bool
	}{
		{"application/xml", inObject, false},
		{"image/png", "{type: string}", false},
		{"application/xml", binary, true},
		{"image/*", binary, true},
		{"application/merge-patch+json", inObject, true},
		{"application/vnd.shop+json; version=1", inObject, true},
		{"multipart/form-data", inObject, true},
		{"text/plain", "{type: string}", true},
	} {
		want := ""
		if !test.read {
			want = "the description cannot be used: #/paths/~1it/post/requestBody/content/" + strings.ReplaceAll(test.contentType, "/", "~1") +
				" cannot be checked by its schema; write {type: string, format: binary} for a body that may be anything"
		}
		text := fmt.Sprintf("{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {post: {responses: {}, requestBody: {content: {%q: {schema: %s}}}}}}}", test.contentType, test.schema)
		if _, err := spec.Read([]byte(text), ""); message(err) != want {
			t.Errorf("%s: got %v, not %q", text, err, want)
		}
	}
}

func TestARequestThatNobodyCanSendIsRefused(t *testing.T) {
	const oneHeader = "/security demands basic and bearer together, and each is in the header Authorization, of which a request has one; " +
		"write them as alternatives, or give one of them a header of its own with {type: apiKey, in: header}"
	const ofItems = "/parameters: the items of it are lists or objects, which no style of a parameter can send; write {content: {application/json: {schema: ...}}} instead of schema"
	const inForm = "/requestBody: the field it of the form has values of its own, for which a form has no place; write {type: string}, or take the body as application/json"
	const form = "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {it: %s}}%s}}}"
	const object = "{type: object, properties: {a: {type: string}}}"
	for text, want := range map[string]string{
		"security: [{basic: [], bearer: []}]":                                                                              oneHeader,
		"security: [{basic: []}, {bearer: []}]":                                                                            "",
		"security: [{basic: [], key: []}]":                                                                                 "",
		"servers: [{url: 'https://example.com'}]":                                                                          ": servers of a path or of an operation are not supported, because the client and the mock have all operations at one base URL",
		"parameters: [{name: authorization, in: header, schema: {type: string}}]":                                          "/parameters: OpenAPI 3.0 ignores a header parameter with the name authorization; take it out, and describe it in securitySchemes",
		"parameters: [{name: Accept, in: header, schema: {type: string}}]":                                                 "/parameters: OpenAPI 3.0 ignores a header parameter with the name Accept; take it out, because the media types of the responses say what can be accepted",
		"parameters: [{name: accept, in: query, schema: {type: string}}]":                                                  "",
		"parameters: [{name: it, in: query, schema: {type: array, items: " + object + "}}]":                                ofItems,
		"parameters: [{name: it, in: query, schema: {type: array, items: {type: array, items: {}}}}]":                      ofItems,
		"parameters: [{name: it, in: query, content: {application/json: {schema: {type: array, items: " + object + "}}}}]": "",
		fmt.Sprintf(form, object, ""):                                                                                      inForm,
		fmt.Sprintf(form, "{type: array, items: "+object+"}", ""):                                                          inForm,
		fmt.Sprintf(form, object, ", encoding: {it: {style: deepObject, explode: true}}"):                                  "",
	} {
		if want != "" {
			want = "the description cannot be used: #/paths/~1it/post" + want
		}
		text = "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {post: {responses: {}, " + text + "}}}, components: {securitySchemes: " +
			"{basic: {type: http, scheme: basic}, bearer: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}}}"
		if _, err := spec.Read([]byte(text), ""); message(err) != want {
			t.Errorf("%s: got %v, not %q", text, err, want)
		}
	}
}

func TestUnknownParametersAreIgnoredOrNot(t *testing.T) {
	for value, want := range map[string]string{
		"ignored": "",
		"ignore":  "the description cannot be used: x-unknown-parameters of GET /it must be ignored, or not be there",
	} {
		_, err := spec.Read([]byte("{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {get: {responses: {}, x-unknown-parameters: "+value+"}}}}"), "")
		if message(err) != want {
			t.Errorf("%s: got %v, not %q", value, err, want)
		}
	}
}

func TestAPathThatCannotBeToldFromOthersIsRefused(t *testing.T) {
	const beside = "in which something stands beside a parameter, and the mock finds no operation by such a path; give the parameter a segment of its own"
	for paths, want := range map[string]string{
		"'/a/{it-b}': {get: {responses: {}, parameters: [{name: it-b, in: path, required: true, schema: {type: string}}]}}":                             "",
		"'/a/{it}.json': {get: {responses: {}, parameters: [{name: it, in: path, required: true, schema: {type: string}}]}}":                            "the path /a/{it}.json has the segment {it}.json, " + beside,
		"'/a/{it}:run': {get: {responses: {}, parameters: [{name: it, in: path, required: true, schema: {type: string}}]}}":                             "the path /a/{it}:run has the segment {it}:run, " + beside,
		"'/a/b': {get: {responses: {}}}, '/a/{it}': {get: {responses: {}, parameters: [{name: it, in: path, required: true, schema: {type: string}}]}}": "",
		"'/a/{it}': {get: {responses: {}, parameters: [{name: it, in: path, required: true, schema: {type: string}}]}}, " +
			"'/{all}/b': {get: {responses: {}, parameters: [{name: all, in: path, required: true, schema: {type: string}}]}}": "the paths of GET /a/{it} and GET /{all}/b conflict: there are paths that match both, and neither is more specific; change one of them",
	} {
		_, err := spec.Read([]byte("{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {"+paths+"}}"), "")
		if message(err) != want {
			t.Errorf("%s: got %v, not %q", paths, err, want)
		}
	}
}

func TestAResponseThatCannotBeCheckedIsRefused(t *testing.T) {
	const object = "{type: object, properties: {a: {type: string}}}"
	for content, read := range map[string]bool{
		"application/xml: {schema: " + object + "}":                             false,
		"text/csv: {schema: {allOf: [" + object + "]}}":                         false,
		"application/x-ndjson: {schema: {type: array, items: {type: integer}}}": false,
		"application/xml: {schema: {type: string}}":                             true,
		"text/plain: {schema: {type: integer}}":                                 true,
		"application/problem+json: {schema: " + object + "}":                    true,
		"application/json; charset=utf-8: {schema: " + object + "}":             true,
	} {
		mediaType, _, _ := strings.Cut(content, ":")
		want := ""
		if !read {
			want = "the description cannot be used: #/paths/~1it/get/responses/200/content/" + strings.ReplaceAll(mediaType, "/", "~1") +
				" has a schema of its parts, by which it cannot be checked; write {type: string}, and the example as a text"
		}
		text := "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {get: {responses: {'200': {description: a, content: {" + content + "}}}}}}}"
		if _, err := spec.Read([]byte(text), ""); message(err) != want {
			t.Errorf("%s: got %v, not %q", content, err, want)
		}
	}
}

// Every kind of JSON is checked like JSON.
func TestJSONWithANameOfItsOwnIsChecked(t *testing.T) {
	c, err := spec.Read([]byte(`
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    patch:
      operationId: it
      requestBody: {content: {application/merge-patch+json: {schema: &it {type: object, properties: {a: {type: string}}}}}}
      responses: {"400": {description: Refused., content: {application/problem+json: {schema: *it}}}}
`), "")
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"a":1,"b":1}`
	op := c.Operation("it")
	r := httptest.NewRequest(http.MethodPatch, "/it", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/merge-patch+json; charset=utf-8")
	if got, want := messages(op.CheckRequest(r, []byte(body))), []string{`"b" is not a property; the only property is a`, "a must be a string"}; !slices.Equal(got, want) {
		t.Errorf("request: got %q, not %q", got, want)
	}
	header := http.Header{"Content-Type": {"Application/Problem+JSON"}}
	if got, want := messages(op.CheckResponse(http.MethodPatch, 400, header, []byte(body))), []string{"a must be a string", `"b" is not a property`}; !slices.Equal(got, want) {
		t.Errorf("response: got %q, not %q", got, want)
	}
}
