package mock

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
)

// startUnwritten returns a mock in which nobody wrote how any operation behaves. Its contract was changed, by pairs of a text
// and what is in its place.
func startUnwritten(t testing.TB, seed uint64, changes ...string) http.Handler {
	t.Helper()
	text := string(openapi.Spec())
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("openapi.yaml has no %q", changes[i])
		}
		text = strings.ReplaceAll(text, changes[i], changes[i+1])
	}
	c, err := spec.Read([]byte(text), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	s, err := build([]Option{WithSeed(seed)}, parts{contract: front.Prepare(c), operations: unwritten.Operations{}, onViolation: func(v string, _ []byte) { t.Log(v) }})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func ask(h http.Handler, method, path, body, authorization string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, spec.BasePath+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response := httptest.NewRecorder()
	h.ServeHTTP(response, request)
	return response
}

const basicKey = "Basic c2tfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6" // DefaultSecretKey

func TestWithoutBehaviourTheExampleIsTheAnswer(t *testing.T) {
	h := startUnwritten(t, 0)
	for path, want := range map[string]string{
		"GET /chains/flow":                      `{"chainSlug":"polygon","chainId":137,"chainType":"ethereum","chainName":"Polygon","publicRPC":"https://rpc.example.com/polygon","authorizationSupported":true}`,
		"POST /auth/nonce":                      `"nonce":"3OUGVWAZ5MJTB5IWYDQZ2KUD5A"`,
		"GET /.well-known/openid-configuration": `"issuer":"https://picketapi.com/api/v1"`,
	} {
		method, path, _ := strings.Cut(path, " ")
		got := ask(h, method, path, `{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`, basicKey)
		var decoded, wanted any
		if json.Unmarshal([]byte(want), &wanted) != nil {
			if !strings.Contains(got.Body.String(), want) {
				t.Errorf("%s: got %d %s", path, got.Code, got.Body)
			}
			continue
		}
		if err := json.Unmarshal(got.Body.Bytes(), &decoded); err != nil || got.Code != http.StatusOK {
			t.Errorf("%s: got %d %s", path, got.Code, got.Body)
		}
		if diff := cmp.Diff(wanted, decoded); diff != "" {
			t.Error(path, diff)
		}
	}
	if got := ask(h, "GET", "/chains", "", ""); got.Code != http.StatusUnauthorized {
		t.Errorf("without a key: got %d %s", got.Code, got.Body)
	}
	if got := ask(h, "POST", "/auth/nonce", `{"wallet_address":"x"}`, basicKey); got.Code != http.StatusBadRequest {
		t.Errorf("a request that breaks the contract: got %d %s", got.Code, got.Body)
	}
}

// withoutExamples takes the examples of GET /chains/{chain} out of the contract, and has it say which chain was asked for.
var withoutExamples = []string{
	"              examples:\n                polygon:\n                  summary: Polygon", "              x-was:\n                polygon:\n                  summary: Polygon",
	"        chainSlug:\n", "        chain:\n          type: string\n        chainSlug:\n",
}

func TestWithoutAnExampleTheAnswerIsMadeUpFromTheSchemaAndTheRequest(t *testing.T) {
	answers := map[string]bool{}
	for seed := range uint64(2) {
		for _, chain := range []string{"flow", "solana"} {
			got := ask(startUnwritten(t, seed, withoutExamples...), "GET", "/chains/"+chain, "", basicKey)
			again := ask(startUnwritten(t, seed, withoutExamples...), "GET", "/chains/"+chain, "", basicKey)
			if got.Body.String() != again.Body.String() {
				t.Errorf("the same seed and request got %s and %s", got.Body, again.Body)
			}
			if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"chain":"`+chain+`"`) {
				t.Errorf("got %d %s", got.Code, got.Body)
			}
			answers[got.Body.String()] = true
		}
	}
	if len(answers) != 4 {
		t.Errorf("two seeds and two requests got %d answers", len(answers))
	}
}

func TestPreferGetsWhatIsMadeUpWhereThereIsNoExample(t *testing.T) {
	request := httptest.NewRequest("GET", spec.BasePath+"/chains/flow", nil)
	request.Header.Set("Prefer", "code=200")
	got := httptest.NewRecorder()
	startUnwritten(t, 0, withoutExamples...).ServeHTTP(got, request)
	if want := ask(startUnwritten(t, 0, withoutExamples...), "GET", "/chains/flow", "", basicKey).Body.String(); got.Body.String() != want {
		t.Errorf("got %d %s; want %s", got.Code, got.Body, want)
	}
}

func TestWithoutBehaviourTheContractSaysWhoIsLetIn(t *testing.T) {
	const security = "\n\nsecurity:\n  - apiKey: []\n"
	for name, test := range map[string]struct {
		changes             []string
		path, authorization string
		status              int
		want                string
	}{
		"a scheme that the mock does not know": {[]string{security, "\n\nsecurity:\n  - mutualTLS: []\n"}, "GET /chains", basicKey, 500, "cannot check the security scheme mutualTLS"},
		"an unknown one besides a key":         {[]string{security, "\n\nsecurity:\n  - apiKey: []\n    mutualTLS: []\n"}, "GET /chains", basicKey, 500, "cannot check the security scheme mutualTLS"},
		"either, with a key":                   {[]string{security, "\n\nsecurity:\n  - bearerToken: []\n  - apiKey: []\n"}, "GET /chains", basicKey, 200, "ethereum"},
		"either, with neither":                 {[]string{security, "\n\nsecurity:\n  - bearerToken: []\n  - apiKey: []\n"}, "GET /chains", "", 401, "authentication_required"},
		"either, with a bad token":             {[]string{security, "\n\nsecurity:\n  - bearerToken: []\n  - apiKey: []\n"}, "GET /chains", "Bearer x", 401, "invalid access token"},
		"a token, or nothing":                  {[]string{security, "\n\nsecurity:\n  - bearerToken: []\n  - {}\n"}, "GET /chains", "", 200, "ethereum"},
		"nothing":                              {[]string{security, "\n\nsecurity: []\n"}, "GET /chains", "", 200, "ethereum"},
		"a bad key for OAuth":                  {nil, "POST /oauth2/token", "Basic x", 401, "invalid_client"},
		"a key, in the terms of OAuth":         {[]string{"        - apiKey: []\n        - {}\n", "        - apiKey: []\n"}, "POST /oauth2/token", "", 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			method, path, _ := strings.Cut(test.path, " ")
			got := ask(startUnwritten(t, 0, test.changes...), method, path, `{"grant_type":"authorization_code"}`, test.authorization)
			if got.Code != test.status || !strings.Contains(got.Body.String(), test.want) {
				t.Errorf("got %d %s; want %d %s", got.Code, got.Body, test.status, test.want)
			}
		})
	}
}

func TestResponsesOfEveryForm(t *testing.T) {
	const chains = "          description: The supported chains.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ChainsResponse'\n              examples:\n"
	is := func(response string) []string { return []string{chains, response + "              x-was:\n"} }
	for name, test := range map[string]struct {
		changes           []string
		status            int
		contentType, want string
	}{
		"a JSON string":            {is("          description: A text.\n          content:\n            application/json:\n              schema: {type: string, enum: [on]}\n"), 200, "application/json", `"on"`},
		"an example without name":  {is("          description: A text.\n          content:\n            application/json:\n              schema: {type: string}\n              example: off\n"), 200, "application/json", `"off"`},
		"JSON before others":       {is("          description: A text.\n          content:\n            application/cbor: {}\n            application/json:\n              schema: {type: boolean, enum: [true]}\n"), 200, "application/json", `true`},
		"a text":                   {is("          description: A text.\n          content:\n            text/plain:\n              schema: {type: string, enum: [on]}\n"), 200, "text/plain", "on"},
		"a header that must be":    {is("          description: A text.\n          headers:\n            Retry-After: {required: true, schema: {type: integer, enum: [7]}}\n          content:\n            text/plain:\n              schema: {type: string, enum: [on]}\n"), 200, "text/plain", "on"},
		"what cannot be made up":   {is("          description: No end.\n          content:\n            application/json:\n              schema: {type: string, maxLength: 2, minLength: 3}\n"), 500, "application/json", "give it an example in openapi.yaml"},
		"what refers to itself":    {append(is("          description: A tree.\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Tree'}\n"), "\n  schemas:\n", "\n  schemas:\n    Tree: {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}\n"), 200, "application/json", "{}"},
		"more than what is named":  {is("          description: A map.\n          content:\n            application/json:\n              schema: {type: object, minProperties: 2, properties: {a: {type: boolean}}, additionalProperties: {type: boolean}}\n"), 200, "application/json", `{"a":`},
		"one of several, and more": {is("          description: A choice.\n          content:\n            application/json:\n              schema: {type: object, properties: {a: {enum: [1]}}, required: [b], oneOf: [{properties: {b: {enum: [2]}}}]}\n"), 200, "application/json", `{"a":1,"b":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(startUnwritten(t, 0, test.changes...), "GET", "/chains", "", basicKey)
			if got.Code != test.status || got.Header().Get("Content-Type") != test.contentType || !strings.Contains(got.Body.String(), test.want) {
				t.Errorf("got %d %s %s; want %d %s", got.Code, got.Header(), got.Body, test.status, test.want)
			}
			if name == "a header that must be" && got.Header().Get("Retry-After") != "7" {
				t.Errorf("the headers are %v", got.Header())
			}
		})
	}
	got := ask(startUnwritten(t, 0, chains, "          description: Nothing.\n          x-was:\n", "        '200':\n          description: Nothing.", "        '204':\n          description: Nothing."), "GET", "/chains", "", basicKey)
	if got.Code != http.StatusNoContent || got.Body.Len() > 0 {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
}

func TestASecretInAPathIsNotJournalled(t *testing.T) {
	text := strings.ReplaceAll(string(openapi.Spec()), "      description: The chain's slug.\n      schema:\n        type: string\n",
		"      description: The chain's slug.\n      schema:\n        type: string\n        x-go-type: wire.Secret\n")
	c, err := spec.Read([]byte(text), spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	s, err := build(nil, parts{contract: front.Prepare(c), onViolation: func(v string, _ []byte) { t.Error(v) }})
	if err != nil {
		t.Fatal(err)
	}
	ask(s.Handler(), "GET", "/chains/hunter2", "", basicKey)
	if got := s.Journal()[0].Path; got != spec.BasePath+"/chains/[redacted]" {
		t.Errorf("the path is %s", got)
	}
}

func TestEveryMethodOfThePathIsAllowed(t *testing.T) {
	for _, method := range []string{"delete", "get", "patch", "post", "put"} {
		h := startUnwritten(t, 0, "  /chains:\n    get:\n", "  /chains:\n    "+method+":\n")
		got := ask(h, "PICKET", "/chains", "", basicKey)
		if allow := got.Header().Get("Allow"); got.Code != http.StatusMethodNotAllowed || allow != strings.ToUpper(method) {
			t.Errorf("%s: got %d, only %q", method, got.Code, allow)
		}
	}
}

func TestTheJournalHidesASecretThatHasASecondType(t *testing.T) {
	const property = "        publicRPC:\n          type: string\n"
	h := startUnwritten(t, 0, property, property+"          x-go-type: wire.Secret\n          x-also-accepts: {type: integer}\n")
	if got := ask(h, "GET", "/chains/polygon", "", basicKey); !strings.Contains(got.Body.String(), "rpc.example.com") {
		t.Fatalf("got %d %s", got.Code, got.Body)
	}
	journal := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/_mock/journal", nil)
	request.Host = "localhost"
	h.ServeHTTP(journal, request)
	if text := journal.Body.String(); strings.Contains(text, "rpc.example.com") || !strings.Contains(text, "Polygon") {
		t.Errorf("got %d %s", journal.Code, text)
	}
}
