package mock_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestEachFault sends a request into each fault, told of in Go and over HTTP.
func TestEachFault(t *testing.T) {
	for name, test := range map[string]struct {
		fault mock.Fault
		check func(t *testing.T, r *http.Response, body string, err error)
	}{
		"status": {mock.Fault{Kind: mock.FaultStatus, Status: 429, Code: "slow_down", RetryAfter: "2"}, func(t *testing.T, r *http.Response, body string, err error) {
			if err != nil || r.StatusCode != 429 || r.Header.Get("Retry-After") != "2" || !strings.Contains(body, `"code":"slow_down"`) {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
		"reset": {mock.Fault{Kind: mock.FaultReset}, func(t *testing.T, _ *http.Response, _ string, err error) {
			if !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("got %v", err)
			}
		}},
		"empty": {mock.Fault{Kind: mock.FaultEmpty}, func(t *testing.T, _ *http.Response, _ string, err error) {
			if !errors.Is(err, io.EOF) {
				t.Errorf("got %v", err)
			}
		}},
		"truncate": {mock.Fault{Kind: mock.FaultTruncate}, func(t *testing.T, r *http.Response, body string, err error) {
			if !errors.Is(err, io.ErrUnexpectedEOF) || r.StatusCode != 200 || body == "" || json.Valid([]byte(body)) {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
		"malformed": {mock.Fault{Kind: mock.FaultMalformed}, func(t *testing.T, r *http.Response, body string, err error) {
			if err != nil || r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/json" || json.Valid([]byte(body)) {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
		"content type": {mock.Fault{Kind: mock.FaultContentType}, func(t *testing.T, r *http.Response, body string, err error) {
			if err != nil || r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(body, "<!doctype html>") {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
		"drip": {mock.Fault{Kind: mock.FaultDrip, Interval: time.Microsecond}, func(t *testing.T, r *http.Response, body string, err error) {
			if err != nil || r.StatusCode != 200 || !strings.Contains(body, `"chainSlug":"solana"`) {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
		"delay": {mock.Fault{Delay: time.Millisecond}, func(t *testing.T, r *http.Response, body string, err error) {
			if err != nil || r.StatusCode != 200 || !strings.Contains(body, `"chainSlug":"solana"`) {
				t.Errorf("got %v %s, %v", r, body, err)
			}
		}},
	} {
		for _, way := range []string{"Go", "HTTP"} {
			t.Run(name+"/"+way, func(t *testing.T) {
				srv := mock.Start(t)
				test.fault.Operation, test.fault.Count = "chain", 1
				if way == "Go" {
					srv.InjectFault(test.fault)
				} else {
					f := test.fault
					body := fmt.Sprintf(`{"operation":"chain","count":1,"status":%d,"code":%q,"retryAfter":%q,"delayMs":%d,"intervalMs":%d`,
						max(f.Status, 400), f.Code, f.RetryAfter, f.Delay.Milliseconds(), f.Interval.Milliseconds())
					if f.Kind != "" {
						body += `,"kind":"` + string(f.Kind) + `"`
					}
					if got := control(t, srv, "", "POST", "/faults", body+"}", nil); got.status != http.StatusNoContent {
						t.Fatalf("got %d %s", got.status, got.body)
					}
				}
				get := func(path string) (*http.Response, string, error) {
					request, err := http.NewRequest(http.MethodGet, srv.URL+path, nil)
					if err != nil {
						t.Fatal(err)
					}
					request.SetBasicAuth(srv.SecretKey, "")
					request.Close = true // a connection of its own: a client repeats a GET on one that was kept
					response, err := http.DefaultTransport.RoundTrip(request)
					if err != nil {
						return nil, "", err
					}
					defer func() { _ = response.Body.Close() }()
					body, err := io.ReadAll(response.Body)
					return response, string(body), err
				}
				if response, _, err := get("/chains"); err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("another operation is hit: %v, %v", response, err)
				}
				response, body, err := get("/chains/solana")
				test.check(t, response, body, err)
				if response, _, err := get("/chains/solana"); err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("it hits twice: %v, %v", response, err)
				}
				var faults []string
				for _, e := range srv.Journal("chain") {
					faults = append(faults, string(e.Fault))
				}
				want := string(test.fault.Kind)
				if want == "" {
					want = "delay"
				}
				if len(faults) != 2 || faults[0] != want || faults[1] != "" {
					t.Errorf("the journal has the faults %q", faults)
				}
			})
		}
	}
}

func TestFaultsAreReadBackWithWhatIsLeftOfThem(t *testing.T) {
	srv := mock.Start(t)
	body := `{"code":"slow_down","count":2,"delayMs":3,"intervalMs":4,"kind":"status","operation":"chains","performed":true,"probability":1,"retryAfter":"5","status":429}`
	if got := control(t, srv, "", "POST", "/faults", body, nil); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	want := []mock.Fault{{
		Operation: "chains", Count: 2, Probability: 1, Delay: 3 * time.Millisecond, Kind: mock.FaultStatus, Performed: true,
		Status: 429, Code: "slow_down", RetryAfter: "5", Interval: 4 * time.Millisecond,
	}}
	if diff := cmp.Diff(want, srv.Faults()); diff != "" {
		t.Error(diff)
	}
	if got := control(t, srv, "", "GET", "/faults", "", nil); strings.TrimSpace(got.body) != "["+body+"]" {
		t.Errorf("got %s", got.body)
	}
	send(t, srv, srv.SecretKey, "GET", "/chains", "").want(t, 429, "slow_down", "")
	if left := srv.Faults(); len(left) != 1 || left[0].Count != 1 {
		t.Errorf("got %+v", left)
	}
}

func TestAFaultLastsUntilItIsRemoved(t *testing.T) {
	srv := mock.Start(t)
	srv.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: 503})
	other := srv.AddProject()
	for range 3 {
		send(t, srv, srv.SecretKey, "GET", "/chains", "").want(t, 503, "", "fault")
	}
	if got := send(t, srv, other.SecretKey, "GET", "/chains", ""); got.status != http.StatusOK {
		t.Errorf("another project is hit: %d %s", got.status, got.body)
	}
	if len(srv.Faults()) != 1 {
		t.Errorf("got %+v", srv.Faults())
	}
	control(t, srv, "", "DELETE", "/faults", "", nil)
	if got := send(t, srv, srv.SecretKey, "GET", "/chains", ""); got.status != http.StatusOK || len(srv.Faults()) != 0 {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestFaultsHitByChanceTheSameInEveryRun(t *testing.T) {
	run := func() string {
		srv := mock.Start(t)
		srv.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: 503, Probability: 0.5})
		var hits strings.Builder
		for range 40 {
			hits.WriteString(fmt.Sprint(send(t, srv, srv.SecretKey, "GET", "/chains", "").status / 500))
		}
		return hits.String()
	}
	first := run()
	if n := strings.Count(first, "1"); n < 10 || n > 30 {
		t.Errorf("of 40 requests %d are hit", n)
	}
	if second := run(); second != first {
		t.Errorf("got %s, then %s", first, second)
	}
}

func TestAnOperationCanTakePlaceThoughItsAnswerIsLost(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	for _, performed := range []bool{false, true} {
		request := mock.NewEthereumWallet(t).AuthRequest(t, client)
		srv.InjectFault(mock.Fault{Operation: "auth", Count: 1, Kind: mock.FaultEmpty, Performed: performed})
		if _, err := client.Auth(ctx, request); !errors.Is(err, picket.ErrNoResponse) {
			t.Errorf("got %v", err)
		}
		_, err := client.Auth(ctx, request)
		if spent := errors.Is(err, picket.CodeParameterInvalid); spent != performed || (err != nil && !spent) {
			t.Errorf("performed %v, and then got %v", performed, err)
		}
	}
}

func TestADelayEndsWithTheClient(t *testing.T) {
	srv := mock.Start(t)
	srv.InjectFault(mock.Fault{Delay: time.Hour})
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithTimeout(20*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Chains(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestPreferredExamples(t *testing.T) {
	srv := mock.Start(t)
	for name, test := range map[string]struct {
		method, path, prefer string
		status               int
		body, header         string
	}{
		"code":                 {"POST", "/auth/nonce", "code=429", 429, `{"msg":"too many requests"}`, "Retry-After: 2"},
		"example":              {"POST", "/auth", "example=tooFewTokens", 403, "holds 2 of the required tokens", ""},
		"both":                 {"POST", "/auth", "code=400, example=notAToken", 400, "any ERC20, ERC721, ERC1155 tokens", ""},
		"semicolon and quotes": {"POST", "/auth", `code=400; example="notAToken"`, 400, "any ERC20, ERC721, ERC1155 tokens", ""},
		"others are ignored":   {"GET", "/chains/polygon", `respond-async, code=200, wait=10`, 200, `"chainSlug":"polygon"`, ""},
		"a redirect":           {"GET", "/oauth2/authorize", "code=302", 302, "", "Location: http://localhost:3000/callback?code=c0de&iss=https%3A%2F%2Fpicketapi.com%2Fapi%2Fv1&state=c3RhdGUrLz0%3D"},
		"a page":               {"GET", "/oauth2/authorize", "example=page", 200, "<!doctype html>", ""},
		"no such code":         {"POST", "/auth", "code=418", 400, "auth has no such example; it has 200 gateOpened", ""},
		"no such example":      {"POST", "/auth", "example=nothing", 400, "403 tooFewTokens", ""},
		"no code":              {"POST", "/auth", "code=many", 400, "code must be a status", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, srv, "", test.method, test.path, "", "Prefer", test.prefer)
			if got.status != test.status || !strings.Contains(got.body, test.body) {
				t.Errorf("got %d %s", got.status, got.body)
			}
			if name, value, ok := strings.Cut(test.header, ": "); ok && got.header.Get(name) != value {
				t.Errorf("%s is %q", name, got.header.Get(name))
			}
			if applied := got.header.Get("Preference-Applied"); (applied == "") != strings.HasPrefix(name, "no ") {
				t.Errorf("Preference-Applied is %q", applied)
			}
		})
	}
}

// TestEveryDocumentedStatusCanBePreferred holds that the contract has a usable example for each.
func TestEveryDocumentedStatusCanBePreferred(t *testing.T) {
	srv := mock.Start(t) // which fails the test on any violation of the contract
	common := []int{429, 500, 503}
	keyed := append([]int{401, 502, 504}, common...)
	for path, statuses := range map[string][]int{
		"POST /auth/nonce":    append([]int{200, 400, 404, 413}, keyed...),
		"POST /auth":          append([]int{200, 400, 403, 404, 409, 413, 424}, keyed...),
		"POST /authz":         append([]int{200, 400, 403, 413, 424}, keyed...),
		"POST /auth/validate": append([]int{200, 400, 403, 413, 424}, keyed...),
		"GET /chains":         append([]int{200}, keyed...),
		"GET /chains/x":       append([]int{200, 404}, keyed...),
		"POST /chains/x/wallets/y/tokenOwnership": append([]int{200, 400, 403, 404, 413, 424}, keyed...),
		"GET /oauth2/authorize":                   append([]int{200, 302, 400}, common...),
		"POST /oauth2/token":                      append([]int{200, 400, 413}, keyed...),
		"GET /.well-known/openid-configuration":   append([]int{200}, common...),
		"GET /oauth2/jwks":                        append([]int{200}, common...),
		"GET /oauth2/userinfo":                    append([]int{200, 401}, common...),
		"POST /oauth2/userinfo":                   append([]int{200, 401}, common...),
	} {
		method, path, _ := strings.Cut(path, " ")
		for _, status := range statuses {
			response, err := http.NewRequest(method, srv.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			response.Header.Set("Prefer", fmt.Sprint("code=", status))
			got, err := http.DefaultTransport.RoundTrip(response)
			if err != nil {
				t.Fatal(err)
			}
			_ = got.Body.Close()
			if got.StatusCode != status {
				t.Errorf("%s %s: got %d, not %d", method, path, got.StatusCode, status)
			}
		}
	}
}

func TestBrowsersAreAllowed(t *testing.T) {
	srv := mock.Start(t)
	for path, methods := range map[string]string{"/auth/nonce": "POST", "/chains": "GET", "/oauth2/userinfo": "GET, POST", "/chains/x/wallets/y/tokenOwnership": "POST"} {
		got := send(t, srv, "", http.MethodOptions, path, "", "Origin", "https://example.com",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin":  "*",
			"Access-Control-Allow-Methods": methods,
			"Access-Control-Allow-Headers": "Authorization, Content-Type, Prefer",
		} {
			if got.status != http.StatusNoContent || !strings.HasPrefix(got.header.Get(name), want) { // the contract may have further headers
				t.Errorf("%s: got %d, %s: %q, not %q", path, got.status, name, got.header.Get(name), want)
			}
		}
	}
	for _, request := range [][2]string{{"GET", "/chains"}, {"POST", "/nothing"}, {"PUT", "/chains"}, {"POST", "/auth"}} {
		if got := send(t, srv, "", request[0], request[1], ""); got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: a page cannot read the answer %d", request[0], request[1], got.status)
		}
	}
	if got := send(t, srv, "", http.MethodOptions, "/auth", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("what is no preflight: got %d", got.status)
	}
	// A page must not be able to control the mock.
	if got := control(t, srv, "", "GET", "/balances", "", nil); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("any page can control the mock")
	}
}
