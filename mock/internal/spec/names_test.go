package spec_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Decoders disagree about names that are there twice, and about those that differ only by case.
func TestANameThatDecodersDisagreeAboutIsAViolation(t *testing.T) {
	const content = "#/paths/~1chains~1{chain}~1wallets~1{walletAddress}~1tokenOwnership/post/responses/200/content"
	const properties = "#/components/schemas/TokenOwnershipResponse/properties"
	type violations = []spec.Violation
	for name, test := range map[string]struct {
		body string
		want violations
	}{
		"twice":            {`{"allowed":false,"allowed":true}`, violations{{Pointer: "/allowed", Message: "allowed is there more than once, and must be there only once", Place: content}}},
		"twice, escaped":   {`{"allowed":false,"\u0061llowed":true}`, violations{{Pointer: "/allowed", Message: "allowed is there more than once, and must be there only once", Place: content}}},
		"in another case":  {`{"allowed":false,"Allowed":true}`, violations{{Pointer: "/Allowed", Message: `"Allowed" is not a property; did you mean "allowed"?`, Place: properties}}},
		"only by folding":  {`{"allowed":true,"wallet\u0041ddre\u017f\u017f":"x"}`, violations{{Pointer: `/walletAddre\u017f\u017f`, Message: `"walletAddre\u017f\u017f" is not a property; did you mean "walletAddress"?`, Place: properties}}},
		"nested":           {`{"allowed":true,"tokenBalances":{"contractAddress":{"0xa":"1","0xa":"2"}}}`, violations{{Pointer: "/tokenBalances/contractAddress/0xa", Message: "tokenBalances.contractAddress.0xa is there more than once, and must be there only once", Place: content}}},
		"in a map by case": {`{"allowed":true,"tokenBalances":{"collection":{"A":"1","a":"2"}}}`, violations{}},
		"no name of ours":  {`{"allowed":true,"other":1}`, violations{{Pointer: "/other", Message: `"other" is not a property`, Place: properties, Unknown: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			found := theAPI(t).Operation("tokenOwnership").CheckResponse(http.MethodPost, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(test.body))
			if diff := cmp.Diff(test.want, append(violations{}, found...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("as deep as it may be", func(t *testing.T) {
		body := strings.Repeat(`{"deep":`, 9_000) + `{"a":1,"a":2}` + strings.Repeat(`}`, 9_000)
		found := theAPI(t).Operation("tokenOwnership").CheckResponse(http.MethodPost, http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		if len(found) == 0 || !strings.HasPrefix(found[0].Pointer, "/deep/deep/") || len(found[0].Pointer+found[0].Message) > 4096 {
			t.Errorf("found %.300v", found)
		}
	})
	t.Run("in a request, also behind many unknown names", func(t *testing.T) {
		var unknown strings.Builder
		for i := range 50 {
			fmt.Fprintf(&unknown, `"B%d":1,`, i)
		}
		body := `{` + unknown.String() + `"walletAddress":"0x1","WalletAddress":"0x2","walletAddress":"0x3"}`
		request := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", nil)
		request.Header.Set("Content-Type", "application/json")
		reported := map[string]bool{}
		for _, v := range theAPI(t).Operation("nonce").CheckRequest(request, []byte(body)) {
			if !v.Unknown {
				reported[v.Pointer] = true
			}
		}
		if !reported["/walletAddress"] || !reported["/WalletAddress"] {
			t.Errorf("reported are only %v", reported)
		}
	})
}

// An unknown name may be a secret in a request, and an address in a response.
func TestNamesAreShownUnlessTheyMayBeSecrets(t *testing.T) {
	const long, address, secret = "id_token_signing_alg_values_supported", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8", "sk_0123456789abcdef0123456789abcdef"
	header := http.Header{"Content-Type": {"application/json"}}
	found := theAPI(t).Operation("openIDConfiguration").CheckResponse(http.MethodGet, http.StatusOK, header, []byte(`{"`+long+`": "ES256"}`))
	found = append(found, theAPI(t).Operation("tokenOwnership").CheckResponse(http.MethodPost, http.StatusOK, header, []byte(`{"allowed": true, "tokenBalances": {"contractAddress": {"`+address+`": "x"}}}`))...)

	body := `{"walletAddress": "` + address + `", "` + secret + `": 1}`
	request := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(secret, "")
	found = append(found, theAPI(t).Operation("nonce").CheckRequest(request, []byte(body))...)

	var pointers []string
	for _, violation := range found {
		pointers = append(pointers, violation.Pointer)
		if strings.Contains(violation.Message+violation.Pointer, secret) {
			t.Errorf("a secret is shown: %v", violation)
		}
	}
	for _, want := range []string{"/" + long, "/tokenBalances/contractAddress/" + address, "/[redacted]"} {
		if !slices.Contains(pointers, want) {
			t.Errorf("there is no %s among %q", want, pointers)
		}
	}
}
