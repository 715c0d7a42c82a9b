package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// validates reports what the validator says of a body, without any rule.
func validates(op *Operation, schema *openapi3.Schema, body []byte) bool {
	value, err := decodeJSON(body)
	if err != nil || schema.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors()) != nil {
		return false
	}
	found := op.report(Response)
	found.findDoubled(body, "")
	found.findUnknown(schema, value, nil)
	return len(found.violations) == 0
}

// schemaFrom returns a schema as a description has it, with its rule.
func schemaFrom(t *testing.T, text string) (*Operation, *openapi3.Schema, *rule) {
	t.Helper()
	c, err := Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    get:
      operationId: it
      responses:
        "200":
          description: It.
          content: {application/json: {schema: %s}}
components:
  schemas:
    Word: {type: string, minLength: 2}
    Named: {type: object, required: [name], properties: {name: {$ref: "#/components/schemas/Word"}}}
    Tree: {type: object, properties: {left: {$ref: "#/components/schemas/Tree"}, leaf: {type: boolean}}}
`, text), "")
	if err != nil {
		t.Fatal(err)
	}
	schema := c.Operation("it").Spec().Responses.Status(200).Value.Content["application/json"].Schema.Value
	return c.Operation("it"), schema, c.rules[schema]
}

// A rule accepts what is kept, and nothing that the validator refuses; of what it leaves to the validator some keeps the schema.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		schema             string
		kept, left, broken []string
	}{
		{`{type: string}`, []string{`"a"`, `""`, `"\u00e9\n"`, ` "a" `}, nil, []string{`1`, `null`, `true`, `[]`, `{}`, `"a`, ``, `"a" "b"`, "\"\xff\"", "\"\n\""}},
		{`{type: string, nullable: true}`, []string{`"a"`}, []string{`null`}, []string{`1`}},
		{`{type: string, minLength: 2, maxLength: 3}`, []string{`"ab"`, `"abc"`, `"éa"`}, []string{`"ééé"`}, []string{`"a"`, `"é"`, `"abcd"`, `"éééé"`}},
		{`{type: string, maxLength: 0}`, []string{`""`}, nil, []string{`"a"`}},
		{`{type: string, pattern: "^a+$"}`, []string{`"aa"`, `"\u0061"`}, nil, []string{`"b"`, `""`}},
		{`{type: string, pattern: "^\\u0061$"}`, nil, []string{`"a"`}, []string{`"b"`}},
		{`{type: string, enum: [a, b]}`, []string{`"a"`}, nil, []string{`"c"`, `""`}},
		{`{enum: [a, 1]}`, nil, []string{`"a"`, `1`}, []string{`"b"`, `2`}},
		{`{enum: [a]}`, []string{`"a"`}, nil, []string{`1`, `true`, `{}`}},
		{`{type: string, format: date}`, nil, []string{`"2026-01-01"`}, []string{`"today"`}},
		{`{type: integer, format: int64, minimum: 1, maximum: 9}`, []string{`1`, `9`}, []string{`1.0`, `1e0`}, []string{`0`, `10`, `-1`, `1.5`, `"1"`, `01`, `+1`}},
		{`{type: integer}`, []string{`0`, `-1`, `123456789012345`}, []string{`1234567890123456`, `1e2`}, []string{`0.5`, `1e999`}},
		{`{type: [integer, string]}`, nil, []string{`1`, `"a"`}, []string{`1.5`, `true`}},
		{`{type: number, minimum: 0.5}`, []string{`0.5`, `1e2`}, nil, []string{`0.4`, `1e999`, `NaN`, `.5`}},
		{`{type: number, multipleOf: 2}`, nil, []string{`4`}, []string{`3`}},
		{`{type: number, minimum: 0, exclusiveMinimum: true}`, nil, []string{`1`}, []string{`0`}},
		{`{type: boolean}`, []string{`true`, `false`}, nil, []string{`"true"`, `0`, `null`}},
		{`{type: array, minItems: 1, maxItems: 2, items: {type: string}}`, []string{`["a"]`, `["a", "b"]`}, nil, []string{`[]`, `["a","b","c"]`, `[1]`, `[null]`, `["a",]`, `{}`}},
		{`{type: array, items: {type: string, nullable: true}}`, []string{`[]`, `["a"]`}, []string{`[null]`}, []string{`[1]`}},
		{`{type: array, items: {}, uniqueItems: true}`, nil, []string{`[1]`}, []string{`[1,1]`}},
		{`{type: object}`, []string{`{}`, `{"a":null}`, `{"a":{"b":[1]}}`}, nil, []string{`[]`, `{"a"}`}},
		{`{type: object, additionalProperties: false}`, []string{`{}`}, nil, []string{`{"a":1}`}},
		{`{type: object, additionalProperties: {type: string}}`, []string{`{}`, `{"a":"b"}`}, nil, []string{`{"a":1}`, `{"a":null}`}},
		{`{type: object, additionalProperties: true, properties: {a: {type: string}}}`, []string{`{}`, `{"b":1,"a":"c"}`}, []string{`{"\ud800":1}`}, []string{`{"a":1}`, `{"A":1}`, `{"b":1,"b":2}`, `{"\ud800":1,"\udc00":2}`}},
		{`{type: object, additionalProperties: true, properties: {tokenIds: {type: string}}}`, []string{`{"tokenId":1}`}, nil, []string{`{"TOKENIDS":1}`, `{"token\u0131ds":1,"tokenId\u017f":1}`}},
		{`{type: object, properties: {a: {type: object}}}`, []string{`{"a":{"b":1,"B":2}}`}, nil, []string{`{"a":{},"a":{}}`, `{"a":{"b":1,"b":1}}`}},
		{`{type: object, additionalProperties: {type: integer}}`, []string{`{"a":1,"A":2}`, manyNames(20, "")}, nil, []string{`{"a":1,"a":1}`, manyNames(20, `,"n19":1`), manyNames(20, `,"n3":1`)}},
		{`{type: object, minProperties: 1}`, nil, []string{`{"a":1}`}, []string{`{}`}},
		{`{type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}`,
			[]string{`{"a":"x"}`, `{"b":1,"a":"x"}`, `{"\u0061":"x"}`}, nil,
			[]string{`{}`, `{"b":1}`, `{"a":null}`, `{"a":"x","c":1}`, `{"A":"x"}`, `{"a":"x","a":1}`, `{"a":1,"a":"x"}`, `{"a":"x","a":"y"}`, `{"a":"x","\u0061":"y"}`, `{"a":"x","A":"y"}`}},
		{`{type: object, required: [a]}`, []string{`{"a":null}`, `{"a":1,"b":2}`}, nil, []string{`{}`, `{"b":1}`}},
		{`{type: object, properties: {a: {type: string, readOnly: true}}}`, []string{`{}`}, []string{`{"a":"x"}`}, []string{`{"b":1}`}},
		{`{allOf: [{$ref: "#/components/schemas/Named"}, {type: object, properties: {age: {type: integer}}, required: [age]}]}`,
			[]string{`{"name":"ab","age":1}`}, nil, []string{`{"name":"ab"}`, `{"age":1}`, `{"name":"a","age":1}`, `{"name":"ab","age":1,"x":1}`}},
		{`{allOf: [{$ref: "#/components/schemas/Named"}, {properties: {name: {maxLength: 3}}}]}`,
			[]string{`{"name":"abc"}`}, nil, []string{`{"name":"a"}`, `{"name":"abcd"}`, `{}`}},
		{`{allOf: [{$ref: "#/components/schemas/Named"}, {type: object, additionalProperties: {type: string}}]}`, nil, []string{`{"name":"ab","b":"c"}`}, []string{`{"b":"c"}`}},
		{`{allOf: [{$ref: "#/components/schemas/Word"}], description: A word., maxLength: 3, pattern: "^[a-z]*$"}`, []string{`"ab"`}, nil, []string{`"a"`, `"abcd"`, `"AB"`, `1`}},
		{`{allOf: [{type: string}, {type: integer}]}`, nil, nil, []string{`"a"`, `1`}},
		{`{allOf: [{type: number, minimum: 1, maximum: 8}, {type: integer, minimum: 2, maximum: 9}]}`, []string{`2`, `8`}, []string{`2.0`}, []string{`1`, `9`, `2.5`}},
		{`{allOf: [{type: array, items: {type: string}}, {minItems: 1, items: {minLength: 2}}]}`, []string{`["ab"]`}, nil, []string{`[]`, `["a"]`, `[1]`}},
		{`{allOf: [{type: string, enum: [a, b]}, {enum: [b, c]}]}`, nil, []string{`"b"`}, []string{`"a"`, `"c"`}},
		{`{anyOf: [{type: string, minLength: 2}, {type: integer}]}`, []string{`"ab"`, `1`}, nil, []string{`"a"`, `true`, `1.5`}},
		{`{anyOf: [{type: string, minLength: 2}, {type: string, enum: [a]}]}`, []string{`"ab"`}, []string{`"a"`}, []string{`"b"`}},
		// Of alternatives, and of a property that is there twice, the validator knows the names otherwise.
		{`{anyOf: [{type: object}, {type: object, properties: {a: {type: string}}}]}`, nil, []string{`{}`, `{"a":"x"}`}, []string{`{"b":1}`}},
		{`{anyOf: [{type: object, additionalProperties: true}, {type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}]}`, nil, []string{`{"c":1}`}, []string{`{"a":{"c":1}}`}},
		{`{allOf: [{properties: {a: {type: object, properties: {b: {type: string}}}}}, {properties: {a: {type: object, properties: {c: {type: string}}}}}]}`, []string{`{}`}, []string{`{"a":{"c":"x"}}`}, []string{`{"a":{"b":"x"}}`}},
		{`{type: array, items: {type: object, properties: {c: {type: string}}}, allOf: [{items: {type: object, properties: {b: {type: string}}}}]}`, []string{`[]`}, []string{`[{"c":"x"}]`}, []string{`[{"b":"x"}]`}},
		{`{oneOf: [{type: string}, {type: integer}]}`, nil, []string{`"ab"`, `1`}, []string{`true`}},
		{`{not: {type: string}}`, nil, []string{`1`}, []string{`"a"`}},
		{`{$ref: "#/components/schemas/Tree"}`, []string{`{"leaf":true}`, `{}`}, []string{`{"left":{"leaf":true}}`}, []string{`{"leaf":1}`, `{"left":{"leaf":1}}`}},
		{`{}`, []string{`1`, `"a"`, `[null]`, `{"a":null}`, `true`}, nil, []string{`null`, `{`, `[1,]`}},
		{`{type: object}`, nil, nil, []string{strings.Repeat(`{"a":`, 10_001) + `1` + strings.Repeat(`}`, 10_001)}},
	} {
		op, schema, rule := schemaFrom(t, test.schema)
		for _, body := range slices.Concat(test.kept, test.left, test.broken) {
			accepted, valid := rule.accepts([]byte(body)), validates(op, schema, []byte(body))
			if accepted != slices.Contains(test.kept, body) {
				t.Errorf("%s: the rule accepts %.80s: %t", test.schema, body, accepted)
			}
			if valid == slices.Contains(test.broken, body) {
				t.Errorf("%s: the validator accepts %.80s: %t", test.schema, body, valid)
			}
		}
	}
}

