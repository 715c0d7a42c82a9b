package sample_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
)

// schemaOf returns the schema Root of a description that has the given schemas.
func schemaOf(t *testing.T, schemas string) *openapi3.Schema {
	t.Helper()
	text := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    " +
		strings.ReplaceAll(strings.TrimSpace(schemas), "\n", "\n    ")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.DisableSchemaPatternValidation()); err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas["Root"].Value
}

func TestAValueMeetsItsSchema(t *testing.T) {
	for name, schemas := range map[string]string{
		"anything":                `Root: {}`,
		"string":                  `Root: {type: string}`,
		"long string":             `Root: {type: string, minLength: 300}`,
		"short string":            `Root: {type: string, maxLength: 2}`,
		"empty string":            `Root: {type: string, maxLength: 0}`,
		"date-time":               `Root: {type: string, format: date-time}`,
		"date":                    `Root: {type: string, format: date}`,
		"uuid":                    `Root: {type: string, format: uuid}`,
		"email":                   `Root: {type: string, format: email}`,
		"uri":                     `Root: {type: string, format: uri}`,
		"email, at most":          `Root: {type: string, format: email, maxLength: 20}`,
		"uri, at least":           `Root: {type: string, format: uri, minLength: 60}`,
		"format, any length":      `Root: {type: string, format: password, minLength: 12, maxLength: 12}`,
		"integer, int32":          `Root: {type: integer, format: int32, minimum: 2147483000}`,
		"integer, steps from":     `Root: {type: integer, minimum: 3, exclusiveMinimum: true, multipleOf: 3}`,
		"number, up to":           `Root: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 0.01}`,
		"number, cents":           `Root: {type: number, multipleOf: 0.01, maximum: 1}`,
		"array, unique booleans":  `Root: {type: array, uniqueItems: true, minItems: 2, items: {type: boolean}}`,
		"array, unique words":     `Root: {type: array, uniqueItems: true, minItems: 20, items: {type: string, maxLength: 2}}`,
		"array of arrays":         `Root: {type: array, minItems: 1, items: {type: array, minItems: 2, items: {type: number}}}`,
		"array, unique enum":      `Root: {type: array, uniqueItems: true, minItems: 5, items: {enum: [a, b, c, d, e]}}`,
		"map, closed names":       `Root: {type: object, minProperties: 2, additionalProperties: {type: integer}, properties: {a: {type: string}}}`,
		"nullable reference":      "Root: {nullable: true, allOf: [{$ref: '#/components/schemas/Base'}]}\nBase: {type: object, required: [a], properties: {a: {type: string}}}",
		"byte":                    `Root: {type: string, format: byte}`,
		"format of ours":          `Root: {type: string, format: caip-2}`,
		"pattern":                 `Root: {type: string, pattern: '^0x[0-9a-fA-F]{40}$'}`,
		"pattern, alternatives":   `Root: {type: string, pattern: '^([a-z]+|[0-9]{2,3})(-[A-Z]?)*x$'}`,
		"pattern, bounded length": `Root: {type: string, pattern: '^[0-9A-Za-z]+$', minLength: 60, maxLength: 64}`,
		"pattern, negated class":  `Root: {type: string, pattern: '^[^/]{3}\.[^a-z]$'}`,
		"pattern, other letters":  `Root: {type: string, pattern: '^\p{Greek}+$'}`,
		"pattern, unanchored":     `Root: {type: string, pattern: '\b7\d'}`,
		"enum":                    `Root: {type: string, enum: [a, b, c]}`,
		"enum with null":          `Root: {type: string, nullable: true, enum: [a, null]}`,
		"integer":                 `Root: {type: integer}`,
		"integer, range":          `Root: {type: integer, minimum: 5, maximum: 7, exclusiveMinimum: true, exclusiveMaximum: true}`,
		"integer, from":           `Root: {type: integer, minimum: 1666660356}`,
		"integer, up to":          `Root: {type: integer, maximum: -5}`,
		"integer, steps":          `Root: {type: integer, minimum: 1, maximum: 100, multipleOf: 7}`,
		"number":                  `Root: {type: number}`,
		"number, narrow":          `Root: {type: number, minimum: 0.001, maximum: 0.002, exclusiveMinimum: true}`,
		"number, steps":           `Root: {type: number, multipleOf: 0.25}`,
		"number, wide":            `Root: {type: number, minimum: -1.7e308, maximum: 1.7e308}`,
		"boolean":                 `Root: {type: boolean}`,
		"array":                   `Root: {type: array, items: {type: string}}`,
		"array of anything":       `Root: {type: array, items: {}}`,
		"array, many":             `Root: {type: array, minItems: 50, items: {type: integer}}`,
		"array, none":             `Root: {type: array, maxItems: 0, items: {type: integer}}`,
		"array, unique":           `Root: {type: array, minItems: 3, maxItems: 3, uniqueItems: true, items: {enum: [1, 2, 3]}}`,
		"object":                  `Root: {type: object, required: [a], properties: {a: {type: string}, b: {type: array, items: {type: integer}}}}`,
		"object, closed":          `Root: {type: object, additionalProperties: false, properties: {a: {type: string}}}`,
		"object, few":             `Root: {type: object, maxProperties: 1, required: [b], properties: {a: {type: string}, b: {type: string}}}`,
		"object, unnamed":         `Root: {type: object, minProperties: 3, required: [x], properties: {a: {type: string}}}`,
		"writeOnly":               `Root: {type: object, required: [a, b], properties: {a: {type: string, writeOnly: true}, b: {type: string}}}`,
		"map":                     `Root: {type: object, additionalProperties: {type: integer}}`,
		"map, bounded":            `Root: {type: object, minProperties: 4, maxProperties: 4, additionalProperties: {type: array, items: {type: string}}}`,
		"nullable":                `Root: {type: string, nullable: true}`,
		"allOf": `
Root: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [b], properties: {b: {type: integer, maximum: 9}}}]}
Base: {type: object, required: [a, b], properties: {a: {type: string}, b: {type: integer, minimum: 9}}}`,
		"oneOf":               `Root: {oneOf: [{type: string, maxLength: 3}, {type: integer}]}`,
		"oneOf that overlaps": `Root: {oneOf: [{type: integer, minimum: 0}, {type: integer, maximum: 500}]}`,
		"anyOf":               `Root: {anyOf: [{type: string, pattern: '^[0-9]+$'}, {type: number}]}`,
		"one of many":         `Root: {allOf: [{anyOf: [{enum: [1]}, {enum: [2]}, {enum: [3]}, {enum: [4]}]}, {anyOf: [{enum: [4]}, {enum: [5]}, {enum: [6]}, {enum: [7]}]}]}`,
		"not":                 `Root: {type: boolean, not: {enum: [true]}}`,
		"discriminator": `
Root:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog', cat: '#/components/schemas/Cat'}}
Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {type: string}, breed: {type: string}}}`,
		"a list that refers to itself": `Root: {type: object, required: [value], properties: {value: {type: integer}, next: {$ref: '#/components/schemas/Root'}}}`,
		"a tree":                       `Root: {type: object, required: [children], properties: {children: {type: array, items: {$ref: '#/components/schemas/Root'}}}}`,
		"a tree with leaves":           `Root: {oneOf: [{type: object, required: [left, right], properties: {left: {$ref: '#/components/schemas/Root'}, right: {$ref: '#/components/schemas/Root'}}}, {type: integer}]}`,
		"a nullable cycle":             `Root: {type: object, nullable: true, required: [next], properties: {next: {$ref: '#/components/schemas/Root'}}}`,
		"many cycles":                  manyCycles(12),
	} {
		t.Run(name, func(t *testing.T) {
			schema := schemaOf(t, schemas)
			for stream := range uint64(20) {
				value, err := sample.Value(schema, 1, stream, nil)
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
					t.Errorf("%v: %v", value, err)
				}
				again, err := sample.Value(schema, 1, stream, nil)
				if diff := cmp.Diff(value, again); diff != "" || err != nil {
					t.Errorf("the same seeds make another value: %v %s", err, diff)
				}
			}
		})
	}
}

