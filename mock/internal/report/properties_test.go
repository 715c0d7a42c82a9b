package main

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

func parsed(t *testing.T, code string) source {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	return source{file}
}

func TestPropertiesThatTheMockNeverSends(t *testing.T) {
	api, err := spec.Read([]byte(`
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    get:
      operationId: it
      responses:
        "200":
          description: It.
          content:
            application/json:
              schema:
                type: object
                properties:
                  set: {type: string}
                  assigned: {type: string}
                  new: {type: string}
                  old: {type: string, deprecated: true}
                  inner: {type: array, items: {type: object, properties: {known: {type: string}, added: {type: string}}}}
                  made: {type: object, properties: {elsewhere: {type: string}}}
`), "")
	if err != nil {
		t.Fatal(err)
	}
	s := sources{
		types: parsed(t, "package p\ntype It struct {\nSet string `json:\"set\"`\nAssigned string `json:\"assigned\"`\nNew string `json:\"new\"`\n"+
			"Inner []Inner `json:\"inner\"`\nMade Made `json:\"made\"`\n}\ntype Inner struct {\nKnown string `json:\"known\"`\nAdded string `json:\"added\"`\n}\n"),
		mock:   parsed(t, "package p\nvar it = It{Set: x, Inner: inner, Made: made}\nfunc f() { it.Assigned = y }"),
		values: []source{parsed(t, "package p\nvar inner = Inner{Known: z}")},
	}
	want := []string{"behaviour in mock: never sends the property added", "behaviour in mock: never sends the property new"}
	if diff := cmp.Diff(want, s.unsent(api.Operation("it"))); diff != "" {
		t.Error(diff)
	}
}
