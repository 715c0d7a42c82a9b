package changes_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const newOperations = `  /chains/{chain}/contracts/{contractAddress}:
    get:
      operationId: contract
      tags: [Chains]
      summary: Get a contract
      description: What is known of a contract.
      x-provenance: inferred
      x-source: a test
      parameters:
        - $ref: '#/components/parameters/Chain'
        - $ref: '#/components/parameters/ContractAddress'
      responses:
        '200':
          description: The contract.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/ContractInfo'
              examples:
                token:
                  summary: An ERC-20 contract
                  value: {chain: ethereum, contractAddress: '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984', standard: ERC20}
        '400':
          $ref: '#/components/responses/BadRequest'
        '401':
          $ref: '#/components/responses/Unauthorized'
        '404':
          $ref: '#/components/responses/NotFound'
        '503':
          $ref: '#/components/responses/ServiceUnavailable'

  /chains/{chain}/contracts/{contractAddress}/holders:
    get:
      operationId: holders
      tags: [Chains]
      summary: List who holds tokens of a contract
      description: Who holds tokens of a contract. There is no example of it.
      x-provenance: inferred
      x-source: a test
      parameters:
        - $ref: '#/components/parameters/Chain'
        - $ref: '#/components/parameters/ContractAddress'
      responses:
        '200':
          description: The holders.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Holders'
        '401':
          $ref: '#/components/responses/Unauthorized'
        '503':
          $ref: '#/components/responses/ServiceUnavailable'

`

const newParameter = `    ContractAddress:
      name: contractAddress
      in: path
      required: true
      description: The contract's address.
      schema:
        type: string
        pattern: '^0x[0-9a-fA-F]{40}$'
      example: '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984'
`

const newSchemas = `    ContractInfo:
      description: A contract.
      x-provenance: inferred
      type: object
      required: [chain, contractAddress]
      properties:
        chain: {type: string, description: The chain's slug.}
        contractAddress: {type: string, description: The address.}
        standard: {type: string, enum: [ERC20, ERC721, ERC1155], description: Which kind of token it is.}

    Holders:
      description: Who holds tokens of a contract.
      x-provenance: inferred
      type: object
      required: [contractAddress, holders, since]
      properties:
        contractAddress: {type: string, minLength: 1, description: The address.}
        since: {type: string, format: date-time, description: When that was.}
        holders:
          description: The holders.
          type: array
          minItems: 1
          items:
            $ref: '#/components/schemas/WalletAddress'

`

// TestANewOperationNeedsNoCode adds two operations to openapi.yaml, one without an example, and does nothing but generate.
func TestANewOperationNeedsNoCode(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.insert("\npaths:\n", newOperations)
	w.insert("\n  parameters:\n", newParameter)
	w.insert("\n  schemas:\n", newSchemas)
	w.run("generate", "./...")
	w.write("mock/internal/probe/main.go", `package main

import (
	"github.com/seed-a13ee279/picket/generated/client"
	"github.com/seed-a13ee279/picket/picket"
)

var (
	_ = (*client.Client).Contract
	_ = picket.ContractInfo{Standard: picket.ContractInfoStandardERC721}
	_ = picket.Holders{}.Since.IsZero
)

func main() {}
`)
	w.run("build", "./...")
	w.checkContractTests()
	w.checkMock()
	w.checkReport()
}

// checkContractTests checks that the tests of the contract pass, except for the one that misses the example.
func (w workshop) checkContractTests() {
	w.Helper()
	const contractTests = "^(TestEvery|TestTheContract|TestGenerated|TestErrorCodes)"
	w.run("test", "-run", contractTests, "-skip", "^TestEveryBodyHasNamedExamples$", "./mock", "./mock/internal/spec", "./mock/internal/repository")
	out, ok := w.goes("test", "-run", "^TestEveryBodyHasNamedExamples$", "./mock/internal/repository")
	if ok || !strings.Contains(out, "GET /chains/{chain}/contracts/{contractAddress}/holders, status 200, application/json has no named example") {
		w.Errorf("the operation without an example is not missed: %s", out)
	}
}

// checkMock checks how the mock answers the new operations.
func (w workshop) checkMock() {
	w.Helper()
	const key, address = "sk_00000000000000000000000000000000", "0x0000000000000000000000000000000000000001"
	base := w.start()
	control := strings.TrimSuffix(base, "/api/v1") + "/_mock"
	contract := base + "/chains/ethereum/contracts/" + address
	want := func(status int, phrase string) func(int, string) {
		return func(gotStatus int, body string) {
			w.Helper()
			if gotStatus != status || !strings.Contains(body, phrase) {
				w.Errorf("got %d %s; want %d %s", gotStatus, body, status, phrase)
			}
		}
	}
	want(200, `{"chain":"ethereum","contractAddress":"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984","standard":"ERC20"}`)(w.ask(key, "GET", contract, ""))
	want(401, "authentication_required")(w.ask("", "GET", contract, ""))
	want(400, "contractAddress must be a string that matches")(w.ask(key, "GET", base+"/chains/ethereum/contracts/alice.eth", ""))
	want(404, "resource_not_found")(w.ask(key, "GET", contract, "", "Prefer", "code=404"))
	want(405, "only GET")(w.ask(key, "DELETE", contract, ""))
	want(204, "")(w.ask("", "POST", control+"/faults", `{"operation":"contract","kind":"status","status":503,"count":1}`))
	want(503, "")(w.ask(key, "GET", contract, ""))

	status, made := w.ask(key, "GET", contract+"/holders", "")
	_, again := w.ask(key, "GET", contract+"/holders", "")
	var holders struct {
		ContractAddress string
		Holders         []string
	}
	if err := json.Unmarshal([]byte(made), &holders); err != nil || status != 200 || made != again || holders.ContractAddress != address || len(holders.Holders) == 0 {
		w.Errorf("got %d %s, then %s", status, made, again)
	}
	w.checkJournal(control)
}

