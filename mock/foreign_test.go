package mock_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// foreign are the requests that a web page of another origin can make a browser send.
var foreign = map[string]struct {
	host   string
	header map[string]string
}{
	"a form of another site":            {"", map[string]string{"Origin": "https://evil.example", "Content-Type": "text/plain"}},
	"a form of another port":            {"", map[string]string{"Origin": "http://127.0.0.1:3000"}},
	"a form of a sandboxed page":        {"", map[string]string{"Origin": "null"}},
	"an image on another site":          {"", map[string]string{"Sec-Fetch-Site": "cross-site"}},
	"an image on another port":          {"", map[string]string{"Sec-Fetch-Site": "same-site"}},
	"a page whose name was rebound":     {"evil.example", nil},
	"a script whose name was rebound":   {"evil.example", map[string]string{"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}},
	"a page below localhost by its DNS": {"localhost.evil.example", nil},
}

// fromPage sends a request as a browser does for a page.
func fromPage(t *testing.T, base, method, path, host string, header map[string]string, body string) answer {
	t.Helper()
	request, err := http.NewRequest(method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		request.Host = host
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	return do(t, request)
}

func TestNoForeignPageControlsTheMock(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	root := strings.TrimSuffix(srv.URL, "/api/v1")
	srv.SetDisplayName("ethereum", someAddress, "alice.eth")
	query := authorizeQuery(srv.Project).Encode()
	approve := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}.Encode()
	for name, from := range foreign {
		for _, asked := range []struct{ method, path, body string }{
			{"GET", "/_mock/projects", ""}, {"GET", "/_mock/journal", ""}, {"GET", "/_mock/health", ""}, {"HEAD", "/_mock/projects", ""}, {"OPTIONS", "/_mock/projects", ""},
			{"POST", "/_mock/reset", ""}, {"POST", "/_mock/reset", "{}"}, {"POST", "/_mock/projects", ""}, {"POST", "/_mock/clock/run", ""}, {"DELETE", "/_mock/faults", ""},
			{"PUT", "/_mock/clock", `{"now":"2030-01-01T00:00:00Z"}`}, {"POST", "/%5fmock/reset", ""}, {"POST", "/_mock", ""}, {"POST", "/_mock/nothing", ""}, {"POST", "/_mock/authorize?" + query, approve},
		} {
			header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
			for name, value := range from.header {
				header[name] = value
			}
			got := fromPage(t, root, asked.method, asked.path, from.host, header, asked.body)
			if got.status != http.StatusForbidden || got.header.Get("Location") != "" || got.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %s %s: got %d %s", name, asked.method, asked.path, got.status, got.body)
			}
			if asked.method != "HEAD" && (!strings.HasPrefix(got.body, `{"code":"permission_denied","msg":"/_mock/ is not for web pages: `) || got.header.Get("Content-Type") != "application/json") {
				t.Errorf("%s: %s %s: got %s", name, asked.method, asked.path, got.body)
			}
		}
	}
	if len(srv.Projects()) != 1 || len(srv.DisplayNames()) != 1 || srv.Now().Year() == 2030 {
		t.Error("a page changed the mock")
	}
	t.Run("the refusal says what to do", func(t *testing.T) {
		got := fromPage(t, root, "GET", "/_mock/health", "picket-mock:4010", nil, "")
		if !strings.Contains(got.body, `picket-mock`) || !strings.Contains(got.body, "-control-host") {
			t.Errorf("got %s", got.body)
		}
	})
	t.Run("the API is open to pages of all origins", func(t *testing.T) {
		got := fromPage(t, srv.URL, "GET", "/chains", "shop.example", map[string]string{"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site", "Authorization": "Basic cGtfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6"}, "")
		if got.status != http.StatusOK || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("got %d %s", got.status, got.body)
		}
	})
}

func TestTheMocksOwnPageAndProgramsControlIt(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithControlHost("picket-mock"), mock.WithControlHost("mock.test"))
	root := strings.TrimSuffix(srv.URL, "/api/v1")
	port := root[strings.LastIndex(root, ":"):]
	for _, host := range []string{"", "localhost" + port, "LOCALHOST" + port, "[::1]" + port, "192.168.1.7" + port, "picket-mock" + port, "Mock.Test"} {
		for _, header := range []map[string]string{nil, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}} {
			if got := fromPage(t, root, "POST", "/_mock/clock/run", host, header, ""); got.status != http.StatusOK {
				t.Errorf("%s %v: got %d %s", host, header, got.status, got.body)
			}
		}
	}
	page := authorize(t, srv, authorizeQuery(srv.Project))
	approve := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}.Encode()
	action := strings.TrimPrefix(resolved(t, srv.URL+"/oauth2/authorize", formAction.FindStringSubmatch(page.body)[1]), root)
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": root, "Sec-Fetch-Site": "same-origin"}
	if got := fromPage(t, root, "POST", action, "", header, approve).redirected(t); !got.Has("code") {
		t.Errorf("got %v", got)
	}
}

func TestAControlHostThatIsNoNameIsRefused(t *testing.T) {
	for _, name := range []string{"", "*", "http://mock", "mock:4010", "a b"} {
		if _, err := mock.New(mock.WithControlHost(name)); err == nil || !strings.HasPrefix(err.Error(), "mock: WithControlHost: ") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}
