package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// newLogger returns a logger that prints a line for each record, and its attributes below it as they are. slog's own handlers would
// print a stack on one line, which nobody can read.
func newLogger(w io.Writer) *slog.Logger { return slog.New(&lineHandler{w: w}) }

type lineHandler struct {
	mu sync.Mutex
	w  io.Writer
}

func (h *lineHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *lineHandler) Handle(_ context.Context, record slog.Record) error {
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "picket-mock: %s\n", record.Message)
	record.Attrs(func(a slog.Attr) bool {
		_, _ = fmt.Fprintf(&text, "%s\n", strings.TrimSuffix(a.Value.String(), "\n"))
		return true
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, text.String())
	return err
}

// The mock's logger has neither attributes nor groups of its own.

func (h *lineHandler) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h *lineHandler) WithGroup(string) slog.Handler { return h }
