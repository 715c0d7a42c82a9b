// Package progress shows in one line of a terminal what a program is doing, how much of it is done, and for how long the program has
// been running. The line is rewritten in place, and goes before other output comes. Nothing is shown to a file, to a pipe, in CI, or
// on a terminal that cannot return to the beginning of a line, so what a program prints there is the same as without this package.
//
// The line has no colours. Libraries of progress bars draw bars that wrap when a text is longer than the terminal is wide, and do not
// make room for results that go to stdout while the line is on stderr.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// interval is how often the line is drawn. What takes less time does not show.
const interval = 100 * time.Millisecond

// A Line is what a program is doing. The zero value is not valid; a nil *Line shows nothing. It is safe for concurrent use.
type Line struct {
	terminal *os.File
	began    time.Time
	stop     chan struct{}
	drawing  sync.WaitGroup

	mu    sync.Mutex
	what  string // with how much of it is done
	drawn string // what is on the terminal
}

// Start returns a line on w, which is stderr usually, or nil if nobody would see it there. The caller calls Stop.
func Start(w io.Writer) *Line {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return nil
	}
	l := &Line{terminal: file, began: time.Now(), stop: make(chan struct{})}
	l.drawing.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.draw()
			case <-l.stop:
				return
			}
		}
	})
	return l
}

// Show says what the program does from now on, and how much was done before of how much in all. The total is 0 if it is not known.
func (l *Line) Show(what string, done, total int) {
	if l == nil {
		return
	}
	if total > 0 {
		what = fmt.Sprintf("%d/%d  %s", done, total, what)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.what = names.Printable(what)
}

// Writer returns a writer for what the program prints, in whole lines, while the line is shown.
func (l *Line) Writer(w io.Writer) io.Writer {
	if l == nil {
		return w
	}
	return writer{l, w}
}

type writer struct {
	line *Line
	to   io.Writer
}

func (w writer) Write(text []byte) (int, error) {
	w.line.mu.Lock()
	defer w.line.mu.Unlock()
	w.line.clear()
	return w.to.Write(text)
}

// Stop takes the line away for good. It must be called once.
func (l *Line) Stop() {
	if l == nil {
		return
	}
	close(l.stop)
	l.drawing.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clear()
}

func (l *Line) draw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	columns, _, err := term.GetSize(int(l.terminal.Fd()))
	if err != nil || columns < 2 {
		columns = 80
	}
	seconds := int(time.Since(l.began).Seconds())
	text := []rune(fmt.Sprintf("%d:%02d  %s", seconds/60, seconds%60, l.what))
	if limit := columns - 1; len(text) > limit { // a terminal may wrap after its last column
		text = append(text[:limit-1], '…')
	}
	if l.what != "" && string(text) != l.drawn {
		l.clear()
		l.drawn = string(text)
		_, _ = fmt.Fprint(l.terminal, l.drawn)
	}
}

func (l *Line) clear() {
	if l.drawn != "" {
		_, _ = fmt.Fprint(l.terminal, "\r", strings.Repeat(" ", utf8.RuneCountInString(l.drawn)), "\r")
		l.drawn = ""
	}
}
