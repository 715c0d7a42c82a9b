package dashboard_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/dashboard"
)

const browsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func newMock(t *testing.T) http.Handler {
	t.Helper()
	srv, err := mock.New(mock.WithControlPage("", dashboard.Page()), mock.WithControlPage(dashboard.Name, dashboard.Handler()))
	if err != nil {
		t.Fatal(err)
	}
	return srv.Handler()
}

func ask(handler http.Handler, method, path, accept string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost:4010"+path, nil)
	r.Header.Set("Accept", accept)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

func TestBrowsersGetThePageAndProgramsTheList(t *testing.T) {
	handler := newMock(t)
	for name, test := range map[string]struct {
		method, path, accept string
		status               int
		contentType          string
	}{
		"a browser":                  {"GET", "/_mock/", browsers, 200, "text/html; charset=utf-8"},
		"a browser's HEAD":           {"HEAD", "/_mock/", browsers, 200, "text/html; charset=utf-8"},
		"a browser, without a slash": {"GET", "/_mock", browsers, 303, ""},
		"curl":                       {"GET", "/_mock/", "*/*", 200, "application/json"},
		"who asks for JSON":          {"GET", "/_mock/", "application/json", 200, "application/json"},
		"who prefers JSON":           {"GET", "/_mock/", "text/html;q=0.5, application/json", 200, "application/json"},
		"who says nothing":           {"GET", "/_mock/", "", 200, "application/json"},
		"a form of a browser":        {"POST", "/_mock/", browsers, 405, "application/json"},
		"a script":                   {"GET", "/_mock/dashboard/main.js", "*/*", 200, "text/javascript; charset=utf-8"},
		"a style":                    {"GET", "/_mock/dashboard/style.css", "*/*", 200, "text/css; charset=utf-8"},
		"what there is not":          {"GET", "/_mock/dashboard/nothing.js", "*/*", 404, "application/json"},
		"the page under its file":    {"GET", "/_mock/dashboard/index.html", "*/*", 404, "application/json"},
		"a folder":                   {"GET", "/_mock/dashboard/", "*/*", 404, "application/json"},
		"above the page":             {"GET", "/_mock/dashboard/../dashboard.go", "*/*", 404, "application/json"},
		"a script, by POST":          {"POST", "/_mock/dashboard/main.js", "*/*", 405, "application/json"},
		"an operation":               {"GET", "/_mock/health", browsers, 200, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(handler, test.method, test.path, test.accept)
			if got.StatusCode != test.status || got.Header.Get("Content-Type") != test.contentType {
				t.Errorf("got %s, %s", got.Status, got.Header.Get("Content-Type"))
			}
			if test.status == 303 && got.Header.Get("Location") != "_mock/" {
				t.Errorf("it leads to %q", got.Header.Get("Location"))
			}
		})
	}
}

func TestThePageRunsOnlyItsOwnScriptsAndIsInNoFrame(t *testing.T) {
	handler := newMock(t)
	policy := ask(handler, "GET", "/_mock/", browsers).Header.Get("Content-Security-Policy")
	for _, directive := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, directive) {
			t.Errorf("the policy %q lacks %s", policy, directive)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	for name, header := range map[string][]string{
		"a page of another site":    {"Sec-Fetch-Site", "cross-site"},
		"a script of another page":  {"Origin", "https://evil.example"},
		"a page of another port":    {"Sec-Fetch-Site", "same-site"},
		"a page without an origin":  {"Origin", "null"},
		"an unknown kind of a site": {"Sec-Fetch-Site", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/_mock/", "/_mock/dashboard/main.js"} {
				if got := ask(handler, "GET", path, browsers, header...); got.StatusCode != http.StatusForbidden {
					t.Errorf("%s is answered with %s", path, got.Status)
				}
			}
		})
	}
}

// TestThePageLoadsWhatIsThere follows what the page and its scripts load.
func TestThePageLoadsWhatIsThere(t *testing.T) {
	handler := newMock(t)
	loaded := regexp.MustCompile(`(?:from "\./|(?:src|href)="dashboard/)([a-z]+\.(?:js|css))"`)
	seen := map[string]bool{}
	var follow func(path string)
	follow = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		got := ask(handler, "GET", path, browsers)
		if got.StatusCode != http.StatusOK {
			t.Fatalf("%s is answered with %s", path, got.Status)
		}
		var text strings.Builder
		if err := got.Write(&text); err != nil {
			t.Fatal(err)
		}
		for _, match := range loaded.FindAllStringSubmatch(text.String(), -1) {
			follow("/_mock/dashboard/" + match[1])
		}
	}
	follow("/_mock/")
	if len(seen) < 10 {
		t.Errorf("only %d files are loaded", len(seen))
	}
}
