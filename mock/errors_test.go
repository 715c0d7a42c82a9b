package mock_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const someAddress = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"

func TestTheAuthorizationHeaderInEachForm(t *testing.T) {
	srv := mock.Start(t)
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for name, test := range map[string]struct {
		header string
		code   picket.ErrorCode // nothing when it is accepted
	}{
		"curl, python and go": {"Basic " + encode(srv.SecretKey+":"), ""},
		"picket-node":         {"Basic " + encode(srv.SecretKey), ""},
		"picket-js":           {"Basic  " + encode(srv.PublishableKey), ""},
		"scheme in any case":  {"bAsIc " + encode(srv.SecretKey+":"), ""},
		"none":                {"", picket.CodeAuthenticationRequired},
		"unknown key":         {"Basic " + encode("sk_ffffffffffffffffffffffffffffffff:"), picket.CodeAPIKeyInvalid},
		"a prefix of the key": {"Basic " + encode(srv.SecretKey[:34]), picket.CodeAPIKeyInvalid},
		"more than the key":   {"Basic " + encode(srv.SecretKey+"0:"), picket.CodeAPIKeyInvalid},
		"empty key":           {"Basic " + encode(":"), picket.CodeAPIKeyInvalid},
		"no key":              {"Basic", picket.CodeAPIKeyInvalid},
		"with a password":     {"Basic " + encode(srv.SecretKey+":hunter2"), picket.CodeAPIKeyInvalid},
		"not base64":          {"Basic " + srv.SecretKey, picket.CodeAPIKeyInvalid},
		"Bearer":              {"Bearer " + srv.SecretKey, picket.CodeAPIKeyInvalid},
		"no scheme":           {encode(srv.SecretKey + ":"), picket.CodeAPIKeyInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, srv, "", http.MethodGet, "/chains", "", "Authorization", test.header)
			if test.code == "" {
				if got.status != http.StatusOK {
					t.Errorf("got %d %s", got.status, got.body)
				}
				return
			}
			phrase := "invalid project key"
			if test.code == picket.CodeAuthenticationRequired {
				phrase = ""
			}
			got.want(t, http.StatusUnauthorized, test.code, phrase)
			if strings.Contains(got.msg, srv.SecretKey) || strings.Contains(got.msg, "hunter2") {
				t.Errorf("the message shows a secret: %s", got.msg)
			}
		})
	}
}

