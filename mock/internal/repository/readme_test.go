//go:build unix

package repository_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
)

// withCode are the documents whose code blocks are tried.
var withCode = []string{"README.md", "picket/README.md", "mock/README.md", "mock/FIGURES.md", "CONTRIBUTING.md"}

// block is a code block of a document.
type block struct{ language, text string }

func blocksOf(t *testing.T, document string) []block {
	t.Helper()
	text := read(t, filepath.Join(root, document))
	var blocks []block
	for _, match := range regexp.MustCompile("(?sm)^```([a-z]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, block{match[1], match[2]})
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no code blocks", document)
	}
	return blocks
}

// TestTheGoBlocksOfTheDocumentsWork compiles each one, in a folder that the go command skips unless it is named, and runs
// those that are tests.
func TestTheGoBlocksOfTheDocumentsWork(t *testing.T) {
	for _, document := range withCode {
		for i, b := range blocksOf(t, document) {
			if b.language != "go" {
				continue
			}
			t.Run(fmt.Sprint(document, " ", i), func(t *testing.T) {
				name := "main.go"
				if strings.Contains(b.text, "func Test") {
					name = "readme_test.go"
				}
				dir := folderOfTheModule(t)
				if err := os.WriteFile(filepath.Join(dir, name), []byte(wholeFile(b.text)), 0o600); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(b.text, "//go:embed page.html") {
					if err := os.WriteFile(filepath.Join(dir, "page.html"), read(t, filepath.Join(root, "picket/examples/server/page.html")), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				pkg := "./mock/internal/repository/" + filepath.ToSlash(dir)
				if out := command(t, "go", "test", pkg); name == "readme_test.go" && !strings.HasPrefix(out, "ok") {
					t.Error(out)
				}
				command(t, "go", "vet", pkg)
			})
		}
	}
}

// folderOfTheModule makes a folder inside the module, which the go command skips unless it is named.
func folderOfTheModule(t *testing.T) string {
	t.Helper()
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("testdata", "document")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// wholeFile puts the package clause and the imports in front of a block that begins with its first declaration.
func wholeFile(text string) string {
	if strings.HasPrefix(text, "package ") {
		return text
	}
	var imports strings.Builder
	for _, path := range []string{
		"context", "errors", "fmt", "net/http", "testing", module + "/mock", module + "/mock/contract", module + "/picket",
		module + "/picket/accesstoken", module + "/picket/login", module + "/picket/middleware",
	} {
		if regexp.MustCompile(`\b` + filepath.Base(path) + `\.`).MatchString(text) {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	return "package shop\n\n" + imports.String() + "\n" + text
}

// TestTheShellBlocksOfTheDocumentsWork runs the demo, the mock and the requests to it exactly as they are printed, compares what
// the document says that they print, looks up the other targets of the Makefile, and tries the steps for another module in one.
func TestTheShellBlocksOfTheDocumentsWork(t *testing.T) {
	needPorts(t)
	tried := map[string]bool{}
	for _, document := range withCode {
		t.Run(document, func(t *testing.T) {
			var printed output
			for _, b := range blocksOf(t, document) {
				switch b.language {
				case "sh":
					printed = runBlock(t, b.text, tried)
				case "json":
					printed.compareJSON(t, b.text)
				case "":
					printed.compareText(t, b.text)
				}
			}
		})
	}
	for _, want := range []string{"make", "go", "curl", "go mod", "export"} {
		if !tried[want] {
			t.Errorf("no document has a line of %s", want)
		}
	}
}

// needPorts fails a test that would start what the documents start, if something else is in its place.
func needPorts(t *testing.T) {
	t.Helper()
	for _, port := range []string{"3000", "4010", "4011", "4012", "4013"} {
		listener, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			t.Fatalf("the documents use the port %s, and something listens there: %v; stop it first, such as a picket-mock of your own", port, err)
		}
		_ = listener.Close()
	}
}

// output is what the last line of a block printed, all of it or line by line as long as the program runs.
type output struct {
	text  string
	lines <-chan string
}

// compareJSON checks that a document shows the names and kinds of values that were really printed.
func (o output) compareJSON(t *testing.T, shown string) {
	t.Helper()
	if o.text == "" {
		t.Log("nothing was run that could print this, because curl is not installed")
		return
	}
	if got, want := shapeOf(t, o.text), shapeOf(t, shown); got != want {
		t.Errorf("the document shows %s\nand what was printed is %s", want, got)
	}
}

// compareText checks that every line that a document shows was printed, in that order. A document may leave lines out.
func (o output) compareText(t *testing.T, shown string) {
	t.Helper()
	if o.text == "" && o.lines == nil {
		return // a picture
	}
	rest := o.text
	for line := range strings.Lines(shown) {
		line = strings.TrimSpace(line)
		if o.lines != nil {
			if got := <-o.lines; got != line {
				t.Errorf("the document shows the line %q, and %q was printed", line, got)
			}
			continue
		}
		_, after, found := strings.Cut(rest, line)
		if !found {
			t.Errorf("the document shows the line %q, which was not printed there:\n%s", line, o.text)
			return
		}
		rest = after
	}
}

// runBlock runs the lines of a block of shell, notes their first words in tried, and returns what the last one printed.
func runBlock(t *testing.T, text string, tried map[string]bool) output {
	t.Helper()
	switch {
	case strings.HasPrefix(text, "go mod"):
		requireFromAnotherModule(t, text)
		tried["go mod"] = true
		return output{}
	case strings.HasPrefix(text, "export "):
		runFirstProgram(t, text)
		tried["export"] = true
		return output{}
	}
	var printed output
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "make demo"):
			printed = output{text: command(t, "make", "--no-print-directory", "demo")}
			if !strings.HasSuffix(printed.text, "All went as it should. Run make shop to log in yourself, in a browser.\n") {
				t.Errorf("the demo printed %s", printed.text)
			}
		case words[0] == "make":
			command(t, "make", "--dry-run", words[1])
		case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock verify"):
			printed = output{text: command(t, words[0], words[1:]...)}
			if !strings.Contains(line, " -o json") && !strings.HasSuffix(printed.text, " 0 failed, 0 skipped\n") {
				t.Errorf("%s\nprinted %s", line, printed.text)
			}
		case strings.Contains(line, " -observe seen.json"):
			line = strings.Replace(line, "seen.json", filepath.Join(t.TempDir(), "seen.json"), 1)
			printed = output{lines: startIn(t, root, line, "http://127.0.0.1:4012/api/v1")}
		case strings.Contains(line, " -drift seen.json"):
			line = strings.Replace(line, "seen.json", withoutObservations(t), 1)
			printed = output{lines: startIn(t, root, line, "http://127.0.0.1:4013/api/v1")}
		case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock learn"):
			words[len(words)-1] = withoutObservations(t)
			if out := command(t, words[0], words[1:]...); !strings.Contains(out, "nothing to propose") {
				t.Errorf("learn printed %s", out)
			}
		case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock proxy"):
			printed = output{lines: startIn(t, root, line, "http://127.0.0.1:4011/api/v1")}
		case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock"):
			printed = output{lines: startIn(t, root, line, "http://127.0.0.1:4010/api/v1")}
		case words[0] == "curl":
			if _, err := exec.LookPath("curl"); err != nil {
				t.Log("curl is not installed, so its line was not tried")
				continue
			}
			printed = output{text: command(t, "sh", "-c", strings.Replace(line, "curl ", "curl --silent --fail-with-body ", 1))}
			if strings.Contains(line, "/_mock/") || strings.HasSuffix(line, "/tokenOwnership") {
				continue // its status is all that it has to say
			}
			var nonce struct{ Nonce, Statement, Format string }
			if err := json.Unmarshal([]byte(printed.text), &nonce); err != nil || nonce.Nonce == "" || nonce.Statement == "" || nonce.Format == "" {
				t.Errorf("%s\nprinted %s", line, printed.text)
			}
		default:
			t.Errorf("no test tries the line %q", line)
		}
		tried[words[0]] = true
	}
	return printed
}

// withoutObservations returns the name of a file of observations that has none.
func withoutObservations(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seen.json")
	observer, err := contract.NewObserver(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// startIn starts a server by a script and waits until it says that it is at the URL, in the first line that it prints. It returns
// the lines that it prints, beginning with that one.
func startIn(t *testing.T, dir, script, url string) <-chan string {
	t.Helper()
	cmd := exec.Command("sh", "-ec", script)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run starts the program as a child of its own
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = in, in
	err = cmd.Start()
	_ = in.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, out) // ends with the program, which may end after go run and still write a file
		_ = cmd.Wait()
		_ = out.Close()
	})
	printed := bufio.NewScanner(out)
	if !printed.Scan() || !strings.HasSuffix(printed.Text(), url) {
		t.Fatalf("the first line is %q", printed.Text())
	}
	lines := make(chan string, 100)
	lines <- printed.Text()
	go func() {
		for printed.Scan() {
			select {
			case lines <- printed.Text():
			default: // nobody reads so many, and the program has to go on printing
			}
		}
		close(lines)
	}()
	return lines
}

