package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// valid fails a test unless a document is one of its format.
func valid(t *testing.T, format, text string) {
	t.Helper()
	var err error
	switch format {
	case "junit":
		var suites struct {
			XMLName xml.Name `xml:"testsuites"`
		}
		err = xml.Unmarshal([]byte(text), &suites)
	case "json":
		var object struct{ Checks []any }
		err = json.Unmarshal([]byte(text), &object)
	case "html":
		if !strings.HasPrefix(text, "<!doctype html>\n") || !strings.HasSuffix(text, "</html>\n") {
			t.Errorf("the page is %q", text)
		}
	}
	if err != nil || text == "" {
		t.Errorf("%s: %v in %q", format, err, text)
	}
}

var formats = []string{"text", "junit", "json", "html"}

func TestVerifyWritesFilesBesideWhatItPrints(t *testing.T) {
	srv := mock.Start(t)
	dir := t.TempDir()
	args := []string{"verify", "-base-url", srv.URL, "-secret-key", srv.SecretKey, "-skip", "^[^c]"}
	for _, format := range formats {
		args = append(args, "-o", format+"="+filepath.Join(dir, format))
	}
	for _, printed := range append(formats, "") {
		given := args
		if printed != "" {
			given = append(given, "-o", printed)
		}
		var stdout, stderr strings.Builder
		if status := run(t.Context(), given, &stdout, &stderr); status != exitStopped || stderr.String() != "" {
			t.Errorf("exited with %d: %s", status, stderr.String())
		}
		for _, format := range formats {
			text, err := os.ReadFile(filepath.Join(dir, format))
			if err != nil {
				t.Fatal(err)
			}
			valid(t, format, string(text))
			if !strings.Contains(string(text), "chains: the list is not empty") {
				t.Errorf("%s lacks a check: %s", format, text)
			}
			if (printed == format || printed == "" && format == "text") && stdout.String() != string(text) {
				t.Errorf("-o %s printed %s, and the file has %s", printed, stdout.String(), text)
			}
		}
	}
}

// TestVerifyThatStopsEarlyLeavesValidDocuments has files of an earlier run, which must not stay.
func TestVerifyThatStopsEarlyLeavesValidDocuments(t *testing.T) {
	srv := mock.Start(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"a wrong key":               {[]string{"-base-url", srv.URL, "-secret-key", "sk_hunter2"}, exitUsage, "the server has no project with this secret key"},
		"no server":                 {[]string{"-base-url", closed.URL, "-secret-key", "sk_hunter2"}, exitFailed, "the server cannot be reached"},
		"no key":                    {[]string{"-base-url", closed.URL}, exitUsage, "-secret-key or PICKET_API_KEY is required"},
		"no base URL":               {[]string{"-secret-key", "sk_hunter2"}, exitUsage, "-base-url or PICKET_BASE_URL is required"},
		"no place for what is seen": {[]string{"-base-url", closed.URL, "-secret-key", "sk_hunter2", "-observe", filepath.Join(t.TempDir(), "a", "b")}, exitUsage, "-observe: "},
		"a key in the URL":          {[]string{"-base-url", "https://sk_hunter2@picketapi.com/api/v1", "-secret-key", "sk_hunter2"}, exitUsage, "the base URL must be like"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range formats {
				file := filepath.Join(t.TempDir(), format)
				if err := os.WriteFile(file, []byte("of an earlier run, which was much longer than this one is, and whose end must go, too"), 0o600); err != nil {
					t.Fatal(err)
				}
				var stdout, stderr strings.Builder
				status := run(t.Context(), append([]string{"verify", "-o", format, "-o", format + "=" + file}, test.args...), &stdout, &stderr)
				if status != test.status || !strings.Contains(stderr.String(), test.want) {
					t.Errorf("exited with %d: %s", status, stderr.String())
				}
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				valid(t, format, string(text))
				if !strings.Contains(string(text), test.want) || strings.Contains(string(text), "earlier") || strings.Contains(string(text)+stderr.String(), "hunter2") {
					t.Errorf("%s is %s", format, text)
				}
				if want := map[bool]string{false: string(text)}[format == "text"]; stdout.String() != want {
					t.Errorf("printed %q and not %q", stdout.String(), want)
				}
			}
		})
	}
}

// TestAFileSaysThatARunIsNotOverWhileItIsNot looks at the file during a check.
func TestAFileSaysThatARunIsNotOverWhileItIsNot(t *testing.T) {
	srv := mock.Start(t)
	file := filepath.Join(t.TempDir(), "verify.xml")
	var during string
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text, _ := os.ReadFile(file); during == "" {
			during = string(text)
		}
		srv.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	var stdout, stderr strings.Builder
	if status := run(t.Context(), []string{"verify", "-base-url", front.URL + "/api/v1", "-secret-key", srv.SecretKey, "-skip", "^[^c]", "-o", "junit=" + file}, &stdout, &stderr); status != exitStopped {
		t.Errorf("exited with %d: %s", status, stderr.String())
	}
	valid(t, "junit", during)
	if !strings.Contains(during, `<error message="picket-mock verify did not come to its end"`) {
		t.Errorf("during the run, the file is %s", during)
	}
}

func TestMistakesInOutputs(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	t.Cleanup(server.Close)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"another format":         {[]string{"-o", "xml"}, "xml is not a format; the formats are text, junit, json and html"},
		"no format":              {[]string{"-o", "=verify.xml"}, " is not a format"},
		"no file":                {[]string{"-o", "junit="}, "no file is named after junit="},
		"two formats printed":    {[]string{"-o", "junit", "-o", "json"}, "only one format can be printed; write the other to a file, as in json=FILE"},
		"a file twice":           {[]string{"-o", "junit=a", "-o", "json=a"}, "a is given twice"},
		"a file without a place": {[]string{"-o", "junit=" + filepath.Join(t.TempDir(), "no", "verify.xml")}, "picket-mock verify: -o: open "},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run(t.Context(), append([]string{"verify", "-base-url", server.URL, "-secret-key", mock.DefaultSecretKey}, test.args...), &stdout, &stderr)
			if status != exitUsage || !strings.Contains(stderr.String(), test.want) || stdout.String() != "" || asked > 0 {
				t.Errorf("exited with %d after %d requests: %s%s", status, asked, stdout.String(), stderr.String())
			}
		})
	}
}

// broken is a stdout that takes nothing, such as a pipe that nobody reads.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("nobody reads it") }

func TestAReportThatCannotBePrintedIsAFailure(t *testing.T) {
	srv := mock.Start(t)
	for _, format := range formats {
		var stderr strings.Builder
		status := run(t.Context(), []string{"verify", "-base-url", srv.URL, "-secret-key", srv.SecretKey, "-skip", ".", "-o", format}, broken{}, &stderr)
		if status != exitFailed || !strings.Contains(stderr.String(), "nobody reads it") {
			t.Errorf("%s: exited with %d: %s", format, status, stderr.String())
		}
	}
}
