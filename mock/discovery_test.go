package mock_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

// RFC 8414 sections 3.1 and 5, OpenID Connect Discovery 1.0 section 4.
func TestDiscoveryIsWhereClientsLook(t *testing.T) {
	srv := mock.Start(t)
	host := strings.TrimSuffix(srv.URL, "/api/v1")
	want := map[string]any{
		"issuer":                                         srv.URL,
		"authorization_endpoint":                         srv.URL + "/oauth2/authorize",
		"token_endpoint":                                 srv.URL + "/oauth2/token",
		"userinfo_endpoint":                              srv.URL + "/oauth2/userinfo",
		"end_session_endpoint":                           srv.URL + "/oauth2/logout",
		"jwks_uri":                                       srv.URL + "/oauth2/jwks",
		"scopes_supported":                               []any{"openid", "email", "profile"},
		"response_types_supported":                       []any{"code"},
		"response_modes_supported":                       []any{"code", "query", "form_post", "web_message"},
		"grant_types_supported":                          []any{"authorization_code", "password"},
		"subject_types_supported":                        []any{"public"},
		"id_token_signing_alg_values_supported":          []any{"ES256"},
		"token_endpoint_auth_methods_supported":          []any{"client_secret_basic", "client_secret_post", "none"},
		"code_challenge_methods_supported":               []any{"S256"},
		"prompt_values_supported":                        []any{"none", "login", "consent", "select_account"},
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
		"authorization_response_iss_parameter_supported": true,
	}
	for _, at := range []string{
		srv.URL + "/.well-known/openid-configuration",
		srv.URL + "/.well-known/oauth-authorization-server",
		host + "/.well-known/oauth-authorization-server/api/v1",
		host + "/.well-known/openid-configuration/api/v1",
	} {
		request, err := http.NewRequest(http.MethodGet, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", "http://localhost:3000")
		got := do(t, request)
		var configuration map[string]any
		if err := json.Unmarshal([]byte(got.body), &configuration); err != nil || got.status != http.StatusOK {
			t.Errorf("%s: got %d %s, %v", at, got.status, got.body, err)
			continue
		}
		if diff := cmp.Diff(want, configuration); diff != "" {
			t.Errorf("%s: %s", at, diff)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: a page of another origin cannot read it", at)
		}
	}
	for _, at := range []string{"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/api/v1/", "/.well-known/openid-configuration"} {
		request, err := http.NewRequest(http.MethodGet, host+at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := do(t, request); got.status != http.StatusNotFound {
			t.Errorf("%s: got %d; it is the place of another issuer", at, got.status)
		}
	}
}