// manyNames returns an object with n names, and more behind them.
func manyNames(n int, more string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `,"n%d":1`, i)
	}
	return "{" + text.String()[1:] + more + "}"
}

// bodies returns the schema of each body in JSON, with an operation that has it, and its examples.
func bodies(t testing.TB) (all []*openapi3.Schema, ops map[*openapi3.Schema]*Operation, examples map[*openapi3.Schema][][]byte) {
	t.Helper()
	c, err := API()
	if err != nil {
		t.Fatal(err)
	}
	ops, examples = map[*openapi3.Schema]*Operation{}, map[*openapi3.Schema][][]byte{}
	collect := func(op *Operation, content openapi3.Content) {
		media := content["application/json"]
		if media == nil {
			return
		}
		schema := media.Schema.Value
		if ops[schema] == nil {
			ops[schema], all = op, append(all, schema)
		}
		values := []any{media.Example}
		for _, name := range sorted(media.Examples) {
			values = append(values, media.Examples[name].Value.Value)
		}
		for _, value := range values {
			if value != nil {
				text, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				examples[schema] = append(examples[schema], text)
			}
		}
	}
	for _, op := range c.Operations() {
		if op.Spec().RequestBody != nil {
			collect(op, op.Spec().RequestBody.Value.Content)
		}
		responses := op.Spec().Responses.Map()
		for _, status := range sorted(responses) {
			collect(op, responses[status].Value.Content)
		}
	}
	return all, ops, examples
}

