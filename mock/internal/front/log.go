package front

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

// note is what a handler notes of a request for the log.
type note struct {
	operation, project, path, fault string
	violations                      []string
}

type noteKey struct{}

// noted notes what is known of a request, if there is a log.
func noted(r *http.Request, e journal.Exchange, project *tenant.Project) {
	n, ok := r.Context().Value(noteKey{}).(*note)
	if !ok {
		return
	}
	n.operation, n.project, n.fault, n.violations = e.Operation, project.ID, e.Fault, e.Violations
	n.path, _, _ = strings.Cut(e.Path, "?")
}

// Logged writes a line for each request: at Warn when the request or its answer broke the contract, and else at Info. It has nothing
// of headers, queries and bodies.
func Logged(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !logger.Enabled(r.Context(), slog.LevelWarn) {
			next.ServeHTTP(w, r)
			return
		}
		began := time.Now()
		n := &note{path: names.ShortenTo(names.ShownPath(r.URL.EscapedPath()), 256)}
		answer := &statusWriter{ResponseWriter: w}
		defer func() { // also when a fault broke the connection off
			attrs := []slog.Attr{slog.String("method", names.ShownMethod(r.Method)), slog.String("path", n.path)}
			for _, text := range []struct{ name, value string }{{"operation", n.operation}, {"project", n.project}, {"fault", n.fault}} {
				if text.value != "" {
					attrs = append(attrs, slog.String(text.name, text.value))
				}
			}
			attrs = append(attrs, slog.Int("status", answer.status), slog.Float64("ms", float64(time.Since(began).Microseconds())/1000))
			level := slog.LevelInfo
			if len(n.violations) > 0 {
				level, attrs = slog.LevelWarn, append(attrs, slog.Any("violations", n.violations))
			}
			logger.LogAttrs(r.Context(), level, "request", attrs...)
		}()
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), noteKey{}, n)))
	})
}

// statusWriter notes the status of an answer, which stays 0 when there is none.
type statusWriter struct {
	http.ResponseWriter

	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
