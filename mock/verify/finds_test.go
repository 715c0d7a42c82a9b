package verify_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/verify"
)

// renamed is a field that a server calls something else in the responses of an operation, and where that shows.
type renamed struct{ operation, field, pointer, spec string }

// TestARenamedFieldIsFound expects a failed check that names the operation, the place in the response and the place in openapi.yaml
// when a server calls a field something else. Fields that most other checks need have a run each.
func TestARenamedFieldIsFound(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	for _, fields := range [][]renamed{
		{{"nonce", "statement", "/statement", "#/components/schemas/NonceResponse/required"}},
		{{"nonce", "format", "/format", "#/components/schemas/NonceResponse/required"}},
		{{"auth", "accessToken", "/accessToken", "#/components/schemas/AuthResponse/required"}},
		{{"auth", "walletAddress", "/user/walletAddress", "#/components/schemas/AuthenticatedUser/required"}},
		{
			{"authz", "tokenBalances", "/user/renamed", "#/components/schemas/AuthenticatedUser/properties"},
			{"validate", "exp", "/exp", "#/components/schemas/AccessTokenPayload/allOf/1/required"},
			{"chain", "publicRPC", "/renamed", "#/components/schemas/ChainInfo/properties"},
			{"tokenOwnership", "allowed", "/allowed", "#/components/schemas/TokenOwnershipResponse/required"},
			{"jwks", "kty", "/keys/0/kty", "#/components/schemas/JSONWebKey/required"},
			{"getUserInfo", "sub", "/sub", "#/components/schemas/UserInfo/required"},
		},
		{
			{"chains", "authorizationSupported", "/data/0/authorizationSupported", "#/components/schemas/ChainInfo/required"},
			{"openIDConfiguration", "jwks_uri", "/jwks_uri", "#/components/schemas/OpenIDConfiguration/required"},
			{"postUserInfo", "sub", "/sub", "#/components/schemas/UserInfo/required"},
		},
	} {
		t.Run(fields[0].operation+"."+fields[0].field, func(t *testing.T) {
			base := behind(t, srv.URL, func(response *http.Response) error {
				api, err := spec.API()
				if err != nil {
					return err
				}
				op := api.Find(response.Request)
				for _, f := range fields {
					if op != nil && op.ID == f.operation {
						return replaceBody(response, `"`+f.field+`":`, `"renamed":`)
					}
				}
				return nil
			})
			report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
			failed := map[contract.Violation]bool{}
			for _, check := range report.Checks {
				for _, v := range check.Violations {
					if !slices.ContainsFunc(fields, func(f renamed) bool { return f.operation == v.Operation }) || v.Direction != contract.Response {
						t.Errorf("%s: %s", check.Name, v)
					}
					failed[v] = check.Result == verify.Fail
				}
			}
			for _, f := range fields {
				found := false
				for v, fail := range failed {
					found = found || (fail && v.Operation == f.operation && v.Pointer == f.pointer && v.Spec == f.spec)
				}
				if !found {
					t.Errorf("%s.%s: no check failed for a violation at %s, by %s", f.operation, f.field, f.pointer, f.spec)
				}
			}
		})
	}
}

// TestAServerThatIsTooLenientIsFound expects failed checks where a server refuses with a different error than it should.
func TestAServerThatIsTooLenientIsFound(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error {
		if response.StatusCode == http.StatusForbidden {
			response.StatusCode = http.StatusBadRequest
			return replaceBody(response, "permission_denied", "parameter_invalid")
		}
		return nil
	})
	report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
	for _, check := range report.Checks {
		closed := strings.Contains(check.Name, "stays closed") || check.Name == "tokenOwnership: a publishable key is refused"
		examples := strings.HasSuffix(check.Name, "answers with every example") && check.Result == verify.Fail
		if !examples && closed != (check.Result == verify.Fail) {
			t.Errorf("%s: %s %s", check.Name, check.Result, check.Reason)
		}
	}
}

