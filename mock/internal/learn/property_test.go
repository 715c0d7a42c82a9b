package learn_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// bare is a contract that says nothing of what is answered but one name.
const bareContract = `openapi: 3.0.3
info: {title: a, version: '1'}
paths:
  /thing:
    get:
      operationId: thing
      responses:
        '200':
          description: The thing.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing'
components:
  schemas:
    Thing:
      type: object
      properties:
        known:
          type: string
`

// shape is what is true of the values at a place of an API.
type shape struct {
	kind      string // a type of JSON or a format of strings
	nullable  bool
	items     *shape
	fields    map[string]*shape
	mandatory map[string]bool
	data      *shape // of a map by address
}

var fieldNames = []string{"level", "limits", "history", "entries", "amount", "total", "since", "until", "avatar", "scope", "status", "owner"}

// scalars are sample values of each kind of scalar, and the format that they have.
var scalars = map[string][]any{
	"string":    {"some text", "more of it, and longer", "x y"},
	"date-time": {"2026-01-02T03:04:05Z", "2025-12-31T23:59:59.5+01:00"},
	"uuid":      {"141090c4-a563-4855-bab9-747a5d0e7d81", "241090c4-a563-4855-bab9-747a5d0e7d82"},
	"uri":       {"https://example.com/a", "http://example.com"},
	"email":     {"a@example.com", "b.c@example.org"},
	"boolean":   {true, false},
	"integer":   {0, 7, 1234567},
	"number":    {0.5, 12.25},
}

func drawShape(t *rapid.T, depth int) *shape {
	kinds := slices.Sorted(maps.Keys(scalars))
	if depth < 3 {
		kinds = append(kinds, "object", "array", "map")
	}
	s := &shape{kind: rapid.SampledFrom(kinds).Draw(t, "kind"), nullable: rapid.IntRange(0, 4).Draw(t, "nullable") == 0}
	switch s.kind {
	case "object":
		s.fields, s.mandatory = map[string]*shape{}, map[string]bool{}
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(fieldNames), 1, 5, rapid.ID).Draw(t, "names") {
			s.fields[name] = drawShape(t, depth+1)
			s.mandatory[name] = rapid.Bool().Draw(t, "mandatory")
		}
	case "array":
		s.items = drawShape(t, depth+1)
	case "map":
		s.data = drawShape(t, depth+1)
	}
	return s
}

// sample draws a value that the shape allows.
func (s *shape) sample(t *rapid.T) any {
	if s.nullable && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
		return nil
	}
	switch s.kind {
	case "object":
		made := object{}
		for _, name := range slices.Sorted(maps.Keys(s.fields)) {
			if s.mandatory[name] || rapid.Bool().Draw(t, name) {
				made[name] = s.fields[name].sample(t)
			}
		}
		return made
	case "array":
		made := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			made = append(made, s.items.sample(t))
		}
		return made
	case "map":
		made := object{}
		for i := range rapid.IntRange(0, 3).Draw(t, "entries") {
			made[fmt.Sprintf("0x%040x", i+10)] = s.data.sample(t)
		}
		return made
	}
	return rapid.SampledFrom(scalars[s.kind]).Draw(t, "value")
}

// answers draws answers of an API that has a shape. There are enough of each for its names to be kept.
func (s *shape) answers(t *rapid.T, n int) []exchange {
	var all []exchange
	for range n {
		body := s.sample(t).(object)
		all = append(all, times(observe.Shared, get("/thing", body, func(answer object) { answer["known"] = "a b" }))...)
	}
	return all
}

func TestObservingMoreOnlyLoosens(t *testing.T) {
	contract, err := spec.Read([]byte(bareContract), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		truth := drawShape(rt, 0)
		for truth.kind != "object" {
			truth = &shape{kind: "object", fields: map[string]*shape{"level": truth}, mandatory: map[string]bool{}}
		}
		truth.nullable = false
		first := truth.answers(rt, rapid.IntRange(1, 15).Draw(rt, "first"))
		more := append(slices.Clone(first), truth.answers(rt, rapid.IntRange(1, 15).Draw(rt, "more"))...)
		before, after := learnedFrom(t, contract, first), learnedFrom(t, contract, more)
		for _, p := range before.Proposals {
			said := p.Says
			found := slices.ContainsFunc(after.Proposals, func(other learn.Proposal) bool {
				return other.Place == p.Place && strings.HasPrefix(other.Says, strings.Split(said, ",")[0])
			})
			if !found {
				later, _ := says(after)
				rt.Fatalf("%q is not proposed any more, only %q", said, later)
			}
		}
		// What is true of all answers is true of the first: the contract after more accepts both.
		text, err := after.Apply()
		if err != nil {
			rt.Fatal(err)
		}
		changed, err := spec.Read(text, spec.BasePath)
		if err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		log, broken := pass(t, changed, more)
		if len(broken) > 0 {
			rt.Fatalf("the traffic breaks the contract: %s\n%s", broken[0], text)
		}
		again, err := learn.Learn(text, log)
		if err != nil {
			rt.Fatal(err)
		}
		if proposals, left := says(again); len(proposals)+len(left) > 0 {
			rt.Fatalf("proposed again %q, left %q\n%s", proposals, left, text)
		}
	})
}

func learnedFrom(t *testing.T, contract *spec.Contract, traffic []exchange) *learn.Result {
	t.Helper()
	log, _ := pass(t, contract, traffic)
	return learnFrom(t, []byte(bareContract), log)
}

func TestMergingIsAssociativeAndCommutative(t *testing.T) {
	contract, err := spec.Read([]byte(bareContract), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var logs []*observe.Log
		for range 3 {
			truth := drawShape(rt, 0)
			traffic := (&shape{kind: "object", fields: map[string]*shape{"level": truth}, mandatory: map[string]bool{"level": true}}).answers(rt, rapid.IntRange(1, 6).Draw(rt, "answers"))
			for i := range traffic {
				switch rapid.IntRange(0, 5).Draw(rt, "kind") {
				case 0:
					traffic[i].target = "/" + rapid.SampledFrom(fieldNames).Draw(rt, "path") + "/42"
				case 1:
					traffic[i].status = rapid.IntRange(100, 599).Draw(rt, "status")
				case 2:
					traffic[i].target += "?" + rapid.SampledFrom(fieldNames).Draw(rt, "query") + "=1"
				}
			}
			log, _ := pass(t, contract, traffic)
			logs = append(logs, log)
		}
		merge := func(all ...*observe.Log) *observe.Log {
			merged := observe.New()
			for _, log := range all {
				merged.Merge(log)
			}
			return merged
		}
		text := func(log *observe.Log) string {
			text, err := log.JSON()
			if err != nil {
				rt.Fatal(err)
			}
			return string(text)
		}
		a, b, c := logs[0], logs[1], logs[2]
		before := text(a) + text(b) + text(c)
		want := text(merge(a, b, c))
		for _, got := range []*observe.Log{merge(c, a, b), merge(b, c, a), merge(a, merge(b, c)), merge(merge(c, b), a)} {
			if text(got) != want {
				rt.Fatalf("merged in another order:\n%s\nand\n%s", want, text(got))
			}
		}
		if text(a)+text(b)+text(c) != before {
			rt.Fatal("what was merged was changed")
		}
		again, err := observe.Read([]byte(want))
		if err != nil {
			rt.Fatal(err)
		}
		if text(again) != want {
			rt.Fatalf("written:\n%s\nread:\n%s", want, text(again))
		}
	})
}
