package learn_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// enough is a number of exchanges after which a property that each had is required.
const enough = 20

func TestDifferencesOfAnswersAreProposed(t *testing.T) {
	set := func(name string, value any) func(object) { return func(answer object) { answer[name] = value } }
	first := func(answer object, name string) object { return answer[name].([]any)[0].(object) }
	checkAll(t, []difference{
		{name: "nothing differs", traffic: times(enough, nonce(nil), auth(nil), validate(nil), ownership(nil), chain(nil), chains(nil), configuration(nil))},
		{name: "null in items", traffic: times(3, chains(set("data", []any{polygon(), nil}))), says: []string{"ChainsResponse.data[]: may be null"}},
		{name: "null in a map", traffic: times(3, ownership(func(answer object) {
			answer["tokenBalances"] = object{"contractAddress": object{contractAddress: nil}}
		})), says: []string{"TokenBalances.contractAddress{}: may be null"}},
		{name: "null at the top", traffic: times(3, chain(nil).with(func(x *exchange) { x.answer = "null" })),
			says: []string{"GET /chains/{chain}.responses.200.content.application/json.schema: may be null"}},
		{name: "a list at the top", traffic: times(3, chain(nil).with(func(x *exchange) { x.answer = "[" + x.answer + "]" })),
			says: []string{"GET /chains/{chain}.responses.200.content.application/json.schema: may also be a list"}},
		{name: "a number in a list of strings", traffic: times(3, configuration(set("scopes_supported", []any{"openid", 7}))),
			says: []string{"OpenIDConfiguration.scopes_supported[]: may also be an integer"}},
		{name: "a new object in a new object", traffic: times(enough, nonce(set("level", object{"name": "a b", "limits": object{"day": 5, "left": nil}}))),
			says: []string{"NonceResponse.level: new, an object, in each"}},
		{name: "a new list of objects", traffic: times(3, nonce(set("levels", []any{object{"name": "a b"}, object{"name": "c d", "top": true}}))),
			says: []string{"NonceResponse.levels: new, a list"}},
		{name: "an empty object", traffic: times(3, nonce(set("extras", object{}))), says: []string{"NonceResponse.extras: new, an object"}},
		{name: "an empty list", traffic: times(3, nonce(set("extras", []any{}))), says: []string{"NonceResponse.extras: new, a list"}},
		{name: "a new object with a fixed name and one that is data", traffic: times(enough, nonce(set("extras", object{"total": 2, address: "1.5"}))),
			says: []string{"NonceResponse.extras: new, an object, in each"}},
		{name: "a new decimal that may be null", traffic: append(times(3, nonce(set("price", "1.5"))), nonce(set("price", nil))),
			says: []string{"NonceResponse.price: new, a string"}},
		{name: "a new property that is only null", traffic: times(3, nonce(set("extras", nil))), says: []string{"NonceResponse.extras: new"}},
		{name: "a new property of two types", traffic: append(times(3, nonce(set("extra", "a b"))), times(3, nonce(set("extra", 1)))...),
			says: []string{"NonceResponse.extra: new, a string and an integer"}},
		{name: "a new property of three types and null", traffic: append(append(times(3, nonce(set("extra", "a b")), nonce(set("extra", 1.5))),
			times(3, nonce(set("extra", []any{1})))...), nonce(set("extra", nil))),
			says: []string{"NonceResponse.extra: new, a list, a string and a number"}},
		{name: "a new map by address", traffic: times(3, nonce(set("balances", object{address: "1.5", contractAddress: "0.5"}))),
			says: []string{"NonceResponse.balances: new, an object"}},
		{name: "a new property with a shared schema", traffic: times(3, nonce(set("user", user()))), says: []string{"NonceResponse.user: new, an object"}},
		{name: "an address beside the names of an object", traffic: times(3, nonce(set(address, "1.5"))), says: []string{"NonceResponse: has names that are data"}},
		{name: "a name beside the names of an object that may be data", traffic: times(3, nonce(set("alice.eth", "1.5"))),
			left: []string{"NonceResponse: has names that the contract does not have, and that are not kept because they may be data"}},
		{name: "new in one operation of a shared schema", traffic: append(times(enough, chain(set("gasless", true))), times(enough, chains(nil))...),
			says: []string{"ChainInfo.gasless: new, a boolean"}},
		{name: "new in the own part of an allOf", traffic: times(enough, validate(set("scope", "openid email"))),
			says: []string{"AccessTokenPayload.scope: new, a string, in each"}},
		{name: "new in all that shares a part of an allOf", traffic: append(times(enough, validate(set("avatar", "https://example.com/a.png"))),
			times(enough, auth(func(answer object) { answer["user"].(object)["avatar"] = "https://example.com/a.png" }))...),
			says: []string{"AuthenticatedUser.avatar: new, a string"}}, // authz, which was not called, may answer without it
		{name: "one name is new in both parts of an allOf, and only one has it always", traffic: append(times(enough, validate(set("avatar", "https://example.com/a.png"))),
			append(times(enough, auth(nil)), times(3, auth(func(answer object) { answer["user"].(object)["avatar"] = "https://example.com/a.png" }))...)...),
			says: []string{"AuthenticatedUser.avatar: new, a string"}},
		{name: "missing in a shared part of an allOf", traffic: times(3, validate(func(answer object) { delete(answer, "displayAddress") })),
			says: []string{"AuthenticatedUser.displayAddress: may be missing"}},
		{name: "missing in the own part of an allOf", traffic: times(3, validate(func(answer object) { delete(answer, "tid") })),
			says: []string{"AccessTokenPayload.tid: may be missing"}},
		{name: "all required properties are missing", traffic: times(3, chains(func(answer object) { delete(answer, "data") })),
			says: []string{"ChainsResponse.data: may be missing"}},
		{name: "an empty body of an object", traffic: times(3, nonce(func(answer object) { clear(answer) })), says: []string{
			"NonceResponse.nonce: may be missing", "NonceResponse.statement: may be missing", "NonceResponse.format: may be missing"}},
		{name: "a further member of an enum in a list", traffic: times(3, chains(func(answer object) { first(answer, "data")["chainType"] = "bitcoin" })),
			says: []string{"ChainType: a further member of the enum, bitcoin"}},
		{name: "a member of an enum that YAML would read otherwise", traffic: append(times(3, nonce(set("format", "yes"))), append(times(3, nonce(set("format", "null"))),
			times(3, nonce(set("format", "on")))...)...), says: []string{
			"MessageFormat: a further member of the enum, null", "MessageFormat: a further member of the enum, on", "MessageFormat: a further member of the enum, yes"}},
		{name: "names that YAML would read otherwise", traffic: times(3, nonce(func(answer object) {
			for _, name := range []string{"null", "yes", "on", "true", "n", "$ref", "@type", "nan"} {
				answer[name] = 1
			}
		})), says: []string{"NonceResponse.null: new, an integer", "NonceResponse.yes: new, an integer", "NonceResponse.on: new, an integer",
			"NonceResponse.true: new, an integer", "NonceResponse.n: new, an integer", "NonceResponse.$ref: new, an integer",
			"NonceResponse.@type: new, an integer", "NonceResponse.nan: new, an integer"}},
		{name: "formats", traffic: times(enough, nonce(func(answer object) {
			for name, value := range map[string]string{"at": "2026-01-02T03:04:05Z", "on": "2026-01-02", "id": "141090c4-a563-4855-bab9-747a5d0e7d81",
				"mail": "a@example.com", "link": "https://example.com/x", "sum": "1.5", "wallet": address, "jwt": jwt, "digits": "007"} {
				answer[name] = value
			}
		})), says: []string{"NonceResponse.at: new, a string, in each", "NonceResponse.on: new, a string, in each", "NonceResponse.id: new, a string, in each",
			"NonceResponse.mail: new, a string, in each", "NonceResponse.link: new, a string, in each", "NonceResponse.sum: new, a string, in each",
			"NonceResponse.wallet: new, a string, in each", "NonceResponse.jwt: new, a string, in each", "NonceResponse.digits: new, a string, in each"}},
		{name: "a large integer and a fraction", traffic: append(times(3, chain(set("height", 12345678901234567))), times(3, chain(set("height", 0.5)))...),
			says: []string{"ChainInfo.height: new, a number"}},
		{name: "a value beyond a bound is left to a person", traffic: times(3, chain(set("chainId", 0))), left: []string{"chain breaks minimum of ChainID"}},
		{name: "a string without its pattern is left to a person", traffic: times(3, chain(set("chainSlug", "Poly Gon"))),
			left: []string{"chain breaks pattern of ChainInfo.chainSlug"}},
	})
}

