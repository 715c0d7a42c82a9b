//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestSIGHUPHasTheConfigurationReadAgain runs the program as a process, and follows its log.
func TestSIGHUPHasTheConfigurationReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "picket.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("projects: []\n")
	cmd := exec.Command(os.Args[0], "-addr", "127.0.0.1:0", "-log", "json", "-config", file)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	printed := bufio.NewScanner(stdout)
	printed.Scan()
	base := baseOf([]string{printed.Text()})
	lines := bufio.NewScanner(stderr)
	hangUp := func() (level, message string) {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			var line struct{ Level, Msg string }
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatalf("%v: %s", err, lines.Text())
			}
			if line.Msg != "request" {
				return line.Level, line.Msg
			}
		}
		t.Fatal("the program ended")
		return "", ""
	}
	issuer := func() string {
		t.Helper()
		var found struct{ Issuer string }
		if err := json.Unmarshal([]byte(get(t, base+"/.well-known/openid-configuration")), &found); err != nil {
			t.Fatal(err)
		}
		return found.Issuer
	}
	write("issuer: https://mock.example\n")
	if level, message := hangUp(); level != "INFO" || message != "the configuration was read again" || issuer() != "https://mock.example" {
		t.Errorf("%s: %s; the issuer is %s", level, message, issuer())
	}
	write("issuer: https://other.example\nproject: []\n")
	if level, message := hangUp(); level != "ERROR" || !strings.Contains(message, `picket.yaml:2: "project" is not a property; did you mean "projects"?`) || issuer() != "https://mock.example" {
		t.Errorf("%s: %s; the issuer is %s", level, message, issuer())
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_, _ = io.Copy(io.Discard, stderr)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