// Rules are of use: they know all of the contract but the formats of the discovery document.
func TestRulesAcceptTheExamples(t *testing.T) {
	all, ops, examples := bodies(t)
	for _, schema := range all {
		if len(examples[schema]) == 0 {
			t.Errorf("%s: no example", ops[schema].ID)
		}
		for _, body := range examples[schema] {
			if accepted, want := ops[schema].rules.keeps(schema, body), ops[schema].ID != "openIDConfiguration" || schema.Properties["issuer"] == nil; accepted != want {
				t.Errorf("%s: the rule accepts %t: %s", ops[schema].ID, accepted, body)
			}
		}
	}
}

func agree(t interface{ Errorf(string, ...any) }, op *Operation, schema *openapi3.Schema, body []byte) {
	if op.rules.keeps(schema, body) && !validates(op, schema, body) {
		t.Errorf("%s: the rule accepts what the validator refuses: %q", op.ID, body)
	}
}

// What is made of the examples by a few changes is mostly close to what is allowed.
func TestRulesAgreeWithTheValidator(t *testing.T) {
	all, ops, examples := bodies(t)
	rapid.Check(t, func(t *rapid.T) {
		schema := all[rapid.IntRange(0, len(all)-1).Draw(t, "schema")]
		var value any
		if err := json.Unmarshal(rapid.SampledFrom(examples[schema]).Draw(t, "example"), &value); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			value = change(t, value)
		}
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, ops[schema], schema, body)
	})
}

