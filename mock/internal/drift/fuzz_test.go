package drift_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// FuzzDrift starts a mock with any file of observations, and asks it for what it refuses and for what it answers. Whatever the file says,
// the mock keeps the contract with the differences, refuses what it refuses, and lets nobody in.
func FuzzDrift(f *testing.F) {
	in := func(operation, status, value string) []byte {
		text := `{"version":1,"operations":{"` + operation + `":{SPAN,"count":30,"responses":{"` + status + `":{SPAN,"count":30,` +
			`"headers":{"X-Label":{SPAN,"types":{"string":9}}},"bodies":{"application/json":{SPAN,"count":30,"value":{SPAN,` + value + `}}}}}}}}`
		return []byte(strings.ReplaceAll(text, "SPAN", `"from":"2026-01-02","to":"2026-01-03"`))
	}
	for _, seed := range [][]byte{
		in("GET /chains/{chain}", "200", `"types":{"object":30},"properties":{"chainName":{SPAN,"types":{"array":9,"null":3},"items":{SPAN,"types":{"string":9}}}}`),
		in("GET /chains/{chain}", "410", `"types":{"object":30},"properties":{"code":{SPAN,"types":{"string":9},"words":{"gone":7}}}`),
		in("POST /chains/{chain}/wallets/{walletAddress}/tokenOwnership", "200", `"types":{"object":30},"properties":{"allowed":{SPAN,"types":{"string":9,"object":9}},"ok":{SPAN,"types":{"boolean":30}}}`),
		in("POST /auth/nonce", "201", `"types":{"object":30},"keys":{"address":30},"data":{SPAN,"types":{"string":30},"formats":{"decimal":30}}`),
		in("POST /auth/nonce", "200", `"types":{"array":30},"size":{"min":1,"max":2},"items":{SPAN,"types":{"number":30},"digits":{"min":1,"max":2}}`),
	} {
		if _, err := observe.Read(seed); err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	const address = "0x0000000000000000000000000000000000000001"
	f.Fuzz(func(t *testing.T, file []byte) {
		var logged bytes.Buffer
		m, err := mock.New(mock.WithDrift("seen.json", file), mock.WithLogger(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelWarn}))))
		if err != nil {
			return
		}
		for _, asked := range []struct {
			method, path, body string
			class              int
		}{
			{"GET", "/chains", "", 2},
			{"GET", "/chains/polygon", "", 2},
			{"GET", "/chains/atlantis", "", 4},
			{"POST", "/auth/nonce", `{"walletAddress":"` + address + `"}`, 2},
			{"POST", "/auth/validate", `{"accessToken":"forged"}`, 4},
			{"POST", "/chains/ethereum/wallets/" + address + "/tokenOwnership", `{"contractAddress":"` + token + `"}`, 2},
		} {
			for range 4 {
				request := httptest.NewRequest(asked.method, spec.BasePath+asked.path, strings.NewReader(asked.body))
				request.Header.Set("Content-Type", "application/json")
				request.SetBasicAuth(m.SecretKey, "")
				response := httptest.NewRecorder()
				m.Handler().ServeHTTP(response, request)
				if response.Code/100 != asked.class {
					t.Errorf("%s %s got %d %s", asked.method, asked.path, response.Code, response.Body)
				}
				var value any
				if strings.HasSuffix(asked.path, "/tokenOwnership") && json.Unmarshal(response.Body.Bytes(), &value) == nil && hasTrue(value) {
					t.Errorf("a wallet without tokens got %s", response.Body)
				}
			}
		}
		if logged.Len() > 0 {
			t.Error(logged.String())
		}
	})
}

func hasTrue(value any) bool {
	switch value := value.(type) {
	case bool:
		return value
	case []any:
		for _, item := range value {
			if hasTrue(item) {
				return true
			}
		}
	case map[string]any:
		for _, property := range value {
			if hasTrue(property) {
				return true
			}
		}
	}
	return false
}