// runFirstProgram runs the program that the README begins with, in the way that the script says.
func runFirstProgram(t *testing.T, script string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("openssl is not installed, so the first program was not run")
		return
	}
	startIn(t, root, script, " http://localhost:3000")
}

func firstProgram(t *testing.T) string {
	t.Helper()
	blocks := blocksOf(t, "README.md")
	return blocks[slices.IndexFunc(blocks, func(b block) bool { return b.language == "go" })].text
}

func TestTheFirstProgramIsTheExample(t *testing.T) {
	example := string(read(t, filepath.Join(root, "picket/examples/server/main.go")))
	if diff := cmp.Diff(example, firstProgram(t)); diff != "" {
		t.Errorf("the program in README.md is not picket/examples/server (-example +README.md):\n%s", diff)
	}
}

// requireFromAnotherModule makes a module beside a clone, with the program that the README begins with, and requires this module
// in the way that the document says.
func requireFromAnotherModule(t *testing.T, script string) {
	t.Helper()
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(top, filepath.Join(dir, "picket")); err != nil {
		t.Fatal(err)
	}
	shop := filepath.Join(dir, "shop")
	if err := os.Mkdir(shop, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"main.go", "page.html"} {
		if err := os.WriteFile(filepath.Join(shop, file), read(t, filepath.Join(root, "picket/examples/server", file)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command(t, "go", "mod", "download")
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", "go mod init example.com/shop\n"+script+"go build -o /dev/null .")
	cmd.Dir = shop
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GONOSUMDB=*") // all that it needs was downloaded for this module
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheConfigurationInTheDocumentsIsValid(t *testing.T) {
	found := false
	for _, document := range withCode {
		for _, b := range blocksOf(t, document) {
			if b.language != "yaml" || !strings.HasPrefix(b.text, "projects:") {
				continue
			}
			found = true
			if _, err := mock.New(mock.WithConfig(document, []byte(b.text))); err != nil {
				t.Error(err)
			}
		}
	}
	if !found {
		t.Error("no document shows a configuration")
	}
}
