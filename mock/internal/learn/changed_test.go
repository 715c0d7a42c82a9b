package learn_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// api is a mock whose answers are changed on the way, and a client of it.
type api struct {
	t      *testing.T
	mock   *mock.Server
	url    string
	client *http.Client
	wallet *mock.Wallet
}

// change changes an answer.
type change func(*harness.Altered)

// newAPI starts an API that differs from the contract by a change, behind a transport that observes it in a file.
func newAPI(t *testing.T, change change, transport http.RoundTripper) *api {
	t.Helper()
	m := mock.Start(t)
	changed, err := harness.Altering(m.URL, change)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(changed)
	t.Cleanup(server.Close)
	return &api{t: t, mock: m, url: server.URL + spec.BasePath, client: &http.Client{Transport: transport}, wallet: mock.NewEthereumWallet(t)}
}

// call sends a request with the secret key, and returns the object that is answered, if it is one.
func (a *api) call(method, path string, body any) map[string]any {
	a.t.Helper()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, bytes.NewReader(text))
	if err != nil {
		a.t.Fatal(err)
	}
	request.SetBasicAuth(a.mock.SecretKey, "")
	request.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	var object map[string]any
	_ = json.Unmarshal(answer, &object)
	return object
}

const token = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

// use goes through the flows of the API once.
func (a *api) use() {
	a.t.Helper()
	address := a.wallet.Address
	a.mock.SetBalance("ethereum", address, mock.Contract(token), "12.5")
	a.call("POST", "/auth/nonce", map[string]any{"walletAddress": address})
	client, err := picket.New(a.mock.SecretKey, picket.WithBaseURL(a.mock.URL))
	if err != nil {
		a.t.Fatal(err)
	}
	signed := a.wallet.AuthRequest(a.t, client)
	login := a.call("POST", "/auth", map[string]any{"walletAddress": address, "signature": string(signed.Signature), "context": signed.Context})
	accessToken := login["accessToken"]
	if accessToken == nil {
		a.t.Fatalf("the login failed: %v", login)
	}
	requirements := map[string]any{"contractAddress": token}
	a.call("POST", "/authz", map[string]any{"accessToken": accessToken, "requirements": requirements})
	a.call("POST", "/auth/validate", map[string]any{"accessToken": accessToken})
	a.call("POST", "/chains/ethereum/wallets/"+address+"/tokenOwnership", requirements)
	a.call("GET", "/chains", nil)
	a.call("GET", "/chains/polygon", nil)
	a.call("GET", "/chains/atlantis", nil)
	a.call("GET", "/wallets/"+address+"/history?limit=10", nil)
}

// observed uses an API a number of times, and returns what was seen and the text of its file.
func observed(t *testing.T, change change, times int, more func(*api)) (*api, *observe.Log) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seen.json")
	observer, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	a := newAPI(t, change, contract.NewTransport(nil, contract.WithObserver(observer)))
	for range times {
		a.use()
	}
	if more != nil {
		more(a)
	}
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := observe.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return a, seen
}

