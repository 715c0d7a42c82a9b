package login

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// quiet is how long it takes until another line of the same kind is written.
const quiet = time.Minute

// log writes down refusals that an operator may need to know about, at a limited rate, so that nobody can fill it.
type log struct {
	logger *slog.Logger
	now    func() time.Time

	mu    sync.Mutex
	kinds map[string]*kind // by level and event, which are constant
}

func newLog(logger *slog.Logger, now func() time.Time) *log {
	return &log{logger: logger, now: now, kinds: map[string]*kind{}}
}

type kind struct {
	last time.Time
	more int // since then
}

func (l *log) report(r *http.Request, refused *refusal) {
	if refused.event == "" || errors.Is(r.Context().Err(), context.Canceled) { // nobody waits for the answer any more
		return
	}
	more, ok := l.admit(refused.level.String() + refused.event)
	if !ok {
		return
	}
	attributes := []slog.Attr{slog.Int("status", refused.status), slog.String("reason", refused.cause.Error()), slog.String("pattern", r.Pattern)}
	if more > 0 {
		attributes = append(attributes, slog.Int("more", more))
	}
	l.logger.LogAttrs(r.Context(), refused.level, refused.event, attributes...)
}

// admit reports whether a line of a kind may be written, and how many lines were left out since the last one.
func (l *log) admit(name string) (more int, ok bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kinds[name]
	if k == nil {
		k = &kind{}
		l.kinds[name] = k
	} else if age := now.Sub(k.last); age >= 0 && age < quiet { // it is below 0 if the clock went back
		k.more++
		return 0, false
	}
	more, k.more, k.last = k.more, 0, now
	return more, true
}
