package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/verify"
)

func run(t *testing.T, baseURL, secretKey string, options ...verify.Option) *verify.Report {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	report, err := verify.Run(t.Context(), baseURL, secretKey, append(options, verify.WithTransport(transport))...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// leavesNothing fails a test that leaves a goroutine running.
func leavesNothing(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

func TestTheMockPassesWithNothingSkipped(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	for name, options := range map[string][]verify.Option{
		"with a publishable key": {verify.WithPublishableKey(srv.PublishableKey)},
		"without":                nil,
		"at another site":        {verify.WithDomain("shop.example")},
	} {
		t.Run(name, func(t *testing.T) {
			report := run(t, srv.URL, srv.SecretKey, options...)
			report.Check(t)
			if len(report.Checks) < 150 || report.Count(verify.Pass) != len(report.Checks) {
				t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
			}
		})
	}
}

// behind starts a proxy in front of a server that changes its responses.
func behind(t *testing.T, server string, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	target.Path = ""
	transport := &http.Transport{DisableCompression: true}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Transport:      transport,
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: change,
	})
	t.Cleanup(func() {
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return proxy.URL + spec.BasePath
}

// replaceBody changes the text of a response.
func replaceBody(response *http.Response, old, changed string) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	setBody(response, bytes.ReplaceAll(body, []byte(old), []byte(changed)))
	return nil
}

func setBody(response *http.Response, body []byte) {
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Set("Content-Length", fmt.Sprint(len(body)))
}

// TestAServerMaySendATokenInEitherSpelling drops one of the two spellings from the answers of the token endpoint.
func TestAServerMaySendATokenInEitherSpelling(t *testing.T) {
	leavesNothing(t)
	srv := mock.Start(t)
	for name, dropped := range map[string][]string{
		"Picket's": {"access_token", "token_type", "expires_in"},
		"OAuth's":  {"accessToken", "tokenType", "expiresIn"},
	} {
		t.Run("only "+name, func(t *testing.T) {
			base := behind(t, srv.URL, func(response *http.Response) error {
				if !strings.HasSuffix(response.Request.URL.Path, "/oauth2/token") || response.StatusCode != http.StatusOK {
					return nil
				}
				var fields map[string]any
				if err := json.NewDecoder(response.Body).Decode(&fields); err != nil {
					return err
				}
				for _, name := range dropped {
					delete(fields, name)
				}
				text, err := json.Marshal(fields)
				setBody(response, text)
				return err
			})
			report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
			report.Check(t)
			if report.Count(verify.Pass) != len(report.Checks) {
				t.Errorf("%d of %d checks passed", report.Count(verify.Pass), len(report.Checks))
			}
		})
	}
}

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

// TestAServerThatIsNotPicketMockPassesAndSkipsWhatNeedsOne stands for a staging server.
func TestAServerThatIsNotPicketMockPassesAndSkipsWhatNeedsOne(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error {
		if strings.HasPrefix(response.Request.URL.Path, "/_mock/") {
			response.StatusCode = http.StatusNotFound
		}
		return nil
	})
	report := run(t, base, srv.SecretKey)
	report.Check(t)
	if report.Count(verify.Pass) < 80 || report.Count(verify.Skip) < 30 {
		t.Errorf("%d passed, %d were skipped", report.Count(verify.Pass), report.Count(verify.Skip))
	}
	for _, check := range report.Checks {
		if check.Result == verify.Skip && check.Reason == "" {
			t.Errorf("%s is skipped for no reason", check.Name)
		}
	}
}

// TestAKeyThatTheServerDoesNotKnowIsSaidAndNothingElse has a server that lets everyone read the chains.
func TestAKeyThatTheServerDoesNotKnowIsSaidAndNothingElse(t *testing.T) {
	srv := mock.Start(t)
	for name, code := range map[string]string{"a status": "", "a code": "api_key_invalid"} {
		asked := 0
		open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			if strings.HasSuffix(r.URL.Path, "/chains") {
				r.SetBasicAuth(srv.SecretKey, "")
			}
			if key, _, _ := r.BasicAuth(); code != "" && key != srv.SecretKey && key != srv.PublishableKey {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"code":"`+code+`"}`)
				return
			}
			srv.Handler().ServeHTTP(w, r)
		}))
		t.Cleanup(open.Close)
		for kind, run := range map[string]func() (*verify.Report, error){
			"secret": func() (*verify.Report, error) {
				return verify.Run(t.Context(), open.URL+"/api/v1", "sk_hunter2")
			},
			"publishable": func() (*verify.Report, error) {
				return verify.Run(t.Context(), open.URL+"/api/v1", srv.SecretKey, verify.WithPublishableKey("pk_hunter2"))
			},
		} {
			asked = 0
			_, err := run()
			if err == nil || !strings.Contains(err.Error(), "the server has no project with this "+kind+" key") || errors.Is(err, verify.ErrUnreachable) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s, %s: got %v", name, kind, err)
			}
			if asked > 3 {
				t.Errorf("%s, %s: the server was asked %d times", name, kind, asked)
			}
		}
	}
}

// TestAnEmptyListIsNoSuccess has a server that knows no chains and publishes no keys, in the form of the contract.
func TestAnEmptyListIsNoSuccess(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error {
		for path, empty := range map[string]string{"/chains": `{"data":[]}`, "/oauth2/jwks": `{"keys":[]}`} {
			if strings.HasSuffix(response.Request.URL.Path, path) && response.StatusCode == http.StatusOK {
				response.Body = io.NopCloser(strings.NewReader(empty))
				response.ContentLength = int64(len(empty))
				response.Header.Set("Content-Length", strconv.Itoa(len(empty)))
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

func TestTheReportContainsNoSecret(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error { // everything breaks, and says what it was sent
		response.StatusCode = http.StatusTeapot
		response.Body = io.NopCloser(strings.NewReader(response.Request.Header.Get("Authorization") + response.Request.URL.RawQuery))
		response.ContentLength = -1
		response.Header.Del("Content-Length")
		return nil
	})
	report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
	var table strings.Builder
	if _, err := report.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{srv.SecretKey, "Basic ", "Bearer ", "signature=", "eyJ"} {
		if strings.Contains(table.String(), secret) {
			t.Errorf("the report contains %q", secret)
		}
	}
	if report.Count(verify.Pass) > 2 {
		t.Errorf("%d checks passed", report.Count(verify.Pass))
	}
}

// TestTheReportIsPrintable has a server whose answers move the cursor, forge a line, and contain a secret.
func TestTheReportIsPrintable(t *testing.T) {
	const key = "sk_0123456789abcdef0123456789abcdef"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/chains") {
			_, _ = io.WriteString(w, `{"data":[],"\u001b[2J\npass  forged":1,"`+key+`":2,"\u202edecrof":3,"data":[]}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":"\u001b[2J\n\u202e","msg":"no\n\u001b[2J\u202e\u200b `+strings.Replace(key, "_", "%5F", 1)+`"}`)
	}))
	t.Cleanup(server.Close)
	report := run(t, server.URL+"/api/v1", "sk_other")
	var text strings.Builder
	if _, err := report.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		if strings.ContainsFunc(line, func(r rune) bool { return (r < ' ' || r > '~') && r != '…' }) || strings.HasPrefix(line, "pass  forged") {
			t.Errorf("printed %q", line)
		}
	}
	if strings.Contains(text.String(), "0123456789abcdef") {
		t.Errorf("a key is printed: %s", text.String())
	}
	if lines := strings.Count(text.String(), "data is there more than once"); lines == 0 {
		t.Errorf("a doubled name is not reported: %s", text.String())
	}
}

