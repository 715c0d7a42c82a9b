package diff_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
)

func TestWhatOasdiffLeavesOutIsToldAndJudged(t *testing.T) {
	const things = "GET /things/{id}"
	for name, change := range map[string]struct {
		old, changed string
		want         []diff.Change
	}{
		"a server moves": {"url: https://second.example.com", "url: https://third.example.com", []diff.Change{
			{"openapi.yaml", "removed the server `https://second.example.com`", true},
			{"openapi.yaml", "added the server `https://third.example.com`", false},
		}},
		"a server is added": {"  - url: https://second.example.com\n", "  - url: https://second.example.com\n  - url: https://third.example.com\n", []diff.Change{
			{"openapi.yaml", "added the server `https://third.example.com`", false},
		}},
		"another server is the first": {"servers:\n  - url: https://{region}", "servers:\n  - url: https://second.example.com\n  - url: https://{region}", []diff.Change{
			{"openapi.yaml", "the first server, which generated clients use, is `https://second.example.com`; it was `https://{region}.example.com/{stage}`", true},
		}},
		"a server is described": {"    description: prose\n    variables", "    description: better prose\n    variables", nil},
		"a variable's default":  {"stage: {default: v1}", "stage: {default: v2}", []diff.Change{{"openapi.yaml", "the default of the variable `stage` of the server `https://{region}.example.com/{stage}` is `v2`; it was `v1`", true}}},
		"a variable's values": {"enum: [eu, us]", "enum: [eu, asia]", []diff.Change{
			{"openapi.yaml", "the variable `region` of the server `https://{region}.example.com/{stage}` cannot be `us` any more", true},
			{"openapi.yaml", "the variable `region` of the server `https://{region}.example.com/{stage}` can be `asia`", false},
		}},
		"an operation's server": {"url: https://change.example.com", "url: https://other.example.com", []diff.Change{
			{"PUT /things/{id}", "removed the server `https://change.example.com`", true},
			{"PUT /things/{id}", "added the server `https://other.example.com`", false},
		}},
		"one of several credentials": {"        - basic: []\n        - key", "        - key", []diff.Change{
			{things, "cannot be called with `basic` any more; it can be called with `key` and `oauth` (read) or no credential", true},
		}},
		"a scope that is no longer needed": {"  - oauth: [read, write]", "  - oauth: [read]", []diff.Change{
			{"PUT /things/{id}", "can be called with `oauth` (read)", false},
			{"PUT /things/{id}", "cannot be called with `oauth` (read, write) any more; it can be called with `key` or `oauth` (read)", false},
		}},
		"a scope that is needed": {"  - oauth: [read, write]", "  - oauth: [read, write, admin]", []diff.Change{
			{"PUT /things/{id}", "cannot be called with `oauth` (read, write) any more; it can be called with `key` or `oauth` (admin, read, write)", true},
			{"PUT /things/{id}", "can be called with `oauth` (admin, read, write)", false},
		}},
		"no anonymous calls": {"          oauth: [read]\n        - {}\n", "          oauth: [read]\n", []diff.Change{
			{things, "cannot be called with no credential any more; it can be called with `basic` or `key` and `oauth` (read)", true},
		}},
		"a style":         {"style: form\n          explode: false", "style: form\n          explode: true", []diff.Change{{things, "the `query` parameter `list` is written in the style `form` with `explode`; before in `form` without `explode`", true}}},
		"the same style":  {"{name: X-Page, in: header, style: simple,", "{name: X-Page, in: header,", nil},
		"items of a list": {"items: {type: string, minLength: 1,", "items: {type: string, minLength: 2,", []diff.Change{{things, "the `list/items` parameter's minLength was increased from `1` to `2`", true}}},
		"a list that may repeat": {"            uniqueItems: true\n            items: {type: string,", "            items: {type: string,", []diff.Change{
			{things, "the `query` parameter `list` may have an item more than once", false},
		}},
		"a property in a parameter": {"schema: {type: object, properties: {a: {type: string}}}}", "schema: {type: object, properties: {b: {type: string}}}}", []diff.Change{
			{things, "removed the parameter `filter/a`", true},
			{things, "added the new optional parameter `filter/b`", false},
		}},
		"a link goes elsewhere": {"parameters: {id: $response.body#/id}", "parameters: {id: $response.body#/more}", []diff.Change{
			{things, "`parameters.id` of the link `change` is `$response.body#/more`; it was `$response.body#/id` for the status `200`", true},
		}},
		"a link goes":   {"            again: {$ref: '#/components/links/Again'}\n", "", []diff.Change{{things, "removed the link `again` for the status `200`", true}}},
		"a callback":    {"'{$request.body#/gone}'", "'{$request.body#/went}'", []diff.Change{{"PUT /things/{id}", "the callback `gone` changed (callbacks are compared only as a whole)", true}}},
		"an encoding":   {"contentType: image/png", "contentType: image/gif", []diff.Change{{"POST /things/{id}", "`picture` is sent in another way in `multipart/form-data` of the request body: {\"contentType\":\"image/gif\",\"headers\":{\"X-Size\":{\"schema\":{\"type\":\"integer\"}}}}, before {\"contentType\":\"image/png\",\"headers\":{\"X-Size\":{\"schema\":{\"type\":\"integer\"}}}}", true}}},
		"an OAuth flow": {"        password: {tokenUrl: https://id.example.com/token, scopes: {read: prose, write: prose}}\n", "", []diff.Change{{"openapi.yaml", "the security scheme `oauth` has no flow `password` any more", true}}},
		"a scope of a flow": {"implicit: {authorizationUrl: https://id.example.com/authorize, scopes: {read: prose, write: prose}}", "implicit: {authorizationUrl: https://id.example.com/authorize, scopes: {read: prose}}", []diff.Change{
			{"openapi.yaml", "the security scheme `oauth` oauth `implicit` flow scope `write` was removed", true},
		}},
		"further properties": {"doll: '#/components/schemas/Doll'}\n    Car: {type: object,", "doll: '#/components/schemas/Doll'}\n    Car: {type: object, additionalProperties: false,", []diff.Change{
			{"PUT /things/{id}", "`toy` of the request body may not have further properties any more", true},
			{things, "`toy` of the response for the status `200` may not have further properties any more", false},
		}},
		"a superseded name is re-pointed": {"size: {by: more.size}", "size: {by: count}", []diff.Change{
			{things, "the superseded name `size` of the response for the status `200` stands for `count`; before for `more.size`", true},
			{"PUT /things/{id}", "the superseded name `size` of the request body stands for `count`; before for `more.size`", true},
		}},
		"a further form of a value": {"x-also-accepts: {type: number, minimum: 0}", "x-also-accepts: {type: number}", []diff.Change{
			{things, "`strange` of the response for the status `200` may also be [{\"type\":\"number\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", true},
			{"PUT /things/{id}", "`strange` of the request body may also be [{\"type\":\"number\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", false},
		}},
		"a further form that is narrower": {"x-also-accepts: {type: number, minimum: 0}", "x-also-accepts: {type: number, minimum: 0, maximum: 9}", []diff.Change{
			{"PUT /things/{id}", "`strange` of the request body may also be [{\"maximum\":9,\"minimum\":0,\"type\":\"number\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", true},
			{things, "`strange` of the response for the status `200` may also be [{\"maximum\":9,\"minimum\":0,\"type\":\"number\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", false},
		}},
		"a further form of another type": {"x-also-accepts: {type: number, minimum: 0}", "x-also-accepts: {type: boolean}", []diff.Change{
			{things, "`strange` of the response for the status `200` may also be [{\"type\":\"boolean\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", true},
			{"PUT /things/{id}", "`strange` of the request body may also be [{\"type\":\"boolean\"}]; before [{\"minimum\":0,\"type\":\"number\"}]", true},
		}},
		"a further form that is dropped": {", x-also-accepts: {type: number, minimum: 0}", "", []diff.Change{
			{"PUT /things/{id}", "`strange` of the request body may not be [{\"minimum\":0,\"type\":\"number\"}] any more", true},
			{things, "`strange` of the response for the status `200` may not be [{\"minimum\":0,\"type\":\"number\"}] any more", false},
		}},
		"unknown parameters that are not ignored any more": {"      x-unknown-parameters: ignored\n", "", []diff.Change{
			{"POST /things/{id}", "the operation refuses parameters that it does not have, which it ignored before", true},
		}},
		"unknown parameters that are ignored": {"    put:\n      operationId: changeThing\n", "    put:\n      operationId: changeThing\n      x-unknown-parameters: ignored\n", []diff.Change{
			{"PUT /things/{id}", "the operation ignores parameters that it does not have, which it refused before", false},
		}},
		"a further media type": {"      x-also-accepts: [application/x-www-form-urlencoded]\n", "", []diff.Change{
			{"PUT /things/{id}", "the request body may not be [\"application/x-www-form-urlencoded\"] any more", true},
		}},
		"an error code": {"value: {code: not_found}", "value: {code: missing}", []diff.Change{
			{things, "no example has the error code `not_found` any more", true},
			{things, "an example has the new error code `missing`", false},
		}},
		"an operationId": {"operationId: uploadThing", "operationId: upload", []diff.Change{{"POST /things/{id}", "the operationId `uploadThing` was replaced with `upload`", true}}},
		"an optional response property": {"properties: {kind: {type: string}, wheels: {type: integer}}", "properties: {kind: {type: string}}", []diff.Change{
			{things, "removed the optional property `toy/oneOf[#/components/schemas/Car]/wheels` from the response with the `200` status", true},
			{"PUT /things/{id}", "removed the request property `toy/oneOf[#/components/schemas/Car]/wheels`", true},
		}},
		"an extension": {"x-unheard-of: {a: 1}", "x-unheard-of: {a: 2}", []diff.Change{{"openapi.yaml", "the extension `x-unheard-of` of the contract has another value", false}}},
		"prose":        {"summary: prose", "summary: better prose", nil},
		"an example":   {"examples: {one: {value: {kind: car}}}", "examples: {one: {value: {kind: doll}}}", nil},
		"a version":    {"version: 1.0.0", "version: 2.0.0", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(everything)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), change.old) {
				t.Fatalf("the contract has no %q", change.old)
			}
			changed := filepath.Join(t.TempDir(), "openapi.yaml")
			if err := os.WriteFile(changed, []byte(strings.Replace(string(text), change.old, change.changed, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := diff.OpenAPI(everything, changed)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(name, "a superseded name") { // then oasdiff says, too, how the schemas of the properties differ
				got = slices.DeleteFunc(got, func(c diff.Change) bool { return !strings.Contains(c.Text, "stands for") })
			}
			if difference := cmp.Diff(change.want, got, cmpopts.EquateEmpty()); difference != "" {
				t.Errorf("the changes (-want +got):\n%s", difference)
			}
		})
	}
}
