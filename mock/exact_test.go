package mock_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestNamesAreExactAndThereOnce sends bodies in which a name is there twice, or differs from the contract's by case alone. They are
// refused, also where unknown names are ignored: what was checked must be what the operation gets.
func TestNamesAreExactAndThereOnce(t *testing.T) {
	for mode, options := range map[string][]mock.Option{"strict": nil, "unknown properties are ignored": {mock.WithUnknownProperties()}} {
		srv := mock.Start(t, append(options, mock.WithRedirectURI(redirectURI))...)
		client := newClient(t, srv, srv.SecretKey)
		wallet := mock.NewEthereumWallet(t)
		token := string(wallet.Login(t, client).AccessToken)
		login := wallet.AuthRequest(t, client)
		me, other := `"`+wallet.Address+`"`, `"`+someAddress+`"`
		signature := `"signature":"` + string(login.Signature) + `"`
		const key = "sk_0123456789abcdef0123456789abcdef"
		for name, test := range map[string]struct{ method, path, body, phrase string }{
			"two spellings":            {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"WalletAddress":` + other + `}`, `"WalletAddress" is not a property; did you mean "walletAddress"?`},
			"two spellings, turned":    {"POST", "/auth/nonce", `{"WALLETADDRESS":` + other + `,"walletAddress":` + me + `}`, `did you mean "walletAddress"?`},
			"another spelling alone":   {"POST", "/auth/nonce", `{"walletaddress":` + me + `}`, `did you mean "walletAddress"?`},
			"by folding":               {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"walletAddre\u017fs":` + other + `}`, `"walletAddre\u017fs" is not a property`},
			"twice":                    {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"walletAddress":` + me + `}`, "walletAddress is there more than once"},
			"twice, escaped":           {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"w\u0061lletAddress":` + other + `}`, "walletAddress is there more than once"},
			"unknown, twice":           {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"x":1,"x":1}`, "x is there more than once"},
			"unknown, twice, within":   {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"x":[{"y":1,"y":2}]}`, "x.0.y is there more than once"},
			"a secret, twice":          {"POST", "/auth/nonce", `{"walletAddress":` + me + `,"` + key + `":1,"` + key + `":2}`, "[redacted] is there more than once"},
			"login":                    {"POST", "/auth", `{"walletAddress":` + me + `,` + signature + `,"requirements":{"allowedWallets":[]},"requirements":{}}`, "requirements is there more than once"},
			"login, within":            {"POST", "/auth", `{"walletAddress":` + me + `,` + signature + `,"requirements":{"allowedWallets":[],"allowedWallets":[` + me + `]}}`, "requirements.allowedWallets is there more than once"},
			"login, within, by case":   {"POST", "/auth", `{"walletAddress":` + me + `,` + signature + `,"requirements":{"allowedWallets":[],"AllowedWallets":[` + me + `]}}`, `"AllowedWallets" is not a property of requirements`},
			"login, context":           {"POST", "/auth", `{"walletAddress":` + me + `,` + signature + `,"context":{"domain":"localhost:3000","DOMAIN":"evil.example"}}`, `"DOMAIN" is not a property of context`},
			"login, requirements":      {"POST", "/auth", `{"walletAddress":` + me + `,` + signature + `,"requirements":{"allowedWallets":[]},"Requirements":{}}`, `"Requirements" is not a property`},
			"authz":                    {"POST", "/authz", `{"accessToken":"` + token + `","requirements":{"allowedWallets":[]},"requirementS":{}}`, `did you mean "requirements"?`},
			"authz, doubled":           {"POST", "/authz", `{"accessToken":"` + token + `","requirements":{"allowedWallets":[]},"requirements":{}}`, "requirements is there more than once"},
			"authz, revalidate":        {"POST", "/authz", `{"accessToken":"` + token + `","requirements":{},"revalidate":true,"Revalidate":false}`, `did you mean "revalidate"?`},
			"validate":                 {"POST", "/auth/validate", `{"accessToken":"` + token + `","AccessToken":"x"}`, `did you mean "accessToken"?`},
			"ownership":                {"POST", "/chains/ethereum/wallets/" + wallet.Address + "/tokenOwnership", `{"contractAddress":"` + contract + `","ContractAddress":"` + otherContract + `"}`, `did you mean "contractAddress"?`},
			"grant":                    {"POST", "/oauth2/token", `{"grant_type":"password","Grant_Type":"authorization_code"}`, `did you mean "grant_type"?`},
			"grant, doubled":           {"POST", "/oauth2/token", `{"grant_type":"password","grant_type":"authorization_code"}`, "grant_type is there more than once"},
			"control":                  {"PUT", "/_mock/balances", `{"chain":"ethereum","walletAddress":` + me + `,"contractAddress":"` + contract + `","balance":"1","Balance":"2"}`, `did you mean "balance"?`},
			"control, doubled":         {"PUT", "/_mock/balances", `{"chain":"ethereum","walletAddress":` + me + `,"contractAddress":"` + contract + `","balance":"1","balance":"2"}`, "balance is there more than once"},
			"control, project":         {"POST", "/_mock/projects", `{"statements":{"":"a","":"b"}}`, "is there more than once"},
			"control, reusable nonces": {"POST", "/_mock/projects", `{"ReusableNonces":true}`, `did you mean "reusableNonces"?`},
			"control, reset":           {"POST", "/_mock/reset", `{"parts":["faults"],"parts":["state"]}`, "parts is there more than once"},
		} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				at := &mock.Server{URL: srv.URL}
				if strings.HasPrefix(test.path, "/_mock/") {
					at.URL = strings.TrimSuffix(srv.URL, "/api/v1")
				}
				code := picket.CodeParameterInvalid
				if strings.HasPrefix(test.path, "/oauth2") {
					code = picket.CodeOAuthInvalidRequest
				}
				got := send(t, at, srv.SecretKey, test.method, test.path, test.body)
				got.want(t, http.StatusBadRequest, code, test.phrase)
				for _, secret := range []string{key, token, string(login.Signature)} {
					if strings.Contains(got.body, secret) {
						t.Errorf("a secret is shown: %s", got.body)
					}
				}
			})
		}
		t.Run(mode+"/the nonce is left", func(t *testing.T) {
			if _, err := client.Auth(ctx, login); err != nil {
				t.Error(err)
			}
		})
		t.Run(mode+"/forms", func(t *testing.T) {
			for _, form := range []string{"grant_type=password&grant_type=authorization_code", "grant_type=password&grant%5Ftype=password", "grant_type=password&username=a&username=b", "grant_type=password&x=1&x=1"} {
				got := send(t, srv, srv.SecretKey, "POST", "/oauth2/token", form, "Content-Type", "application/x-www-form-urlencoded")
				got.want(t, http.StatusBadRequest, picket.CodeOAuthInvalidRequest, "is given more than once")
			}
			got := send(t, srv, srv.SecretKey, "POST", "/oauth2/token", "Grant_Type=password&USERNAME=a&Password=b", "Content-Type", "application/x-www-form-urlencoded")
			got.want(t, http.StatusBadRequest, picket.CodeOAuthInvalidRequest, "grant_type")
		})
		t.Run(mode+"/queries", func(t *testing.T) {
			query := signed(t, srv, wallet, authorizeQuery(srv.Project))
			for _, name := range []string{"walletAddress", "signature", "chain", "code_challenge", "minTokenBalance", "contractAddress", "scope", "response_mode", "domain"} {
				twice := url.Values{}
				for name, values := range query {
					twice[name] = values
				}
				twice[name] = []string{"a", "b"}
				if got := authorize(t, srv, twice).redirected(t); got.Has("code") || !strings.Contains(got.Get("error_description"), name+" is given more than once") {
					t.Errorf("%s: got %v", name, got)
				}
			}
		})
		t.Run(mode+"/the page", func(t *testing.T) {
			page := authorize(t, srv, authorizeQuery(srv.Project))
			for _, form := range []url.Values{
				{"decision": {"approve", "deny"}, "wallet": {srv.TestWallets()[0].Address}},
				{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address, srv.TestWallets()[1].Address}},
			} {
				if got := decide(t, srv, page, form); got.status != http.StatusBadRequest || !strings.Contains(got.body, "is given more than once") {
					t.Errorf("%v: got %d %s", form, got.status, got.body)
				}
			}
			if got := decide(t, srv, page, url.Values{"Decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}).redirected(t); got.Has("code") {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAConfigurationHasEachNameOnce(t *testing.T) {
	const key = "sk_0123456789abcdef0123456789abcdef"
	for text, want := range map[string]string{
		"projects:\n- format: siwe\n  format: simple\n":                      `mock: c.yaml:3: "format" is already in line 2`,
		"projects: []\nprojects: []\n":                                       `mock: c.yaml:2: "projects" is already in line 1`,
		"projects:\n- Format: simple\n":                                      `mock: c.yaml:2: "Format" is not a property of projects.0; did you mean "format"?`,
		"projects:\n- statements:\n    '': a\n    fr: b\n    fr: c\n":        `mock: c.yaml:5: "fr" is already in line 4`,
		"projects:\n- statements: {" + key + ": a, " + key + ": b, '': c}\n": `mock: c.yaml:2: "[redacted]" is already in line 2`,
		"wallets:\n- {chain: ethereum, chain: polygon, privateKey: x}\n":     `mock: c.yaml:2: "chain" is already in line 2`,
	} {
		_, err := mock.New(mock.WithConfig("c.yaml", []byte(text)))
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