func TestDifferencesOfResponsesAreProposed(t *testing.T) {
	status := func(code int, media, answer string, header http.Header) []exchange {
		return times(3, chain(nil).with(func(x *exchange) { x.status, x.media, x.answer, x.header = code, media, answer, header }))
	}
	authorization := func(location string) []exchange {
		return times(3, exchange{method: "GET", target: "/oauth2/authorize?client_id=pk_1&redirect_uri=http%3A%2F%2Flocalhost%3A3000&max_age=-1&" +
			"code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", status: 302, header: http.Header{"Location": {location}}})
	}
	checkAll(t, []difference{
		{name: "a status without a body", traffic: status(204, "", "", nil), says: []string{"chain: a further status, 204 (No Content)"}},
		{name: "a status with a body of its own", traffic: status(202, "application/json", `{"queued":true}`, nil), says: []string{"chain: a further status, 202 (Accepted)"}},
		{name: "a status that is rare", traffic: status(202, "application/json", `{"queued":true}`, nil)[:2],
			left: []string{"chain: a further status, 202 (Accepted), too rare to know what it looks like"}},
		{name: "a status that others share", traffic: status(413, "application/json", `{"msg":"too large","code":"parameter_invalid"}`, nil),
			says: []string{"chain: a further status, 413 (Request Entity Too Large)"}},
		{name: "a status that others share, with a body of its own", traffic: status(413, "application/json", `{"problem":"too large"}`, nil),
			says: []string{"chain: a further status, 413 (Request Entity Too Large)"}},
		{name: "an error without the contract's shape", traffic: status(404, "application/json", `{"problem":"there is none"}`, nil),
			says: []string{"ErrorResponse.msg: may be missing", "ErrorResponse.problem: new, a string"}},
		{name: "a redirect", traffic: status(302, "", "", http.Header{"Location": {"https://example.com/x"}}), says: []string{"chain: a further status, 302 (Found)"}},
		{name: "a status of a proxy with a page", traffic: status(520, "text/html; charset=utf-8", "<h1>origin failed</h1>", nil), says: []string{"chain: a further status, 520"}},
		{name: "a page for a documented error", traffic: status(502, "text/html", "<h1>bad gateway</h1>", nil),
			says: []string{"chain 502: a further media type, text/html"}},
		{name: "a documented error without a body", traffic: status(502, "", "", nil),
			left: []string{"chain: BadGateway without the body that it must have, or with one that cannot be read"}},
		{name: "a body that is not JSON", traffic: status(200, "application/json", "{", nil),
			left: []string{"chain: GET /chains/{chain}.responses.200 without the body that it must have, or with one that cannot be read"}},
		{name: "another type of JSON", traffic: status(404, "application/problem+json", `{"type":"about:blank","title":"not found","status":404}`, nil),
			says: []string{"chain 404: a further media type, application/problem+json"}},
		{name: "binary", traffic: status(200, "application/cbor", "\x01\x02", nil), says: []string{"chain 200: a further media type, application/cbor"}},
		{name: "text", traffic: status(200, "text/plain", "polygon it is", nil), says: []string{"chain 200: a further media type, text/plain"}},
		{name: "a body where there was none", traffic: times(3, exchange{method: "GET", target: "/oauth2/authorize?client_id=pk_1&redirect_uri=http%3A%2F%2Flocalhost%3A3000&state=c3RhdGU&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
			status: 302, header: http.Header{"Location": {"http://localhost:3000/?code=c0de"}}, media: "application/json", answer: `{"url":"http://localhost:3000/?code=c0de"}`}),
			says: []string{"authorize 302: a further media type, application/json"}},
		{name: "an authorization with a parameter that breaks the contract", traffic: authorization("http://localhost:3000/?code=c0de"),
			left: []string{"authorize breaks minimum of GET /oauth2/authorize.parameters.10.schema"}},
		{name: "the same, refused by a redirect", traffic: authorization("http://localhost:3000/?error=invalid_request&state=c3RhdGU")},
		{name: "an error code of a shared response", traffic: times(3, chain(nil).with(func(x *exchange) { x.status, x.answer = 404, `{"code":"chain_retired","msg":"it is gone"}` }),
			nonce(nil).with(func(x *exchange) { x.status, x.answer = 404, `{"code":"chain_retired","msg":"it is gone"}` })),
			says: []string{"NotFound: a further error code, chain_retired"}},
		{name: "an error code that YAML would read otherwise", traffic: status(404, "application/json", `{"code":"null","msg":"it is gone"}`, nil),
			says: []string{"NotFound: a further error code, null"}},
		{name: "an error code with a number", traffic: status(404, "application/json", `{"code":1234,"msg":"it is gone"}`, nil),
			says: []string{"ErrorResponse.code: may also be an integer"}},
		{name: "a new header, and a value of one letter", traffic: append(times(3, chain(func(answer object) { answer["publicRPC"] = "x" })), status(200, "application/json", asText(polygon()), http.Header{"X-Ratelimit-Remaining": {"7"}})...),
			says: []string{"GET /chains/{chain}.responses.200: a further header, X-Ratelimit-Remaining"}},
		{name: "a new header", traffic: status(200, "application/json", asText(polygon()), http.Header{"X-Ratelimit-Remaining": {"7"}}),
			says: []string{"GET /chains/{chain}.responses.200: a further header, X-Ratelimit-Remaining"}},
		{name: "a header of a shared response", traffic: status(404, "application/json", `{"msg":"no"}`, http.Header{"X-Ratelimit-Reset": {"2026-01-02T03:04:05Z"}, "Sunset": {"soon or later"}}),
			says: []string{"NotFound: a further header, Sunset", "NotFound: a further header, X-Ratelimit-Reset"}},
		{name: "a required header is missing", traffic: status(429, "application/json", `{"msg":"too many"}`, nil),
			says: []string{"RetryAfter: may be missing"}},
	})
}

