package guard_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
)

func TestOnlyThisMachineAndItsOwnPagesGetThrough(t *testing.T) {
	for name, test := range map[string]struct {
		host   string
		header map[string][]string
		want   string // in the refusal; empty when there is none
	}{
		"localhost":            {"localhost:4010", nil, ""},
		"LocalHost":            {"LocalHost:4010", nil, ""},
		"no port":              {"localhost", nil, ""},
		"IPv4":                 {"127.0.0.1:4010", nil, ""},
		"IPv6":                 {"[::1]:4010", nil, ""},
		"IPv6 without a port":  {"[::1]", nil, ""},
		"an address":           {"192.168.1.7:4010", nil, ""},
		"a further host":       {"Picket-Mock:4010", nil, ""},
		"another name":         {"evil.example:4010", nil, "-control-host"},
		"rebound":              {"127.0.0.1.evil.example", nil, `"127.0.0.1.evil.example"`},
		"localhost of another": {"localhost.evil.example", nil, "Host"},
		"below localhost":      {"evil.localhost:4010", nil, "Host"},
		"no host":              {"", nil, "Host"},
		"no name":              {":4010", nil, "Host"},
		"a user":               {"localhost@evil.example", nil, "Host"},
		"short for an address": {"127.1:4010", nil, "Host"},
		"a number":             {"2130706433", nil, "Host"},
		"below a further host": {"a.picket-mock", nil, "Host"},
		"a secret":             {"sk_0123456789abcdef0123456789abcdef", nil, "[redacted]"},

		"its own page":                {"localhost:4010", map[string][]string{"Origin": {"http://localhost:4010"}}, ""},
		"its own page, through TLS":   {"picket-mock", map[string][]string{"Origin": {"https://picket-mock"}}, ""},
		"another page":                {"localhost:4010", map[string][]string{"Origin": {"https://evil.example"}}, "Origin"},
		"its page under its own name": {"localhost:4010", map[string][]string{"Origin": {"https://mock.example"}}, ""},
		"its name without TLS":        {"localhost:4010", map[string][]string{"Origin": {"http://mock.example"}}, "Origin"},
		"another port":                {"localhost:4010", map[string][]string{"Origin": {"http://localhost:3000"}}, "Origin"},
		"another name of it":          {"localhost:4010", map[string][]string{"Origin": {"http://127.0.0.1:4010"}}, "Origin"},
		"a page without an origin":    {"localhost:4010", map[string][]string{"Origin": {"null"}}, "Origin"},
		"an empty origin":             {"localhost:4010", map[string][]string{"Origin": {""}}, "Origin"},
		"another scheme":              {"localhost:4010", map[string][]string{"Origin": {"chrome-extension://localhost:4010"}}, "Origin"},
		"more than an origin":         {"localhost:4010", map[string][]string{"Origin": {"http://localhost:4010/"}}, "Origin"},
		"two origins":                 {"localhost:4010", map[string][]string{"Origin": {"http://localhost:4010", "http://evil.example"}}, "Origin"},
		"a user in the origin":        {"localhost:4010", map[string][]string{"Origin": {"http://a@localhost:4010"}}, "Origin"},

		"fetched by its own page":   {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {"same-origin"}}, ""},
		"typed in":                  {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {"none"}}, ""},
		"fetched by another site":   {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {"cross-site"}}, "Sec-Fetch-Site"},
		"fetched by another port":   {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {"same-site"}}, "Sec-Fetch-Site"},
		"fetched by who knows whom": {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {""}}, "Sec-Fetch-Site"},
		"fetched twice":             {"localhost:4010", map[string][]string{"Sec-Fetch-Site": {"none", "cross-site"}}, "Sec-Fetch-Site"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodDelete} {
				request := httptest.NewRequest(method, "/_mock/health", nil)
				request.Host = test.host
				for name, values := range test.header {
					request.Header[name] = values
				}
				err := guard.Check(request, []string{"other", "picket-mock"}, "https://mock.example")
				if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
					t.Errorf("%s: got %v", method, err)
				}
			}
		})
	}
}

func TestAHostIsAName(t *testing.T) {
	for name, good := range map[string]bool{
		"picket-mock": true, "mock.test": true, "a": true, "my_mock": true,
		"": false, "*": false, "*.test": false, "http://mock": false, "mock:4010": false, "mock/": false, "a b": false, "-a": false, "m\u043eck": false, strings.Repeat("a", 300): false,
	} {
		if err := guard.CheckHost(name); good != (err == nil) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}
