package changes_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An operationRow is something about operations that an owner adds to openapi.yaml. The text is in testdata/operations, by section of the contract.
type operationRow struct {
	name, file string
	asks       []question
}

// A question is a request to the mock, and what its answer has to be.
type question struct {
	request string // method and path below the base URL
	header  string // "Name: value", one a line; Authorization is that of an API key
	body    string
	status  int
	answer  string // a part of the body, or of a header as "Name: value"
}

const (
	secretKey = "sk_00000000000000000000000000000000"
	tokenPage = `{"data":[{"id":"42","name":"The answer"}],"nextCursor":"c2"}`
	asJSON    = "Content-Type: application/json"
	formType  = "Content-Type: application/x-www-form-urlencoded"
	asForm    = "Content-Type: multipart/form-data; boundary=b"
	picture   = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
)

func field(name, value string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}

var operationRows = []operationRow{
	{"a list with a cursor and parameters of all styles", "list", []question{
		{"GET /tokens", "X-Tenant: acme", "", 200, tokenPage},
		{"GET /tokens", "", "", 400, "X-Tenant is required"},
		{"GET /tokens", "X-Tenant: ACME", "", 400, "X-Tenant must"},
		{"GET /tokens", "X-Tenant: acme\nX-Trace: 1", "", 400, "X-Trace"},
		{"GET /tokens", "X-Tenant: acme\nCookie: region=mars", "", 400, "region must be eu or us"},
		{"GET /tokens?cursor=", "X-Tenant: acme", "", 400, "cursor must"},
		{"GET /tokens?limit=0", "X-Tenant: acme", "", 400, "limit must"},
		{"GET /tokens?limit=101", "X-Tenant: acme", "", 400, "limit must"},
		{"GET /tokens?limit=1&limit=2", "X-Tenant: acme", "", 400, "limit is given more than once"},
		{"GET /tokens?burnt=perhaps", "X-Tenant: acme", "", 400, "burnt"},
		{"GET /tokens?owner=me", "X-Tenant: acme", "", 400, "owner"},
		{"GET /tokens?since=today", "X-Tenant: acme", "", 400, "since must"},
		{"GET /tokens?day=2026-13-01", "X-Tenant: acme", "", 400, "day must"},
		{"GET /tokens?price=0", "X-Tenant: acme", "", 400, "price must"},
		{"GET /tokens?kind=coin&kind=art", "X-Tenant: acme", "", 200, tokenPage},
		{"GET /tokens?kind=coin&kind=art&kind=game", "X-Tenant: acme", "", 400, "kind must"},
		{"GET /tokens?kind=car", "X-Tenant: acme", "", 400, "kind.0 must be coin, art or game"},
		{"GET /tokens?ids=1,137", "X-Tenant: acme", "", 200, tokenPage},
		{"GET /tokens?ids=0", "X-Tenant: acme", "", 400, "ids.0 must"},
		{"GET /tokens?marks=a%7Cb", "X-Tenant: acme", "", 200, tokenPage},
		{"GET /tokens?filter%5Bsymbol%5D=UNI&filter%5Bdecimals%5D=18", "X-Tenant: acme", "", 200, tokenPage},
		{"GET /tokens?filter%5Bdecimals%5D=99", "X-Tenant: acme", "", 400, "filter.decimals must"},
		{"OPTIONS /tokens", "Origin: https://example.com\nAccess-Control-Request-Method: GET", "", 204, "X-Tenant, X-Trace"},
	}},
	{"HEAD, PUT, PATCH and DELETE; 202 and 204; an optional body of two types", "methods", []question{
		{"HEAD /tokens/42", "", "", 200, ""},
		{"HEAD /tokens/x", "", "", 400, ""},
		{"GET /tokens/42", "", "", 405, "Allow: PUT"},
		{"OPTIONS /tokens/42", "Origin: https://example.com\nAccess-Control-Request-Method: HEAD", "", 204, "Access-Control-Allow-Methods: DELETE, HEAD, PATCH, PUT"},
		{"PUT /tokens/42", asJSON, `{"id":"42"}`, 200, `"id":"42"`},
		{"PUT /tokens/42", asJSON, "", 400, "a request body is required"},
		{"PUT /tokens/42", asJSON, `{"name":"x"}`, 400, "id is required"},
		{"PATCH /tokens/42", "", "", 202, ""},
		{"PATCH /tokens/42", "Content-Type: application/merge-patch+json", `{"name":null}`, 202, ""},
		{"PATCH /tokens/42", "Content-Type: application/merge-patch+json", `{"title":null}`, 400, "is not a property"},
		{"PATCH /tokens/42", "Content-Type: text/plain", "A name", 202, ""},
		{"PATCH /tokens/42", "Content-Type: text/plain", "A name of many characters", 400, "the body must"},
		{"PATCH /tokens/42", asJSON, "{}", 400, "the Content-Type must be application/merge-patch+json or text/plain"},
		{"DELETE /tokens/42", "", "", 204, ""},
	}},
	{"201 with a Location; a new error code, a new status and a range of them", "created", []question{
		{"POST /collections", asJSON, `{"id":"7"}`, 201, "Location: /api/v1/collections/7"},
		{"POST /collections", asJSON + "\nOrigin: https://example.com", `{"id":"7"}`, 201, ", Location, "},
		{"POST /collections", asJSON + "\nPrefer: example=collectionExists", `{"id":"7"}`, 422, "collection_exists"},
		{"POST /collections", asJSON + "\nPrefer: code=418", `{"id":"7"}`, 418, "refused"},
		{"POST /collections", asJSON + "\nPrefer: example=other", `{"id":"7"}`, 402, "refused"},
	}},
	{"a download, an upload, and an upload by a form", "files", []question{
		{"GET /tokens/42/picture", "Accept: image/*", "", 200, "Content-Type: image/png"},
		{"GET /tokens/42/picture", "", "", 200, "Content-Type: application/octet-stream"},
		{"PUT /tokens/42/picture", "Content-Type: image/png", "\x89PNG\r\n\x1a\n", 204, ""},
		{"PUT /tokens/42/picture", "Content-Type: image/gif", "GIF", 400, "the Content-Type must be image/png"},
		{"POST /tokens/42/picture", asForm, picture + field("width", "16") + field("tags", "a") + field("tags", "b") + "--b--\r\n", 200, `"id":"42"`},
		{"POST /tokens/42/picture", asForm, picture + field("width", "0") + "--b--\r\n", 400, "width must"},
		{"POST /tokens/42/picture", asForm, field("width", "16") + "--b--\r\n", 400, "file is required"},
		{"POST /tokens/42/picture", asForm, picture + field("titles", "x") + "--b--\r\n", 400, `did you mean \"title\"?`},
		{"POST /tokens/42/picture", asForm, picture + field("title", "x") + field("title", "y") + "--b--\r\n", 400, "title is given more than once"},
		{"POST /tokens/42/picture", asJSON, "{}", 400, "the Content-Type must be multipart/form-data"},
	}},
	{"media types chosen by Accept, and two of a request", "types", []question{
		{"GET /tokens/42/transfers", "Accept: */*", "", 200, `["a","b"]`},
		{"GET /tokens/42/transfers", "Accept: text/csv", "", 200, "from\na\nb\n"},
		{"GET /tokens/42/transfers", "Accept: text/csv;q=0.5, text/plain", "", 200, "a and b"},
		{"GET /tokens/42/transfers", "Accept: image/png", "", 406, "application/json, text/csv, text/plain"},
		{"POST /tokens/42/transfers", asJSON, `{"id":"1"}`, 200, "2"},
		{"POST /tokens/42/transfers", "Content-Type: application/x-www-form-urlencoded", "id=1", 200, "2"},
		{"POST /tokens/42/transfers", "Content-Type: application/x-www-form-urlencoded", "name=x", 400, "id is required"},
	}},
	{"new security schemes", "security", []question{
		{"GET /tokens/42/owner", "", "", 401, "send the API key in the header X-Project-Key"},
		{"GET /tokens/42/owner", "X-Project-Key: sk_ffffffffffffffffffffffffffffffff", "", 401, "api_key_invalid"},
		{"GET /tokens/42/owner", "X-Project-Key: " + secretKey, "", 200, `"id":"42"`},
		{"OPTIONS /tokens/42/owner", "Origin: https://example.com\nAccess-Control-Request-Method: GET", "", 204, "X-Project-Key"},
		{"PUT /tokens/42/owner", "X-Project-Key: " + secretKey, "", 401, "access token"},
		{"PUT /tokens/42/owner", "X-Project-Key: " + secretKey + "\nAuthorization: Bearer x", "", 401, "invalid access token"},
		{"DELETE /tokens/42/owner", "", "", 401, "Www-Authenticate: Bearer"},
		{"DELETE /tokens/42/owner", "Authorization: Bearer x", "", 401, "invalid access token"},
	}},
	{"a form with numbers; a CSV; typed paths and headers; 303, 304, 410 and 422; problem+json; a JSON patch", "reports", []question{
		{"GET /reports", "", "", 200, "X-Kinds: a,b"},
		{"GET /reports", "Prefer: code=304", "", 304, `Etag: "a"`},
		{"GET /reports", "Prefer: code=410", "", 410, "Content-Type: application/problem+json"},
		{"GET /reports?ready=1", "", "", 400, "ready must be true or false"},
		{"GET /reports?score=1.5", "", "", 400, "score must be at most 1"},
		{"GET /reports?page=99999999999999999999", "", "", 400, "page must be a whole number from 0 to 9223372036854775807"},
		{"GET /reports?level=1&level=1", "", "", 400, "level must have no two equal items"},
		{"GET /reports?sort%5Bby%5D=name&user.id=u&%24filter=x&func=f", "", "", 200, `"state":"done"`},
		{"GET /reports", "X-Dry: 1", "", 400, "X-Dry must be true or false"},
		{"GET /reports", "Cookie: visits=1; visits=2", "", 400, "visits is given more than once"},
		{"GET /reports", "Cookie: dark=1", "", 400, "dark must be true or false"},
		{"POST /reports", formType, "title=a&pages=3&urgent=true", 202, "Location: /api/v1/reports/1"},
		{"POST /reports", formType + "\nPrefer: code=303", "title=a&pages=3", 303, "Location: /api/v1/reports/1"},
		{"POST /reports", formType + "\nPrefer: code=422", "title=a&pages=3", 422, `{"errors":[{"field":"title","msg":"is too long"}]}`},
		{"POST /reports", formType, "title=a&pages=3&titles=b", 400, `did you mean \"title\"?`},
		{"POST /reports", formType, "title=a&pages=3&urgent=1", 400, "urgent must be true or false"},
		{"POST /reports", formType, "title=a&pages=3&ratio=NaN", 400, "ratio must be a number of at least 0"},
		{"POST /reports", formType, "title=%FF&pages=3", 400, "title is not UTF-8"},
		{"POST /reports", asJSON, "{}", 400, "the Content-Type must be application/x-www-form-urlencoded"},
		{"GET /reports/9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", "", "", 200, "a,b\n1,2\n"},
		{"GET /reports/9b9dfbd2", "", "", 400, "reportId must be a UUID"},
		{"GET /reports/9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", "Prefer: code=404", "", 404, "there is no such report"},
		{"PATCH /reports/9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", "Content-Type: application/json-patch+json", `[{"op":"replace","path":"/a","value":null}]`, 200, "done"},
		{"PATCH /reports/9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", "Content-Type: application/json-patch+json", `[{"op":"copy","path":"/a"}]`, 400, "0.op must be add, remove or replace"},
		{"DELETE /reports/9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", asJSON, `{"raeson":"x"}`, 400, `did you mean \"reason\"?`},
		{"GET /levels/3/0.5/on/true/2026-01-01", "", "", 200, "1"},
		{"GET /levels/03/0.5/on/true/2026-01-01", "", "", 400, "level must be a whole number"},
		{"GET /levels/3/0.5/on/1/2026-01-01", "", "", 400, "ok must be true or false"},
	}},
	{"bodies, headers and parameters that are described in place, and alternatives of keys", "shapes", []question{
		{"POST /shapes/objects", asJSON, `{"a":[{"b":"x"}]}`, 200, `{"a":1,"u":"x"}`},
		{"POST /shapes/objects", asJSON, `{"a":[{"b":"z"}]}`, 400, "a.0.b must be x or y"},
		{"POST /shapes/lists", asJSON, `[[1]]`, 400, "0 must have at least 2 items"},
		{"POST /shapes/maps", asJSON, `{"b":[1,2,3]}`, 400, "b must have at most 2 items"},
		{"POST /shapes/strings", asJSON, `""`, 400, "the body must not be empty"},
		{"POST /shapes/vendor", "Content-Type: application/vnd.api+json\nAccept: application/vnd.v2+json", `{"data":"x"}`, 200, `{"b":"x"}`},
		{"POST /shapes/charset", "Content-Type: application/json;charset=UTF-8", `{"a":"x"}`, 200, `{"a":"x"}`},
		{"POST /shapes/charset", asJSON, `{"a":5}`, 400, "a must be a string"},
		{"GET /shapes/xml", "", "", 200, "<a>x</a>"},
		{"GET /shapes/events", "", "", 200, "data: 1\n\n"},
		{"GET /shapes/lines", "", "", 200, "{}\n{}\n"},
		{"POST /shapes/composed", formType, "a=b&n=x", 400, "n must be a whole number"},
		{"POST /shapes/composed", formType, "a=b&n=5&l=1&l=2", 204, ""},
		{"POST /shapes/redirect", "", "", 303, "Location: /x"},
		{"GET /shapes/abc/edges/1,2", "", "", 200, "x"},
		{"GET /shapes/ABC/edges/1,2", "", "", 400, "shape-id must be a string that matches"},
		{"GET /shapes/count/edges/a?id=b", "", "", 200, "x"},
		{"GET /shapes/headers", "", "", 204, "X-Big: 1767323045678"},
		{"GET /shapes/headers", "", "", 204, "X-Ids: 1,2"},
		{"GET /shapes/headers", "", "", 204, "X-Obj: a,1"},
		{"GET /shapes/headers", "", "", 204, `X-Json: {"a":"b"}`},
		{"GET /shapes/parameters?filter=%7B%22size%22%3A0%7D", "", "", 400, "filter"},
		{"GET /shapes/parameters?either=x", "", "", 400, "either must be a whole number, or true or false"},
		{"GET /shapes/shapesEitherKey?shape_key=" + secretKey, "Authorization: ", "", 200, "x"},
		{"GET /shapes/shapesEitherKey", "", "", 200, "x"},
		{"GET /shapes/shapesBothKeys", "X-Shape-Key: " + secretKey, "", 401, "access token"},
		{"GET /shapes/shapesNoKey", "Authorization: ", "", 200, "x"},
		{"GET /shapes/shapesNoKey", "X-Shape-Key: sk_ffffffffffffffffffffffffffffffff", "", 401, "api_key_invalid"},
	}},
	{"callbacks and links", "ignored", []question{
		{"POST /tokens/42/watchers", asJSON, `{"id":"42"}`, 200, `"id":"42"`},
	}},
}

