package middleware

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"
)

// maxMarks limits the memory of a limiter to about 10 MiB.
const maxMarks = 1 << 16

// limiter allows something once per interval for each of many keys. If there are too many keys, it allows nothing until one of them
// is free again.
type limiter struct {
	interval time.Duration

	mu    sync.Mutex
	marks map[[sha256.Size]byte]*list.Element // of mark
	order list.List                           // the same, the oldest in front
}

type mark struct {
	key [sha256.Size]byte
	at  time.Time
}

func newLimiter(interval time.Duration) *limiter {
	return &limiter{interval: interval, marks: map[[sha256.Size]byte]*list.Element{}}
}

// take marks the first of the keys if all of them are free, and otherwise returns how long to wait.
func (l *limiter) take(now time.Time, keys ...string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expire(now)
	for _, key := range keys {
		if element, ok := l.marks[sha256.Sum256([]byte(key))]; ok {
			wait = max(wait, element.Value.(mark).at.Add(l.interval).Sub(now))
		}
	}
	if wait == 0 && len(l.marks) >= maxMarks {
		return l.interval
	}
	if wait == 0 {
		l.set(now, keys[0])
	}
	return wait
}

// move frees a key and, if another one is given, marks that instead.
func (l *limiter) move(now time.Time, from, to string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if element, ok := l.marks[sha256.Sum256([]byte(from))]; ok {
		l.remove(element)
	}
	if to != "" {
		l.set(now, to)
	}
}

func (l *limiter) set(now time.Time, key string) {
	m := mark{sha256.Sum256([]byte(key)), now}
	if element, ok := l.marks[m.key]; ok {
		l.remove(element)
	}
	l.marks[m.key] = l.order.PushBack(m)
}

// expire frees the keys whose interval is over, and those that were marked in the future, because the clock went back then.
func (l *limiter) expire(now time.Time) {
	for front := l.order.Front(); front != nil && !within(now, front.Value.(mark).at, l.interval); front = l.order.Front() {
		l.remove(front)
	}
}

func (l *limiter) remove(element *list.Element) {
	delete(l.marks, l.order.Remove(element).(mark).key)
}
