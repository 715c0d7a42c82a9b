package mutate_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/mutate"
)

const toy = `openapi: 3.0.3
info: {title: Toys, description: prose}
security:
  - apiKey: []

paths:
  /toys/{id}:
    post:
      operationId: toy
      summary: prose
      x-source: prose
      security:
        - apiKey: []
        - {}
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, minLength: 1}}
        - {name: q, in: query, schema: {type: boolean, default: true}}
      responses:
        '200':
          description: prose
          headers:
            Location: {required: true, schema: {type: string, format: uri}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Toy'}

components:
  securitySchemes:
    apiKey: {type: http, scheme: basic}
    accessToken: {type: http, scheme: bearer}
  schemas:
    Toy:
      description: prose
      type: object
      required: [name]
      properties:
        name: {type: string, pattern: '^[a-z]+$', x-go-name: Title}
        kind: {type: string, enum: [car, doll]}
        sizes: {type: object, additionalProperties: {type: integer}}
      x-superseded:
        title: {by: name, x-provenance: prose}
        label: {by: name}
`

func mutantsOf(t *testing.T, text string) []mutate.Mutant {
	t.Helper()
	mutants, err := mutate.Mutants([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return mutants
}

func ids(mutants []mutate.Mutant) []string {
	var all []string
	for _, m := range mutants {
		all = append(all, m.ID)
	}
	return all
}

func TestEveryPartThatMattersIsChangedAndNoProse(t *testing.T) {
	operation, schema := "paths./toys/{id}.post.", "schemas.Toy."
	want := []string{
		"security: dropped",
		"paths./toys/{id}: renamed",
		"paths./toys/{id}.post: dropped",
		"paths./toys/{id}.post: method changed",
		operation + "operationId: changed",
		operation + "security: none needed",
		operation + "security: that of the whole API",
		operation + "security: without the alternative apiKey",
		operation + "security: without the alternative no credential",
		operation + "security: only accessToken",
		operation + "parameters.id: dropped",
		operation + "parameters.id.name: changed",
		operation + "parameters.id.in: changed",
		operation + "parameters.id.required: dropped",
		operation + "parameters.id.schema.type: changed to integer",
		operation + "parameters.id.schema.minLength: dropped",
		operation + "parameters.id.schema.minLength: changed",
		operation + "parameters.q: dropped",
		operation + "parameters.q.name: changed",
		operation + "parameters.q.in: changed",
		operation + "parameters.q.required: added",
		operation + "parameters.q.schema.type: changed to string",
		operation + "parameters.q.schema.default: dropped",
		operation + "parameters.q.schema.default: changed",
		operation + "responses.200: dropped",
		operation + "responses.200: status changed",
		operation + "responses.200.headers.Location: dropped",
		operation + "responses.200.headers.Location: renamed",
		operation + "responses.200.headers.Location.required: dropped",
		operation + "responses.200.headers.Location.schema.type: changed to integer",
		operation + "responses.200.headers.Location.schema.format: dropped",
		operation + "responses.200.headers.Location.schema.format: changed",
		operation + "responses.200.content.application/json: content type changed",
		operation + "responses.200.content.application/json.schema.type: changed to string",
		operation + "responses.418: added",
		"securitySchemes.apiKey.scheme: changed",
		"securitySchemes.apiKey.type: changed to apiKey",
		"securitySchemes.accessToken.scheme: changed",
		"securitySchemes.accessToken.type: changed to apiKey",
		schema + "type: changed to string",
		schema + "additionalProperties: forbidden",
		schema + "properties.name: renamed",
		schema + "properties.name: dropped",
		schema + "required.name: dropped",
		schema + "properties.name.type: changed to integer",
		schema + "properties.name.pattern: dropped",
		schema + "properties.name.pattern: changed",
		schema + "properties.name.x-go-name: dropped",
		schema + "properties.kind: renamed",
		schema + "properties.kind: dropped",
		schema + "required.kind: added",
		schema + "properties.kind.type: changed to integer",
		schema + "properties.kind.enum.car: dropped",
		schema + "properties.kind.enum.car: renamed",
		schema + "properties.kind.enum.doll: dropped",
		schema + "properties.kind.enum.doll: renamed",
		schema + "properties.kind.enum: a member added",
		schema + "properties.sizes: renamed",
		schema + "properties.sizes: dropped",
		schema + "required.sizes: added",
		schema + "properties.sizes.type: changed to string",
		schema + "properties.sizes.additionalProperties: forbidden",
		schema + "properties.sizes.additionalProperties.type: changed to string",
		schema + "x-superseded.title: dropped",
		schema + "x-superseded.title: renamed",
		schema + "x-superseded.title: re-pointed",
		schema + "x-superseded.label: dropped",
		schema + "x-superseded.label: renamed",
		schema + "x-superseded.label: re-pointed",
	}
	if diff := cmp.Diff(want, ids(mutantsOf(t, toy))); diff != "" {
		t.Errorf("the mutants (-want +got):\n%s", diff)
	}
}

// TestAMutantIsTheContractWithOneChange holds that each mutant is YAML, that it differs from the original and from all others,
// and that only a line or a few of it do.
func TestAMutantIsTheContractWithOneChange(t *testing.T) {
	for title, contract := range map[string]string{"title: Toys": toy, "title: Everything": everything(t)} {
		unchanged, err := mutate.Unchanged([]byte(contract))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]string{string(unchanged): "the original"}
		for i, m := range mutantsOf(t, contract) {
			if contract != toy && i%5 != 0 && !strings.Contains(m.ID, "format: changed") {
				continue // to apply one takes a while
			}
			changed, err := m.Apply([]byte(contract))
			if err != nil {
				t.Error(err)
				continue
			}
			if same := seen[string(changed)]; same != "" {
				t.Errorf("%s is the same as %s", m.ID, same)
			}
			seen[string(changed)] = m.ID
			if err := yaml.Unmarshal(changed, new(any)); err != nil {
				t.Errorf("%s is no YAML: %v", m.ID, err)
			}
			if !strings.Contains(string(changed), title) {
				t.Errorf("%s lost what it does not name", m.ID)
			}
			if strings.Contains(string(changed), "null,") || strings.Contains(string(changed), "null}") || strings.Contains(string(changed), `""`) {
				t.Errorf("%s sets nothing:\n%s", m.ID, changed)
			}
		}
	}
}

func TestMutantsChangeWhatTheirIDsSay(t *testing.T) {
	for id, want := range map[string]string{
		"schemas.Toy.properties.name: renamed":                                      "required: [nameX]",
		"schemas.Toy.properties.name: dropped":                                      "type: object\n      properties:\n        kind",
		"schemas.Toy.required.kind: added":                                          "required: [name, kind]",
		"schemas.Toy.properties.name.type: changed to integer":                      "name: {type: integer, x-go-name: Title}",
		"paths./toys/{id}.post.security: without the alternative apiKey":            "security:\n        - {}\n",
		"paths./toys/{id}.post.security: only accessToken":                          "security: [{accessToken: []}]",
		"paths./toys/{id}: renamed":                                                 "/toysX/{id}:",
		"paths./toys/{id}.post.responses.418: added":                                `"418":`,
		"paths./toys/{id}.post.parameters.q.schema.default: changed":                "default: false",
		"schemas.Toy.properties.sizes.additionalProperties: forbidden":              "additionalProperties: false",
		"paths./toys/{id}.post.parameters.id.schema.minLength: changed":             "minLength: 2",
		"schemas.Toy.properties.kind.enum: a member added":                          "[car, doll, another]",
		"paths./toys/{id}.post.responses.200.headers.Location: renamed":             "Location-X:",
		"paths./toys/{id}.post.parameters.id.in: changed":                           "in: query, required: true",
		"paths./toys/{id}.post.responses.200: status changed":                       "'207':",
		"schemas.Toy.properties.sizes.additionalProperties.type: changed to string": "additionalProperties: {type: string}",
	} {
		mutants := mutantsOf(t, toy)
		i := slices.IndexFunc(mutants, func(m mutate.Mutant) bool { return m.ID == id })
		if i < 0 {
			t.Errorf("there is no %s", id)
			continue
		}
		changed, err := mutants[i].Apply([]byte(toy))
		if err != nil || !strings.Contains(string(changed), want) {
			t.Errorf("%s: there is no %q, but (%v)\n%s", id, want, err, changed)
		}
	}
}

func TestANumberOfAnEnumBecomesAnother(t *testing.T) {
	numbers := strings.Replace(toy, "enum: [car, doll]", "enum: [1, 20]", 1)
	for _, m := range mutantsOf(t, numbers) {
		if m.ID != "schemas.Toy.properties.kind.enum.20: renamed" {
			continue
		}
		changed, err := m.Apply([]byte(numbers))
		if err != nil || !strings.Contains(string(changed), "enum: [1, 200]") || yaml.Unmarshal(changed, new(any)) != nil {
			t.Errorf("got %v, %s", err, changed)
		}
		return
	}
	t.Error("there is no such mutant")
}

func TestTheContractHasManyMutantsWithNamesOfTheirOwn(t *testing.T) {
	text := string(openapi.Spec())
	mutants := mutantsOf(t, text)
	if len(mutants) < 300 {
		t.Errorf("there are only %d", len(mutants))
	}
	if !slices.Equal(ids(mutants), ids(mutantsOf(t, text))) {
		t.Error("they are others each time")
	}
	seen := map[string]bool{}
	for i, m := range mutants {
		if seen[m.ID] {
			t.Errorf("%s is there twice", m.ID)
		}
		seen[m.ID] = true
		if i%50 != 0 {
			continue // to apply one takes a while
		}
		changed, err := m.Apply([]byte(text))
		if err != nil || yaml.Unmarshal(changed, new(any)) != nil || string(changed) == text {
			t.Errorf("%s cannot be applied: %v", m.ID, err)
		}
	}
}

func TestEveryReasonIsForAMutant(t *testing.T) {
	text, err := os.ReadFile("survivors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := mutate.ReadReasons(text)
	if err != nil {
		t.Fatal(err)
	}
	mutants := mutantsOf(t, string(openapi.Spec()))
	for _, reason := range reasons {
		if !slices.ContainsFunc(mutants, func(m mutate.Mutant) bool { return reason.Matches(m.ID) }) {
			t.Errorf("no mutant is meant by %v", reason)
		}
	}
}

// laidOut is a contract that is laid out as openapi.yaml is.
const laidOut = `# A comment.
openapi: 3.0.3

info:
  title: A test
  version: "1"
  description: |
    A test.

    It is short.

paths:
  /a: # why it is there
    get:
      operationId: a
      responses:
        '200':
          description: Done.
        '400': {description: Refused.}

  /b:
    get:
      operationId: b
      parameters:
        - name: q
          in: query
          schema:
            type: string
            minLength: 1
        - name: r
          in: query
          schema: {type: integer}
      responses:
        '200':
          description: Done.
`

func TestAContractStaysAsItIsWrittenWhereItIsNotChanged(t *testing.T) {
	unchanged, err := mutate.Unchanged([]byte(laidOut))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(laidOut, string(unchanged)); diff != "" {
		t.Errorf("without a change it is another text:\n%s", diff)
	}
	for _, m := range mutantsOf(t, laidOut) {
		changed, err := m.Apply([]byte(laidOut))
		if err != nil {
			t.Fatal(err)
		}
		was, is := strings.Count(laidOut, "\n\n"), strings.Count(string(changed), "\n\n")
		if was-is > 1 {
			t.Errorf("%s took %d empty lines away", m.ID, was-is)
		}
	}
}

// A contract may also be laid out in another way. What it says stays.
func TestTheContractSaysTheSameWhereItIsNotChanged(t *testing.T) {
	for name, text := range map[string][]byte{"openapi.yaml": openapi.Spec(), "other text": []byte("openapi: 3.0.3\ninfo: {title: \"😀 `x`\",   version: '1'}\npaths: {}\n")} {
		unchanged, err := mutate.Unchanged(text)
		if err != nil {
			t.Fatal(err)
		}
		var was, is any
		if err := errors.Join(yaml.Unmarshal(text, &was), yaml.Unmarshal(unchanged, &is)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("%s: without a change it says something else:\n%s", name, diff)
		}
	}
}

func TestWhatIsNoContractIsRefused(t *testing.T) {
	for _, text := range []string{"", "[]", "a: [", "just text"} {
		if _, err := mutate.Mutants([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
