package rules_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/mock/internal/rules"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// body is a JSON body in a contract.
type body struct {
	name     string
	schema   *openapi3.Schema
	examples [][]byte
	check    func(text []byte) []spec.Violation // in a message that has it
}

// bodies returns the JSON bodies of a contract, in the same order each time.
func bodies(t testing.TB, c *spec.Contract) (all []body) {
	t.Helper()
	collect := func(name string, content openapi3.Content, check func([]byte) []spec.Violation) {
		media := content["application/json"]
		if media == nil {
			return
		}
		b := body{name: name, schema: media.Schema.Value, check: check}
		var examples []any
		if media.Example != nil {
			examples = append(examples, media.Example)
		}
		for _, example := range slices.Sorted(maps.Keys(media.Examples)) {
			examples = append(examples, media.Examples[example].Value.Value)
		}
		for _, example := range examples {
			text, err := json.Marshal(example)
			if err != nil {
				t.Fatal(err)
			}
			b.examples = append(b.examples, text)
		}
		all = append(all, b)
	}
	for _, op := range c.Operations() {
		if request := op.Spec().RequestBody; request != nil {
			collect(op.ID, request.Value.Content, func(text []byte) []spec.Violation {
				r := httptest.NewRequest(op.Method, op.Path, nil)
				r.Header.Set("Content-Type", "application/json")
				return op.CheckRequest(r, text)
			})
		}
		for _, status := range sample.Statuses(op.Spec()) {
			collect(fmt.Sprintf("%s %d", op.ID, status), op.Spec().Responses.Status(status).Value.Content, func(text []byte) []spec.Violation {
				return op.CheckResponse(op.Method, status, http.Header{"Content-Type": {"application/json"}}, text)
			})
		}
	}
	return all
}

// withoutRules returns the same contract, checked by the validator only.
func withoutRules(t testing.TB, c *spec.Contract) *spec.Contract {
	t.Helper()
	plain, err := c.WithoutRules()
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// bodyOf returns the body of a contract that has only one, of the given schema, and its rules.
func bodyOf(t *testing.T, schema string) (rules.Rules, body) {
	t.Helper()
	c, err := spec.Read(fmt.Appendf(nil, `
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
    Renamed: {type: object, properties: {new: {type: string}}, x-superseded: {old: {by: new}}}
    Tree: {type: object, properties: {left: {$ref: "#/components/schemas/Tree"}, leaf: {type: boolean}}}
`, schema), "")
	if err != nil {
		t.Fatal(err)
	}
	return rules.Compile(supersededIn(c), spec.TextFormat, c.Operation("it").Spec()), bodies(t, withoutRules(t, c))[0]
}

func supersededIn(c *spec.Contract) func(*openapi3.Schema) []string {
	return func(schema *openapi3.Schema) []string { return slices.Sorted(maps.Keys(c.Superseded(schema))) }
}

// A rule accepts the bodies in accepted. It leaves the others to the validator, which accepts those in left and refuses those in refused.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		schema                  string
		accepted, left, refused []string
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
		{`{type: string, format: date}`, []string{`"2026-01-01"`}, nil, []string{`"today"`, `""`, `1`}},
		{`{type: string, format: date-time, maxLength: 20}`, []string{`"2026-01-01T00:00:00Z"`}, nil, []string{`"2026-01-01"`, `"2026-01-01T00:00:00.5Z"`}},
		{`{type: string, format: unheard-of}`, nil, []string{`"a"`}, []string{`1`}},
		{`{format: date}`, nil, []string{`"2026-01-01"`, `1`}, []string{`"today"`}},
		{`{type: string, enum: [today], format: date}`, nil, nil, []string{`"today"`, `"2026-01-01"`}},
		{`{allOf: [{type: string, format: date}, {type: string, pattern: "^2"}]}`, []string{`"2026-01-01"`}, nil, []string{`"1999-01-01"`, `"2"`}},
		{`{type: number, format: double}`, []string{`1`, `0.5`, `-1e308`}, nil, []string{`1e309`, `"1"`}},
		{`{type: number, format: float}`, nil, []string{`1`}, []string{`1e39`}},
		{`{type: integer, format: double}`, nil, []string{`1`}, []string{`0.5`}},
		{`{type: integer, format: int64, minimum: 1, maximum: 9}`, []string{`1`, `9`}, []string{`1.0`, `1e0`}, []string{`0`, `10`, `-1`, `1.5`, `"1"`, `01`, `+1`}},
		{`{type: integer}`, []string{`0`, `-1`, `123456789012345`}, []string{`1234567890123456`, `1e2`}, []string{`0.5`, `1e999`}},
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
		// The validator looks at the names of alternatives, and of a property that two parts define, in its own way.
		{`{anyOf: [{type: object}, {type: object, properties: {a: {type: string}}}]}`, nil, []string{`{}`, `{"a":"x"}`}, []string{`{"b":1}`}},
		{`{anyOf: [{type: object, additionalProperties: true}, {type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}]}`, nil, []string{`{"c":1}`}, []string{`{"a":{"c":1}}`}},
		{`{allOf: [{properties: {a: {type: object, properties: {b: {type: string}}}}}, {properties: {a: {type: object, properties: {c: {type: string}}}}}]}`, []string{`{}`}, []string{`{"a":{"c":"x"}}`}, []string{`{"a":{"b":"x"}}`}},
		{`{type: array, items: {type: object, properties: {c: {type: string}}}, allOf: [{items: {type: object, properties: {b: {type: string}}}}]}`, []string{`[]`}, []string{`[{"c":"x"}]`}, []string{`[{"b":"x"}]`}},
		{`{oneOf: [{type: string}, {type: integer}]}`, nil, []string{`"ab"`, `1`}, []string{`true`}},
		{`{not: {type: string}}`, nil, []string{`1`}, []string{`"a"`}},
		{`{$ref: "#/components/schemas/Renamed"}`, []string{`{"new":"a"}`, `{}`}, []string{`{"old":"a"}`, `{"\u006fld":"a"}`}, []string{`{"old":1}`, `{"Old":"a"}`, `{"new":"a","old":"b"}`}},
		{`{allOf: [{$ref: "#/components/schemas/Renamed"}], x-superseded: {whole: {by: .}}}`, []string{`{"new":"a"}`}, []string{`{"old":"a"}`, `{"whole":{"new":"a"}}`}, []string{`{"Whole":{}}`, `{"whole":1}`}},
		{`{type: object, properties: {new: {type: string}}, additionalProperties: true, x-superseded: {old: {by: new}}}`, []string{`{"new":"a","other":1}`}, []string{`{"old":"a"}`}, []string{`{"OLD":"a"}`}},
		{`{$ref: "#/components/schemas/Tree"}`, []string{`{"leaf":true}`, `{}`}, []string{`{"left":{"leaf":true}}`}, []string{`{"leaf":1}`, `{"left":{"leaf":1}}`}},
		{`{}`, []string{`1`, `"a"`, `[null]`, `{"a":null}`, `true`}, []string{`null`}, []string{`{`, `[1,]`}},
		{`{type: object}`, nil, nil, []string{strings.Repeat(`{"a":`, 10_001) + `1` + strings.Repeat(`}`, 10_001)}},
	} {
		compiled, validator := bodyOf(t, test.schema)
		for _, text := range slices.Concat(test.accepted, test.left, test.refused) {
			if accepted := compiled.Accepts(validator.schema, []byte(text)); accepted != slices.Contains(test.accepted, text) {
				t.Errorf("%s: the rule accepts %.80s: %t", test.schema, text, accepted)
			}
			if valid := len(validator.check([]byte(text))) == 0; valid == slices.Contains(test.refused, text) {
				t.Errorf("%s: the validator accepts %.80s: %t", test.schema, text, valid)
			}
		}
	}
}

