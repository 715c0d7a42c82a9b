package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// skip is why a check is skipped.
type skip string

func (s skip) Error() string { return string(s) }

const needsMock = skip("needs a picket-mock that can be set up")

// check runs a check. It fails if a request or a response breaks the contract.
func (r *run) check(ctx context.Context, name string, f func(context.Context) error) {
	r.judge(ctx, name, true, f)
}

// checkWrong runs a check whose request breaks the contract on purpose. It fails if a response breaks the contract.
func (r *run) checkWrong(ctx context.Context, name string, f func(context.Context) error) {
	r.judge(ctx, name, false, f)
}

func (r *run) judge(ctx context.Context, name string, judgeRequests bool, f func(context.Context) error) {
	if r.counting {
		r.total++
		return
	}
	r.set.progress(name, len(r.report.Checks), r.total)
	if r.set.skip != nil && r.set.skip.MatchString(name) {
		r.report.Checks = append(r.report.Checks, Check{Name: name, Result: Skip, Reason: "its name matches the names to skip"})
		return
	}
	r.takeFound()
	limited, cancel := context.WithTimeout(ctx, r.set.timeout)
	defer cancel()
	began := time.Now()
	err := f(limited)
	took := time.Since(began)
	found := r.takeFound()
	if !judgeRequests {
		found = slices.DeleteFunc(found, func(v contract.Violation) bool { return v.Direction == contract.Request })
	}
	check := Check{Name: name, Result: Pass, Violations: found, Duration: took}
	var skipped skip
	switch {
	case errors.As(err, &skipped):
		check.Result, check.Reason = Skip, skipped.Error()
	case err != nil:
		check.Result, check.Reason = Fail, names.Message(err.Error())
	case len(found) > 0:
		check.Result, check.Reason = Fail, "a message breaks the contract"
	}
	r.report.Checks = append(r.report.Checks, check)
}

func (r *run) takeFound() []contract.Violation {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.found
	r.found = nil
	return found
}

// refused returns nil if a call ended with the error that it should end with.
func refused(got error, want picket.ErrorCode) error {
	switch {
	case got == nil:
		return fmt.Errorf("it succeeded, but must be refused with %s", want)
	case !errors.Is(got, want):
		return fmt.Errorf("it must be refused with %s: %w", want, got)
	}
	return nil
}
