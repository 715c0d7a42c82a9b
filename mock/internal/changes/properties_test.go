package changes_test

// A row is a property that an owner adds to the request and the response of an operation.
type row struct {
	// property is its name. It is unique, so that messages show which row is wrong.
	property string
	// schema is what openapi.yaml says about it, in YAML on one line, without the description.
	schema string
	// good is a value, in JSON. It is the example in the contract, and what a client sends and gets.
	good string
	// bad are values that break the schema, in JSON.
	bad []string
	// uses is Go code that is true of the value that a client got, which is v.
	uses string
	// only says where it is, "request" or "response", unless it is in both.
	only string
}

// further are the schemas that the rows refer to.
const further = `    RowCat:
      description: A cat.
      x-provenance: inferred
      type: object
      required: [kind, lives]
      properties:
        kind: {type: string, enum: [cat], description: Which animal it is.}
        lives: {type: integer, minimum: 1, description: How many are left.}

    RowDog:
      description: A dog.
      x-provenance: inferred
      type: object
      required: [kind, breed]
      properties:
        kind: {type: string, enum: [dog], description: Which animal it is.}
        breed: {type: string, minLength: 1, description: Which dog it is.}

    RowPet:
      description: "Special characters: */ /* // \\ \" ' ` + "`x` $ %d {{.}}" + ` <b>, and a line break\nin between."
      x-provenance: inferred
      oneOf:
        - $ref: '#/components/schemas/RowCat'
        - $ref: '#/components/schemas/RowDog'
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/RowCat', dog: '#/components/schemas/RowDog'}

    RowNode:
      description: A list that contains itself.
      x-provenance: inferred
      type: object
      required: [label]
      properties:
        label: {type: string, description: Its label.}
        children:
          type: array
          description: What is below it.
          items: {$ref: '#/components/schemas/RowNode'}
        next:
          description: What is after it.
          x-go-type-skip-optional-pointer: false
          allOf:
            - $ref: '#/components/schemas/RowNode'

    RowAlias:
      $ref: '#/components/schemas/RowColour'

    RowColour:
      description: A colour.
      x-provenance: inferred
      type: string
      enum: [red, dark-blue]

`

const ref = "$ref: '#/components/schemas/"