// recursive are the tests that would copy the repository again, need a port that others may have, or generate again.
const recursive = "^(TestANew|TestOrdinaryChanges|TestChangesOf|TestWhatIsLearned|TestTheShellBlocksOfTheDocumentsWork|TestTheContainerOfTheMocksREADMEWorks|TestGeneratedIsWhatTheContractsMake)"

// TestOrdinaryChangesOfOperationsNeedNoCode adds all rows to openapi.yaml, does nothing but generate, and runs all tests.
func TestOrdinaryChangesOfOperationsNeedNoCode(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.keep()
	for _, row := range operationRows {
		w.add(row.file)
	}
	w.write("mock/internal/probe/main.go", operationsProbe)
	w.run("generate", "./...")
	w.run("test", "-vet=off", "-skip", recursive, "./...")
	w.checkDiff("GET /tokens", "GET /tokens/{tokenID}/transfers")
	base := w.start()
	w.checkVerify(base)
	for _, row := range operationRows {
		t.Run(row.name, func(t *testing.T) {
			for _, q := range row.asks {
				q.check(t, base)
			}
		})
	}
	if diff := cmp.Diff(operationsProbed, w.run("run", "./mock/internal/probe")); diff != "" {
		t.Errorf("the client (-want +got):\n%s", diff)
	}
	if report := w.run("run", "./mock/internal/report"); strings.Count(report, "behaviour in mock: answers from the example") != 30 ||
		strings.Count(report, "behaviour in mock: answers from the status only") != 9 {
		t.Errorf("the report is %s", report)
	}
}

