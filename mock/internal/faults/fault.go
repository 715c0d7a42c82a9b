// Package faults makes things go wrong on purpose: it keeps the faults of a project, chooses the one that hits a request, and
// spoils the answer. It does not know what an operation does.
package faults

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. What they do is documented for users in package mock.
const (
	Delay       Kind = "delay"
	Status      Kind = "status"
	Reset       Kind = "reset"
	Empty       Kind = "empty"
	Truncate    Kind = "truncate"
	Malformed   Kind = "malformed"
	ContentType Kind = "contentType"
	Drip        Kind = "drip"
)

// Fault is something that goes wrong on purpose. Its fields are documented for users in package mock.
type Fault struct {
	Operation   string
	Count       int
	Probability float64
	Delay       time.Duration
	Kind        Kind // without one, it is Delay
	Performed   bool
	Status      int
	Code        picket.ErrorCode
	RetryAfter  string
	Interval    time.Duration
}

// maxDelay is more than any client waits. The control API has the same limit.
const maxDelay = 24 * time.Hour

// check refuses a fault that makes no sense. The function tells which operations there are.
func (f Fault) check(known func(operation string) bool) error {
	kinds := []Kind{Delay, Status, Reset, Empty, Truncate, Malformed, ContentType, Drip}
	switch {
	case f.Operation != "" && !known(f.Operation):
		return fmt.Errorf(`there is no operation "%s"`, names.Shown(f.Operation))
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf(`there is no kind of fault "%s"`, names.Shown(string(f.Kind)))
	case f.Count < 0:
		return fmt.Errorf("the count %d is negative", f.Count)
	case !(f.Probability >= 0 && f.Probability <= 1):
		return fmt.Errorf("the probability %v is not from 0 to 1", f.Probability)
	case f.Delay < 0 || f.Interval < 0:
		return errors.New("a time is negative")
	case f.Delay > maxDelay || f.Interval > maxDelay:
		return fmt.Errorf("a time is longer than %v", maxDelay)
	case f.Kind == Status && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("the status %d is not from 400 to 599", f.Status)
	case f.Kind == Delay && f.Delay == 0:
		return errors.New("the fault has neither a kind nor a delay, so nothing would go wrong")
	}
	return nil
}

// Performs reports whether the operation takes place.
func (f Fault) Performs() bool {
	return f.Performed || !slices.Contains([]Kind{Status, Reset, Empty}, f.Kind)
}

// Answers reports whether the client gets a response of the operation, even if a spoilt one.
func (f Fault) Answers() bool { return !slices.Contains([]Kind{Status, Reset, Empty}, f.Kind) }
