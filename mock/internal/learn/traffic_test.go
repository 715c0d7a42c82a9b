package learn_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// exchange is a request and its answer.
type exchange struct {
	method, target string // the target is below the base path
	sent, request  string // the media type and the body of the request
	status         int
	header         http.Header
	media, answer  string
}

const (
	address         = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	contractAddress = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	jwt             = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0aWQiOiIuLi4ifQ.c2lnbmF0dXJl"
)

type object = map[string]any

func asText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// The functions below make exchanges that keep the contract, except for what the change makes of the answer.

func nonce(change func(object)) exchange {
	return post("/auth/nonce", object{"walletAddress": address}, object{"nonce": "3OUGVWAZ5MJTB5IWYDQZ2KUD5A", "statement": "Sign in.", "format": "simple"}, change)
}

func user() object {
	return object{"chain": "ethereum", "walletAddress": address, "displayAddress": "alice.eth", "tokenBalances": object{
		"contractAddress": object{contractAddress: "12.5"}}}
}

func auth(change func(object)) exchange {
	return post("/auth", object{"walletAddress": address, "signature": "0x4d3c2b1a"}, object{"accessToken": jwt, "user": user()}, change)
}

func validate(change func(object)) exchange {
	answer := user()
	maps.Copy(answer, object{"iat": 1666660356, "exp": 1666703556, "iss": "picketapi.com", "sub": "ethereum:" + address,
		"aud": "2b1f8a0e-4f1c-4a3e-9d63-9a4a0a3c3b11", "tid": "0f9b8a7c-6d5e-4f3a-8b2c-1d0e9f8a7b6c", "ver": 1})
	return post("/auth/validate", object{"accessToken": jwt}, answer, change)
}

func ownership(change func(object)) exchange {
	return post("/chains/ethereum/wallets/"+address+"/tokenOwnership", object{"contractAddress": contractAddress}, object{
		"allowed": true, "walletAddress": address, "tokenBalance": "12.5", "tokenBalances": object{"contractAddress": object{contractAddress: "12.5"}},
	}, change)
}

func polygon() object {
	return object{"chainSlug": "polygon", "chainId": 137, "chainType": "ethereum", "chainName": "Polygon", "publicRPC": "https://rpc.example.com",
		"authorizationSupported": true}
}

func chain(change func(object)) exchange { return get("/chains/polygon", polygon(), change) }

func chains(change func(object)) exchange {
	return get("/chains", object{"data": []any{polygon(), polygon()}}, change)
}

func configuration(change func(object)) exchange {
	answer := object{"response_types_supported": []any{"code"}, "subject_types_supported": []any{"public"},
		"id_token_signing_alg_values_supported": []any{"ES256"}, "scopes_supported": []any{"openid"}}
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		answer[name] = "https://picketapi.com/" + name
	}
	return get("/.well-known/openid-configuration", answer, change)
}

func post(target string, request, answer object, change func(object)) exchange {
	if change != nil {
		change(answer)
	}
	return exchange{method: "POST", target: target, sent: "application/json", request: asText(request), status: 200, media: "application/json", answer: asText(answer)}
}

func get(target string, answer object, change func(object)) exchange {
	x := post(target, nil, answer, change)
	x.method, x.sent, x.request = "GET", "", ""
	return x
}

// with changes an exchange.
func (x exchange) with(change func(*exchange)) exchange {
	x.header = x.header.Clone()
	if x.header == nil {
		x.header = http.Header{}
	}
	change(&x)
	return x
}

// times repeats exchanges.
func times(n int, exchanges ...exchange) []exchange {
	var all []exchange
	for range n {
		all = append(all, exchanges...)
	}
	return all
}

// day is when all traffic was.
var day = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// pass notes exchanges, as a proxy does that checks them against a contract, and returns what breaks it.
func pass(t testing.TB, contract *spec.Contract, exchanges []exchange) (*observe.Log, []string) {
	t.Helper()
	recorder := observe.NewRecorder(contract)
	var broken []string
	for _, x := range exchanges {
		broken = append(broken, x.pass(contract, recorder)...)
	}
	text, err := recorder.Log().JSON()
	if err != nil {
		t.Fatal(err)
	}
	log, err := observe.Read(text)
	if err != nil {
		t.Fatalf("what was written is not read: %v\n%s", err, text)
	}
	return log, broken
}

