package main

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// The tests of package changes show that the generator needs each of these to be refused.
func TestWhatTheGeneratorCannotUseIsRefused(t *testing.T) {
	const object = "{type: object, properties: {a: {type: string}}}"
	const inPlace = "POST /it, parameter it is an object that is described in place: describe it in components/schemas and refer to it"
	const anything = "POST /it, status 200, application/json may be anything, for which the generated server has no type: give it a schema with a type"
	for text, want := range map[string]string{
		"parameters: [{name: it, in: header, schema: " + object + "}]":                                                    inPlace,
		"parameters: [{name: it, in: cookie, schema: " + object + "}]":                                                    inPlace,
		"parameters: [{name: it, in: query, content: {application/json: {schema: " + object + "}}}]":                      inPlace,
		"parameters: [{name: it, in: query, schema: " + object + "}]":                                                     "",
		"parameters: [{name: it, in: header, schema: {$ref: '#/components/schemas/It'}}]":                                 "",
		"requestBody: {content: {application/yaml: {schema: {type: string, format: binary}}}}":                            "POST /it has the media type application/yaml, for which the generated client would need a YAML library: write text/plain or application/octet-stream",
		"responses: {'200': {description: a, content: {application/json: {}}}}":                                           anything,
		"responses: {'200': {description: a, content: {application/json: {schema: {}}}}}":                                 anything,
		"responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Any'}}}}}": anything,
		"responses: {'200': {description: a, headers: {X-A: {schema: {type: string}}}, content: {application/json: {}}}}": "",
		"responses: {'200': {description: a, content: {text/plain: {}}}}":                                                 "",
		"responses: {'200': {description: a, content: {application/json: {schema: " + object + "}}}}":                     "",
		"responses: {'200': {description: a, content: {application/a+json: {schema: {oneOf: [" + object + "]}}}}}": "POST /it, status 200, application/a+json has alternatives " +
			"that are described in place: describe them in components/schemas and refer to them",
	} {
		doc, err := openapi3.NewLoader().LoadFromData([]byte("{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/it: {post: {" + text + "}}}, components: {schemas: {Any: {}, It: " + object + "}}}"))
		if err != nil {
			t.Fatal(text, err)
		}
		if got := message(refuse(doc, false)); got != want {
			t.Errorf("%s: got %q, not %q", text, got, want)
		}
	}
}

func TestNamesThatAreOneInGoAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"components: {schemas: {chain_info: {}, ChainInfo: {}}}":                     "the schemas ChainInfo and chain_info may be one name in Go, where case and punctuation get lost: give one of them an x-go-name",
		"components: {schemas: {chain_info: {x-go-name: OtherInfo}, ChainInfo: {}}}": "",
		"components: {schemas: {It: {allOf: [{properties: {in: {properties: {userId: {}, user_id: {}}}}}]}}}": "the properties of #/components/schemas/It.in userId and user_id " +
			"may be one name in Go, where case and punctuation get lost: give one of them an x-go-name",
		"paths: {/a: {get: {operationId: it, responses: {}}}, /b: {get: {operationId: It, responses: {}}}}": "the operationIds it and It may be one name in Go, where " +
			"case and punctuation get lost: write another one",
		"paths: {/a: {get: {responses: {}, parameters: [{name: q, in: query, schema: {}}, {name: Q, in: header, schema: {}}]}}}": "the parameters of GET /a q in query and Q in header " +
			"may be one name in Go, where case and punctuation get lost: give one of them an x-go-name",
		"paths: {/a: {parameters: [&p {name: q, in: query, schema: {}}], get: {responses: {}, parameters: [*p]}}}": "",
		"paths: {/a: {get: {responses: {}, parameters: [{name: q, in: query, schema: {}}, {name: q, in: cookie, schema: {}}]}}}": "the parameters of GET /a q in query and q in cookie " +
			"may be one name in Go, where case and punctuation get lost: give one of them an x-go-name",
		"paths: {'/{q}': {get: {responses: {}, parameters: [{name: q, in: path, required: true, schema: {}}, {name: Q, in: header, schema: {}}]}}}": "",
	} {
		if !strings.Contains(text, "paths") {
			text += ", paths: {}"
		}
		doc, err := openapi3.NewLoader().LoadFromData([]byte("{openapi: 3.0.3, info: {title: a, version: '1'}, " + text + "}"))
		if err != nil {
			t.Fatal(text, err)
		}
		if got := message(refuse(doc, false)); got != want {
			t.Errorf("%s: got %q, not %q", text, got, want)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAContractWithoutAClientMayHaveYAML(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("../../control.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := refuse(doc, true); err != nil {
		t.Error(err)
	}
	if err := refuse(doc, false); err == nil {
		t.Error("with a client, YAML is not refused")
	}
}