// A refusal is a change that is not supported, and the sentence that says so.
type refusal struct {
	name, was, is string
	test          string // of the repository, which refuses it; empty when go generate does
	sentence      string
}

const chains = "  /chains:\n    get:\n      operationId: chains\n"

var operationRefusals = []refusal{
	{"OpenAPI 3.1", "openapi: 3.0.3\n", "openapi: 3.1.0\n", "",
		`openapi: 3.1.0 is not supported, only 3.0, because the mock and the generated code would not check and read all of it; write "openapi: 3.0.3"`},
	{"another server", "url: https://picketapi.com/api/v1\n", "url: https://api.picketapi.com/v2\n", "TestTheAPIIsWhereItIs",
		"openapi.yaml has the servers https://api.picketapi.com/v2, and needs exactly the one of picket.DefaultBaseURL, https://picketapi.com/api/v1"},
	{"no operationId", chains, "  /chains:\n    get:\n", "TestEverythingIsDescribed",
		"GET /chains has no operationId, which names it in the generated code, in faults and in the journal"},
	{"an operationId twice", chains, "  /chains:\n    get:\n      operationId: chain\n", "TestTheContractIsValid",
		`operations "GET /chains" and "GET /chains/{chain}" have the same operation id "chain"`},
	{"a parameter of the path that is not declared", "  /chains/{chain}:\n", "  /chains/{chain}/{page}:\n", "",
		"path '/chains/{chain}/{page}' has 2 positional parameters, but spec has 1 declared"},
	{"an example that breaks its schema", "                    format: siwe\n", "                    format: siwx\n", "TestTheContractIsValid",
		`example siwe: Error at "/format": value is not one of the allowed values ["simple","siwe"]`},
	{"a security scheme beside another in one header", chains, chains + "      security: [{apiKey: [], bearerToken: []}]\n", "",
		"#/paths/~1chains/get/security demands apiKey and bearerToken together, and each is in the header Authorization, of which a request has one"},
	{"a header that OpenAPI ignores", chains, chains + "      parameters: [{name: Accept, in: header, schema: {type: string}}]\n", "",
		"OpenAPI 3.0 ignores a header parameter with the name Accept; take it out, because the media types of the responses say what can be accepted"},
	{"a list of objects in a query", chains, chains + "      parameters: [{name: q, in: query, schema: {type: array, items: {type: object}}}]\n", "",
		"the items of q are lists or objects, which no style of a parameter can send"},
	{"a server of its own", chains, "  /chains:\n    servers: [{url: 'https://example.com'}]\n    get:\n      operationId: chains\n", "",
		"servers of a path or of an operation are not supported"},
	{"something beside a parameter in a path", "  /chains/{chain}:\n", "  /chains/{chain}.json:\n", "",
		"the path /chains/{chain}.json has the segment {chain}.json, in which something stands beside a parameter"},
	{"paths that match the same", "  /chains/{chain}:\n", "  /{chain}/nonce:\n    get:\n      responses: {}\n      parameters:\n        - $ref: '#/components/parameters/Chain'\n  /chains/{chain}:\n", "",
		"the paths of GET /chains/{chain} and GET /{chain}/nonce conflict: there are paths that match both, and neither is more specific; change one of them"},
	{"two tags", "      tags: [Chains]\n      summary: Get a chain\n", "      tags: [Chains, Wallets]\n      summary: Get a chain\n", "TestEverythingIsDescribed",
		"GET /chains/{chain} has 2 tags, and needs exactly one, because generators make a class of each"},
	{"operationIds that differ in case", chains, "  /chains:\n    get:\n      operationId: Chain\n", "",
		"the operationIds Chain and chain may be one name in Go, where case and punctuation get lost: write another one"},
	{"properties that differ in punctuation", "        chainSlug:\n", "        chain_slug: {type: string}\n        chainSlug:\n", "",
		"the properties of #/components/schemas/ChainInfo chainSlug and chain_slug may be one name in Go, where case and punctuation get lost: give one of them an x-go-name"},
	{"JSON that may be anything", "              schema:\n                $ref: '#/components/schemas/ChainsResponse'\n", "", "",
		"GET /chains, status 200, application/json may be anything, for which the generated server has no type: give it a schema with a type"},
	{"alternatives in place in a response", "$ref: '#/components/schemas/ChainsResponse'", "oneOf: [{$ref: '#/components/schemas/ChainsResponse'}]", "",
		"GET /chains, status 200, application/json has alternatives that are described in place: describe them in components/schemas and refer to them"},
	{"an object in place in a header", chains, chains + "      parameters: [{name: X-Shape, in: header, schema: {type: object, properties: {a: {type: string}}}}]\n", "",
		"GET /chains, parameter X-Shape is an object that is described in place: describe it in components/schemas and refer to it"},
	{"YAML", "        text/html:\n          schema:\n            type: string\n          examples:\n            page:", "        application/yaml:\n          schema: {type: string}\n        text/html:\n          schema:\n            type: string\n          examples:\n            page:", "",
		"GET /oauth2/authorize, status 200 has the media type application/yaml, for which the generated client would need a YAML library: write text/plain or application/octet-stream"},
	{"XML with a schema", "        text/html:\n          schema:\n            type: string\n          examples:\n            page:", "        application/xml:\n          schema: {type: object}\n        text/html:\n          schema:\n            type: string\n          examples:\n            page:", "",
		"#/paths/~1oauth2~1authorize/get/responses/200/content/application~1xml has a schema of its parts, by which it cannot be checked; write {type: string}, and the example as a text"},
	{"a default response", "        '200':\n          description: The supported chains.\n", "        default: {description: Anything else.}\n        '200':\n          description: The supported chains.\n", "TestErrorCodesStayOpen",
		"GET /chains has a default response, which would hide statuses that are not documented"},
	{"the style spaceDelimited", chains, chains + "      parameters:\n        - {name: words, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}\n",
		"TestEveryParameterCanBeSent", "GET /chains, parameter words has the style spaceDelimited, for which the generated client writes a space into the URL; use form or pipeDelimited"},
}

