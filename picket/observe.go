package picket

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// Call says what a request is for.
type Call struct {
	// Operation is the name of the operation in openapi.yaml, "nonce", "auth" and so on. For Client.Do it is the method and the
	// path, such as "GET /chains".
	Operation string
	// Try counts the requests of a call: 1, and more for retries.
	Try int
}

// CallFromContext returns what a request is for, from the request's context. An http.RoundTripper of WithHTTPClient can name spans
// and metrics with it. It reports false when the request is not one of a Client.
func CallFromContext(ctx context.Context) (Call, bool) {
	call, ok := ctx.Value(callKey{}).(Call)
	return call, ok
}

const logMessage = "picket call"

// A logFunc is the LogAttrs of a logger. A program without a logger is smaller by most of package slog, because nothing here names it.
type logFunc func(ctx context.Context, level slog.Level, message string, attributes ...slog.Attr)

type callKey struct{}

func contextWithCall(ctx context.Context, call Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

func (c *Client) logSuccess(ctx context.Context, operation string, took time.Duration, status, tries int) {
	if c.log == nil {
		return
	}
	c.log(ctx, slog.LevelInfo, logMessage,
		slog.String("operation", operation),
		slog.Int("status", status),
		slog.Duration("duration", took),
		slog.Int("tries", tries))
}

func (c *Client) logFailure(ctx context.Context, took time.Duration, failure *Error) {
	if c.log == nil {
		return
	}
	level := slog.LevelWarn
	if errors.Is(ctx.Err(), context.Canceled) || errors.Is(failure, ErrChainMismatch) {
		level = slog.LevelInfo
	}
	if status := failure.StatusCode; status >= 400 && status < 500 && status != http.StatusTooManyRequests {
		level = slog.LevelInfo
	}
	c.log(ctx, level, logMessage,
		slog.String("operation", failure.Operation),
		slog.Int("status", failure.StatusCode),
		slog.Duration("duration", took),
		slog.Int("tries", failure.Tries),
		slog.String("code", string(failure.Code)),
		slog.String("error", failure.Message),
		slog.String("request_id", failure.RequestID))
}
