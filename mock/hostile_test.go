package mock_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// TestBadInputGetsA4xxOfTheAPIsShape sends what no client should, to every operation and to the control of the mock.
// The helper send checks the shape of each answer.
func TestBadInputGetsA4xxOfTheAPIsShape(t *testing.T) {
	srv := mock.Start(t)
	token := `{"accessToken":`
	bodies := map[string]string{
		"nothing":         "",
		"a byte":          "\x00",
		"not JSON":        "hello",
		"half":            `{"walletAddress":"`,
		"not UTF-8":       "{\"walletAddress\":\"\xff\xfe\"}",
		"lone surrogate":  `{"walletAddress":"\ud800"}`,
		"null":            "null",
		"number":          "1e999",
		"list":            "[]",
		"deep lists":      strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"deep objects":    strings.Repeat(`{"requirements":`, 9_000) + "1" + strings.Repeat("}", 9_000),
		"too deep":        strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
		"10 MB":           `{"walletAddress":"` + strings.Repeat("a", 10<<20) + `"}`,
		"many properties": `{` + strings.Repeat(`"a":1,`, 50_000) + `"a":1}`,
		"many names":      manyNames(),
		"wrong types":     `{"walletAddress":[],"signature":{},"accessToken":7,"requirements":"x","context":3,"chain":false,"locale":{}}`,
		"wrong numbers":   token + `"x","requirements":{"contractAddress":"0xC0","minTokenBalance":1e400}}`,
		"NUL in strings":  `{"walletAddress":"a\u0000b"}`,
	}
	paths := []string{
		"/auth/nonce", "/auth", "/authz", "/auth/validate", "/oauth2/token", "/chains/ethereum/wallets/" + someAddress + "/tokenOwnership",
		"/chains/x/wallets/y/tokenOwnership", "/chains", "/nothing", "/",
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			for _, path := range paths {
				for _, method := range []string{"POST", "PUT", "DELETE", "BREW"} {
					if len(body) > 1<<20 && method != "POST" {
						continue
					}
					got := send(t, srv, srv.SecretKey, method, path, body, "Content-Type", "application/json")
					if got.status < 400 || got.status > 499 {
						t.Errorf("%s %s: got %d %.200s", method, path, got.status, got.body)
					}
					if strings.Contains(got.body, "goroutine ") || len(got.body) > 2000 {
						t.Errorf("%s %s: answers %.500s", method, path, got.body)
					}
				}
			}
			for _, path := range []string{"/balances", "/displayNames", "/clock", "/faults", "/projects", "/reset"} {
				got := control(t, srv, "", "PUT", path, body, nil)
				if body != "" && (got.status < 400 || got.status > 499) {
					t.Errorf("PUT %s: got %d %.200s", path, got.status, got.body)
				}
			}
		})
	}
	t.Run("Authorization", func(t *testing.T) {
		for _, header := range []string{
			"Basic", "Basic ", "Basic \t", "Basic !!!", "Basic " + strings.Repeat("A", 60_000), "Bearer", "Digest x", strings.Repeat(" ", 10), ":", "=",
			"Basic " + base64.StdEncoding.EncodeToString([]byte(":")), "Basic " + base64.StdEncoding.EncodeToString([]byte("\xff\x00:\xff")),
		} {
			for _, path := range []string{"/auth/nonce", "/auth/validate"} {
				if got := send(t, srv, "", "POST", path, `{}`, "Authorization", header); got.status != http.StatusUnauthorized {
					t.Errorf("%.40q: got %d %s", header, got.status, got.body)
				}
			}
		}
	})
	t.Run("Content-Type", func(t *testing.T) {
		for _, contentType := range []string{"", ";", "text/plain", "application/jsonx", "multipart/form-data; boundary=x", "application/json; charset=\xff", strings.Repeat("a", 1000)} {
			if got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":7}`, "Content-Type", contentType); got.status != http.StatusBadRequest {
				t.Errorf("%.40q: got %d %s", contentType, got.status, got.body)
			}
		}
	})
	t.Run("paths", func(t *testing.T) {
		for _, segment := range []string{"%00", "%ff", "%2e%2e%2f", strings.Repeat("a", 5_000), "%F0%9F%94%90", "a;b", "a%20b"} {
			for _, path := range []string{"/chains/" + segment, "/chains/ethereum/wallets/" + segment + "/tokenOwnership", "/" + segment} {
				for _, method := range []string{"GET", "POST"} {
					got := send(t, srv, srv.SecretKey, method, path, `{}`)
					if got.status < 400 || got.status > 499 || len(got.body) > 2000 {
						t.Errorf("%s %.60s: got %d %.300s", method, path, got.status, got.body)
					}
				}
			}
		}
	})
	t.Run("Prefer", func(t *testing.T) {
		for _, prefer := range []string{"code=", "code=-1", "code=99999999999999999999", "example=" + strings.Repeat("x", 5_000), "code=200=300"} {
			got := send(t, srv, srv.SecretKey, "GET", "/chains", "", "Prefer", prefer)
			if got.status < 400 || got.status > 499 || len(got.body) > 2000 {
				t.Errorf("%.40q: got %d %.300s", prefer, got.status, got.body)
			}
		}
	})
	if got := len(srv.Journal()); got != mock.JournalSize {
		t.Error(fmt.Sprint("the journal has ", got))
	}
}

func manyNames() string {
	var body strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&body, `,"walletAddres%d":1`, i)
	}
	return "{" + body.String()[1:] + "}"
}
