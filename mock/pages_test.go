package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// shows is a page that says how it was asked for.
var shows = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("shown: " + r.URL.Path)) })

func TestAPageIsBelowControl(t *testing.T) {
	srv := mock.Start(t, mock.WithControlPage("reports", shows), mock.WithControlPage("map", shows))
	root := strings.TrimSuffix(srv.URL, "/api/v1")
	for path, want := range map[string]string{
		"/_mock/reports":       "shown: /_mock/reports",
		"/_mock/reports/today": "shown: /_mock/reports/today",
		"/_mock/map":           "shown: /_mock/map",
		"/_mock/reportsToday":  `"code":"resource_not_found"`,
		"/_mock/health":        `{"status":"ok"}`,
		"/reports":             `"code":"resource_not_found"`,
		"/api/v1/no/reports":   `"code":"resource_not_found"`,
	} {
		if got := fromPage(t, root, "GET", path, "", nil, ""); !strings.Contains(got.body, want) {
			t.Errorf("%s: got %d %s", path, got.status, got.body)
		}
	}
	for name, from := range foreign {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			if got := fromPage(t, root, method, "/_mock/reports/today", from.host, from.header, ""); got.status != http.StatusForbidden || strings.Contains(got.body, "shown") {
				t.Errorf("%s: %s: got %d %s", name, method, got.status, got.body)
			}
		}
	}
}

func TestAPageThatCannotBeServedIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		options []mock.Option
		want    string
	}{
		"a space":            {[]mock.Option{mock.WithControlPage(" ", shows)}, `" " is not the name of a page`},
		"a path":             {[]mock.Option{mock.WithControlPage("a/b", shows)}, `"a/b" is not the name of a page`},
		"what is below here": {[]mock.Option{mock.WithControlPage("..", shows)}, `".." is not the name of a page`},
		"no page":            {[]mock.Option{mock.WithControlPage("reports", nil)}, "the page is nil"},
		"a name twice":       {[]mock.Option{mock.WithControlPage("reports", shows), mock.WithControlPage("reports", shows)}, "the page reports is given twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mock.New(test.options...)
			if err == nil || !strings.HasPrefix(err.Error(), "mock: WithControlPage: "+test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