func TestArgumentsThatAreNotValidAreRefused(t *testing.T) {
	const api = "https://picketapi.com/api/v1"
	for name, test := range map[string]struct {
		baseURL, secretKey string
		option             verify.Option
		want               string
	}{
		"no base URL":                        {"", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"a path":                             {"/api/v1", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"http elsewhere":                     {"http://picketapi.com/api/v1", mock.DefaultSecretKey, nil, "https"},
		"a key in the URL":                   {"https://hunter2@picketapi.com/api/v1", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"no secret key":                      {api, "", nil, "the secret key must begin with sk_"},
		"a publishable key in its place":     {api, mock.DefaultPublishableKey, nil, "the secret key must begin with sk_"},
		"a secret key for a publishable one": {api, mock.DefaultSecretKey, verify.WithPublishableKey("sk_hunter2"), "WithPublishableKey: "},
		"an empty redirect URI":              {api, mock.DefaultSecretKey, verify.WithRedirectURI(""), "WithRedirectURI: "},
		"an empty domain":                    {api, mock.DefaultSecretKey, verify.WithDomain(""), "WithDomain: "},
		"an empty control URL":               {api, mock.DefaultSecretKey, verify.WithControlURL(""), "WithControlURL: "},
		"nothing to skip":                    {api, mock.DefaultSecretKey, verify.WithSkip(nil), "WithSkip: "},
		"no transport":                       {api, mock.DefaultSecretKey, verify.WithTransport(nil), "WithTransport: "},
		"no progress":                        {api, mock.DefaultSecretKey, verify.WithProgress(nil), "WithProgress: "},
		"no time":                            {api, mock.DefaultSecretKey, verify.WithTimeout(0), "WithTimeout: "},
		"a nil option":                       {api, mock.DefaultSecretKey, verify.Option(nil), "option 0 is nil"},
	} {
		options := []verify.Option{test.option}
		if test.option == nil && name != "a nil option" {
			options = nil
		}
		_, err := verify.Run(t.Context(), test.baseURL, test.secretKey, options...)
		if err == nil || !strings.HasPrefix(err.Error(), "verify: ") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") || errors.Is(err, verify.ErrUnreachable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	if _, err := verify.Run(t.Context(), closed.URL, mock.DefaultSecretKey); !errors.Is(err, verify.ErrUnreachable) {
		t.Errorf("a server that is not there: got %v", err)
	}
}

func TestARunThatIsCancelledEnds(t *testing.T) {
	srv := mock.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		if calls++; calls == 20 {
			cancel()
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	report, err := verify.Run(ctx, srv.URL, srv.SecretKey, verify.WithTransport(transport))
	if err != nil {
		t.Fatal(err)
	}
	if report.Count(verify.Pass) == 0 || report.Count(verify.Fail) == 0 {
		t.Errorf("%d passed, %d failed", report.Count(verify.Pass), report.Count(verify.Fail))
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestTheProgressNamesEachCheckBeforeItRuns looks at a whole run, and at one on a server that is not picket-mock.
func TestTheProgressNamesEachCheckBeforeItRuns(t *testing.T) {
	srv := mock.Start(t)
	other := behind(t, srv.URL, func(response *http.Response) error {
		if strings.HasPrefix(response.Request.URL.Path, "/_mock/") {
			response.StatusCode = http.StatusNotFound
		}
		return nil
	})
	limited := mock.Start(t, mock.WithAllowedDomain("shop.example"))
	for name, test := range map[string]struct {
		base, key string
		options   []verify.Option
	}{
		"picket-mock":         {srv.URL, srv.SecretKey, nil},
		"another server":      {other, srv.SecretKey, nil},
		"only some domains":   {limited.URL, limited.SecretKey, nil},
		"some names to skip":  {srv.URL, srv.SecretKey, []verify.Option{verify.WithSkip(regexp.MustCompile("solana"))}},
		"without picket-mock": {other, srv.SecretKey, []verify.Option{verify.WithPublishableKey(srv.PublishableKey)}},
	} {
		t.Run(name, func(t *testing.T) {
			var named []string
			var of int
			report := run(t, test.base, test.key, append(test.options, verify.WithProgress(func(check string, done, total int) {
				if done != len(named) {
					t.Errorf("%s: %d checks are done, and %d were named", check, done, len(named))
				}
				named, of = append(named, check), total
			}))...)
			var ran []string
			for _, check := range report.Checks {
				ran = append(ran, check.Name)
			}
			if difference := cmp.Diff(ran, named); difference != "" || of != len(ran) {
				t.Errorf("the total is %d, and the names (-ran +named):\n%s", of, difference)
			}
		})
	}
}

// TestTheReportSaysHowLongACheckTook has a server in this process whose answers take a second each, on the clock of the test.
func TestTheReportSaysHowLongACheckTook(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			answer, received := httptest.NewRecorder(), httptest.NewRequest(r.Method, r.URL.String(), r.Body)
			received.Header = r.Header
			srv.Handler().ServeHTTP(answer, received)
			return answer.Result(), nil
		})
		report, err := verify.Run(t.Context(), "http://127.0.0.1/api/v1", srv.SecretKey, verify.WithTransport(slow), verify.WithSkip(regexp.MustCompile("^[^c]|every example")))
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range report.Checks {
			want := time.Duration(0)
			if check.Result == verify.Pass {
				want = time.Second
			}
			if check.Name == "chains: each chain can be read by its slug" {
				want = check.Duration.Truncate(time.Second) // a request for each chain
			}
			if check.Duration != want || want == 0 == (check.Result == verify.Pass) {
				t.Errorf("%s: %s in %v, and not in %v", check.Name, check.Result, check.Duration, want)
			}
		}
	})
}
