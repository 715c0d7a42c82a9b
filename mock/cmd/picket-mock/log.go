package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// The formats of the log.
const (
	logJSON = "json"
	logText = "text"
	logNone = "none" // only of bugs of the mock
)

// newLogger returns a logger that writes a line for each request in a format. The stack of a panic is printed as it is, unless the
// format is JSON.
func newLogger(w io.Writer, format string) (*slog.Logger, error) {
	locked := &lockedWriter{w: w}
	switch format {
	case logJSON:
		return slog.New(slog.NewJSONHandler(locked, nil)), nil
	case logText:
		return slog.New(&lineHandler{locked, slog.NewTextHandler(locked, &slog.HandlerOptions{ReplaceAttr: joinLists})}), nil
	case logNone:
		return slog.New(&lineHandler{locked, slog.DiscardHandler}), nil
	}
	return nil, fmt.Errorf(`there is no format "%s"; it is json, text or none`, names.Shown(format))
}

// joinLists separates what is in a list, which slog's text would only put a space between.
func joinLists(_ []string, a slog.Attr) slog.Attr {
	if list, ok := a.Value.Any().([]string); ok {
		a.Value = slog.StringValue(strings.Join(list, " | "))
	}
	return a
}

// lineHandler prints a line for each error, and its attributes below it as they are, and leaves everything else to another handler.
// slog's own handlers would print a stack on one line, which nobody can read.
type lineHandler struct {
	w     io.Writer
	other slog.Handler
}

func (h *lineHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelError || h.other.Enabled(ctx, level)
}

func (h *lineHandler) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelError {
		return h.other.Handle(ctx, record)
	}
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "picket-mock: %s\n", record.Message)
	record.Attrs(func(a slog.Attr) bool {
		_, _ = fmt.Fprintf(&text, "%s\n", strings.TrimSuffix(a.Value.String(), "\n"))
		return true
	})
	_, err := io.WriteString(h.w, text.String())
	return err
}

// The mock's logger has neither attributes nor groups of its own.

func (h *lineHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h *lineHandler) WithGroup(string) slog.Handler { return h }

// lockedWriter writes the lines of several handlers.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
