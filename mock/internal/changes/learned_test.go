package changes_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// differ changes an answer of the API so that it is not as openapi.yaml says.
func differ(path string, answers int64, a *harness.Altered, body map[string]any) {
	if user, ok := body["user"].(map[string]any); ok {
		differ(path, answers, a, user)
	}
	if body["displayAddress"] != nil && body["sub"] == nil || body["aud"] != nil { // a user, or the claims of a token
		delete(body, "displayAddress") // dropped
	}
	switch {
	case path == "/auth/nonce" && a.Status == http.StatusOK:
		body["expiresIn"] = 120                // added
		body["note"] = []any{"one", "another"} // a list where one value was
		if answers%2 == 0 {
			body["mood"] = nil // null
		}
		a.Header.Set("X-Ratelimit-Remaining", "99")
	case path == "/auth" && body["user"] != nil:
		body["balancesByWallet"] = map[string]any{body["user"].(map[string]any)["walletAddress"].(string): "12.5"} // a map with dynamic names
	case strings.HasSuffix(path, "/tokenOwnership") && body["tokenBalance"] != nil:
		body["tokenBalance"] = json.Number(body["tokenBalance"].(string)) // a number where a string was
	case path == "/chains" && body["data"] != nil:
		for _, chain := range body["data"].([]any) {
			differInChain(chain.(map[string]any))
		}
	case path == "/chains/atlantis":
		a.Status = http.StatusGone     // a further status
		body["code"] = "chain_retired" // an undocumented error code
	case strings.HasPrefix(path, "/chains/") && body["chainId"] != nil:
		differInChain(body)
	}
}

func differInChain(chain map[string]any) {
	chain["rpcURL"] = chain["publicRPC"] // renamed
	delete(chain, "publicRPC")
	chain["chainId"] = chain["chainId"].(json.Number).String() // another type
}