func TestDifferencesOfRequestsAreProposed(t *testing.T) {
	nonceWith := func(request object) exchange {
		return nonce(nil).with(func(x *exchange) { x.request = asText(request) })
	}
	query := func(x exchange, query string) exchange { return x.with(func(x *exchange) { x.target += "?" + query }) }
	checkAll(t, []difference{
		{name: "a further property", traffic: times(enough, nonceWith(object{"walletAddress": address, "device": "of some kind"})),
			says: []string{"NonceRequest.device: new, a string"}},
		{name: "a required property that is not needed", traffic: times(3, nonceWith(object{"chain": "ethereum"})),
			says: []string{"NonceRequest.walletAddress: may be missing"}},
		{name: "another type", traffic: times(3, nonceWith(object{"walletAddress": []any{address}})), says: []string{"NonceRequest.walletAddress: may also be a list"}},
		{name: "null", traffic: times(3, nonceWith(object{"walletAddress": address, "locale": nil})), says: []string{"NonceRequest.locale: may be null"}},
		{name: "a further property of a part of an allOf", traffic: times(3, ownership(nil).with(func(x *exchange) {
			x.request = `{"contractAddress":"` + contractAddress + `","strict":true}`
		})), says: []string{"TokenOwnershipRequest.strict: new, a boolean"}},
		{name: "a further parameter", traffic: times(3, query(chain(nil), "limit=10&cursor=abc%20def")),
			says: nil},
		{name: "a further parameter of an operation that refuses unknown ones", traffic: times(3, query(nonce(nil), "limit=10&cursor=some%20thing")),
			says: []string{"nonce: a further parameter, cursor", "nonce: a further parameter, limit"}},
		{name: "a further parameter that is a list", traffic: times(3, query(nonce(nil), "only=abc%20def&only=ghi%20jkl")), says: []string{"nonce: a further parameter, only"}},
		{name: "a further parameter that is sometimes a list", traffic: append(times(3, query(nonce(nil), "only=1")), times(3, query(nonce(nil), "only=1&only=2"))...),
			says: []string{"nonce: a further parameter, only"}},
		{name: "a refused request says nothing", traffic: times(enough, nonceWith(object{"device": 1}).with(func(x *exchange) {
			x.status, x.answer, x.target = 400, `{"msg":"device is not a property","code":"parameter_invalid"}`, x.target+"?limit=1"
		}))},
		{name: "a superseded name", traffic: times(enough, auth(nil).with(func(x *exchange) {
			x.request = asText(object{"walletAddress": address, "signature": "0x4d3c", "contractAddress": contractAddress})
		}))},
		{name: "a superseded name of another type", traffic: times(3, auth(nil).with(func(x *exchange) {
			x.request = asText(object{"walletAddress": address, "signature": "0x4d3c", "contractAddress": 1})
		})), says: []string{"TokenRequirements.contractAddress: may also be an integer"}},
		{name: "a body in another media type", traffic: times(3, nonce(nil).with(func(x *exchange) { x.sent, x.request = "application/x-www-form-urlencoded", "walletAddress="+address })),
			left: []string{"nonce takes requests with the media type application/x-www-form-urlencoded, which the contract does not have"}},
	})
}

