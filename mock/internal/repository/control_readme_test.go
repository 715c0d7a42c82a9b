package repository_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock"
)

var (
	inlineCode = regexp.MustCompile("`([^`]+)`")
	request    = regexp.MustCompile("^\\| `([A-Z]+) (/_mock[^`]*)` \\|(.*)\\| ([0-9]{3})(.*)\\|$")
)

// TestTheMockAnswersAsItsREADMEShows sends the requests in the table of the control API, in order, to one mock.
func TestTheMockAnswersAsItsREADMEShows(t *testing.T) {
	config := filepath.Join(t.TempDir(), "picket.yaml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	srv := mock.Start(t, mock.WithConfigFile(config))
	shown := map[string]bool{}
	for line := range strings.Lines(string(read(t, filepath.Join(root, "mock/README.md")))) {
		row := request.FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			continue
		}
		method, path, status := row[1], row[2], row[4]
		shown[method+" "+strings.TrimPrefix(path, "/_mock")] = true
		if strings.Contains(path, "{number}") {
			sendControl(t, srv, "GET", "/api/v1/chains", "") // the first exchange of the journal
		}
		projects := srv.Projects()
		last := projects[len(projects)-1].ID // a project that the table adds
		gotStatus, got := sendControl(t, srv, method, strings.NewReplacer("{id}", last, "{name}", "logged-in", "{number}", "1").Replace(path), firstJSON(row[3]))
		if gotStatus != status {
			t.Errorf("%s %s: %s %s", method, path, gotStatus, got)
		}
		if want := firstJSON(row[5]); want != "" && shapeOf(t, got) != shapeOf(t, want) {
			t.Errorf("%s %s answers\n%s\nand is shown with\n%s", method, path, got, want)
		}
	}
	control, err := openapi3.NewLoader().LoadFromFile(filepath.Join(root, "mock/control.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range control.Paths.Map() {
		for method := range item.Operations() {
			if !shown[method+" "+path] {
				t.Errorf("mock/README.md does not show %s %s", method, path)
			}
		}
	}
}

func TestTheFaultsOfTheMocksREADMEAreValid(t *testing.T) {
	srv := mock.Start(t)
	_, faults, _ := strings.Cut(string(read(t, filepath.Join(root, "mock/README.md"))), "\n## Make things go wrong\n")
	faults, _, _ = strings.Cut(faults, "\n## ")
	kinds := 0
	for line := range strings.Lines(faults) {
		if fault := firstJSON(line); fault != "" {
			kinds++
			if status, answer := sendControl(t, srv, "POST", "/_mock/faults", fault); status != "204" {
				t.Errorf("%s: %s %s", fault, status, answer)
			}
		}
	}
	if kinds != 8 {
		t.Errorf("found %d examples of faults", kinds)
	}
}

// firstJSON returns the first inline code that is an object or a list, or "".
func firstJSON(markdown string) string {
	for _, match := range inlineCode.FindAllStringSubmatch(markdown, -1) {
		if strings.HasPrefix(match[1], "{") || strings.HasPrefix(match[1], "[") {
			return match[1]
		}
	}
	return ""
}

func sendControl(t *testing.T, srv *mock.Server, method, path, body string) (status, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(srv.URL, "/api/v1")+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("Content-Type") == "text/event-stream" { // it does not end
		return response.Status[:3], ""
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Status[:3], string(text)
}

// shapeOf returns a JSON text with every value replaced by its kind, and lists by their first element.
func shapeOf(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var shape func(value any) any
	shape = func(value any) any {
		switch v := value.(type) {
		case map[string]any:
			for name := range v {
				v[name] = shape(v[name])
			}
			return v
		case []any:
			if len(v) > 0 {
				return []any{shape(v[0])}
			}
			return v
		}
		return fmt.Sprintf("%T", value)
	}
	made, err := json.Marshal(shape(value))
	if err != nil {
		t.Fatal(err)
	}
	return string(made)
}
