package mock

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// A security scheme is what its description says, under whatever name. The mock checks keys and tokens wherever a request shows them, and
// lets nobody in where it could not check.
func TestEverySecuritySchemeIsCheckedOrLetsNobodyIn(t *testing.T) {
	const (
		header = "{type: apiKey, in: header, name: X-Key}"
		query  = "{type: apiKey, in: query, name: key}"
		cookie = "{type: apiKey, in: cookie, name: key}"
		bearer = "{type: http, scheme: Bearer}"
		basic  = "{type: http, scheme: basic}"
	)
	for name, test := range map[string]struct {
		schemes  string // by the names a and b
		security string
		request  string // "Name: value", one a line, or a query; KEY, OTHER and TOKEN stand for what the mock has made
		status   int
		want     string
	}{
		"a key in a header":            {"a: " + header, "[a: []]", "X-Key: KEY", 200, "ethereum"},
		"a wrong key in a header":      {"a: " + header, "[a: []]", "X-Key: sk_x", 401, "no project has this key"},
		"no key in a header":           {"a: " + header, "[a: []]", "", 401, "send the API key in the header X-Key"},
		"the key in another place":     {"a: " + header, "[a: []]", "Authorization: BASIC", 401, "send the API key in the header X-Key"},
		"two keys in the query":        {"a: " + query, "[a: []]", "?key=KEY&key=KEY", 401, "no project has this key"},
		"a key in the query":           {"a: " + query, "[a: []]", "?key=KEY", 200, "ethereum"},
		"a wrong key in the query":     {"a: " + query, "[a: []]", "?key=x", 401, "no project has this key"},
		"a key in a cookie":            {"a: " + cookie, "[a: []]", "Cookie: key=KEY", 200, "ethereum"},
		"no key in a cookie":           {"a: " + cookie, "[a: []]", "Cookie: yek=KEY", 401, "send the API key in the cookie key"},
		"Basic under another name":     {"a: " + basic, "[a: []]", "Authorization: BASIC", 200, "ethereum"},
		"a token under another name":   {"a: " + bearer, "[a: []]", "Authorization: Bearer TOKEN", 200, "ethereum"},
		"a bad token":                  {"a: " + bearer, "[a: []]", "Authorization: Bearer x", 401, "invalid access token"},
		"a key for a token":            {"a: " + bearer, "[a: []]", "Authorization: Bearer KEY", 401, "invalid access token"},
		"OpenID Connect":               {"a: {type: openIdConnect, openIdConnectUrl: /x}", "[a: []]", "Authorization: Bearer TOKEN", 200, "ethereum"},
		"OpenID Connect, no token":     {"a: {type: openIdConnect, openIdConnectUrl: /x}", "[a: []]", "", 401, "authentication required"},
		"OAuth 2.0":                    {"a: {type: oauth2, flows: {}}", "[a: []]", "Authorization: Bearer TOKEN", 200, "ethereum"},
		"a scope":                      {"a: {type: oauth2, flows: {}}", "[a: [write]]", "Authorization: Bearer TOKEN", 500, "cannot check the scopes that chains demands of the security scheme a, so it lets nobody in"},
		"HTTP Digest":                  {"a: {type: http, scheme: digest}", "[a: []]", "Authorization: Digest x", 500, "cannot check the security scheme a, so it lets nobody in"},
		"HTTP Digest or a good key":    {"a: {type: http, scheme: digest}, b: " + header, "[a: [], b: []]", "X-Key: KEY", 500, "cannot check the security scheme a"},
		"both, with both":              {"a: " + header + ", b: " + bearer, "[{a: [], b: []}]", "X-Key: KEY\nAuthorization: Bearer TOKEN", 200, "ethereum"},
		"both, with the key only":      {"a: " + header + ", b: " + bearer, "[{a: [], b: []}]", "X-Key: KEY", 401, "access token"},
		"both, with the token only":    {"a: " + header + ", b: " + bearer, "[{a: [], b: []}]", "Authorization: Bearer TOKEN", 401, "send the API key"},
		"both, of two projects":        {"a: " + header + ", b: " + bearer, "[{a: [], b: []}]", "X-Key: OTHER\nAuthorization: Bearer TOKEN", 401, "for another project than the API key"},
		"two keys of two projects":     {"a: " + header + ", b: " + basic, "[{a: [], b: []}]", "X-Key: OTHER\nAuthorization: BASIC", 401, "keys of two projects"},
		"two keys of one project":      {"a: " + header + ", b: " + basic, "[{a: [], b: []}]", "X-Key: KEY\nAuthorization: BASIC", 200, "ethereum"},
		"either, with the first":       {"a: " + header + ", b: " + bearer, "[{a: []}, {b: []}]", "X-Key: KEY", 200, "ethereum"},
		"either, with the second":      {"a: " + header + ", b: " + bearer, "[{a: []}, {b: []}]", "Authorization: Bearer TOKEN", 200, "ethereum"},
		"either, one good and one bad": {"a: " + header + ", b: " + bearer, "[{a: []}, {b: []}]", "X-Key: x\nAuthorization: Bearer TOKEN", 200, "ethereum"},
		"either, both bad":             {"a: " + header + ", b: " + bearer, "[{a: []}, {b: []}]", "X-Key: x\nAuthorization: Bearer x", 401, "no project has this key"},
		"optional, with nothing":       {"a: " + header, "[{a: []}, {}]", "", 200, "ethereum"},
		"optional, with a bad key":     {"a: " + header, "[{a: []}, {}]", "X-Key: x", 401, "no project has this key"},
		"optional, with half of it":    {"a: " + header + ", b: " + bearer, "[{a: [], b: []}, {}]", "X-Key: KEY", 401, "access token"},
	} {
		t.Run(name, func(t *testing.T) {
			const head, schemes = "\n\nsecurity:\n  - apiKey: []\n", "\n  securitySchemes:\n"
			text := strings.Replace(string(openapi.Spec()), "      operationId: chains\n", "      operationId: chains\n      security: "+test.security+"\n", 1)
			for scheme := range strings.SplitSeq(strings.ReplaceAll(test.schemes, ", b: ", "\nb: "), "\n") {
				text = strings.Replace(text, schemes, schemes+"    "+scheme+"\n", 1)
			}
			if !strings.Contains(text, head) || !strings.Contains(text, schemes) {
				t.Fatal("openapi.yaml has changed")
			}
			c, err := spec.Read([]byte(text), spec.BasePath)
			if err != nil {
				t.Fatal(err)
			}
			s, err := build(nil, parts{contract: front.Prepare(c), onViolation: func(v string, _ []byte) { t.Log(v) }})
			if err != nil {
				t.Fatal(err)
			}
			other := s.AddProject()
			given := strings.NewReplacer("KEY", s.SecretKey, "OTHER", other.SecretKey, "BASIC", basicKey, "TOKEN", logIn(t, s)).Replace(test.request)
			path := spec.BasePath + "/chains"
			if strings.HasPrefix(given, "?") {
				path += given
			}
			request := httptest.NewRequest(http.MethodGet, path, nil)
			for line := range strings.SplitSeq(given, "\n") {
				if name, value, found := strings.Cut(line, ": "); found {
					request.Header.Set(name, value)
				}
			}
			response := httptest.NewRecorder()
			s.Handler().ServeHTTP(response, request)
			if response.Code != test.status || !strings.Contains(response.Body.String(), test.want) {
				t.Errorf("got %d %s; want %d %s", response.Code, response.Body, test.status, test.want)
			}
			for _, exchange := range s.Journal() {
				if strings.Contains(exchange.Path, s.SecretKey) {
					t.Errorf("the journal shows the key: %s", exchange.Path)
				}
			}
		})
	}
}

// logIn returns the access token of a new wallet.
func logIn(t *testing.T, s *Server) string {
	t.Helper()
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	client, err := picket.New(s.SecretKey, picket.WithBaseURL(server.URL+spec.BasePath))
	if err != nil {
		t.Fatal(err)
	}
	return string(NewEthereumWallet(t).Login(t, client).AccessToken)
}
