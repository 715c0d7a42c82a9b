package harness

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// maxOutput is how much of what a program prints is kept, in bytes: its beginning, which says why it does not start.
const maxOutput = 64 << 10

// output takes what a program prints. It never blocks the program.
type output struct {
	first chan string // gets the first line of stdout; has room for it

	mu   sync.Mutex
	line []byte // of stdout, until its first line is whole
	sent bool
	kept bytes.Buffer
}

// Write takes what the program writes to stdout.
func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keep(text)
	if o.sent {
		return len(text), nil
	}
	o.line = append(o.line, text...)
	if line, _, whole := bytes.Cut(o.line, []byte("\n")); whole {
		o.first <- strings.TrimSuffix(string(line), "\r")
		o.sent, o.line = true, nil
	}
	return len(text), nil
}

func (o *output) keep(text []byte) { o.kept.Write(text[:min(len(text), maxOutput-o.kept.Len())]) }

func (o *output) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(o.kept.String())
}

// rest takes what the program writes to stderr.
func (o *output) rest() io.Writer {
	return writer(func(text []byte) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.keep(text)
	})
}

type writer func([]byte)

func (w writer) Write(text []byte) (int, error) { w(text); return len(text), nil }
