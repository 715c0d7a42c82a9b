package mutate_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/mutate"
)

// everything is a contract with every keyword of OpenAPI 3.0 that matters to a program.
func everything(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keywords are those of OpenAPI 3.0.3 that matter to a program, by the object that has them, without those whose value is only a
// container of other objects.
var keywords = map[string][]string{
	"Server":          {"url", "default", "enum"},
	"Operation":       {"operationId", "security", "requestBody", "callbacks"},
	"Parameter":       {"name", "in", "required", "style", "explode", "allowReserved", "allowEmptyValue"},
	"Media Type":      {"contentType"},
	"Response":        {"headers", "links"},
	"Link":            {"operationId", "operationRef", "parameters", "requestBody", "server"},
	"Security Scheme": {"type", "scheme", "name", "in", "flows", "authorizationUrl", "tokenUrl", "refreshUrl", "scopes", "openIdConnectUrl"},
	"Schema": {
		"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
		"uniqueItems", "maxProperties", "minProperties", "required", "enum", "type", "allOf", "oneOf", "anyOf", "not", "items", "properties",
		"additionalProperties", "format", "default", "nullable", "readOnly", "writeOnly", "xml", "discriminator", "propertyName", "mapping",
		"x-superseded", "x-also-accepts", "x-go-name",
	},
}

func TestEachKeywordThatMattersIsChanged(t *testing.T) {
	all := strings.Replace(strings.Join(ids(mutantsOf(t, everything(t))), "\n"), "URL changed", "url: changed", 1)
	for object, names := range keywords {
		for _, name := range names {
			if !regexp.MustCompile(`(^|[\n. ])` + name + `[.:]`).MatchString(all) {
				t.Errorf("no mutant changes %s of %s", name, object)
			}
		}
	}
	if strings.Contains(all, "prose") {
		t.Error("a mutant changes prose")
	}
}

func TestAKeywordThatIsNotKnownIsRefusedByItsPlace(t *testing.T) {
	for place, change := range map[string]struct{ old, changed string }{
		"servrs":                                                              {"servers:\n  - url: https://{", "servrs:\n  - url: https://{"},
		"servers.0.uri":                                                       {"url: https://{", "uri: https://{"},
		"servers.0.variables.stage.values":                                    {"stage: {default: v1}", "stage: {default: v1, values: []}"},
		"components.schemes":                                                  {"  securitySchemes:", "  schemes: {}\n  securitySchemes:"},
		"paths./things/{id}.fetch":                                            {"    get:", "    fetch: {}\n    get:"},
		"paths./things/{id}.get.operationID":                                  {"operationId: getThing", "operationID: getThing"},
		"paths./things/{id}.get.parameters.visit.explodes":                    {"in: cookie", "in: cookie, explodes: true"},
		"paths./things/{id}.get.responses.200.header":                         {"          headers:\n            Location", "          header:\n            Location"},
		"paths./things/{id}.get.responses.200.headers.Location.requird":       {"Location: {required", "Location: {requird"},
		"paths./things/{id}.get.responses.200.content.application/json.shema": {"schema: {$ref: '#/components/schemas/Thing'}\n              examples", "shema: {$ref: '#/components/schemas/Thing'}\n              examples"},
		"paths./things/{id}.get.responses.200.links.change.operation":         {"operationId: changeThing\n              parameters", "operation: changeThing\n              parameters"},
		"paths./things/{id}.post.requestBody.mandatory":                       {"security: []\n      requestBody:\n        required", "security: []\n      requestBody:\n        mandatory"},
		"paths./things/{id}.post.requestBody.content.multipart/form-data.encoding.picture.type": {"contentType: image/png", "type: image/png"},
		"securitySchemes.key.nam":                             {"name: X-Key", "nam: X-Key"},
		"securitySchemes.oauth.flows.implicit.tokenURL":       {"implicit: {", "implicit: {tokenURL: 'x', "},
		"schemas.Thing.properties.other.minLenght":            {"other: {type: string, minLength", "other: {type: string, minLenght"},
		"schemas.Thing.properties.toy.discriminator.property": {"propertyName: kind", "property: kind"},
		"schemas.Thing.x-superseded.size.buy":                 {"size: {by", "size: {buy"},
		"schemas.Thing.properties.sizes.items.const":          {"items: {type: integer, minimum: 1}", "items: {type: integer, const: 1}"},
	} {
		if !strings.Contains(everything(t), change.old) {
			t.Errorf("the contract has no %q", change.old)
		}
		contract := strings.Replace(everything(t), change.old, change.changed, 1)
		if _, err := mutate.Mutants([]byte(contract)); err == nil || !strings.Contains(err.Error(), "keywords of the contract: "+place+";") {
			t.Errorf("%s: the error is %v", place, err)
		}
	}
	if _, err := mutate.Mutants([]byte(strings.Replace(everything(t), "3.0.3", "3.1.0", 1))); err == nil || !strings.Contains(err.Error(), `OpenAPI "3.1.0"`) {
		t.Errorf("with OpenAPI 3.1, the error is %v", err)
	}
}

func TestAnExtensionThatIsNotKnownIsDroppedAsAWhole(t *testing.T) {
	if !slices.Contains(ids(mutantsOf(t, everything(t))), "x-unheard-of: dropped") {
		t.Error("it is not")
	}
}
