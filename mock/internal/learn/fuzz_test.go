package learn_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// FuzzObservations: a file that is accepted can be merged and written again, and what is learned from it makes a contract that can be used.
func FuzzObservations(f *testing.F) {
	text, contract := smallContract(f)
	for _, traffic := range [][]exchange{
		times(enough, nonce(nil), auth(nil), validate(nil), ownership(nil), chain(nil), chains(nil)),
		times(3, nonce(func(answer object) {
			answer["level"], answer["format"], answer[address] = []any{1, nil, object{"a": "b"}}, "yes", "1.5"
		})),
		times(3, chain(nil).with(func(x *exchange) { x.status, x.header = 410, http.Header{"Sunset": {"1"}} })),
		times(3, exchange{method: "PUT", target: "/members/42/cards?only=1", sent: "application/json", request: `{"a":[1.5]}`, status: 201, media: "text/html", answer: "x"}),
	} {
		log, _ := pass(f, contract, traffic)
		seen, err := json.Marshal(log)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seen)
	}
	f.Add([]byte(`{"version":1}`))
	f.Fuzz(func(t *testing.T, seen []byte) {
		log, err := observe.Read(seen)
		if err != nil {
			return
		}
		usable(t, text, log)
	})
}

// smallContract returns a part of openapi.yaml, because the whole takes a fuzzer too much time.
func smallContract(f *testing.F) ([]byte, *spec.Contract) {
	f.Helper()
	text, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		f.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		f.Fatal(err)
	}
	paths := doc["paths"].(map[string]any)
	maps.DeleteFunc(paths, func(path string, _ any) bool {
		return !slices.Contains([]string{"/auth/nonce", "/auth/validate", "/chains/{chain}", "/chains/{chain}/wallets/{walletAddress}/tokenOwnership", "/oauth2/token"}, path)
	})
	for _, item := range paths {
		for _, operation := range item.(map[string]any) {
			responses := operation.(map[string]any)["responses"].(map[string]any)
			maps.DeleteFunc(responses, func(status string, _ any) bool { return !slices.Contains([]string{"200", "400", "404", "429"}, status) })
			delete(responses["200"].(map[string]any), "links")
		}
	}
	components := doc["components"].(map[string]any)
	delete(components, "links")
	maps.DeleteFunc(components["responses"].(map[string]any), func(name string, _ any) bool {
		return !slices.Contains([]string{"BadRequest", "AccessTokenRejected", "OwnershipRejected", "NotFound", "TooManyRequests"}, name)
	})
	if text, err = yaml.Marshal(doc); err != nil {
		f.Fatal(err)
	}
	contract, err := spec.Read(text, spec.BasePath)
	if err != nil {
		f.Fatal(err)
	}
	return text, contract
}

// usable checks that a Log can be written, merged and learned from.
func usable(t *testing.T, contract []byte, log *observe.Log) {
	t.Helper()
	text, err := log.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := observe.Read(text)
	if err != nil {
		t.Fatalf("what was written is not read: %v\n%s", err, text)
	}
	if diff := cmp.Diff(log, again); diff != "" {
		t.Fatalf("written and read (-before +after):\n%s", diff)
	}
	again.Merge(log)
	if text, err = again.JSON(); err != nil {
		t.Fatal(err)
	}
	if _, err := observe.Read(text); err != nil {
		t.Fatalf("what was merged is not read: %v\n%s", err, text)
	}
	result := learnFrom(t, contract, log)
	changed, err := result.Apply()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spec.Read(changed, spec.BasePath); err != nil {
		unified, _ := result.Diff("openapi.yaml")
		t.Fatalf("the changed contract is refused: %v\n%s", err, unified)
	}
}

// FuzzAnswers: whatever an API answers can be noted, and learned from.
func FuzzAnswers(f *testing.F) {
	text, contract := smallContract(f)
	targets := []exchange{nonce(nil), auth(nil), validate(nil), ownership(nil), chain(nil), chains(nil), {method: "GET", target: "/members/42/cards?only=1"},
		{method: "POST", target: "/oauth2/token", sent: "application/x-www-form-urlencoded", request: "grant_type=password"}, {method: "PUT", target: "/chains/polygon"}}
	for i, x := range targets {
		f.Add(byte(i), 200, x.media, "X-Some", "some", x.target, x.request, x.answer)
	}
	f.Add(byte(0), 404, "application/problem+json; charset=utf-8", "Retry-After", "7", "/auth/nonce?only=1&only=2", `{"a":null}`, `{"code":"some_code","a":{"b":[1,2.5,"x"]}}`)
	f.Fuzz(func(t *testing.T, which byte, status int, media, header, value, target, request, answer string) {
		x := targets[int(which)%len(targets)]
		if status < 100 || status > 599 || len(answer) > 4096 || len(request) > 4096 || len(target) > 1024 || strings.ContainsAny(target, " \r\n#\x7f") || !strings.HasPrefix(target, "/") {
			return
		}
		if _, err := http.NewRequest(x.method, "http://example.com"+spec.BasePath+target, nil); err != nil {
			return
		}
		x.status, x.media, x.target, x.request, x.answer, x.header = status, media, target, request, answer, http.Header{http.CanonicalHeaderKey(header): {value}}
		log, _ := pass(t, contract, times(3, x))
		usable(t, text, log)
	})
}