func TestNewOperationsAreProposed(t *testing.T) {
	call := func(method, target, request, answer string) []exchange {
		sent := ""
		if request != "" {
			sent = "application/json"
		}
		return times(3, exchange{method: method, target: target, sent: sent, request: request, status: 200, media: "application/json", answer: answer})
	}
	one := func(name string) []string { return []string{"a further operation, " + name} }
	uuid := "141090c4-a563-4855-bab9-747a5d0e7d81"
	checkAll(t, []difference{
		{name: "PUT on a known path", traffic: call("PUT", "/chains/polygon", `{"chainName":"a b"}`, `{"done":true}`), says: one("PUT /chains/{chain}")},
		{name: "PATCH on a known path", traffic: call("PATCH", "/auth", `{"displayAddress":"a b"}`, asText(user())), says: one("PATCH /auth")},
		{name: "DELETE without a body", traffic: times(3, exchange{method: "DELETE", target: "/auth/nonce", status: 204}), says: one("DELETE /auth/nonce")},
		{name: "below a parameter", traffic: call("GET", "/chains/polygon/tokens", "", `{"data":[{"symbol":"a b"}]}`), says: one("GET /chains/{chain}/tokens")},
		{name: "below a known path", traffic: call("POST", "/auth/refresh", `{"accessToken":"`+jwt+`"}`, `{"accessToken":"`+jwt+`"}`), says: one("POST /auth/refresh")},
		{name: "two parameters", traffic: call("GET", "/projects/"+uuid+"/members/42", "", `{"since":"2026-01-02"}`), says: one("GET /projects/{projectId}/members/{memberId}")},
		{name: "two parameters in a row", traffic: call("GET", "/projects/"+uuid+"/42", "", `{"since":"2026-01-02"}`), says: one("GET /projects/{projectId}/{id}")},
		{name: "only a parameter", traffic: call("GET", "/"+uuid, "", `{"since":"2026-01-02"}`), says: one("GET /{id}")},
		{name: "a name that is taken", traffic: call("GET", "/oauth2/nonce", "", `{"since":"2026-01-02"}`), says: one("GET /oauth2/nonce")},
		{name: "a schema's name that is taken", traffic: call("GET", "/error", "", `{"since":"2026-01-02"}`), says: one("GET /error")},
		{name: "two with the same name", traffic: append(call("GET", "/one/status", "", `{"up":true}`), call("GET", "/two/status", "", `{"down":false}`)...),
			says: []string{"a further operation, GET /one/status", "a further operation, GET /two/status"}},
		{name: "two methods of one path", traffic: append(call("GET", "/sessions", "", `[{"since":"2026-01-02"}]`), call("POST", "/sessions", `{"since":"2026-01-02"}`, `{"since":"2026-01-02"}`)...),
			says: []string{"a further operation, GET /sessions", "a further operation, POST /sessions"}},
		{name: "a list of strings", traffic: call("GET", "/locales", "", `["en","fr"]`), says: one("GET /locales")},
		{name: "a string", traffic: call("GET", "/motto", "", `"plain words"`), says: one("GET /motto")},
		{name: "null", traffic: call("GET", "/nothing", "", `null`), says: one("GET /nothing")},
		{name: "an empty object", traffic: call("GET", "/nothing", "", `{}`), says: one("GET /nothing")},
		{name: "a map at the top", traffic: call("GET", "/balances", "", `{"`+address+`":"1.5"}`), says: one("GET /balances")},
		{name: "text", traffic: times(3, exchange{method: "GET", target: "/version", status: 200, media: "text/plain", answer: "1.2.3"}), says: one("GET /version")},
		{name: "a form", traffic: times(3, exchange{method: "POST", target: "/feedback", sent: "application/x-www-form-urlencoded", request: "stars=5&words=very%20good", status: 201}),
			says: one("POST /feedback")},
		{name: "parameters in the query", traffic: call("GET", "/history?limit=5&only=a+b&only=c+d&flag", "", `{"total":0}`), says: one("GET /history")},
		{name: "words that YAML would read otherwise", traffic: call("GET", "/null/yes", "", `{"on":"2026-01-02"}`), says: one("GET /null/yes")},
		{name: "a header", traffic: times(3, exchange{method: "GET", target: "/history", status: 200, media: "application/json", answer: `{"total":0}`,
			header: http.Header{"X-Total": {"12"}}}), says: one("GET /history")},
		{name: "only refused", traffic: times(enough, exchange{method: "GET", target: "/history", status: 404, media: "application/json", answer: `{"msg":"no"}`})},
		{name: "not often enough", traffic: call("GET", "/history", "", `{"total":0}`)[:2]},
	})
}