// TestAServerThatLeavesTheStandardsIsFound changes one thing in the answers of a server, and expects that a check fails that is named.
func TestAServerThatLeavesTheStandardsIsFound(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	location := func(old, changed string) func(*http.Response) {
		return func(r *http.Response) {
			if to := r.Header.Get("Location"); to != "" {
				r.Header.Set("Location", strings.ReplaceAll(to, old, changed))
			}
		}
	}
	status := func(path string, from, to int) func(*http.Response) {
		return func(r *http.Response) {
			if strings.HasSuffix(r.Request.URL.Path, path) && r.StatusCode == from {
				r.StatusCode = to
			}
		}
	}
	for want, change := range map[string]func(*http.Response){
		"OAuth: a code comes in the mode query":                           location("iss=", "issuer="),
		"OAuth: a request by POST is answered":                            location("state=", "State="),
		"OAuth: a request without a state is answered without one":        location("code=", "state=&code="),
		"OpenID: no page is shown with prompt=none":                       location("login_required", "access_denied"),
		"OpenID: the parameter request is not ignored":                    location("request_not_supported", "invalid_request"),
		"OpenID: the parameter request_uri is not ignored":                location("request_uri_not_supported", "invalid_request"),
		"OpenID: a logout returns to the client":                          status("/oauth2/logout", http.StatusFound, http.StatusOK),
		"OpenID: a logout goes to no URI that the project does not allow": status("/oauth2/logout", http.StatusBadRequest, http.StatusOK),
		"OAuth: form-encoded credentials are accepted":                    status("/oauth2/token", http.StatusOK, http.StatusUnauthorized),
		"OAuth: a client assertion is refused":                            status("/oauth2/token", http.StatusUnauthorized, http.StatusBadRequest),
		"OAuth: a page posts the response in the mode form_post":          status("/oauth2/authorize", http.StatusOK, http.StatusBadRequest),
		"OAuth: the metadata of the authorization server is the OpenID configuration": func(r *http.Response) {
			if strings.HasSuffix(r.Request.URL.Path, "/.well-known/oauth-authorization-server") {
				_ = replaceBody(r, `"issuer":"`, `"issuer":"https://other.example/`)
			}
		},
		"OpenID: ethereum: the ID token says when the user logged in, and names the access token": func(r *http.Response) {
			var fields map[string]any
			if strings.HasSuffix(r.Request.URL.Path, "/oauth2/token") && r.StatusCode == http.StatusOK && json.NewDecoder(r.Body).Decode(&fields) == nil {
				other := fmt.Sprint(fields["accessToken"], "A")
				fields["accessToken"], fields["access_token"] = other, other
				text, _ := json.Marshal(fields)
				setBody(r, text)
			}
		},
	} {
		t.Run(want, func(t *testing.T) {
			base := behind(t, srv.URL, func(response *http.Response) error { change(response); return nil })
			report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey), verify.WithSkip(regexp.MustCompile("^[^O]|every example")))
			i := slices.IndexFunc(report.Checks, func(c verify.Check) bool { return c.Name == want })
			if i < 0 || report.Checks[i].Result != verify.Fail {
				t.Errorf("the check does not fail: %+v", report.Checks)
			}
		})
	}
}

// TestAnEmptyListIsNoSuccess has a server that knows no chains and publishes no keys, in the form of the contract.
func TestAnEmptyListIsNoSuccess(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error {
		for path, empty := range map[string]string{"/chains": `{"data":[]}`, "/oauth2/jwks": `{"keys":[]}`} {
			if strings.HasSuffix(response.Request.URL.Path, path) && response.StatusCode == http.StatusOK {
				setBody(response, []byte(empty))
			}
		}
		return nil
	})
	report := run(t, base, srv.SecretKey)
	for _, name := range []string{"chains: the list is not empty", "chains: each chain can be read by its slug", "OpenID: the keys can be read"} {
		if !slices.ContainsFunc(report.Checks, func(check verify.Check) bool { return check.Name == name && check.Result == verify.Fail }) {
			t.Errorf("%s: does not fail", name)
		}
	}
}
