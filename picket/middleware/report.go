package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
)

const (
	// reportInterval is how long it takes until the same reason is logged again.
	reportInterval = time.Minute
	// maxReasons is how many reasons are distinguished at each level. Clients may be able to make some of them up.
	maxReasons = 64
	// maxReasonBytes is how long a reason may be.
	maxReasonBytes = 512
)

// reporter logs why requests are refused.
type reporter struct {
	logger *slog.Logger
	now    func() time.Time

	mu    sync.Mutex
	lines map[slog.Level]map[string]*line
}

// line is when a reason was logged.
type line struct {
	at      time.Time
	skipped int // since then
}

func newReporter(logger *slog.Logger, now func() time.Time) *reporter {
	return &reporter{logger: logger, now: now, lines: map[slog.Level]map[string]*line{slog.LevelInfo: {}, slog.LevelWarn: {}}}
}

// report logs that a request is refused, unless its client is gone.
func (p *reporter) report(r *http.Request, d door, refused *refusal) {
	if errors.Is(r.Context().Err(), context.Canceled) || !p.logger.Enabled(r.Context(), refused.level) {
		return
	}
	skipped, ok := p.take(refused.level, keyOf(d, refused))
	if !ok {
		return
	}
	reason := refused.reason
	if reason == "" {
		reason = refused.message
	}
	attributes := []slog.Attr{
		slog.Int("status", refused.status),
		slog.String("reason", reason),
		slog.String("method", method(r)),
		slog.String("pattern", r.Pattern),
	}
	if d.gate != nil {
		attributes = append(attributes, slog.String("gate", d.name))
	}
	if skipped > 0 {
		attributes = append(attributes, slog.Int("more", skipped))
	}
	p.logger.LogAttrs(r.Context(), refused.level, "picket: a request was refused", attributes...)
}

// take reports whether it is time for a line about a reason, and how many lines about it were left out.
func (p *reporter) take(level slog.Level, reason string) (skipped int, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, lines := p.now(), p.lines[level]
	known, ok := lines[reason]
	if !ok && len(lines) >= maxReasons {
		for key, old := range lines {
			if !within(now, old.at, reportInterval) {
				delete(lines, key)
			}
		}
		if len(lines) >= maxReasons {
			reason = "" // all others share a line
			known, ok = lines[reason]
		}
	}
	if ok && within(now, known.at, reportInterval) {
		known.skipped++
		return 0, false
	}
	if ok {
		skipped = known.skipped
	}
	lines[reason] = &line{at: now}
	return skipped, true
}

// within reports whether now is less than d after at. It is false if now is before at, because the clock went back then.
func within(now, at time.Time, d time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < d
}

// keyOf returns the same text for refusals with the same reason: digits, such as those of a date, and the ID of a request make no
// difference.
func keyOf(d door, refused *refusal) string {
	reason := refused.reason
	var failure *picket.Error
	if errors.As(refused.cause, &failure) {
		reason = printable(failure.Message, "")
	}
	return fmt.Sprintf("%d %s\n%s\n%s", refused.status, refused.message, d.name, digits.ReplaceAllString(reason, "#"))
}

var digits = regexp.MustCompile(`[0-9]+`)

// method returns the method of a request, or "another", because clients can make up methods.
func method(r *http.Request) string {
	if slices.Contains([]string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
	}, r.Method) {
		return r.Method
	}
	return "another"
}

// printable returns an error's text without the token and its parts, on one line that is not too long.
func printable(text, token string) string {
	for _, secret := range append([]string{token}, strings.Split(token, ".")...) {
		if len(secret) >= 16 || (secret != "" && secret == token) {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	text = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if len(text) > maxReasonBytes {
		text = strings.ToValidUTF8(text[:maxReasonBytes], "") + "…"
	}
	return text
}