// TestChangesOfOperationsThatAreNotSupportedAreRefused expects one sentence for each of them.
func TestChangesOfOperationsThatAreNotSupportedAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.run("test", "-c", "-o", w.dir, "./mock/internal/repository")
	contract := w.read("openapi.yaml")
	for _, row := range operationRefusals {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(contract, row.was) {
				t.Fatalf("openapi.yaml does not have %q", row.was)
			}
			w.write("openapi.yaml", strings.Replace(contract, row.was, row.is, 1))
			refuse := exec.CommandContext(t.Context(), "go", "generate", ".")
			refuse.Dir = w.dir
			if row.test != "" {
				refuse = exec.CommandContext(t.Context(), filepath.Join(w.dir, "repository.test"), "-test.run", "^"+row.test+"$")
				refuse.Dir = filepath.Join(w.dir, "mock", "internal", "repository")
			}
			if out, err := refuse.CombinedOutput(); err == nil || !strings.Contains(string(out), row.sentence) {
				t.Errorf("got %s\nwant %s", out, row.sentence)
			}
		})
	}
}

// add adds what a file has for each section of openapi.yaml.
func (w workshop) add(file string) {
	w.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "operations", file+".yaml"))
	if err != nil {
		w.Fatal(err)
	}
	for _, section := range []string{"paths", "parameters", "responses", "requestBodies", "schemas", "securitySchemes"} {
		_, rest, found := strings.Cut("\n"+string(text), "\n"+section+":\n")
		if !found {
			continue
		}
		for _, next := range []string{"\nparameters:", "\nresponses:", "\nrequestBodies:", "\nschemas:", "\nsecuritySchemes:"} {
			rest, _, _ = strings.Cut(rest, next)
		}
		head := "\n  " + section + ":\n"
		switch section {
		case "paths":
			head = "\npaths:\n"
		case "requestBodies": // there are none before
			head, rest = "\ncomponents:\n", "  requestBodies:\n"+rest
		}
		w.insert(head, strings.TrimRight(rest, "\n")+"\n\n")
	}
}

