package contract_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/contract"
)

// TestANameOfAMessageIsPrintable looks at every name that a message can contain, as text and as JSON.
func TestANameOfAMessageIsPrintable(t *testing.T) {
	const key, token = "sk_0123456789abcdef0123456789abcdef", "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJldGhlcmV1bToweDEifQ.c2lnbmF0dXJl"
	for _, name := range []string{
		"\x1b]0;title\a\x1b[2J", "a\nresponse auth: forged", "a\r\x00\x7f", "\u009b31m", "\u202eedoc", "a\u200bb", "\u2028", "\U000e0041", strings.Repeat("long ", 1000),
		key, token, "x-" + key, strings.Replace(key, "_", "%5F", 1), "c2tfMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY6",
	} {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		options := []contract.Option{
			contract.WithOnViolation(func(v contract.Violation) { lines = append(lines, v.String()) }),
			contract.WithOnUnchecked(func(u contract.Unchecked) { lines = append(lines, u.Operation+" "+u.Reason) }),
		}
		all := func(status int, header map[string]string, body string) contract.Findings {
			transport := contract.NewTransport(answering(status, header, body), options...)
			for _, sent := range []struct{ method, target, body string }{
				{"POST", "/api/v1/auth", `{"walletAddress":7,` + string(quoted) + `:1,"context":{` + string(quoted) + `:{}},` + string(quoted) + `:2}`},
				{"GET", "/api/v1/chains", ""},
				{"POST", "/api/v1/chains/x/wallets/y/tokenOwnership", `{"requirements":{` + string(quoted) + `:1}}`},
			} {
				exchange(t, transport, sent.method, sent.target, withKey, sent.body)
			}
			exchange(t, transport, "GET", "/api/v1/oauth2/authorize?"+urlQuery(name), nil, "")
			exchange(t, transport, "POST", "/api/v1/oauth2/token", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, urlQuery(name)+"&"+urlQuery(name))
			return transport.Findings()
		}
		found := []contract.Findings{
			all(200, inJSON, `{"allowed":true,`+string(quoted)+`:1,"data":[{`+string(quoted)+`:1}],"tokenBalances":{"collection":{`+string(quoted)+`:{},`+string(quoted)+`:[]}}}`),
			all(200, map[string]string{"Content-Type": strings.Map(printable, name)}, name),
			all(418, map[string]string{"Content-Type": "application/json", "Content-Encoding": strings.Map(printable, name)}, name),
		}
		text, err := json.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		for _, reported := range append(lines, string(text)) {
			if strings.ContainsFunc(reported, func(r rune) bool { return (r < ' ' || r > '~') && r != '…' }) {
				t.Errorf("%q prints %q", name, reported)
			}
			if strings.Contains(reported, "0123456789") || strings.Contains(reported, "eyJhbGci") || strings.Contains(reported, "c2tf") {
				t.Errorf("a secret is printed: %s", reported)
			}
		}
		for _, line := range lines {
			if len(line) > 1024 {
				t.Errorf("a line has %d bytes: %s", len(line), line)
			}
		}
		if len(lines) < 12 {
			t.Errorf("%q: only %q was reported", name, lines)
		}
	}
}

// urlQuery returns a query with a name.
func urlQuery(name string) string { return url.Values{name: {"1"}}.Encode() }

// printable leaves what net/http lets through in a header.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