// manyCycles returns n schemas of which each refers to all others.
func manyCycles(n int) string {
	var b strings.Builder
	for i := range n {
		name := fmt.Sprint("S", i)
		if i == 0 {
			name = "Root"
		}
		b.WriteString(name + ": {type: object, properties: {root: {$ref: '#/components/schemas/Root'}")
		for j := 1; j < n; j++ {
			fmt.Fprintf(&b, ", s%d: {$ref: '#/components/schemas/S%d'}", j, j)
		}
		b.WriteString("}}\n")
	}
	return b.String()
}

func TestAValueIsWhatTheSchemaSaysBeforeItIsMadeUp(t *testing.T) {
	for name, test := range map[string]struct {
		schemas string
		known   map[string]string
		want    any
	}{
		"an example":                  {`Root: {type: string, example: Ada, default: Bob}`, nil, "Ada"},
		"a default":                   {`Root: {type: integer, default: 7}`, nil, 7.0},
		"an example of a part":        {`Root: {allOf: [{type: string, example: Ada}]}`, nil, "Ada"},
		"the only member of an enum":  {`Root: {enum: [Ada]}`, nil, "Ada"},
		"what two parts share":        {`Root: {allOf: [{type: string, enum: [a, b]}, {type: string, enum: [b, c]}]}`, nil, "b"},
		"a path parameter":            {`Root: {type: object, properties: {chain: {type: string, example: flow}}}`, map[string]string{"chain": "solana"}, map[string]any{"chain": "solana"}},
		"a path parameter, inside":    {`Root: {type: array, maxItems: 1, items: {type: object, properties: {id: {type: integer}}}}`, map[string]string{"id": "7"}, []any{map[string]any{"id": 7.0}}},
		"one that may not be there":   {`Root: {type: object, properties: {chain: {type: string, enum: [flow]}}}`, map[string]string{"chain": "solana"}, map[string]any{"chain": "flow"}},
		"null where there is no end":  {`Root: {type: object, required: [next], properties: {next: {nullable: true, allOf: [{$ref: '#/components/schemas/Root'}]}}}`, nil, map[string]any{"next": nil}},
		"a part less than no end":     {`Root: {type: object, properties: {next: {$ref: '#/components/schemas/Root'}}}`, nil, map[string]any{}},
		"an element less than no end": {`Root: {type: array, items: {$ref: '#/components/schemas/Root'}}`, nil, []any{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sample.Value(schemaOf(t, test.schemas), 1, 2, test.known)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnotherSeedOrStreamMakesAnotherValue(t *testing.T) {
	schema := schemaOf(t, `Root: {type: string, format: uuid}`)
	values := map[any]bool{}
	for seed := range uint64(3) {
		for stream := range uint64(3) {
			value, err := sample.Value(schema, seed, stream, nil)
			if err != nil {
				t.Fatal(err)
			}
			values[value] = true
		}
	}
	if len(values) != 9 {
		t.Errorf("there are %d values", len(values))
	}
}

func TestWhatCannotBeMadeUpIsAnError(t *testing.T) {
	for name, test := range map[string]struct{ schemas, want string }{
		"needs itself":            {`Root: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Root'}}}`, "next: it needs itself"},
		"nothing is allowed":      {`Root: {type: string, enum: [a], not: {enum: [a]}}`, "not"},
		"too many":                {`Root: {type: array, minItems: 100000, items: {type: integer}}`, "more than 2000 values"},
		"too many properties":     {`Root: {type: object, minProperties: 100000}`, "more than 2000 values"},
		"too long":                {`Root: {type: string, minLength: 1000000}`, "1000000 characters is too long to be made up"},
		"pattern too long":        {`Root: {type: string, pattern: '^(([a-z]{100}){10}){100}$'}`, "pattern"},
		"pattern against length":  {`Root: {type: string, pattern: '^[a-z]{3}$', minLength: 4}`, "minimum string length"},
		"pattern of another kind": {`Root: {type: object, required: [a], properties: {a: {type: string, pattern: '^(?=x)y$'}}}`, "a: its pattern cannot be read"},
		"range that is empty":     {`Root: {type: integer, minimum: 3, maximum: 4, exclusiveMinimum: true, exclusiveMaximum: true}`, "integer"},
	} {
		t.Run(name, func(t *testing.T) {
			value, err := sample.Value(schemaOf(t, test.schemas), 1, 2, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v; want %q", value, err, test.want)
			}
		})
	}
}

// TestNearlyEverySchemaOfTheContractCanBeMadeUp leaves room for one that needs an example: a pattern and a length that hardly
// meet, say.
func TestNearlyEverySchemaOfTheContractCanBeMadeUp(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Spec())
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for name, schema := range doc.Components.Schemas {
		value, err := sample.Value(schema.Value, 1, 2, nil)
		if err != nil {
			t.Logf("%s: %v", name, err)
			continue
		}
		made++
		if err := schema.Value.VisitJSON(value, openapi3.VisitAsResponse()); err != nil {
			t.Errorf("%s: %v: %v", name, value, err)
		}
	}
	if all := len(doc.Components.Schemas); made < all*9/10 || made == 0 {
		t.Errorf("only %d of %d could be made up", made, all)
	}
}
