package document_test

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/document"
)

func TestADescriptionIsReadAsTheLoaderReadsIt(t *testing.T) {
	for _, file := range []string{"../../../openapi.yaml", "../../control.yaml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, file, string(text))
	}
}

func TestEachFormOfAValueIsReadAsTheLoaderReadsIt(t *testing.T) {
	for _, schema := range []string{
		"{}", "true", "false",
		"{type: string}", "{type: [string, 'null']}", "{type: []}", "{type: null}",
		"{$ref: '#/components/schemas/Other'}",
		"{$ref: '#/components/schemas/Other', description: beside}",
		"{$ref: '#/components/schemas/Other', x-beside: {a: [1]}}",
		"{$ref: '#/components/schemas/Other', x-beside: 1, minLength: 2}",
		"{properties: {}, required: []}", "{properties: {$ref: {type: string}, x-a: {}, a.b: {}, 'a\\b\"*': {}}}",
		"{items: {$ref: '#/components/schemas/Other'}, minItems: 1, maxItems: 2, uniqueItems: true}",
		"{additionalProperties: true}", "{additionalProperties: false}", "{additionalProperties: {}}", "{additionalProperties: null, not: null, items: null, allOf: null, maxLength: null, required: null, properties: null}",
		"{additionalProperties: {type: string}, minProperties: 1, maxProperties: 18446744073709551615}",
		"{allOf: [{$ref: '#/components/schemas/Other'}, {type: string}], anyOf: [{}], oneOf: [], not: {type: string}}",
		"{minimum: 0, maximum: 1.5e300, multipleOf: 0.1, exclusiveMinimum: true, exclusiveMaximum: 3}",
		"{minLength: 0, maxLength: 0, pattern: '^\\u0041\\\\$', format: uuid, title: \"é\\u2028<>&\"}",
		"{enum: [a, 1, 1.5, true, null, {a: [null]}], default: null, example: {b: [], c: {}}, const: null, examples: [1]}",
		"{nullable: true, readOnly: true, writeOnly: true, deprecated: true, x-go-name: It, x-null: null, unknown: {a: 1}}",
		"{xml: {name: a, x-a: 1}, externalDocs: {url: 'https://a', description: b}}",
		"{oneOf: [{$ref: '#/components/schemas/Other'}], discriminator: {propertyName: a, mapping: {b: '#/components/schemas/Other'}}}",
		"{unevaluatedProperties: false, $defs: {A: {}}, if: {}, then: {}}",
	} {
		compare(t, schema, "{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {}, components: {schemas: {It: "+schema+", Other: {type: string}}}}")
	}
}

func TestEachPartOfADescriptionIsReadAsTheLoaderReadsIt(t *testing.T) {
	compare(t, "a description with everything", `
openapi: 3.0.3
info: {title: a, version: '1', contact: {name: b, x-c: d}, license: {name: e}, x-f: g}
x-top: [1, {a: b}]
externalDocs: {url: 'https://a'}
servers: [{url: 'https://{a}', variables: {a: {default: b, enum: [b, c]}}, x-d: 1}]
tags: [{name: a, description: b, x-c: {}}]
security: [{basic: []}, {}]
paths:
  x-paths: 1
  /a/{b}:
    x-item: 1
    summary: a
    parameters: [{$ref: '#/components/parameters/B'}]
    post:
      operationId: a
      tags: [a]
      deprecated: true
      security: []
      servers: [{url: /}]
      x-operation: {a: 1}
      parameters:
        - {name: c, in: query, style: form, explode: false, allowReserved: true, schema: {type: array, items: {type: string}}, examples: {a: {value: [1]}}, x-a: 1}
        - {name: d, in: query, content: {application/json: {schema: {}}}, example: null}
      requestBody:
        required: true
        x-body: [a]
        content:
          multipart/form-data: {schema: {type: object}, encoding: {a: {contentType: b, headers: {X-A: {schema: {type: string}}}}}, x-a: 1}
          application/json: {schema: {$ref: '#/components/schemas/It'}, examples: {a: {$ref: '#/components/examples/A'}, b: {summary: c, value: null}}}
      responses:
        x-responses: {a: 1}
        '200':
          description: a
          headers: {X-A: {$ref: '#/components/headers/A'}, X-B: {required: true, schema: {type: integer}, x-b: 1}}
          content: {text/plain: {example: a}}
          links: {a: {operationId: a, parameters: {b: $request.body}, x-a: 1}, b: {$ref: '#/components/links/B'}}
          x-response: 1
        '400': {$ref: '#/components/responses/Bad'}
        default: {description: ''}
      callbacks: {a: {'{$request.body}': {post: {responses: {}}}}}
    get: {responses: {}}
components:
  x-components: 1
  schemas: {It: {type: object, properties: {it: {$ref: '#/components/schemas/It'}}}}
  parameters: {B: {name: b, in: path, required: true, schema: {type: string}}}
  headers: {A: {schema: {$ref: '#/components/schemas/It'}}}
  requestBodies: {A: {content: {}}}
  responses: {Bad: {description: a, x-a: null}}
  examples: {A: {value: {a: 1}, externalValue: b, x-a: 1}}
  links: {B: {operationId: a, server: {url: /}}}
  callbacks: {C: {x-a: 1, a: {}}}
  securitySchemes:
    basic: {type: http, scheme: basic, x-a: 1}
    oauth: {type: oauth2, flows: {authorizationCode: {authorizationUrl: a, tokenUrl: b, scopes: {c: d}, x-e: 1}}}
`)
}

func TestWhatIsNoDescriptionInJSONIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "{", "1", "[]", "{openapi: 3.0.3}", `{"openapi": 3}`, `{"paths": {"/a": 1}}`, `{"paths": []}`, `{"components": {"schemas": {"It": null}}}`,
		`{"components": {"schemas": {"It": {"minLength": -1}}}}`,
		`{"components": {"schemas": {"It": {"$ref": "#/components/schemas/None"}}}}`, `{"components": {"schemas": {"It": {"type": 1}}}}`,
		`{"components": {"schemas": {"It": {"additionalProperties": 1}}}}`, `{"components": {"schemas": {"It": {"required": "a"}}}}`,
	} {
		if doc, err := document.Read(text); err == nil {
			t.Errorf("%s: got %v", text, doc)
		}
	}
}

// compare reads a description in YAML in both ways.
func compare(t *testing.T, name, text string) {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(name, err)
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		t.Fatal(name, err)
	}
	want, err := openapi3.NewLoader().LoadFromData(asJSON)
	if err != nil {
		t.Fatal(name, err)
	}
	got, err := document.Read(string(asJSON))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	} else if !reflect.DeepEqual(got, want) { //nolint:govet // errors in a document are values, too
		t.Errorf("%s: it is read differently (- as by the loader, + here):\n%s", name, cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })))
	}
}
