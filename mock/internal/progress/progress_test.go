//go:build unix

package progress_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

// terminal returns a terminal of so many columns, and a function that closes it and returns what was written to it.
func terminal(t *testing.T, columns uint16) (tty *os.File, written func() string) {
	t.Helper()
	t.Setenv("CI", "")
	t.Setenv("TERM", "xterm")
	control, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = tty.Close(), control.Close() })
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: columns}); err != nil {
		t.Fatal(err)
	}
	read := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(control) // ends with an error on Linux, once the other end is closed
		read <- string(text)
	}()
	return tty, func() string {
		_ = tty.Close()
		return <-read
	}
}

// screen returns the lines that a terminal shows.
func screen(written string) []string {
	lines, column := [][]rune{nil}, 0
	for _, char := range written {
		last := len(lines) - 1
		switch {
		case char == '\r':
			column = 0
		case char == '\n':
			lines, column = append(lines, nil), 0
		case column < len(lines[last]):
			lines[last][column] = char
			column++
		default:
			lines[last] = append(lines[last], char)
			column++
		}
	}
	var shown []string
	for _, line := range lines {
		shown = append(shown, strings.TrimRight(string(line), " "))
	}
	return shown
}

func TestTheLineSaysWhatIsDoneHowMuchAndForHowLong(t *testing.T) {
	for name, test := range map[string]struct {
		what        string
		done, total int
		columns     uint16
		want        string
	}{
		"of how much":          {"solana: a signature logs in once", 12, 188, 80, "1:05  12/188  solana: a signature logs in once"},
		"of nobody knows what": {"installing Prism", 0, 0, 80, "1:05  installing Prism"},
		"that is too long":     {"solana: a signature logs in once", 12, 188, 24, "1:05  12/188  solana: …"},
		"that moves the cursor": {"a\x1b[2Jb\nc", 0, 0, 80,
			`1:05  a\x1b[2Jb\nc`},
	} {
		t.Run(name, func(t *testing.T) {
			tty, written := terminal(t, test.columns)
			synctest.Test(t, func(*testing.T) {
				line := progress.Start(tty)
				line.Show("what came before it, and is longer than that", 0, 0)
				time.Sleep(5 * time.Second)
				line.Show(test.what, test.done, test.total)
				time.Sleep(time.Minute)
				synctest.Wait()
				// What is on the screen now is lost by Stop, so it is taken from before the last line feed.
				_, _ = tty.WriteString("\n")
				line.Stop()
			})
			if got := screen(written()); len(got) != 2 || got[0] != test.want {
				t.Errorf("the terminal shows %q", got)
			}
		})
	}
}

func TestTheLineGoesBeforeOtherOutputAndAtTheEnd(t *testing.T) {
	tty, written := terminal(t, 80)
	synctest.Test(t, func(*testing.T) {
		line := progress.Start(tty)
		out := line.Writer(tty)
		line.Show("a long description of the first check", 0, 2)
		time.Sleep(time.Second)
		_, _ = io.WriteString(out, "pass  first\n")
		line.Show("the second", 1, 2)
		time.Sleep(time.Second)
		_, _ = io.WriteString(out, "pass  second\n")
		time.Sleep(time.Second)
		line.Stop()
	})
	text := written()
	if difference := cmp.Diff([]string{"pass  first", "pass  second", ""}, screen(text)); difference != "" {
		t.Errorf("the terminal shows (-want +got):\n%s", difference)
	}
	if drawn := strings.Count(text, "1/2  the second"); drawn == 0 || drawn > 4 {
		t.Errorf("in two seconds, the line was drawn %d times: %q", drawn, text)
	}
}

func TestWhatTakesNoTimeIsNotShown(t *testing.T) {
	tty, written := terminal(t, 80)
	synctest.Test(t, func(*testing.T) {
		line := progress.Start(tty)
		line.Show("a quick one", 0, 0)
		line.Stop()
	})
	if text := written(); text != "" {
		t.Errorf("the terminal got %q", text)
	}
}

func TestNothingIsShownWhereNobodyWatches(t *testing.T) {
	tty, _ := terminal(t, 80)
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	for name, test := range map[string]struct {
		to          io.Writer
		environment map[string]string
	}{
		"a file":          {file, nil},
		"another writer":  {&bytes.Buffer{}, nil},
		"CI":              {tty, map[string]string{"CI": "true"}},
		"a dumb terminal": {tty, map[string]string{"TERM": "dumb"}},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			line := progress.Start(test.to)
			if line != nil {
				t.Error("a line is shown")
			}
			line.Show("something", 1, 2)
			var out bytes.Buffer
			if _, _ = io.WriteString(line.Writer(&out), "pass\n"); out.String() != "pass\n" {
				t.Errorf("%q is written", out.String())
			}
			line.Stop()
		})
	}
}

// TestAScriptShowsItsLineOnATerminalOnly runs the same script with stderr on a terminal and in a pipe.
func TestAScriptShowsItsLineOnATerminalOnly(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	const script = `set -euo pipefail
. ./line.sh
show "making a client"
{ printf 'ok   one\n\n  two \\n\n'; exit 3; } | lines || echo "status $?"
show "another"
printf 'no line feed at the end' | lines
hide
`
	run := func(stderr io.Writer) string {
		t.Helper()
		command := exec.Command(bash, "-c", script)
		command.Stderr = stderr
		out, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	tty, written := terminal(t, 80)
	var stderr bytes.Buffer
	inPipe, onTerminal := run(&stderr), run(tty)
	const want = "ok   one\n\n  two \\n\nstatus 3\nno line feed at the end"
	if inPipe != want || stderr.String() != "" {
		t.Errorf("in a pipe, it printed %q and %q", inPipe, stderr.String())
	}
	if onTerminal != want {
		t.Errorf("on a terminal, it printed %q", onTerminal)
	}
	if shown := written(); !strings.Contains(shown, "0:00  making a client") || !strings.HasSuffix(shown, "\r\x1b[K") {
		t.Errorf("the terminal got %q", shown)
	}
}