// checkJournal checks that the requests of checkMock are in the journal.
func (w workshop) checkJournal(control string) {
	w.Helper()
	type exchange struct {
		Operation, Fault string
		Status           int
	}
	var journal struct{ Exchanges []exchange }
	_, text := w.ask("", "GET", control+"/journal", "")
	if err := json.Unmarshal([]byte(text), &journal); err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff([]exchange{
		{"contract", "", 200}, {"contract", "", 401}, {"contract", "", 400}, {"contract", "", 404}, {"", "", 405}, {"contract", "status", 503},
		{"holders", "", 200}, {"holders", "", 200},
	}, journal.Exchanges); diff != "" {
		w.Error(diff)
	}
}

// checkReport checks that the report lists what the new operations lack, and nothing of the others.
func (w workshop) checkReport() {
	w.Helper()
	const left = `    contract, GET /chains/{chain}/contracts/{contractAddress}
        friendly method in picket: missing; until then, Client.Do calls it
        behaviour in mock: answers from the example
    holders, GET /chains/{chain}/contracts/{contractAddress}/holders
        friendly method in picket: missing; until then, Client.Do calls it
        behaviour in mock: answers from the schema, because there is no named example, which make test requires
`
	report := w.run("run", "./mock/internal/report")
	if !strings.Contains(report, left) {
		w.Errorf("the report is %s", report)
	}
	for _, id := range []string{"nonce", "token", "authorize", "openIDConfiguration", "jwks", "getUserInfo", "postUserInfo"} {
		if strings.Contains(report, "    "+id+",") {
			w.Errorf("the report misses something of %s: %s", id, report)
		}
	}
}

const jsonError = `      content:
        application/json:
          schema:
            $ref: '#/components/schemas/ErrorResponse'
          examples:
`

// TestANewFieldPropertyOrErrorCodeNeedsNoCode adds an optional field of a request, a property of a response and an error code
// to openapi.yaml, does nothing but generate, and uses all three through package picket.
func TestANewFieldPropertyOrErrorCodeNeedsNoCode(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.insert("      required: [walletAddress]\n      properties:\n", `        referrer:
          type: string
          description: Who sent the user.
          x-provenance: inferred
`)
	w.insert("      required: [nonce, statement, format]\n      properties:\n", `        expiresIn:
          type: integer
          description: How long the nonce lives, in seconds.
          x-provenance: inferred
`)
	w.insert("                $ref: '#/components/schemas/NonceResponse'\n              examples:\n", `                expiring:
                  summary: One that says how long it lives
                  value: {nonce: 3OUGVWAZ5MJTB5IWYDQZ2KUD5A, statement: Sign in., format: simple, expiresIn: 120}
`)
	w.insert("      description: A parameter is missing or wrong. The message names it.\n"+jsonError, `            walletBlocked:
              summary: The wallet is blocked
              value: {code: wallet_blocked, msg: this wallet is blocked}
`)
	w.run("generate", "./...")
	w.write("mock/internal/probe/main.go", `package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// preferring asks for an example, when it is set.
type preferring struct{ example string }

func (p *preferring) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.example != "" {
		r.Header.Set("Prefer", "example="+p.example)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func main() {
	srv, err := mock.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	prefer := new(preferring)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(server.URL+"/api/v1"), picket.WithHTTPClient(&http.Client{Transport: prefer}))
	if err != nil {
		panic(err)
	}
	ask := func() (*picket.NonceResponse, error) {
		return client.Nonce(context.Background(), picket.NonceRequest{WalletAddress: "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", Referrer: "partner"})
	}
	_, err = ask()
	fmt.Println(err, srv.Journal()[0].RequestBody)

	prefer.example = "expiring"
	nonce, err := ask()
	fmt.Println(err, nonce.ExpiresIn)

	prefer.example = "walletBlocked"
	_, err = ask()
	fmt.Println(errors.Is(err, picket.ErrorCode("wallet_blocked")), err)
}
`)
	if diff := cmp.Diff(`<nil> {"referrer":"partner","walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}
<nil> 120
true picket: nonce: 400 Bad Request (wallet_blocked): this wallet is blocked
`, w.run("run", "./mock/internal/probe")); diff != "" {
		t.Error(diff)
	}
	w.run("test", "-run", "^(TestEvery|TestTheContract|TestGenerated)", "./mock", "./mock/internal/spec", "./mock/internal/repository")

	const left = `    error code wallet_blocked
        constant in picket: missing; picket.ErrorCode("wallet_blocked") works
`
	if report := w.run("run", "./mock/internal/report"); !strings.Contains(report, left) {
		t.Errorf("the report is %s", report)
	}
}