func (x exchange) pass(contract *spec.Contract, recorder *observe.Recorder) (broken []string) {
	request := httptest.NewRequest(x.method, "http://example.com"+contract.Base()+x.target, strings.NewReader(x.request))
	request.SetBasicAuth("sk_00000000000000000000000000000000", "")
	if x.sent != "" {
		request.Header.Set("Content-Type", x.sent)
	}
	header := x.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if x.media != "" {
		header.Set("Content-Type", x.media)
	}
	sent, answer := []byte(x.request), []byte(x.answer)
	seen := observe.Exchange{Time: day, Base: contract.Base(), Operation: contract.Find(request), Method: x.method, URL: request.URL,
		Security: observe.Security(request.Header), Sent: x.sent, Request: &sent, Status: x.status, Answer: header, Response: &answer}
	if seen.Operation == nil {
		broken = append(broken, x.method+" "+x.target+": no such operation")
	} else {
		found := seen.Operation.CheckResponse(x.method, x.status, header, answer)
		if !seen.Refused() {
			found = append(found, seen.Operation.CheckRequest(request, sent)...)
		}
		for _, violation := range found {
			seen.Broken = append(seen.Broken, violation.Place)
			broken = append(broken, fmt.Sprintf("%s: %s: %s (%s)", seen.Operation.ID, violation.Pointer, violation.Message, violation.Place))
		}
	}
	recorder.Record(seen)
	return broken
}

func learnFrom(t testing.TB, text []byte, log *observe.Log) *learn.Result {
	t.Helper()
	result, err := learn.Learn(text, log)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func says(result *learn.Result) (proposals, left []string) {
	for _, p := range result.Proposals {
		proposals = append(proposals, p.Says)
	}
	for _, c := range result.Contradictions {
		left = append(left, c.Says)
	}
	return proposals, left
}

var inAnyOrder = cmpopts.SortSlices(strings.Compare)

// difference is something that an API does and the contract does not say.
type difference struct {
	name     string
	contract string // instead of openapi.yaml
	traffic  []exchange
	says     []string
	left     []string // contradictions that are left to a person
}

// check learns from the traffic, and checks what is proposed and that the contract has nothing to add afterwards.
func (d difference) check(t *testing.T) {
	t.Helper()
	text := []byte(d.contract)
	contract, err := spec.API()
	if d.contract == "" {
		text = theContract(t)
	} else {
		contract, err = spec.Read(text, spec.BasePath)
	}
	if err != nil {
		t.Fatal(err)
	}
	log, _ := pass(t, contract, d.traffic)
	result := learnFrom(t, text, log)
	got, left := says(result)
	if diff := cmp.Diff(d.says, got, inAnyOrder); diff != "" {
		t.Errorf("proposals (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(d.left, left, inAnyOrder); diff != "" {
		t.Errorf("contradictions (-want +got):\n%s", diff)
	}
	defer func() {
		if t.Failed() {
			unified, err := result.Diff("openapi.yaml")
			t.Log(unified, err)
		}
	}()
	if len(got) == 0 {
		return // the contract does not change
	}
	changed, err := result.Apply()
	if err != nil {
		t.Fatal(err)
	}
	contract, err = spec.Read(changed, spec.BasePath)
	if err != nil {
		t.Fatalf("the changed contract is refused: %v", err)
	}
	more, still := says(learnFrom(t, changed, log))
	if len(more) > 0 {
		t.Errorf("proposed again from the same file: %q", more)
	}
	if diff := cmp.Diff(d.left, still, inAnyOrder); diff != "" {
		t.Errorf("contradictions of the same file, once the proposals are in the contract (-want +got):\n%s", diff)
	}
	again, broken := pass(t, contract, d.traffic)
	if more, _ := says(learnFrom(t, changed, again)); len(more) > 0 {
		t.Errorf("proposed again from the same traffic: %q", more)
	}
	if len(d.left) == 0 && len(broken) > 0 {
		t.Errorf("the traffic still breaks the contract: %s", broken[0])
	}
}

func checkAll(t *testing.T, differences []difference) {
	t.Helper()
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			d.check(t)
		})
	}
}
