package login

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// quiet is how long after a line no other one of its kind is written.
const quiet = 10 * time.Second

// log reports refusals that an operator may have to know of, so that nobody can fill it.
type log struct {
	logger *slog.Logger
	now    func() time.Time

	mu    sync.Mutex
	kinds map[string]*kind // by event
}

type kind struct {
	last    time.Time
	leftOut int
}

func (l *log) report(r *http.Request, refused *refusal) {
	if refused.event == "" || errors.Is(r.Context().Err(), context.Canceled) { // nobody waits for the answer any more
		return
	}
	leftOut, ok := l.admit(refused.event)
	if !ok {
		return
	}
	attributes := []slog.Attr{slog.String("pattern", r.Pattern), slog.String("error", refused.cause.Error())}
	if leftOut > 0 {
		attributes = append(attributes, slog.Int("leftOut", leftOut))
	}
	l.logger.LogAttrs(r.Context(), refused.level, refused.event, attributes...)
}

// admit reports whether a line of a kind may be written, and how many were left out since the last one.
func (l *log) admit(event string) (leftOut int, ok bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.kinds[event]
	if k == nil {
		if l.kinds == nil {
			l.kinds = map[string]*kind{}
		}
		k = &kind{last: now.Add(-quiet)}
		l.kinds[event] = k
	}
	if now.Sub(k.last) < quiet && !now.Before(k.last) {
		k.leftOut++
		return 0, false
	}
	leftOut, k.leftOut, k.last = k.leftOut, 0, now
	return leftOut, true
}