// check asks the mock at a base URL.
func (q question) check(t *testing.T, base string) {
	t.Helper()
	method, path, _ := strings.Cut(q.request, " ")
	request, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(secretKey, "")
	for line := range strings.SplitSeq(q.header, "\n") {
		if name, value, found := strings.Cut(line, ": "); found {
			request.Header.Set(name, value)
		}
	}
	status, header, body := send(t, request)
	var all strings.Builder
	if err := header.Write(&all); err != nil {
		t.Fatal(err)
	}
	if status != q.status || !strings.Contains(all.String()+"\r\n"+body, q.answer) {
		t.Errorf("%s\n%s\n%q\ngot %d %s%s\nwant %d %s", q.request, q.header, q.body, status, all.String(), body, q.status, q.answer)
	}
}

// operationsProbe calls new operations with the generated client and with Client.Do.
const operationsProbe = `package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/seed-a13ee279/picket/generated/client"
	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

func main() {
	srv, err := mock.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	ctx := context.Background()

	api, err := client.NewClient(server.URL + "/api/v1", client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.SetBasicAuth(srv.SecretKey, "")
		return nil
	}))
	if err != nil {
		panic(err)
	}
	show := func(response *http.Response, err error) {
		if err != nil {
			panic(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		fmt.Println(response.StatusCode, response.Header.Get("Content-Type"), string(bytes.TrimSpace(body)), err)
	}
	id, day := "9b9dfbd2-7a1b-4c1e-8f0e-6a5c5a4d3c2b", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	show(api.ListTokens(ctx, &types.ListTokensParams{Cursor: "c2", Limit: 50, Burnt: true, Owner: id, Since: day, Day: openapi_types.Date{Time: day}, Price: 0.5,
		Kind: []types.ListTokensParamsKind{"coin", "art"}, Ids: []int{1, 137}, Marks: []string{"a", "b"},
		Filter: &types.ListTokensParams_Filter{Symbol: "UNI", Decimals: 18}, XTenant: "acme", XTrace: id, Region: "eu"}))
	show(api.HasToken(ctx, "42"))
	show(api.ReplacePictureWithBody(ctx, "42", "image/png", bytes.NewReader([]byte("PNG"))))
	show(api.Picture(ctx, "42"))
	show(api.RemoveToken(ctx, "42"))
	show(api.Transfers(ctx, "42", func(_ context.Context, r *http.Request) error {
		r.Header.Set("Accept", "text/csv")
		return nil
	}))

	c, err := picket.New(srv.SecretKey, picket.WithBaseURL(server.URL+"/api/v1"))
	if err != nil {
		panic(err)
	}
	var token picket.Token
	err = c.Do(ctx, "POST", "/collections", picket.Token{ID: "7"}, &token)
	fmt.Println(token, err)
	err = c.Do(ctx, "DELETE", "/tokens/42", nil, nil)
	fmt.Println(err)
	err = c.Do(ctx, "PUT", "/tokens/x", picket.Token{ID: "7"}, &token)
	fmt.Println(errors.Is(err, picket.CodeParameterInvalid))
	var picture picket.Token
	err = c.Do(ctx, "GET", "/tokens/42/picture", nil, &picture)
	fmt.Println(err)
}
`

const operationsProbed = `200 application/json ` + tokenPage + ` <nil>
200   <nil>
204   <nil>
200 application/octet-stream bytes <nil>
204   <nil>
200 text/csv from
a
b <nil>
{42 The answer} <nil>
<nil>
true
picket: GET /tokens/42/picture: 406 Not Acceptable (parameter_invalid): the Accept header allows none of the media types that there are: application/octet-stream, image/png
`
