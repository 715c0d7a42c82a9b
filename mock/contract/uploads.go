package contract

import (
	"io"
	"sync"
)

// uploads are the bodies that a request is sent with: one, or more when net/http sends it again on another connection. One of them is
// checked: the first that is read to its end or found too large. If none is, the last is checked as far as it was read, once the server has
// answered and so no other can follow.
type uploads struct {
	check func(how ending, kept []byte)

	mu      sync.Mutex
	last    *tap
	ended   bool // last has ended
	how     ending
	kept    []byte
	stopped bool // no other body can follow
	checked bool
}

// start returns a tap on a further body of the request.
func (u *uploads) start(body io.ReadCloser, length, limit int64) *tap {
	t := newTap(body, length, limit)
	t.done = func(how ending, kept []byte) { u.end(t, how, kept) }
	u.mu.Lock()
	defer u.mu.Unlock()
	u.last, u.ended, u.how, u.kept = t, false, complete, nil
	return t
}

// end is called when a body has ended.
func (u *uploads) end(t *tap, how ending, kept []byte) {
	u.mu.Lock()
	isLast := u.last == t
	if isLast {
		u.ended, u.how, u.kept = true, how, kept
	}
	due := isLast && !u.checked && (how == complete || how == tooLarge || u.stopped)
	u.checked = u.checked || due
	u.mu.Unlock()
	if due {
		u.check(how, kept)
	}
}

// stop is called with the result of the round trip, after which no other body can follow.
func (u *uploads) stop(err error) {
	u.mu.Lock()
	u.stopped = true
	due := u.ended && !u.checked && err == nil
	u.checked = u.checked || due
	how, kept := u.how, u.kept
	u.mu.Unlock()
	if due {
		u.check(how, kept)
	}
}