// manyNames returns an object with n names, and more after them.
func manyNames(n int, more string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `,"n%d":1`, i)
	}
	return "{" + text.String()[1:] + more + "}"
}

// both returns each body of the Picket API twice: as it is checked with rules, and without.
func both(t testing.TB) (with, without []body) {
	t.Helper()
	api, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	return bodies(t, api), bodies(t, withoutRules(t, api))
}

// Which examples rules accept depends on the contract, which may get formats and keywords that they leave to the validator. They must never
// accept one that the validator refuses, and are useful while they accept most.
func TestRulesAcceptMostExamples(t *testing.T) {
	api, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	var operations []*openapi3.Operation
	for _, op := range api.Operations() {
		operations = append(operations, op.Spec())
	}
	compiled := rules.Compile(supersededIn(api), spec.TextFormat, operations...)
	accepted, all := 0, 0
	for _, b := range bodies(t, withoutRules(t, api)) {
		for _, example := range b.examples {
			all++
			if !compiled.Accepts(b.schema, example) {
				continue
			}
			accepted++
			for _, found := range b.check(example) { // in the body, whose pointers are empty or begin with a slash
				if found.Pointer == "" || found.Pointer[0] == '/' {
					t.Errorf("%s: the rule accepts %s, and the validator finds %v", b.name, example, found)
				}
			}
		}
	}
	if 2*accepted < all {
		t.Errorf("rules accept only %d of %d examples", accepted, all)
	}
}

func agree(t interface{ Errorf(string, ...any) }, with, without body, text []byte) {
	if got, want := with.check(text), without.check(text); !slices.Equal(got, want) {
		t.Errorf("%s: with rules %q is found to be %v, and without %v", with.name, text, got, want)
	}
}

// Bodies that differ from the examples by a few changes are mostly on the edge of what is allowed.
func TestRulesMakeNoDifferenceToWhatIsFound(t *testing.T) {
	with, without := both(t)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(with)-1).Draw(t, "body")
		var value any
		if err := json.Unmarshal(rapid.SampledFrom(append(with[i].examples, []byte("{}"))).Draw(t, "example"), &value); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			value = change(t, value)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, with[i], without[i], text)
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
	with, without := both(f)
	for i, b := range with {
		for _, example := range b.examples {
			f.Add(i, example)
		}
	}
	for _, text := range []string{`{"walletAddress":"a","walletAddress":1}`, `{"walletAddress":"\ud800"}`, `[01]`, `{"exp":1e400}`, "{\"msg\":\"\x00\"}"} {
		f.Add(0, []byte(text))
	}
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		i = ((i % len(with)) + len(with)) % len(with)
		agree(t, with[i], without[i], text)
	})
}