// rows are properties of every kind that a schema can have.
var rows = []row{
	// Formats.
	{"rowDateTime", `{type: string, format: date-time}`, `"2026-01-02T03:04:05.678Z"`, []string{`"yesterday"`, `5`}, `v.UnixMilli() == 1767323045678`, ""},
	{"rowDate", `{type: string, format: date}`, `"2026-01-02"`, []string{`"2026-13-02"`, `5`}, `v.Year() == 2026`, ""},
	{"rowUUID", `{type: string, format: uuid}`, `"0f9b8a7c-6d5e-4f3a-8b2c-1d0e9f8a7b6c"`, []string{`"0f9b"`, `5`}, `v[:4] == "0f9b"`, ""},
	{"rowEmail", `{type: string, format: email}`, `"alice@example.com"`, []string{`"alice"`, `5`}, `v == "alice@example.com"`, ""},
	{"rowURI", `{type: string, format: uri}`, `"https://example.com/a"`, []string{`5`}, `v == "https://example.com/a"`, ""},
	{"rowByte", `{type: string, format: byte}`, `"aGVsbG8="`, []string{`"%"`, `5`}, `string(v) == "hello"`, ""},
	{"rowBinary", `{type: string, format: binary}`, `"a file"`, []string{`5`}, `v == "a file"`, ""},
	{"rowPassword", `{type: string, format: password}`, `"open sesame"`, []string{`5`}, `v == "open sesame"`, ""},
	{"rowInt32", `{type: integer, format: int32}`, `-2147483648`, []string{`2147483648`, `1.5`, `"1"`}, `v == math.MinInt32`, ""},
	{"rowInt64", `{type: integer, format: int64}`, `1767323045678`, []string{`1.5`, `"1"`}, `v == int64(1767323045678)`, ""},
	{"rowNumber", `{type: number}`, `16777217.25`, []string{`"1"`}, `v == 16777217.25`, ""},
	{"rowDouble", `{type: number, format: double}`, `0.1`, []string{`"1"`}, `v == 0.1`, ""},
	{"rowFloat", `{type: number, format: float}`, `0.5`, []string{`"1"`}, `v == 0.5`, ""},
	{"rowBoolean", `{type: boolean}`, `true`, []string{`"true"`, `1`}, `bool(v)`, ""},

	// What may be null.
	{"rowNullString", `{type: string, nullable: true, minLength: 3}`, `null`, []string{`5`, `"ab"`}, `v.Null && v.Value == nil`, ""},
	{"rowNullTime", `{type: string, format: date-time, nullable: true}`, `"2026-01-02T03:04:05Z"`, []string{`5`}, `v.Value.Year() == 2026`, ""},
	{"rowNullObject", `{type: object, nullable: true, x-omitzero: true, required: [a], properties: {a: {type: string, description: One.}}}`, `null`, []string{`5`, `{}`}, `v.Null`, ""},
	{"rowNullArray", `{type: array, nullable: true, items: {type: string}}`, `null`, []string{`5`, `[5]`}, `v.Null`, ""},
	{"rowNullRef", `{nullable: true, allOf: [{` + ref + `RowCat'}]}`, `null`, []string{`5`, `{}`}, `v.Null`, ""},
	{"rowGivenRef", `{nullable: true, allOf: [{` + ref + `RowCat'}]}`, `{"kind":"cat","lives":9}`, []string{`{"kind":"dog"}`}, `v.Value.Lives == 9`, ""},

	{"rowNullEnum", `{type: string, nullable: true, enum: [good, bad, null]}`, `null`, []string{`"ugly"`, `5`}, `v.Null`, ""},
	{"rowGivenEnum", `{type: string, nullable: true, enum: [good, bad, null]}`, `"bad"`, []string{`"ugly"`}, `*v.Value == picket.NonceResponseRowGivenEnumBad`, ""},
	{"rowNullLevel", `{type: integer, nullable: true, enum: [1, 2, null]}`, `2`, []string{`3`}, `*v.Value == picket.NonceResponseRowNullLevelN2`, ""},

	// Compositions.
	{"rowOneOf", `{oneOf: [{` + ref + `RowCat'}, {` + ref + `RowDog'}]}`, `{"breed":"Spitz","kind":"dog"}`, []string{`{"kind":"cow"}`, `5`},
		`must(v.AsRowDog()).Breed == "Spitz"`, ""},
	{"rowPet", `{allOf: [{` + ref + `RowPet'}]}`, `{"kind":"cat","lives":9}`, []string{`{"kind":"cow"}`, `{"lives":9}`},
		`must(v.ValueByDiscriminator()).(picket.RowCat).Lives == 9`, ""},
	{"rowAnyOf", `{anyOf: [{` + ref + `RowCat'}, {` + ref + `RowNode'}]}`, `{"label":"root"}`, []string{`5`, `{}`}, `must(v.AsRowNode()).Label == "root"`, ""},
	{"rowScalars", `{oneOf: [{type: string}, {type: integer}]}`, `7`, []string{`true`, `1.5`}, `must(v.AsNonceResponseRowScalars1()) == 7`, ""},
	{"rowAllOf", `{allOf: [{` + ref + `RowNode'}, {type: object, required: [more], properties: {more: {type: string, description: More.}}}]}`,
		`{"label":"a","more":"b"}`, []string{`{"label":"a"}`, `{"more":"b"}`}, `v.Label + v.More == "ab"`, ""},
	{"rowRecursive", `{` + ref + `RowNode'}`, `{"children":[{"label":"b"}],"label":"a","next":{"label":"c"}}`, []string{`{"label":"a","next":{}}`},
		`v.Children[0].Label + v.Next.Label == "bc"`, ""},

	// Maps and lists.
	{"rowMapOfStrings", `{type: object, additionalProperties: {type: string}}`, `{"a":"b"}`, []string{`{"a":5}`, `5`}, `v["a"] == "b"`, ""},
	{"rowMapOfObjects", `{type: object, additionalProperties: {` + ref + `RowCat'}}`, `{"a":{"kind":"cat","lives":1}}`, []string{`{"a":{}}`}, `v["a"].Lives == 1`, ""},
	{"rowMapOfLists", `{type: object, additionalProperties: {type: array, maxItems: 2, items: {type: string, maxLength: 3}}}`, `{"a":["b"]}`,
		[]string{`{"a":"b"}`, `{"a":["b","c","d"]}`, `{"a":["four"]}`}, `v["a"][0] == "b"`, ""},
	{"rowMapOfMaps", `{type: object, additionalProperties: {type: object, additionalProperties: {type: number}}}`, `{"a":{"b":0.5}}`,
		[]string{`{"a":{"b":"c"}}`, `{"a":5}`}, `v["a"]["b"] == 0.5`, ""},
	{"rowMapOfAnything", `{type: object, additionalProperties: true}`, `{"a":[1]}`, []string{`5`}, `v["a"] != nil`, ""},
	{"rowMapBounded", `{type: object, additionalProperties: {type: integer}, minProperties: 1, maxProperties: 2}`, `{"a":1}`,
		[]string{`{}`, `{"a":1,"b":2,"c":3}`}, `v["a"] == 1`, ""},
	{"rowClosed", `{type: object, additionalProperties: false, properties: {a: {type: string, description: One.}}}`, `{"a":"b"}`,
		[]string{`{"a":"b","c":1}`}, `v.A == "b"`, ""},
	{"rowOpen", `{type: object, additionalProperties: {type: integer}, properties: {a: {type: string, description: One.}}}`, `{"a":"b","c":1}`,
		[]string{`{"c":"d"}`}, `v.A == "b" && v.AdditionalProperties["c"] == 1`, ""},
	{"rowList", `{type: array, minItems: 2, maxItems: 3, items: {type: string}}`, `["a","b"]`, []string{`["a"]`, `["a","b","c","d"]`, `[1,2]`}, `len(v) == 2`, ""},
	{"rowSet", `{type: array, uniqueItems: true, items: {type: integer}}`, `[1,2]`, []string{`[1,1]`}, `v[1] == 2`, ""},
	{"rowObjects", `{type: array, items: {` + ref + `RowCat'}}`, `[{"kind":"cat","lives":1}]`, []string{`[{}]`}, `v[0].Lives == 1`, ""},
	{"rowInlineObjects", `{type: array, items: {type: object, required: [a], properties: {a: {type: string, description: One.}}}}`, `[{"a":"b"}]`,
		[]string{`[{}]`}, `v[0].A == "b"`, ""},
	{"rowMatrix", `{type: array, items: {type: array, items: {type: number}}}`, `[[1.5],[]]`, []string{`[1]`}, `v[0][0] == 1.5`, ""},
	{"rowBoundedMatrix", `{type: array, minItems: 1, maxItems: 2, items: {type: array, minItems: 2, items: {type: integer, minimum: 0}}}`, `[[1,2]]`,
		[]string{`[]`, `[[1]]`, `[[1,-1]]`, `[[1,2],[3,4],[5,6]]`}, `v[0][1] == 2`, ""},
	{"rowEnums", `{type: array, items: {` + ref + `RowColour'}}`, `["red"]`, []string{`["green"]`}, `v[0] == picket.RowColourRed`, ""},

	// Bounds.
	{"rowMinimum", `{type: integer, minimum: 3}`, `3`, []string{`2`}, `v == 3`, ""},
	{"rowMaximum", `{type: integer, maximum: 599}`, `599`, []string{`600`}, `v == 599`, ""},
	{"rowAbove", `{type: number, minimum: 0, exclusiveMinimum: true}`, `0.25`, []string{`0`}, `v == 0.25`, ""},
	{"rowBelow", `{type: number, maximum: 1, exclusiveMaximum: true}`, `0.75`, []string{`1`}, `v == 0.75`, ""},
	{"rowSteps", `{type: integer, multipleOf: 5}`, `10`, []string{`11`}, `v == 10`, ""},
	{"rowCents", `{type: number, multipleOf: 0.01}`, `0.07`, []string{`0.075`}, `v == 0.07`, ""},
	{"rowMinLength", `{type: string, minLength: 8}`, `"eight €€"`, []string{`"seven €"`}, `len(v) == 12`, ""},
	{"rowMaxLength", `{type: string, maxLength: 3}`, `"€€€"`, []string{`"four"`}, `v == "€€€"`, ""},
	{"rowPattern", `{type: string, pattern: '^[a-z]+$'}`, `"abc"`, []string{`"ABC"`}, `v == "abc"`, ""},
	{"rowEnum", `{type: string, enum: [north, south-west, '']}`, `"south-west"`, []string{`"west"`}, `v == picket.NonceResponseRowEnumSouthWest`, ""},
	{"rowLevels", `{type: integer, enum: [1, 2, 30]}`, `30`, []string{`3`}, `v == picket.NonceResponseRowLevelsN30`, ""},
	{"rowWeights", `{type: number, enum: [0.5, 1, 1.5]}`, `1.5`, []string{`2`, `"1"`}, `v == picket.NonceResponseRowWeightsN15`, ""},
	{"rowColour", `{` + ref + `RowColour'}`, `"dark-blue"`, []string{`"blue"`}, `v == picket.RowColourDarkBlue`, ""},

	// The rest.
	{"rowReadOnly", `{type: string, readOnly: true}`, `"a"`, nil, `v == "a"`, "response"},
	{"rowWriteOnly", `{type: string, writeOnly: true}`, `"a"`, []string{`5`}, ``, "request"},
	{"rowDefault", `{type: string, enum: [a, b], default: a}`, `"b"`, nil, `v == picket.NonceResponseRowDefaultB`, "response"},
	{"rowAlias", `{` + ref + `RowAlias'}`, `"red"`, []string{`"blue"`}, `v == picket.RowColourRed`, ""},
	{"rowDeprecated", `{type: string, deprecated: true}`, `"old"`, []string{`5`}, `v == "old"`, ""},
	{"rowAnything", `{}`, `{"a":[1,null]}`, nil, `v != nil`, ""},
	{"row_snake_case", `{type: string}`, `"a"`, []string{`5`}, `v == "a"`, ""},
	{"row-dashed", `{type: string}`, `"a"`, []string{`5`}, `v == "a"`, ""},
}