// change changes something in a value.
func change(t *rapid.T, value any) any {
	others := []any{nil, true, 0, -1, 1.5, "", "a", "1", "siwe", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", strings.Repeat("a", 5000), []any{}, []any{"a"}, map[string]any{}, map[string]any{"a": 1}}
	switch value := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(value))
		if len(names) == 0 {
			break
		}
		name := rapid.SampledFrom(names).Draw(t, "name")
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0:
			delete(value, name)
		case 1:
			value[rapid.SampledFrom([]string{"a", strings.ToUpper(name), "requirements", "contractAddress", "tokenIds"}).Draw(t, "new")] = value[name]
		case 2:
			value[name] = rapid.SampledFrom(others).Draw(t, "other")
		default:
			value[name] = change(t, value[name])
		}
		return value
	case []any:
		if i := rapid.IntRange(0, len(value)).Draw(t, "at"); i < len(value) {
			value[i] = change(t, value[i])
			return value
		}
		return append(value, rapid.SampledFrom(others).Draw(t, "item"))
	}
	return rapid.SampledFrom(others).Draw(t, "value")
}

func FuzzRules(f *testing.F) {
	all, ops, examples := bodies(f)
	for i, schema := range all {
		for _, body := range examples[schema] {
			f.Add(i, body)
		}
	}
	for _, body := range []string{`{"walletAddress":"a","walletAddress":1}`, `{"walletAddress":"\ud800"}`, `[01]`, `{"exp":1e400}`, "{\"msg\":\"\x00\"}"} {
		f.Add(0, []byte(body))
	}
	f.Fuzz(func(t *testing.T, i int, body []byte) {
		schema := all[((i%len(all))+len(all))%len(all)]
		agree(t, ops[schema], schema, body)
	})
}
