//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
)

// TestWhatIsPrintedIsTheSameOnATerminal runs commands with stderr in a pipe, where nothing comes, and then on a terminal. There, verify
// gets no answers until it shows what it is doing.
func TestWhatIsPrintedIsTheSameOnATerminal(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("TERM", "xterm")
	srv := mock.Start(t)
	var once sync.Once
	answer := make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/chains") {
			select {
			case <-answer:
			case <-r.Context().Done():
			}
		}
		srv.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	verify := []string{"verify", "-base-url", front.URL + "/api/v1", "-secret-key", srv.SecretKey, "-skip", "solana"}
	onTerminal, shown := runOnTerminal(t, verify, func(shown string) {
		if strings.Contains(shown, "  asking the server") {
			once.Do(func() { close(answer) })
		}
	})
	if strings.Count(shown, "\n") > 0 || !strings.HasSuffix(shown, " \r") {
		t.Errorf("the terminal got %q", shown)
	}
	if inPipe := runInPipe(t, verify); !strings.Contains(inPipe, "pass  chains: the list is not empty\n") || inPipe != onTerminal {
		t.Errorf("verify printed in a pipe\n%s\nand on a terminal\n%s", inPipe, onTerminal)
	}

	seen := filepath.Join(t.TempDir(), "seen.json")
	observer, err := contract.NewObserver(seen)
	if err != nil {
		t.Fatal(err)
	}
	if err := observer.Close(); err != nil {
		t.Fatal(err)
	}
	learn := []string{"learn", "-contract", "../../../openapi.yaml", seen}
	onTerminal, _ = runOnTerminal(t, learn, func(string) {}) // it may be too quick to be shown
	if inPipe := runInPipe(t, learn); inPipe == "" || inPipe != onTerminal {
		t.Errorf("learn printed in a pipe\n%s\nand on a terminal\n%s", inPipe, onTerminal)
	}
}

// runOnTerminal returns what the program prints to stdout, and to stderr, which is a terminal. What is on the terminal is looked at as it
// comes.
func runOnTerminal(t *testing.T, args []string, look func(shown string)) (stdout, shown string) {
	t.Helper()
	control, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = control.Close() }()
	all := make(chan string, 1)
	go func() {
		var text []byte
		for part := make([]byte, 1024); ; {
			n, err := control.Read(part) // ends with an error on Linux, once the other end is closed
			text = append(text, part[:n]...)
			if err != nil {
				break
			}
			look(string(text))
		}
		all <- string(text)
	}()
	stdout = printed(t, args, tty)
	_ = tty.Close()
	return stdout, <-all
}

// runInPipe returns what the program prints to stdout, and fails the test if it prints anything to stderr.
func runInPipe(t *testing.T, args []string) string {
	t.Helper()
	var stderr bytes.Buffer
	stdout := printed(t, args, &stderr)
	if stderr.String() != "" {
		t.Errorf("in a pipe, stderr has %q", stderr.String())
	}
	return stdout
}

// printed returns what the program prints to stdout.
func printed(t *testing.T, args []string, stderr io.Writer) string {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	command.Stderr = stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestAPipeGetsOneDocument has a named pipe, as Bash makes for -o junit=>(program).
func TestAPipeGetsOneDocument(t *testing.T) {
	srv := mock.Start(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // so that writers need not wait for a reader, and the pipe is not at its end between them
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	var object struct{ Error string }
	read := make(chan error, 1)
	go func() { read <- json.NewDecoder(reader).Decode(&object) }() // meanwhile, because the document may be longer than a pipe holds
	var stdout, stderr strings.Builder
	args := []string{"verify", "-base-url", srv.URL, "-secret-key", srv.SecretKey, "-skip", ".", "-o", "json=" + pipe}
	if status := run(t.Context(), args, &stdout, &stderr); status != exitStopped {
		t.Errorf("exited with %d: %s", status, stderr.String())
	}
	if err := <-read; err != nil || object.Error != "" {
		t.Errorf("the first document is %+v, %v", object, err)
	}
}