func TestEachErrorOfTheTable(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxBodyBytes(16384))
	auth := `{"walletAddress":"` + someAddress + `","signature":"hunter2"`
	for name, test := range map[string]struct {
		path, body string
		status     int
		code       picket.ErrorCode
		phrase     string
	}{
		"not JSON":                {"/auth/nonce", `walletAddress=0x`, 400, picket.CodeParameterInvalid, "not JSON: byte 1 is a mistake"},
		"cut off":                 {"/auth/nonce", `{"walletAddress":`, 400, picket.CodeParameterInvalid, "not JSON: it ends too early"},
		"no number of ours":       {"/auth", auth + `,"context":{"chainId":1.0}}`, 400, picket.CodeParameterInvalid, "context.chainId is a number in a form that the mock cannot read"},
		"two values":              {"/auth/nonce", `{"walletAddress":"` + someAddress + `"} {}`, 400, picket.CodeParameterInvalid, "not JSON"},
		"empty":                   {"/auth/nonce", ``, 400, picket.CodeParameterInvalid, "body is required"},
		"null":                    {"/auth/nonce", `null`, 400, picket.CodeParameterInvalid, "the body must be an object"},
		"an array":                {"/auth/nonce", `[]`, 400, picket.CodeParameterInvalid, "the body must be an object"},
		"a string":                {"/auth/nonce", `"hunter2"`, 400, picket.CodeParameterInvalid, "the body must be an object"},
		"missing field":           {"/auth/nonce", `{}`, 400, picket.CodeParameterInvalid, "walletAddress is required"},
		"missing second field":    {"/auth", `{"walletAddress":"` + someAddress + `"}`, 400, picket.CodeParameterInvalid, "signature is required"},
		"mistyped field":          {"/auth/nonce", `{"walletAddress":7}`, 400, picket.CodeParameterInvalid, "walletAddress must be a string"},
		"null field":              {"/auth/nonce", `{"walletAddress":null}`, 400, picket.CodeParameterInvalid, "walletAddress must be a string"},
		"mistyped inside":         {"/auth", auth + `,"context":{"domain":7}}`, 400, picket.CodeParameterInvalid, "context.domain must be a string"},
		"mistyped boolean":        {"/authz", `{"accessToken":"hunter2","requirements":{},"revalidate":"yes"}`, 400, picket.CodeParameterInvalid, "revalidate must be true or false"},
		"empty token":             {"/auth/validate", `{"accessToken":""}`, 400, picket.CodeParameterInvalid, "accessToken must not be empty"},
		"empty signature":         {"/auth", `{"walletAddress":"` + someAddress + `","signature":""}`, 400, picket.CodeParameterInvalid, "signature must not be empty"},
		"long signature":          {"/auth", `{"walletAddress":"` + someAddress + `","signature":"` + strings.Repeat("x", 8193) + `"}`, 400, picket.CodeParameterInvalid, "signature must have at most 8192 characters"},
		"chain ID":                {"/auth", auth + `,"context":{"chainId":"one"}}`, 400, picket.CodeParameterInvalid, "context.chainId must be a string that matches ^[0-9]*$"},
		"chain type":              {"/auth", auth + `,"context":{"chainType":"bitcoin"}}`, 400, picket.CodeParameterInvalid, "context.chainType must be a string that matches"},
		"locale":                  {"/auth/nonce", `{"walletAddress":"` + someAddress + `","locale":"hunter2 hunter2"}`, 400, picket.CodeParameterInvalid, "locale must be"},
		"snake case":              {"/auth/nonce", `{"wallet_address":"` + someAddress + `"}`, 400, picket.CodeParameterInvalid, `"wallet_address" is not a property; did you mean "walletAddress"?`},
		"misspelt":                {"/auth/nonce", `{"walletAdress":"` + someAddress + `"}`, 400, picket.CodeParameterInvalid, `did you mean "walletAddress"?`},
		"unknown":                 {"/auth/nonce", `{"walletAddress":"` + someAddress + `","zzz":1}`, 400, picket.CodeParameterInvalid, `"zzz" is not a property`},
		"unknown inside":          {"/auth", auth + `,"context":{"chainID":1}}`, 400, picket.CodeParameterInvalid, `"chainID" is not a property of context; did you mean "chainId"?`},
		"malformed EVM address":   {"/auth/nonce", `{"walletAddress":"0x1234567890"}`, 400, picket.CodeParameterInvalid, "walletAddress is not an address on ethereum: it must be 0x and 40 hexadecimal digits"},
		"malformed address chars": {"/auth/nonce", `{"walletAddress":"alice.eth"}`, 400, picket.CodeParameterInvalid, "walletAddress must be a string that matches"},
		"malformed Solana":        {"/auth/nonce", `{"chain":"solana","walletAddress":"` + someAddress + `"}`, 400, picket.CodeParameterInvalid, "walletAddress is not an address on solana"},
		"malformed Flow":          {"/auth/nonce", `{"chain":"flow","walletAddress":"` + someAddress + `"}`, 400, picket.CodeParameterInvalid, "walletAddress is not an address on flow"},
		"unknown chain":           {"/auth/nonce", `{"chain":"bitcoin","walletAddress":"` + someAddress + `"}`, 404, picket.CodeResourceNotFound, `no chain "bitcoin"`},
		"signature":               {"/auth", auth + `}`, 400, picket.CodeParameterInvalid, "invalid signature"},
		"access token":            {"/auth/validate", `{"accessToken":"hunter2"}`, 400, picket.CodeParameterInvalid, "invalid access token"},
		"too large":               {"/auth/nonce", `{"walletAddress":"` + strings.Repeat("x", 16384) + `"}`, 413, picket.CodeParameterInvalid, "larger than 16384 bytes"},
		"deep":                    {"/auth/nonce", strings.Repeat("[", 2000) + strings.Repeat("]", 2000), 400, picket.CodeParameterInvalid, "the body must be an object"},
	} {
		t.Run(name, func(t *testing.T) {
			got := post(t, srv, test.path, test.body)
			got.want(t, test.status, test.code, test.phrase)
			if strings.Contains(got.msg, "hunter2") {
				t.Errorf("the message shows what was sent: %s", got.msg)
			}
		})
	}
	t.Run("wrong Content-Type", func(t *testing.T) {
		got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+someAddress+`"}`, "Content-Type", "text/plain")
		got.want(t, 400, picket.CodeParameterInvalid, "the Content-Type must be application/json")
		got = send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+someAddress+`"}`, "Content-Type", "")
		got.want(t, 400, picket.CodeParameterInvalid, "the Content-Type must be application/json")
		got = send(t, srv, srv.SecretKey, "POST", "/oauth2/token", `<xml/>`, "Content-Type", "text/xml")
		got.want(t, 400, picket.CodeOAuthInvalidRequest, "the Content-Type must be application/json or application/x-www-form-urlencoded")
	})
	t.Run("charset", func(t *testing.T) {
		got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+someAddress+`"}`, "Content-Type", "application/json; charset=utf-8")
		if got.status != http.StatusOK {
			t.Errorf("got %d %s", got.status, got.body)
		}
	})
}

