// Package counted keeps what applies to a number of requests, or to all until it is removed, such as faults and stubs. It knows neither
// what they are nor what a request is.
package counted

import (
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// List is a list of values, in the order in which they were added. It is safe for concurrent use.
type List[T any] struct {
	account *limits.Account

	mu   sync.Mutex
	list []*live[T]
}

type live[T any] struct {
	value T
	left  int   // for how many requests; 0 for all
	size  int64 // what it takes of the account, in bytes
}

// New returns an empty list, whose room is taken from the account.
func New[T any](account *limits.Account) *List[T] { return &List[T]{account: account} }

// Add adds a value with the given texts in it, for so many requests, or for all if count is 0.
func (l *List[T]) Add(value T, count int, texts ...string) error {
	return l.account.MakingRoom(func() error {
		size, err := l.account.Take(texts...)
		if err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.list = append(l.list, &live[T]{value, count, size})
		return nil
	})
}

// Take returns the first value that matches, and counts the request.
func (l *List[T]) Take(matches func(T) bool) (value T, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.list, func(one *live[T]) bool { return matches(one.value) })
	if i < 0 {
		return value, false
	}
	one := l.list[i]
	if one.left > 0 {
		if one.left--; one.left == 0 {
			l.list = slices.Delete(l.list, i, i+1)
			l.account.Give(one.size)
		}
	}
	return one.value, true
}

// Each calls do with each value and for how many requests it is left, or 0 for all.
func (l *List[T]) Each(do func(value T, left int)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.list {
		do(one.value, one.left)
	}
}

// Clear removes all values.
func (l *List[T]) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.list {
		l.account.Give(one.size)
	}
	l.list = nil
}
