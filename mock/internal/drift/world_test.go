package drift_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/mock/internal/learn"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// answer is an answer of a mock that a change is made to on its way to the client.
type answer struct {
	*harness.Altered
	number int // counts the answers with the path, from 0
}

// changedAPI returns the base URL of an API that differs from the contract by a change.
func changedAPI(t *testing.T, m *mock.Server, change func(*answer)) string {
	t.Helper()
	numbers := map[string]int{}
	changed, err := harness.Altering(m.URL, func(a *harness.Altered) {
		change(&answer{a, numbers[a.Path]})
		numbers[a.Path]++
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(changed)
	t.Cleanup(server.Close)
	return server.URL + spec.BasePath
}

const token = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

// app is an application that uses every flow of an API.
type app struct {
	t      *testing.T
	mock   *mock.Server // which the API is, or is made of
	base   string
	client http.Client
}

func (a *app) call(method, path string, body any) (status int, object map[string]any) {
	a.t.Helper()
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, bytes.NewReader(text))
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
	text, err = io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	_ = json.Unmarshal(text, &object)
	return response.StatusCode, object
}

// login logs a wallet in, and returns the whole answer.
func (a *app) login(wallet *mock.Wallet) map[string]any {
	a.t.Helper()
	client, err := picket.New(a.mock.SecretKey, picket.WithBaseURL(a.mock.URL))
	if err != nil {
		a.t.Fatal(err)
	}
	signed := wallet.AuthRequest(a.t, client)
	status, answer := a.call("POST", "/auth", map[string]any{"walletAddress": wallet.Address, "signature": string(signed.Signature), "context": signed.Context})
	if status/100 != 2 {
		a.t.Fatalf("the login failed: %d %v", status, answer)
	}
	return answer
}

// use goes through the flows of the API a number of times, or only calls a path.
func (a *app) use(times int, only string) {
	a.t.Helper()
	wallet := mock.NewEthereumWallet(a.t)
	a.mock.SetBalance("ethereum", wallet.Address, mock.Contract(token), "12.5")
	requirements := map[string]any{"contractAddress": token}
	ownership := "/chains/ethereum/wallets/" + wallet.Address + "/tokenOwnership"
	for range times {
		if only == "" || only == "/auth" || only == "/auth/validate" {
			accessToken := a.login(wallet)["accessToken"]
			a.call("POST", "/authz", map[string]any{"accessToken": accessToken, "requirements": requirements})
			a.call("POST", "/auth/validate", map[string]any{"accessToken": accessToken})
		}
		for _, call := range []struct {
			method, path string
			body         any
		}{
			{"POST", "/auth/nonce", map[string]any{"walletAddress": wallet.Address}},
			{"POST", ownership, requirements},
			{"GET", "/chains", nil},
			{"GET", "/chains/polygon", nil},
			{"GET", "/chains/atlantis", nil},
			{"GET", "/wallets/" + wallet.Address + "/history?limit=10", nil},
			{"POST", "/oauth2/token", map[string]any{"grant_type": "none"}},
			{"POST", "/auth/validate", map[string]any{"accessToken": "forged"}},
		} {
			if strings.Contains(call.path, only) {
				a.call(call.method, call.path, call.body)
			}
		}
	}
}

// observed has an application use an API, or call only a path of it, and returns the file of what was seen.
func observed(t *testing.T, m *mock.Server, base string, times int, only string) []byte {
	t.Helper()
	return watched(t, m, func(a *app) {
		a.base = base
		a.use(times, only)
	})
}

// watched returns the file of what an application of a mock saw.
func watched(t *testing.T, m *mock.Server, use func(*app)) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seen.json")
	observer, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	use(&app{t: t, mock: m, base: m.URL, client: http.Client{Transport: contract.NewTransport(nil, contract.WithObserver(observer))}})
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// send returns the status and the body that a request is answered with.
func send(t *testing.T, request *http.Request) string {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s", response.StatusCode, text)
}

// learned returns what is proposed after a file.
func learned(t *testing.T, file []byte) *learn.Result {
	t.Helper()
	seen, err := observe.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := learn.Learn(openapi.Spec(), seen)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// says returns what is proposed in words, and where.
func says(result *learn.Result) []string {
	all := []string{}
	for _, p := range result.Proposals {
		all = append(all, p.Says+" at "+p.Place)
	}
	return all
}