func theContract(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func learned(t *testing.T, seen *observe.Log) *learn.Result {
	t.Helper()
	result, err := learn.Learn(theContract(t), seen)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// changes differs from the contract in many ways.
func changes() change {
	answers := 0
	return func(a *harness.Altered) {
		answers++
		body := a.Body
		switch path := strings.TrimPrefix(a.Path, spec.BasePath); {
		case path == "/auth/nonce":
			body["expiresIn"] = 120
			a.Header.Set("X-Ratelimit-Remaining", strconv.Itoa(1000-answers))
		case path == "/auth" && body["user"] != nil:
			user := body["user"].(map[string]any)
			delete(user, "displayAddress")
			body["balancesByWallet"] = map[string]any{user["walletAddress"].(string): "12.5"}
		case path == "/chains/atlantis":
			if answers%2 == 0 {
				a.Status = http.StatusGone
			}
			body["code"] = "chain_retired"
		case path == "/chains":
			for _, chain := range body["data"].([]any) {
				changeChain(chain.(map[string]any))
			}
		case strings.HasPrefix(path, "/chains/") && strings.HasSuffix(path, "/tokenOwnership"):
			body["tokenBalance"] = 12.5
			if answers%2 == 0 {
				body["walletAddress"] = nil
			}
		case strings.HasPrefix(path, "/chains/"):
			changeChain(body)
		case strings.HasSuffix(path, "/history"):
			a.Status = http.StatusOK
			a.Body = map[string]any{"total": 2, "entries": []any{
				map[string]any{"id": "141090c4-a563-4855-bab9-747a5d0e7d81", "at": "2026-01-02T03:04:05Z", "amount": "1.5", "final": true},
				map[string]any{"id": "241090c4-a563-4855-bab9-747a5d0e7d82", "at": "2026-01-02T03:04:06Z", "amount": "3", "final": false},
			}}
		}
	}
}

// changeChain renames a property, makes a list of a single value and a string of a boolean, and has a further member of an enum.
func changeChain(chain map[string]any) {
	chain["rpcURL"] = "https://rpc.example.com"
	delete(chain, "publicRPC")
	chain["chainName"] = []any{chain["chainName"]}
	chain["authorizationSupported"] = "yes"
	if chain["chainSlug"] == "polygon" {
		chain["chainType"] = "rollup"
	}
}

func TestEveryDifferenceIsProposedAndNothingElse(t *testing.T) {
	a, seen := observed(t, changes(), 30, nil)
	result := learned(t, seen)
	var got []string
	for _, p := range result.Proposals {
		got = append(got, p.Says)
	}
	want := []string{
		"a further operation, GET /wallets/{walletAddress}/history",
		"POST /auth/nonce.responses.200: a further header, X-Ratelimit-Remaining",
		"chain: a further status, 410 (Gone)",
		"NotFound: a further error code, chain_retired",
		"ChainType: a further member of the enum, rollup",
		"NonceResponse.expiresIn: new, an integer, in each",
		"AuthResponse.balancesByWallet: new, an object",
		"AuthenticatedUser.displayAddress: may be missing",
		"ChainInfo.rpcURL: new, a string, in each",
		"ChainInfo.chainName: may also be a list",
		"ChainInfo.authorizationSupported: may also be a string",
		"TokenOwnershipResponse.walletAddress: may be null",
		"TokenOwnershipResponse.tokenBalance: may also be a number",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range result.Contradictions {
		t.Errorf("left to a person: %s", c.Says)
	}
	changed, err := result.Apply()
	if err != nil {
		t.Fatal(err)
	}
	a.checkAgainst(changed)
	again, err := learn.Learn(changed, seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range again.Proposals {
		t.Errorf("still proposed: %s", p.Says)
	}
}

// checkAgainst uses the API once more, and checks each answer against a contract.
func (a *api) checkAgainst(text []byte) {
	a.t.Helper()
	contract, err := spec.Read(text, spec.BasePath)
	if err != nil {
		a.t.Fatal(err)
	}
	a.client.Transport = checking{a.t, contract}
	for range 4 {
		a.use()
	}
}

// checking is a transport that checks each exchange against a contract.
type checking struct {
	t        *testing.T
	contract *spec.Contract
}

func (c checking) RoundTrip(r *http.Request) (*http.Response, error) {
	op := c.contract.Find(r)
	if op == nil {
		c.t.Errorf("the contract has no %s %s", r.Method, r.URL.Path)
		return http.DefaultTransport.RoundTrip(r)
	}
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(text))
	for _, v := range append(op.CheckRequest(r, sent), op.CheckResponse(r.Method, response.StatusCode, response.Header, text)...) {
		c.t.Errorf("%s: %s at %s", op.ID, v.Message, v.Pointer)
	}
	return response, err
}

func TestTheDiffTurnsTheContractIntoTheProposedOne(t *testing.T) {
	_, seen := observed(t, changes(), 30, nil)
	result := learned(t, seen)
	diff, err := result.Diff("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "openapi.yaml"), theContract(t), 0o600); err != nil {
		t.Fatal(err)
	}
	apply := exec.CommandContext(t.Context(), "git", "apply", "-")
	apply.Dir, apply.Stdin = folder, strings.NewReader("# a comment\n"+diff)
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(folder, "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := result.Apply()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
	for line := range strings.Lines(diff) {
		if strings.HasPrefix(line, "@@") && !strings.Contains(line, " answers of ") {
			t.Errorf("a hunk has no evidence: %s", line)
		}
	}
}
