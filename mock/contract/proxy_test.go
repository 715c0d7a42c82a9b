package contract_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

func TestTheProxyMakesNoDifferenceToAClient(t *testing.T) {
	srv := mock.Start(t)
	proxied, proxy := startProxy(t, srv.URL)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(proxied.URL+spec.BasePath))
	if err != nil {
		t.Fatal(err)
	}
	mock.NewEthereumWallet(t).Login(t, client)
	if diff := cmp.Diff(contract.Findings{Exchanges: 2, Violations: []contract.Violation{}, Unchecked: []contract.Unchecked{}}, proxy.Findings()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheTargetCanHaveAnotherBasePath(t *testing.T) {
	var got []string
	server := origin(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Host+" "+r.RequestURI)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"data": []}`)
	})
	host := strings.TrimPrefix(server.URL, "http://")
	for _, base := range []string{"", "/", "/v2", "/a%2Fb/c/"} {
		proxied, proxy := startProxy(t, server.URL+base)
		request, err := http.NewRequest(http.MethodGet, proxied.URL+spec.BasePath+"/chains?a=%2f", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("key", "")
		response, err := plain(t).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		want := host + " " + strings.TrimSuffix(base, "/") + "/chains?a=%2f"
		if got[len(got)-1] != want || proxy.Findings().ViolationCount != 0 {
			t.Errorf("%q: got %s and %+v", base, got[len(got)-1], proxy.Findings())
		}
	}
}

func TestATargetThatCannotBeOneIsRefused(t *testing.T) {
	for name, target := range map[string]string{
		"nothing":          "",
		"a path":           "/api/v1",
		"another scheme":   "ftp://picketapi.com/api/v1",
		"a key":            "https://sk_hunter2@picketapi.com/api/v1",
		"a query":          "https://picketapi.com/api/v1?key=hunter2",
		"no URL":           "https://picketapi.com/%zz-hunter2",
		"http elsewhere":   "http://picketapi.com/api/v1",
		"http, an address": "http://192.0.2.1/api/v1",
	} {
		_, err := contract.NewProxy(target, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "contract: ") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, target := range []string{"http://localhost:1/api/v1", "http://127.0.0.1:1", "http://[::1]:1/", "https://picketapi.com/api/v1"} {
		if _, err := contract.NewProxy(target, nil); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
	if _, err := contract.NewProxy("http://192.0.2.1/api/v1", nil, contract.WithInsecureHTTP()); err != nil {
		t.Error(err)
	}
}

func TestATargetThatDoesNotAnswerIsA502(t *testing.T) {
	server := origin(t, nil)
	server.Close()
	proxied, proxy := startProxy(t, server.URL+spec.BasePath)
	response, err := plain(t).RoundTrip(mustRequest(t, proxied.URL+"/api/v1/chains"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var refusal struct{ Msg string }
	if err := json.NewDecoder(response.Body).Decode(&refusal); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusBadGateway || !strings.HasPrefix(refusal.Msg, "the proxy got no answer from its target: ") {
		t.Errorf("got %s %q", response.Status, refusal.Msg)
	}
	if found := proxy.Findings(); found.ViolationCount+found.UncheckedCount != 0 {
		t.Errorf("found %+v", found)
	}
}

func mustRequest(t testing.TB, url string) *http.Request {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(mock.DefaultSecretKey, "")
	return request
}

// BenchmarkProxy measures a request for a nonce to the mock, without and with the proxy between. The goal is to add less than
// a millisecond.
func BenchmarkProxy(b *testing.B) {
	srv := mock.Start(b)
	proxied, _ := startProxy(b, srv.URL)
	for name, url := range map[string]string{"direct": srv.URL, "through": proxied.URL + spec.BasePath} {
		b.Run(name, func(b *testing.B) {
			transport := plain(b)
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				request, err := http.NewRequest(http.MethodPost, url+"/auth/nonce", strings.NewReader(aWallet))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("Content-Type", "application/json")
				request.SetBasicAuth(srv.SecretKey, "")
				response, err := transport.RoundTrip(request)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2]), "median-ns/op")
		})
	}
}

// TestTheProxyLetsNoForeignPageControlItsTarget sends what is under /_mock/, whose Host the target would take for the proxy's.
func TestTheProxyLetsNoForeignPageControlItsTarget(t *testing.T) {
	srv := mock.Start(t)
	proxied, _ := startProxy(t, srv.URL, contract.WithControlHost("picket-proxy"))
	for name, test := range map[string]struct {
		method, path, host string
		header             map[string]string
		status             int
	}{
		"a program":                  {"GET", "/_mock/projects", "", nil, 200},
		"by the name that it has":    {"GET", "/_mock/projects", "picket-proxy", nil, 200},
		"a page of the target":       {"POST", "/_mock/reset", "", map[string]string{"Origin": proxied.URL, "Sec-Fetch-Site": "same-origin"}, 204},
		"a page with a rebound name": {"GET", "/_mock/projects", "evil.example", map[string]string{"Sec-Fetch-Site": "same-origin"}, 403},
		"a rebound name, encoded":    {"GET", "/%5Fmock/projects", "evil.example", nil, 403},
		"another page":               {"POST", "/_mock/reset", "", map[string]string{"Origin": "https://evil.example"}, 403},
		"an image":                   {"GET", "/_mock/projects", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"the API":                    {"OPTIONS", "/api/v1/chains", "evil.example", map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}, 204},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequest(test.method, proxied.URL+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.host != "" {
				request.Host = test.host
			}
			for name, value := range test.header {
				request.Header.Set(name, value)
			}
			response, err := plain(t).RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != test.status || (test.status == 403 && !strings.Contains(string(body), "is not for web pages")) {
				t.Errorf("got %s %s", response.Status, body)
			}
		})
	}
}

// TestTheProxyGuardsATargetWithoutABasePath has the control of the target also under the base path of the proxy.
func TestTheProxyGuardsATargetWithoutABasePath(t *testing.T) {
	srv := mock.Start(t)
	proxied, _ := startProxy(t, strings.TrimSuffix(srv.URL, spec.BasePath))
	for path, want := range map[string]int{
		"/_mock/projects":                                 http.StatusForbidden,
		spec.BasePath + "/_mock/projects":                 http.StatusForbidden,
		spec.BasePath + "/%5Fmock/projects":               http.StatusForbidden,
		spec.BasePath + spec.BasePath + "/_mock/projects": http.StatusNotFound,
	} {
		request, err := http.NewRequest(http.MethodGet, proxied.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "evil.example"
		response, err := plain(t).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: got %s", path, response.Status)
		}
	}
}

func TestAnOptionThatIsNotValidIsAnError(t *testing.T) {
	for name, option := range map[string]contract.Option{
		"option 0 is nil":           nil,
		"the base path \"v2\"":      contract.WithBasePath("v2"),
		"0 is not above 0":          contract.WithMaxBodyBytes(0),
		"WithOnViolation":           contract.WithOnViolation(nil),
		"WithOnUnchecked":           contract.WithOnUnchecked(nil),
		"is not the name of a host": contract.WithControlHost("http://mock"),
	} {
		if _, err := contract.NewProxy("https://picketapi.com/api/v1", nil, option); err == nil || !strings.HasPrefix(err.Error(), "contract: ") || !strings.Contains(err.Error(), name) {
			t.Errorf("the proxy: %v, and not %q", err, name)
		}
		transport := contract.NewTransport(nil, option)
		response, err := (&http.Client{Transport: transport}).Get("http://localhost/api/v1/chains")
		if err == nil {
			_ = response.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the transport: %v, and not %q", err, name)
		}
		if found := transport.Findings(); found.Exchanges != 0 {
			t.Errorf("found %+v", found)
		}
	}
}

// Package loopback decides what is on this machine.
func TestATargetOnThisMachineMayBeHTTP(t *testing.T) {
	for host, own := range map[string]bool{"LocalHost": true, "127.0.0.2:80": true, "[::1]:80": true, "localhost.evil.example": false, "10.0.0.1": false} {
		if _, err := contract.NewProxy("http://"+host+"/api/v1", nil); own != (err == nil) {
			t.Errorf("%s: %v", host, err)
		}
	}
}
