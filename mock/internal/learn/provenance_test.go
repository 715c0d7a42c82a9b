package learn_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// inferredFacts is a contract with inferred facts of each kind.
const inferredFacts = `openapi: 3.0.3
info: {title: Toys, version: "1"}
paths:
  /toys/{id}:
    get:
      operationId: toy
      x-provenance: inferred
      x-source: "a guess"
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - name: page
          in: query
          x-provenance: inferred
          schema: {type: string}
      responses:
        '200':
          description: A toy.
          headers:
            X-Left: {x-provenance: inferred, schema: {type: string}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Toy'}
        '404':
          description: No toy.
          x-provenance: inferred
    delete:
      operationId: breakToy
      x-provenance: inferred # why
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '204': {description: Broken.}
  /shops:
    get:
      operationId: shops
      x-provenance: inferred
      responses:
        '200': {description: Shops.}
components:
  securitySchemes:
    key: {type: http, scheme: basic, x-provenance: inferred}
  schemas:
    Toy:
      x-provenance: documented
      x-superseded:
        colour: {by: color, x-provenance: inferred}
      type: object
      required: [id, weight]
      properties:
        id: {type: string, x-provenance: inferred}
        weight: {type: integer, x-provenance: inferred}
        color: {type: string, x-provenance: inferred}
        maker: {$ref: '#/components/schemas/Maker'}
        shop: {$ref: '#/components/schemas/Shop'}
    Maker:
      x-provenance: inferred
      type: object
      properties:
        name: {type: string}
    Shop:
      x-provenance: inferred
      type: object
      properties:
        name: {type: string}
        street: {type: string}
    Unused:
      x-provenance: inferred
      type: string
`

// today is the day of all exchanges.
var today = day.Format(time.DateOnly)

func toys(t *testing.T) *learn.Result {
	t.Helper()
	contract, err := spec.Read([]byte(inferredFacts), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	toy := object{"id": "toy", "weight": "heavy", "colour": "red", "maker": object{"name": "a"}, "shop": object{"name": "b"}}
	seen, _ := pass(t, contract, append(times(4, get("/toys/1", toy, nil), get("/toys/1?page=2", toy, nil)),
		exchange{method: "DELETE", target: "/toys/1", status: 404},
		exchange{method: "GET", target: "/shops", status: 503}))
	return learnFrom(t, []byte(inferredFacts), seen)
}

func TestEveryInferredFactHasAState(t *testing.T) {
	var got []string
	for _, fact := range toys(t).Provenance() {
		line := string(fact.State) + ": " + fact.Subject
		if fact.State == learn.Confirmed {
			line += ", " + fact.Evidence.String()
		} else {
			line += ", " + fact.Reason
		}
		got = append(got, strings.ReplaceAll(line, today, "TODAY"))
	}
	want := []string{
		"confirmed: GET /toys/{id}, 8 of 8 answers of toy, TODAY",
		"confirmed: GET /toys/{id} parameter page, 4 successful requests of toy, TODAY",
		"not seen: GET /toys/{id}.responses.200.headers.X-Left, no answer had it",
		"not seen: GET /toys/{id}.responses.404, no answer was this one",
		"contradicted: DELETE /toys/{id}, the API answers that it does not exist",
		"not seen: GET /shops, no request for it was successful",
		"not observable: key, no message shows it",
		"confirmed: Toy.x-superseded.colour, 8 answers of toy, TODAY",
		"confirmed: Toy.id, 8 answers of toy, TODAY",
		"contradicted: Toy.weight, Toy.weight: may also be a string",
		"confirmed: Toy.color, 8 answers of toy, TODAY",
		"confirmed: Maker, 8 answers of toy, TODAY",
		"not seen: Shop, confirmed in part; no message had street",
		"not seen: Unused, no message had it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestConfirmedFactsAreRaisedAndNothingElseChanges(t *testing.T) {
	raised, err := toys(t).Raise()
	if err != nil {
		t.Fatal(err)
	}
	source := func(seen string) string { return `"observed: ` + seen + ", " + today + " to " + today + `"` }
	want := strings.NewReplacer(
		"      x-provenance: inferred\n      x-source: \"a guess\"\n", "      x-provenance: observed\n      x-source: \"a guess; observed: 8 answers, "+today+" to "+today+"\"\n",
		"          x-provenance: inferred\n          schema: {type: string}\n", "          x-provenance: observed\n          schema: {type: string}\n          x-source: "+source("4 requests")+"\n",
		"colour: {by: color, x-provenance: inferred}", "colour: {by: color, x-provenance: observed, x-source: "+source("8 answers")+"}",
		"id: {type: string, x-provenance: inferred}", "id: {type: string, x-provenance: observed, x-source: "+source("8 answers")+"}",
		"color: {type: string, x-provenance: inferred}", "color: {type: string, x-provenance: observed, x-source: "+source("8 answers")+"}",
		"    Maker:\n      x-provenance: inferred\n      type: object\n      properties:\n        name: {type: string}\n",
		"    Maker:\n      x-provenance: observed\n      type: object\n      properties:\n        name: {type: string}\n      x-source: "+source("8 answers")+"\n",
	).Replace(inferredFacts)
	if diff := cmp.Diff(want, string(raised)); diff != "" {
		t.Error(diff)
	}
}

func TestTheProvenanceOfTheContractIsListed(t *testing.T) {
	contract, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	seen, _ := pass(t, contract, times(3, configuration(nil)))
	result := learnFrom(t, theContract(t), seen)
	inferred := strings.Count(string(theContract(t)), "x-provenance: inferred")
	if got := len(result.Provenance()); got != inferred {
		t.Errorf("%d facts, and the contract infers %d", got, inferred)
	}
	for _, markdown := range []bool{false, true} {
		var text strings.Builder
		if err := result.WriteProvenance(&text, markdown); err != nil {
			t.Fatal(err)
		}
		row := `(?m)^confirmed +GET /.well-known/openid-configuration +3 of 3 answers of openIDConfiguration, ` + today + `$`
		if markdown {
			row = `(?m)^\| GET /.well-known/openid-configuration \| confirmed \| 3 of 3 answers of openIDConfiguration, ` + today + ` \|$`
		}
		if !regexp.MustCompile(row).MatchString(text.String()) || !strings.Contains(text.String(), " inferred facts: ") {
			t.Errorf("it does not have %s:\n%s", row, text.String())
		}
	}
}
