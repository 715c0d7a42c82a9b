//go:build unix

package repository_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// block is a code block of the README.
type block struct{ language, text string }

func readmeBlocks(t *testing.T) []block {
	t.Helper()
	readme := read(t, filepath.Join(root, "README.md"))
	var blocks []block
	for _, match := range regexp.MustCompile("(?s)```([a-z]*)\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		blocks = append(blocks, block{match[1], match[2]})
	}
	if len(blocks) < 5 {
		t.Fatalf("the README has only %d code blocks", len(blocks))
	}
	return blocks
}

// TestTheGoBlocksOfTheREADMEWork compiles each one, in a folder that the go command passes over unless told, and runs
// those that are tests.
func TestTheGoBlocksOfTheREADMEWork(t *testing.T) {
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	for i, b := range readmeBlocks(t) {
		if b.language != "go" {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			name := "main.go"
			if strings.Contains(b.text, "func Test") {
				name = "readme_test.go"
			}
			dir, err := os.MkdirTemp("testdata", "readme")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			if err := os.WriteFile(filepath.Join(dir, name), []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
			pkg := "./mock/internal/repository/" + filepath.ToSlash(dir)
			if out := command(t, "go", "test", pkg); name == "readme_test.go" && !strings.HasPrefix(out, "ok") {
				t.Error(out)
			}
			command(t, "go", "vet", pkg)
		})
	}
}

// TestTheShellBlocksOfTheREADMEWork runs the demo, the mock and the request to it as they stand, looks up the other
// targets of the Makefile, and tries the steps for another module in one.
func TestTheShellBlocksOfTheREADMEWork(t *testing.T) {
	tried := map[string]bool{}
	for _, b := range readmeBlocks(t) {
		if b.language != "sh" {
			continue
		}
		if strings.HasPrefix(b.text, "go mod") {
			requireFromAnotherModule(t, b.text)
			tried["go mod"] = true
			continue
		}
		if strings.HasPrefix(b.text, "export ") {
			runFirstProgram(t, b.text)
			tried["export"] = true
			continue
		}
		for line := range strings.Lines(b.text) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
			words := strings.Fields(line)
			switch {
			case strings.HasPrefix(line, "make demo"):
				if out := command(t, "make", "--no-print-directory", "demo"); !strings.HasSuffix(out, "All went as it should.\n") {
					t.Errorf("the demo printed %s", out)
				}
			case words[0] == "make":
				command(t, "make", "--dry-run", words[1])
			case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock verify"):
				if out := command(t, words[0], words[1:]...); !strings.HasSuffix(out, " 0 failed, 0 skipped\n") {
					t.Errorf("%s\nprinted %s", line, out)
				}
			case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock proxy"):
				start(t, line, "http://127.0.0.1:4011/api/v1")
			case strings.HasPrefix(line, "go run ./mock/cmd/picket-mock"):
				start(t, line, "http://127.0.0.1:4010/api/v1")
			case words[0] == "curl":
				if _, err := exec.LookPath("curl"); err != nil {
					t.Log("curl is not installed, so its line was not tried")
					continue
				}
				out := command(t, "sh", "-c", strings.Replace(line, "curl ", "curl --silent --fail-with-body ", 1))
				if strings.Contains(line, "/_mock/") {
					continue // it says all that it has to by its status
				}
				var nonce struct{ Nonce, Statement, Format string }
				if err := json.Unmarshal([]byte(out), &nonce); err != nil || nonce.Nonce == "" || nonce.Statement == "" || nonce.Format == "" {
					t.Errorf("%s\nprinted %s", line, out)
				}
			default:
				t.Errorf("no test tries the line %q", line)
			}
			tried[words[0]] = true
		}
	}
	for _, want := range []string{"make", "go", "curl", "go mod", "export"} {
		if !tried[want] {
			t.Errorf("the README has no line of %s", want)
		}
	}
}

// start starts a server by the line of the README and waits until it is at the URL.
func start(t *testing.T, line, url string) {
	t.Helper()
	startIn(t, root, line, url)
}

// startIn starts a server by a script and waits until it says that it is at the URL, in the first line that it prints.
func startIn(t *testing.T, dir, script, url string) {
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
		_ = cmd.Wait()
		_ = out.Close()
	})
	first := bufio.NewScanner(out)
	if !first.Scan() || !strings.HasSuffix(first.Text(), " "+url) {
		t.Fatalf("the first line is %q", first.Text())
	}
	go func() {
		for first.Scan() { // so that the program can go on printing
		}
	}()
}

// runFirstProgram runs the first program of the README in the way that the script says.
func runFirstProgram(t *testing.T, script string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("openssl is not installed, so the first program was not run")
		return
	}
	blocks := readmeBlocks(t)
	program := blocks[slices.IndexFunc(blocks, func(b block) bool { return b.language == "go" })].text
	dir, err := os.MkdirTemp("testdata", "program")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	startIn(t, dir, script, "http://localhost:3000")
}

// requireFromAnotherModule makes a module beside a clone and lets it import the client in the way that the README says.
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
	program := "package main\n\nimport \"" + module + "/picket\"\n\nfunc main() { _, _ = picket.New(\"\") }\n"
	if err := os.WriteFile(filepath.Join(shop, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, "go", "mod", "download")
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", "go mod init example.com/shop\n"+script+"go build -o /dev/null .")
	cmd.Dir = shop
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GONOSUMDB=*") // all that it needs was downloaded for this module
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