func TestErrorsOfANewOperationAreProposedOnceTheContractHasIt(t *testing.T) {
	traffic := times(3, get("/history", object{"total": 0}, nil), get("/history", nil, nil).with(func(x *exchange) {
		x.status, x.answer = 404, `{"msg":"no","code":"resource_not_found"}`
	}))
	text := theContract(t)
	for _, want := range []string{"a further operation, GET /history", "history: a further status, 404 (Not Found)"} {
		contract, err := spec.Read(text, spec.BasePath)
		if err != nil {
			t.Fatal(err)
		}
		log, _ := pass(t, contract, traffic)
		result := learnFrom(t, text, log)
		if got, left := says(result); len(got) != 1 || got[0] != want || len(left) > 0 {
			t.Fatalf("proposed %q and left %q, want %q", got, left, want)
		}
		if text, err = result.Apply(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOtherContractsAreChanged(t *testing.T) {
	openAPI := string(theContract(t))
	small := `openapi: 3.0.3
info: {title: a, version: '1'}
paths:
  /chains/{chain}:
    get:
      operationId: chain
      parameters:
        - {name: chain, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: It is there.
          content:
            application/json:
              schema: {type: object, required: [chainSlug], properties: {chainSlug: {type: string}}}
`
	differ := times(enough, chain(func(answer object) {
		for name := range answer {
			if name != "chainSlug" {
				delete(answer, name)
			}
		}
		answer["rpc"] = []any{"https://example.com"}
		answer["chainSlug"] = nil
	}))
	says := []string{
		"GET /chains/{chain}.responses.200.content.application/json.schema.rpc: new, a list, in each",
		"GET /chains/{chain}.responses.200.content.application/json.schema.chainSlug: may be null",
	}
	newOperation := times(3, exchange{method: "GET", target: "/wallets/" + address, status: 200, media: "application/json", answer: `{"since":"2026-01-02"}`})
	checkAll(t, []difference{
		{name: "line ends of Windows", contract: strings.ReplaceAll(openAPI, "\n", "\r\n"), traffic: times(enough, nonce(func(answer object) { answer["level"] = 1 })),
			says: []string{"NonceResponse.level: new, an integer, in each"}},
		{name: "without components", contract: small, traffic: differ, says: says},
		{name: "a new operation without components", contract: small, traffic: newOperation, says: []string{"a further operation, GET /wallets/{walletId}"}},
		{name: "a new status without components", contract: small, traffic: times(3, chain(nil).with(func(x *exchange) { x.status, x.answer = 404, `{"msg":"no"}` })),
			says: []string{"chain: a further status, 404 (Not Found)"}},
		{name: "empty components", contract: small + "components: {}\n", traffic: newOperation, says: []string{"a further operation, GET /wallets/{walletId}"}},
		{name: "empty schemas", contract: small + "components:\n  schemas: {}\n", traffic: newOperation, says: []string{"a further operation, GET /wallets/{walletId}"}},
		{name: "without a line break at the end", contract: strings.TrimSpace(small), traffic: newOperation, says: []string{"a further operation, GET /wallets/{walletId}"}},
		{name: "in JSON", contract: fmt.Sprintf("{%q: %q, %q: {%q: %q, %q: %q}, %q: {%q: {%q: {%q: %q, %q: {%q: {%q: %q}}}}}}", "openapi", "3.0.3", "info", "title", "a", "version", "1",
			"paths", "/chains/polygon", "get", "operationId", "chain", "responses", "200", "description", "It is there."), traffic: times(3, chain(nil).with(func(x *exchange) { x.media, x.answer = "", "" }),
			chain(nil).with(func(x *exchange) { x.status, x.media, x.answer = 404, "", "" })), says: []string{"chain: a further status, 404 (Not Found)"}},
	})
}