// different starts a mock behind a proxy that changes its answers, and returns the base URL. It has an operation that openapi.yaml lacks.
func different(t *testing.T) string {
	t.Helper()
	m := mock.Start(t)
	var answers atomic.Int64
	proxy, err := harness.Altering(m.URL, func(a *harness.Altered) {
		if path, inAPI := strings.CutPrefix(a.Path, spec.BasePath); inAPI {
			differ(path, answers.Add(1), a, a.Body)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+spec.BasePath+"/wallets/{wallet}/history", func(w http.ResponseWriter, r *http.Request) {
		if key, _, _ := r.BasicAuth(); key != m.SecretKey {
			r.URL.Path = spec.BasePath + "/chains" // which refuses it
			proxy.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"total":1,"entries":[{"id":"141090c4-a563-4855-bab9-747a5d0e7d81","at":"2026-01-02T03:04:05Z","amount":"1.5"}]}`)
	})
	routes.Handle("/", proxy)
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	return server.URL + spec.BasePath
}

// mockProgram runs picket-mock of the copy.
func (w workshop) mockProgram(args ...string) (output string, err error) {
	w.Helper()
	program := exec.CommandContext(w.Context(), "go", append([]string{"run", "./mock/cmd/picket-mock"}, args...)...)
	program.Dir = w.dir
	program.Env = append(os.Environ(), "GOFLAGS=-trimpath "+os.Getenv("GOFLAGS"), "PICKET_API_KEY="+secretKey)
	out, err := program.CombinedOutput()
	return string(out), err
}

func TestWhatIsLearnedIsAChangeLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	base := different(t)
	// Two properties that no code uses yet: where code does, it has to be adapted to another type in Go, and make report says so.
	w.insert("required: [nonce, statement, format]\n      properties:\n", `        note: {type: string, description: A note.}
        mood: {type: string, description: A mood.}
`)
	// Many checks fail, because the server differs. What it answers is seen all the same.
	seen := []string{filepath.Join(w.dir, "flows.json"), filepath.Join(w.dir, "calls.json")}
	if out, err := w.mockProgram("verify", "-base-url", base, "-observe", seen[0]); err == nil {
		t.Fatalf("verify finds nothing wrong: %s", out)
	}
	w.observeCalls(base, seen[1])
	out, err := w.mockProgram(append([]string{"learn", "-write"}, seen...)...)
	if err != nil {
		t.Fatalf("learn: %v: %s", err, out)
	}
	var changed []string
	for line := range strings.Lines(out) {
		if what, ok := strings.CutPrefix(line, "changed: "); ok {
			what, _, _ = strings.Cut(what, " (")
			changed = append(changed, what)
		} else if !strings.HasPrefix(line, "next, ") {
			t.Errorf("learn says %s", line)
		}
	}
	if diff := cmp.Diff([]string{
		"a further operation, GET /wallets/{walletAddress}/history",
		"POST /auth/nonce.responses.200: a further header, X-Ratelimit-Remaining",
		"chain: a further status, 410",
		"NonceResponse.expiresIn: new, an integer, in each",
		"NonceResponse.note: may also be a list",
		"NonceResponse.mood: may be null",
		"AuthResponse.balancesByWallet: new, an object",
		"AuthenticatedUser.displayAddress: may be missing",
		"ChainInfo.rpcURL: new, a string",
		"ChainInfo.chainId: may also be a string",
		"TokenOwnershipResponse.tokenBalance: may also be a number",
	}, changed); diff != "" {
		t.Error(diff)
	}
	w.lint()
	w.run("generate", "./...")
	report := w.run("run", "./mock/internal/report")
	for _, left := range []string{"history, GET /wallets/{walletAddress}/history", "error code chain_retired", "never sends the property rpcURL"} {
		if !strings.Contains(report, left) {
			t.Errorf("the report does not have %s: %s", left, report)
		}
	}
	if strings.Contains(report, "Does not compile") {
		t.Errorf("the report is %s", report)
	}
	// The server is no mock of the learned contract, so it has no answers that it can be asked for.
	if out, err := w.mockProgram("verify", "-base-url", base, "-skip", "picket-mock answers with every example"); err != nil {
		t.Errorf("verify of the learned contract: %v\n%s", err, out)
	}
	if out, err := w.mockProgram(append([]string{"learn"}, seen...)...); err != nil {
		t.Errorf("learn proposes more: %v: %s", err, out)
	}
}

// observeCalls observes calls that verify does not make, through a proxy of the copy.
func (w workshop) observeCalls(base, file string) {
	w.Helper()
	proxy, through := w.startProgram("proxy", "-addr", "127.0.0.1:0", "-target", base, "-observe", file)
	for range 25 {
		w.ask(secretKey, http.MethodGet, through+"/wallets/0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8/history", "")
		w.ask(secretKey, http.MethodGet, through+"/chains/atlantis", "")
	}
	if err := proxy.Stop(); err == nil || !strings.Contains(err.Error(), "exit status 3") { // there were violations
		w.Errorf("the proxy ends with %v", err)
	}
}

// lint lets the linters of make lint-spec check the contract, if they are installed.
func (w workshop) lint() {
	w.Helper()
	folder, err := filepath.Abs(filepath.Join(root, ".ci/lint"))
	if err != nil {
		w.Fatal(err)
	}
	linters := filepath.Join(folder, "node_modules/.bin")
	if _, err := os.Stat(filepath.Join(linters, "redocly")); err != nil {
		w.Log("make lint-spec installs the linters, with which this test also checks the contract")
		return
	}
	for _, args := range [][]string{
		{"redocly", "lint", "--config", filepath.Join(folder, "redocly.yaml")},
		{"spectral", "lint", "--ruleset", filepath.Join(folder, "spectral.yaml"), "--fail-severity", "hint"},
	} {
		linter := exec.CommandContext(w.Context(), filepath.Join(linters, args[0]), append(args[1:], filepath.Join(w.dir, "openapi.yaml"))...)
		if out, err := linter.CombinedOutput(); err != nil {
			w.Errorf("%s: %v: %s", args[0], err, out)
		}
	}
}
