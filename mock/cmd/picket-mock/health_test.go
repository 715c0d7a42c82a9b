package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestHealthSaysByItsStatusWhetherTheMockIsUp(t *testing.T) {
	up := baseOf(start(t))
	ca := filepath.Join(t.TempDir(), "ca.pem")
	secured := baseOf(start(t, "-tls-ca", ca))
	closed := httptest.NewServer(nil)
	closed.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"the base URL":       {[]string{"-url", up}, 0, ""},
		"where it is":        {[]string{"-url", strings.TrimSuffix(up, "/api/v1") + "/"}, 0, ""},
		"with TLS":           {[]string{"-url", secured, "-ca", ca}, 0, ""},
		"nothing":            {[]string{"-url", closed.URL}, 1, "the mock is not up"},
		"another server":     {[]string{"-url", other.URL}, 1, "404 Not Found, and not as a picket-mock does"},
		"one that is silent": {[]string{"-url", silent.URL, "-timeout", "1ms"}, 1, "the mock is not up"},
		"no URL":             {[]string{"-url", "picket-mock:4010"}, 2, "-url is not like"},
		"no CA":              {[]string{"-ca", "nowhere.pem"}, 2, "-ca: open nowhere.pem"},
		"an empty CA":        {[]string{"-ca", empty}, 2, "no certificate"},
		"no time":            {[]string{"-timeout", "0"}, 2, "-timeout"},
		"a key in the URL":   {[]string{"-url", "http://sk_hunter2@localhost"}, 2, "-url is not like"},
		"an argument":        {[]string{up}, 2, "is not a flag"},
		"help":               {[]string{"-help"}, 0, "usage: picket-mock health"},
		"a flag of the mock": {[]string{"-addr", "a"}, 2, "-addr"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run(t.Context(), append([]string{"health"}, test.args...), &stdout, &stderr)
			if status != test.status || !strings.Contains(stderr.String(), test.want) || (test.want == "") != (stderr.String() == "") {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
			if stdout.String() != "" || strings.Contains(stderr.String(), "hunter2") {
				t.Errorf("printed %q and %q", stdout.String(), stderr.String())
			}
		})
	}
}

func TestItPrintsItsVersion(t *testing.T) {
	var stdout, stderr strings.Builder
	status := run(t.Context(), []string{"-version"}, &stdout, &stderr)
	if status != exitStopped || stderr.String() != "" || !regexp.MustCompile(`^picket-mock [0-9]+\.[0-9]+\.[0-9]+ \(go[^ ]+ [a-z]+/[a-z0-9]+\)\n$`).MatchString(stdout.String()) {
		t.Errorf("exited with %d: %q %q", status, stdout.String(), stderr.String())
	}
}
