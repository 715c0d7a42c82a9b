package spec_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// toy is a contract with one operation, whose request and response have schemas with superseded names at several depths.
func toy(t *testing.T, schema string) (*spec.Contract, error) {
	t.Helper()
	return spec.Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: Toy, version: "1"}
paths:
  /it:
    post:
      operationId: it
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/It"}}}}
      responses:
        "200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/It"}}}}
components:
  schemas:
    It: %s
`, schema), "")
}

const renamed = `{type: object, required: [new], properties: {new: {type: array, items: {type: string, minLength: 1}}, in: {type: object, properties: {deep: {type: integer}}},
      list: {type: array, items: {type: object, properties: {b: {type: string}}, x-superseded: {a: {by: b}}}},
      map: {type: object, additionalProperties: {type: object, properties: {b: {type: string}}, x-superseded: {a: {by: b}}}}},
    x-superseded: {old: {by: new, x-provenance: sdk}, shallow: {by: in.deep}}}`

const lifted = `{allOf: [{type: object, properties: {a: {type: string}, b: {type: array, items: {type: integer}}}}], x-superseded: {within: {by: .}}}`

func TestARequestIsBroughtIntoThePresentForm(t *testing.T) {
	for _, test := range []struct{ schema, body, want string }{
		{renamed, `{"new":["x"]}`, `{"new":["x"]}`},
		{renamed, `{"old":["x"]}`, `{"new":["x"]}`},
		{renamed, `{"\u006fld":["x"],"shallow":12345678901234567890}`, `{"in":{"deep":12345678901234567890},"new":["x"]}`},
		{renamed, `{"new":["x"],"shallow":1,"in":{}}`, `{"in":{"deep":1},"new":["x"]}`},
		{renamed, `{"new":[],"list":[{"a":"x"},{"b":"y"}],"map":{"a":{"a":"z"}}}`, `{"list":[{"b":"x"},{"b":"y"}],"map":{"a":{"b":"z"}},"new":[]}`},
		{lifted, `{"within":{"a":"x"},"b":[1]}`, `{"a":"x","b":[1]}`},
		{lifted, `{"within":{}}`, `{}`},
	} {
		c, err := toy(t, test.schema)
		if err != nil {
			t.Fatal(err)
		}
		op := c.Operation("it")
		got := op.ReadRequest(request(), []byte(test.body))
		if string(got.Body) != test.want || len(got.Violations) > 0 {
			t.Errorf("%s: got %s, %v", test.body, got.Body, got.Violations)
		}
		if again := op.ReadRequest(request(), got.Body); string(again.Body) != test.want || len(again.Moved) > 0 {
			t.Errorf("%s: the present form becomes %s", test.body, again.Body)
		}
	}
}

func TestWhatWasMovedIsListed(t *testing.T) {
	c, err := toy(t, renamed)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Operation("it").ReadRequest(request(), []byte(`{"old":[],"shallow":1,"list":[{"a":"x"}]}`))
	want := []spec.Moved{{Given: "old", Present: "new", Empty: true}, {Given: "shallow", Present: "in.deep"}, {Given: "list.0.a", Present: "list.0.b"}}
	if diff := cmp.Diff(want, got.Moved); diff != "" {
		t.Error(diff)
	}
}

// Violations say where the message has what is wrong, and not where it would belong.
func TestSupersededNamesAreChecked(t *testing.T) {
	for _, test := range []struct{ schema, body, request, response string }{
		{renamed, `{"old":["x"]}`, "", ""},
		{renamed, `{}`, "/new: new is required", "/new: new is required"},
		{renamed, `{"old":[""]}`, "/old/0: old.0 must not be empty", "/old/0: old.0 must not be empty"},
		{renamed, `{"old":null}`, "/old: old must be an array, not null", "/old: old must be an array, not null"},
		{renamed, `{"old":["x"],"old":["x"]}`, "/old: old is there more than once, and must be there only once", "/old: old is there more than once, and must be there only once"},
		{renamed, `{"old":["x"],"new":["x"]}`, "/old: old and new are both given; leave old out", ""},
		{renamed, `{"old":["x"],"new":["y"]}`, "/old: old and new are both given; leave old out", "/old: old differs from new, and must be the same"},
		{renamed, `{"Old":["x"],"new":["x"]}`, `/Old: "Old" is not a property; did you mean "new"?`, `/Old: "Old" is not a property; did you mean "new"?`},
		{renamed, `{"new":["x"],"shallow":"x"}`, "/shallow: shallow must be a whole number", "/shallow: shallow must be a whole number"},
		{renamed, `{"new":["x"],"shallow":1,"in":null}`, "/in: in must be an object, not null", "/in: in must be an object, not null"},
		{renamed, `{"new":["x"],"shallow":1,"in":[]}`, "/in: in must be an object", "/in: in must be an object"},
		{renamed, `{"new":["x"],"shallow":1,"in":{"deep":1}}`, "/shallow: shallow and in.deep are both given; leave shallow out", ""},
		{renamed, `{"new":["x"],"list":[{"a":"x","b":"x"}]}`, "/list/0/a: list.a and list.b are both given; leave list.a out", ""},
		{renamed, `{"new":["x"],"list":[{"a":1}]}`, "/list/0/a: list.0.a must be a string", "/list/0/a: list.0.a must be a string"},
		{lifted, `{"within":{"b":["x"]}}`, "/within/b/0: within.b.0 must be a whole number", "/within/b/0: within.b.0 must be a whole number"},
		{lifted, `{"within":{"a":"x"},"a":"x"}`, "/within/a: a is given both at the top level and in within", ""},
		{lifted, `{"within":null}`, "/within: within must be an object", "/within: within must be an object"},
		{lifted, `{"within":{"c":1}}`, `/within/c: "c" is not a property of within; the properties are a and b`, `/within/c: "c" is not a property of within`},
		{lifted, `{"within":{"within":{"a":"x"}}}`, `/within/within: "within" is not a property of within; the properties are a and b`, `/within/within: "within" is not a property of within`},
	} {
		c, err := toy(t, test.schema)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := c.WithoutRules()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []*spec.Contract{c, slow} {
			op := c.Operation("it")
			if got := told(op.CheckRequest(request(), []byte(test.body))); got != test.request {
				t.Errorf("request %s: got %q, not %q", test.body, got, test.request)
			}
			if got := told(op.CheckResponse(http.MethodPost, 200, jsonHeader, []byte(test.body))); got != test.response {
				t.Errorf("response %s: got %q, not %q", test.body, got, test.response)
			}
		}
	}
}

// A name that a schema without further properties ignores must not be ignored in the wrong case, and one in a map is a name.
func TestSupersededNamesInAnOpenSchema(t *testing.T) {
	c, err := toy(t, `{type: object, properties: {new: {type: string}}, additionalProperties: true, x-superseded: {old: {by: new}}}`)
	if err != nil {
		t.Fatal(err)
	}
	op := c.Operation("it")
	for body, want := range map[string]string{
		`{"other":1}`:    "",
		`{"old":"x"}`:    "",
		`{"old":1}`:      "/old: old must be a string",
		`{"OLD":"x"}`:    `/OLD: "OLD" is not a property; did you mean "new"?`,
		`{"o\u006cd":1}`: "/old: old must be a string",
	} {
		if got := told(op.CheckRequest(request(), []byte(body))); got != want {
			t.Errorf("%s: got %q, not %q", body, got, want)
		}
	}
}

func TestAnExtensionThatMakesNoSenseIsRefused(t *testing.T) {
	const properties = `type: object, properties: {new: {type: string}}, x-superseded: `
	for schema, want := range map[string]string{
		`{` + properties + `[old]}`:                                "#/components/schemas/It/x-superseded must be an object",
		`{` + properties + `{old: new}}`:                           "#/components/schemas/It/x-superseded/old must name the property that supersedes it",
		`{` + properties + `{old: {}}}`:                            "must name the property that supersedes it",
		`{` + properties + `{old: {by: new, since: 1}}}`:           `has "since"`,
		`{` + properties + `{old: {by: newer}}}`:                   "is superseded by newer, which is not a property",
		`{` + properties + `{old: {by: new.er}}}`:                  "is superseded by new.er, which is not a property",
		`{` + properties + `{old: {by: older}, older: {by: old}}}`: "is superseded by older, which is not a property",
		`{` + properties + `{new: {by: new}}}`:                     "is a property of the schema",
		`{type: object, x-superseded: {old: {by: .}}}`:             "which has no properties",
	} {
		if _, err := toy(t, schema); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, not %q", schema, err, want)
		}
	}
	c, err := toy(t, renamed)
	if err != nil || c == nil {
		t.Fatal(err)
	}
	_, err = spec.Read([]byte(`{openapi: 3.0.3, info: {title: a, version: '1'}, paths: {/a: {post: {operationId: a, requestBody: {content: {application/x-www-form-urlencoded: {schema:
		{`+properties+`{old: {by: new}}}}}}, responses: {}}}}}`), "")
	if err == nil || !strings.Contains(err.Error(), "the request of a is application/x-www-form-urlencoded") {
		t.Errorf("got %v", err)
	}
}

func TestAResponseCanBeGivenEverySpelling(t *testing.T) {
	c, err := toy(t, renamed)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{"new":["x"],"in":{"deep":1}}`:                               `{"in":{"deep":1},"new":["x"],"old":["x"]}`,
		`{"new":["x"],"old":["y"]}`:                                   `{"new":["x"],"old":["y"]}`,
		`{"new":[],"list":[{"b":"x"},{}],"n":12345678901234567890.0}`: `{"list":[{"a":"x","b":"x"},{}],"n":12345678901234567890.0,"new":[],"old":[]}`,
		`{}`:   `{}`,
		`not`:  `not`,
		`null`: `null`,
	} {
		if got := strings.TrimSpace(string(c.Operation("it").InEverySpelling(200, jsonHeader, []byte(body)))); got != want {
			t.Errorf("%s: got %s", body, got)
		}
	}
	for _, header := range []http.Header{{}, {"Content-Type": {"text/plain"}}} {
		if got := c.Operation("it").InEverySpelling(200, header, []byte(`{"new":[]}`)); string(got) != `{"new":[]}` {
			t.Errorf("%v: got %s", header, got)
		}
	}
	if got := c.Operation("it").InEverySpelling(404, jsonHeader, []byte(`{"new":[]}`)); string(got) != `{"new":[]}` {
		t.Errorf("got %s", got)
	}
}

// TestATokenResponseMayHaveEitherSpelling is about the contract of the Picket API itself.
func TestATokenResponseMayHaveEitherSpelling(t *testing.T) {
	op := theAPI(t).Operation("token")
	picket := map[string]any{"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 1}
	oauth := map[string]any{"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 1}
	both := map[string]any{}
	for _, names := range []map[string]any{picket, oauth} {
		for name, value := range names {
			both[name] = value
		}
	}
	for _, body := range []map[string]any{picket, oauth, both} {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if found := op.CheckResponse(http.MethodPost, 200, jsonHeader, text); len(found) > 0 {
			t.Errorf("%s: %v", text, found)
		}
	}
}

var jsonHeader = http.Header{"Content-Type": {"application/json"}}

func request() *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/it", nil)
	r.Header.Set("Content-Type", "application/json")
	return r
}

// told returns violations as one text.
func told(found []spec.Violation) string {
	texts := make([]string, len(found))
	for i, v := range found {
		texts[i] = v.Pointer + ": " + v.Message
	}
	return strings.Join(texts, "; ")
}
