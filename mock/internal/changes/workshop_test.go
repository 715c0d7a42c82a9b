// Package changes_test makes changes to openapi.yaml that an owner of the API makes, each in a copy of the repository, and does nothing
// but generate: all that is here has to work with them, without a line that is written by hand.
package changes_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// root is the repository's folder.
const root = "../../.."

// workshop is a copy of the repository in which the contract may be changed.
type workshop struct {
	*testing.T
	dir string
}

// newWorkshop copies the repository, except for what is installed or built in it.
func newWorkshop(t *testing.T) workshop {
	t.Helper()
	if testing.Short() {
		t.Skip("it generates and compiles a copy of the repository")
	}
	w := workshop{t, t.TempDir()}
	if err := filepath.WalkDir(root, w.copy); err != nil {
		t.Fatal(err)
	}
	return w
}

// copy is the function that filepath.WalkDir calls.
func (w workshop) copy(path string, entry fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	name, err := filepath.Rel(root, path)
	notCopied := []string{".git", "node_modules", "venv", "dist", "build"}
	switch {
	case err != nil:
		return err
	case entry.IsDir() && (slices.Contains(notCopied, entry.Name()) || name == filepath.FromSlash("mock/internal/repository/testdata")):
		return filepath.SkipDir
	case entry.IsDir():
		return os.MkdirAll(filepath.Join(w.dir, name), 0o700)
	case !entry.Type().IsRegular() || entry.Name() == ".git":
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, name), text, 0o600)
}

// insert puts text into openapi.yaml after another, which must occur there exactly once.
func (w workshop) insert(after, text string) {
	w.Helper()
	contract := w.read("openapi.yaml")
	if strings.Count(contract, after) != 1 {
		w.Fatalf("openapi.yaml does not have %q exactly once", after)
	}
	w.write("openapi.yaml", strings.Replace(contract, after, after+text, 1))
}

func (w workshop) write(name, text string) {
	w.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w workshop) read(name string) string {
	w.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

func (w workshop) goes(args ...string) (output string, ok bool) {
	w.Helper()
	cmd := exec.CommandContext(w.Context(), "go", args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath "+os.Getenv("GOFLAGS")) // so that copies share what they compile
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// run runs the go command, which must succeed.
func (w workshop) run(args ...string) string {
	w.Helper()
	out, ok := w.goes(args...)
	if !ok {
		w.Fatalf("go %s: %s", strings.Join(args, " "), out)
	}
	return out
}

// start builds picket-mock and starts it, and returns its base URL.
func (w workshop) start() string {
	w.Helper()
	_, base := w.startProgram("-addr", "127.0.0.1:0")
	return base
}

// startProgram builds picket-mock and starts it with some arguments, and returns its base URL.
func (w workshop) startProgram(args ...string) (process *harness.Process, base string) {
	w.Helper()
	program := filepath.Join(w.TempDir(), "picket-mock")
	if err := harness.Build(w.Context(), w.dir, "./mock/cmd/picket-mock", program); err != nil {
		w.Fatal(err)
	}
	process, err := harness.Start(exec.CommandContext(w.Context(), program, args...))
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(process.Kill)
	if base, err = process.BaseURL(); err != nil {
		w.Fatal(err)
	}
	return process, base
}

// ask sends a request and returns the status and the body.
func (w workshop) ask(key, method, url, body string, header ...string) (int, string) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), method, url, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.SetBasicAuth(key, "")
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// send sends a request and returns the status, the headers and the body of the answer.
func send(t *testing.T, request *http.Request) (int, http.Header, string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(text)
}
