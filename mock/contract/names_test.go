package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/contract"
)

// TestANameThatDecodersDisagreeAboutIsAViolation has names that are there twice, or differ by case alone.
func TestANameThatDecodersDisagreeAboutIsAViolation(t *testing.T) {
	const content = "#/paths/~1chains~1{chain}~1wallets~1{walletAddress}~1tokenOwnership/post/responses/200/content"
	const properties = "#/components/schemas/TokenOwnershipResponse/properties"
	type violations = []contract.Violation
	for name, test := range map[string]struct {
		body string
		want violations
	}{
		"twice":            {`{"allowed":false,"allowed":true}`, violations{{Pointer: "/allowed", Message: "allowed is there more than once, and may be there once", Spec: content}}},
		"twice, escaped":   {`{"allowed":false,"\u0061llowed":true}`, violations{{Pointer: "/allowed", Message: "allowed is there more than once, and may be there once", Spec: content}}},
		"in another case":  {`{"allowed":false,"Allowed":true}`, violations{{Pointer: "/Allowed", Message: `"Allowed" is not a property; did you mean "allowed"?`, Spec: properties}}},
		"by folding alone": {`{"allowed":true,"wallet\u0041ddre\u017f\u017f":"x"}`, violations{{Pointer: `/walletAddre\u017f\u017f`, Message: `"walletAddre\u017f\u017f" is not a property; did you mean "walletAddress"?`, Spec: properties}}},
		"nested":           {`{"allowed":true,"tokenBalances":{"contractAddress":{"0xa":"1","0xa":"2"}}}`, violations{{Pointer: "/tokenBalances/contractAddress/0xa", Message: "tokenBalances.contractAddress.0xa is there more than once, and may be there once", Spec: content}}},
		"in a map by case": {`{"allowed":true,"tokenBalances":{"collection":{"A":"1","a":"2"}}}`, violations{}},
		"no name of ours":  {`{"allowed":true,"other":1}`, violations{{Pointer: "/other", Message: `"other" is not a property`, Spec: properties, Unknown: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			found := theAPI(t).Operation("tokenOwnership").CheckResponse(http.MethodPost, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(test.body))
			for i := range test.want {
				test.want[i].Operation, test.want[i].Direction = "tokenOwnership", contract.Response
			}
			if diff := cmp.Diff(test.want, append(violations{}, found...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("as deep as it may be", func(t *testing.T) {
		body := strings.Repeat(`{"deep":`, 9_000) + `{"a":1,"a":2}` + strings.Repeat(`}`, 9_000)
		found := theAPI(t).Operation("tokenOwnership").CheckResponse(http.MethodPost, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		if len(found) == 0 || !strings.HasPrefix(found[0].Pointer, "/deep/deep/") || len(found[0].String()) > 4096 {
			t.Errorf("told of %.300v", found)
		}
	})
	t.Run("in a request, also behind many unknown names", func(t *testing.T) {
		var body strings.Builder
		for i := range 50 {
			fmt.Fprintf(&body, `"B%d":1,`, i)
		}
		transport := contract.NewTransport(answering(400, inJSON, `{"msg":"no"}`))
		exchange(t, transport, "POST", "/api/v1/auth/nonce", withKey, `{`+body.String()+`"walletAddress":"0x1","WalletAddress":"0x2","walletAddress":"0x3"}`)
		told := map[string]bool{}
		for _, v := range transport.Findings().Violations {
			if !v.Unknown {
				told[v.Pointer] = true
			}
		}
		if !told["/walletAddress"] || !told["/WalletAddress"] {
			t.Errorf("told of %v", told)
		}
	})
}

// TestANameOfAMessageIsPrintable looks at all that a message can name, as text and as JSON.
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
		for _, told := range append(lines, string(text)) {
			if strings.ContainsFunc(told, func(r rune) bool { return (r < ' ' || r > '~') && r != '…' }) {
				t.Errorf("%q prints %q", name, told)
			}
			if strings.Contains(told, "0123456789") || strings.Contains(told, "eyJhbGci") || strings.Contains(told, "c2tf") {
				t.Errorf("a secret is printed: %s", told)
			}
		}
		for _, line := range lines {
			if len(line) > 1024 {
				t.Errorf("a line has %d bytes: %s", len(line), line)
			}
		}
		if len(lines) < 12 {
			t.Errorf("%q: only %q was told", name, lines)
		}
	}
}

// urlQuery returns a name as one of a query without a value.
func urlQuery(name string) string { return url.Values{name: {"1"}}.Encode() }

// printable leaves what net/http lets through in a header.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