func TestUnknownPropertiesAreToleratedWhenToldTo(t *testing.T) {
	srv := mock.Start(t, mock.WithUnknownProperties())
	if got := post(t, srv, "/auth/nonce", `{"walletAddress":"`+someAddress+`","wallet_address":"x","deep":{"er":[1]}}`); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
	post(t, srv, "/auth/nonce", `{"wallet_address":"`+someAddress+`"}`).want(t, 400, picket.CodeParameterInvalid, "walletAddress is required")
	if got := post(t, srv, "/auth/nonce?locale=fr", `{"walletAddress":"`+someAddress+`"}`); got.status != http.StatusOK {
		t.Errorf("with a query: got %d %s", got.status, got.body)
	}
}

func TestAQueryThatAnOperationDoesNotTakeIsRefused(t *testing.T) {
	srv := mock.Start(t)
	post(t, srv, "/auth/nonce?locale=fr", `{"walletAddress":"`+someAddress+`"}`).want(t, 400, picket.CodeParameterInvalid, "there is a query, and the operation takes none")
	if got := send(t, srv, srv.SecretKey, http.MethodGet, "/chains?_=1", ""); got.status != http.StatusOK { // it has no 400
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestPathsAndMethodsThatTheAPIDoesNotHave(t *testing.T) {
	srv := mock.Start(t)
	for _, path := range []string{
		"/", "/auth/", "/auth/nonces", "//auth/nonce", "/auth//nonce", "/auth/../auth/nonce", "/./chains", "/chains/", "/chains/ethereum/",
		"/chains/ethereum/wallets//tokenOwnership", "/chains//wallets/" + someAddress + "/tokenOwnership", "/../../etc/passwd",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
			got := send(t, srv, srv.SecretKey, method, path, `{}`)
			got.want(t, http.StatusNotFound, picket.CodeResourceNotFound, "there is no "+method)
		}
	}
	send(t, srv, srv.SecretKey, "GET", "/chains/..%2f..%2fauth", "").want(t, 404, picket.CodeResourceNotFound, "no chain")
	send(t, srv, srv.SecretKey, "GET", "/chains/%2e%2e", "").want(t, 404, picket.CodeResourceNotFound, "no chain")
	send(t, srv, srv.SecretKey, "GET", "/chains/polygon%00", "").want(t, 404, picket.CodeResourceNotFound, "no chain")
	post(t, srv, "/chains/ethereum/wallets/a%2fb/tokenOwnership", `{}`).want(t, 400, picket.CodeParameterInvalid, "walletAddress must be")

	for _, test := range []struct {
		method, path string
		allow        []string
	}{
		{"GET", "/auth/nonce", []string{"POST"}},
		{"DELETE", "/auth", []string{"POST"}},
		{"POST", "/chains", []string{"GET"}},
		{"PATCH", "/chains/ethereum", []string{"GET"}},
		{"PUT", "/oauth2/userinfo", []string{"GET", "POST"}},
		{"PICKET", "/auth", []string{"POST"}},
	} {
		got := send(t, srv, srv.SecretKey, test.method, test.path, "")
		got.want(t, http.StatusMethodNotAllowed, "", test.method+" is not allowed")
		if !slices.Equal(got.header.Values("Allow"), test.allow) {
			t.Errorf("%s %s: Allow is %q, not %q", test.method, test.path, got.header.Values("Allow"), test.allow)
		}
	}
	if got := send(t, srv, srv.SecretKey, http.MethodHead, "/chains", ""); got.status != http.StatusOK || got.body != "" {
		t.Errorf("HEAD: got %d %q", got.status, got.body)
	}
}

// TestWhatTheOfficialSDKsSend sends bodies as each official SDK writes them.
func TestWhatTheOfficialSDKsSend(t *testing.T) {
	srv := mock.Start(t)
	token := string(mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey)).AccessToken)
	empty := `{"domain":"","uri":"","chainId":"","issuedAt":"","chainType":"","locale":""}`
	for name, test := range map[string]struct {
		path, body string
		status     int
		phrase     string
	}{
		"picket-js nonce":         {"/auth/nonce", `{"chain":"ethereum","walletAddress":"` + someAddress + `","locale":"en"}`, 200, ""},
		"picket-python nonce":     {"/auth/nonce", `{"chain":"ethereum","walletAddress":"` + someAddress + `","locale":"en-US"}`, 200, ""},
		"picket-go nonce":         {"/auth/nonce", `{"chain":"ethereum","wallet_address":"` + someAddress + `","locale":""}`, 400, `did you mean "walletAddress"?`},
		"empty chain and locale":  {"/auth/nonce", `{"chain":"","walletAddress":"` + someAddress + `","locale":""}`, 200, ""},
		"picket-python auth":      {"/auth", `{"chain":"ethereum","walletAddress":"` + someAddress + `","signature":"s","requirements":{},"context":{}}`, 400, "invalid signature"},
		"picket-go auth":          {"/auth", `{"chain":"ethereum","walletAddress":"` + someAddress + `","signature":"s","requirements":{},"context":` + empty + `}`, 400, "invalid signature"},
		"picket-go chain ID":      {"/auth", `{"walletAddress":"` + someAddress + `","signature":"s","context":{"chainId":"1"}}`, 400, "invalid signature"},
		"picket-js authz":         {"/authz", `{"accessToken":"` + token + `","requirements":{"minTokenBalance":1,"contractAddress":"` + contract + `"},"revalidate":false}`, 403, "holds 0"},
		"picket-python validate":  {"/auth/validate", `{"accessToken":"` + token + `","requirements":{}}`, 200, ""},
		"picket-node validate":    {"/auth/validate", `{"accessToken":"` + token + `"}`, 200, ""},
		"picket-node ownership":   {"/chains/ethereum/wallets/" + someAddress + "/tokenOwnership", `{"contractAddress":"` + contract + `","minTokenBalance":3}`, 200, ""},
		"picket-python ownership": {"/chains/ethereum/wallets/" + someAddress + "/tokenOwnership", `{"requirements":{"contractAddress":"` + contract + `","minTokenBalance":"3"}}`, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := post(t, srv, test.path, test.body)
			if got.status != test.status || !strings.Contains(got.msg, test.phrase) {
				t.Errorf("got %d %s", got.status, got.body)
			}
			// picket-python needs the key tokenBalances wherever there is a user.
			if got.status == http.StatusOK && strings.Contains(test.path, "validate") && !strings.Contains(got.body, `"tokenBalances":{}`) {
				t.Errorf("tokenBalances is missing: %s", got.body)
			}
		})
	}
}
