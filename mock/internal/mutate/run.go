package mutate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Stage is a check that a copy of the repository has to pass, such as the tests of a package.
type Stage struct {
	Name string
	// Run checks the copy in a folder.
	Run func(ctx context.Context, dir string) error
}

// A Result says what became of a mutant.
type Result struct {
	Mutant string `json:"mutant"`
	// Stage is the stage that noticed the change; it is empty when none did, and the mutant survived.
	Stage string `json:"stage,omitempty"`
	// Hung says that the stage did not end in time.
	Hung bool `json:"hung,omitempty"`
	// By is the test that failed, where one did.
	By string `json:"by,omitempty"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
}

// Survived says that no stage noticed the change.
func (r Result) Survived() bool { return r.Stage == "" }

// A Run judges mutants.
type Run struct {
	Contract []byte
	Mutants  []Mutant
	Stages   []Stage // from cheap to dear; the first that fails ends it
	// Copy makes a copy of the repository in an empty folder. Each job has one and uses it again.
	Copy func(ctx context.Context, dir string) error
	Jobs int
	// Timeout is how long a mutant may take. One that takes longer is killed: it hung.
	Timeout time.Duration
	// Until ends the run: no mutant is begun later. The zero value does not.
	Until time.Time
	// Record is called with each result, by one job at a time. An error ends the run.
	Record func(Result) error
	// Trusted says that the stages are known to pass without a change.
	Trusted bool
}

// Unmutated is the name of the result that says that the stages pass without a change.
const Unmutated = "(no change)"

// Do judges the mutants until there is none left, time is up or ctx is done. It first makes sure that every stage passes
// without a change: a stage that fails anyway would kill everything and prove nothing.
func (r Run) Do(ctx context.Context) error {
	if r.Jobs < 1 {
		return fmt.Errorf("%d jobs cannot do anything; give 1 or more", r.Jobs)
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	queue := make(chan Mutant)
	var jobs sync.WaitGroup
	var recording sync.Mutex
	record := func(result Result) {
		recording.Lock()
		defer recording.Unlock()
		if err := r.Record(result); err != nil {
			fail(err)
		}
	}
	dirs := make([]string, min(r.Jobs, len(r.Mutants)))
	for i := range dirs {
		dir, err := os.MkdirTemp("", "picket-mutate-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		if err := r.Copy(ctx, dir); err != nil {
			return fmt.Errorf("copying the repository: %w", err)
		}
		dirs[i] = dir
	}
	if !r.Trusted && len(dirs) > 0 {
		unchanged, err := Unchanged(r.Contract)
		if err != nil {
			return err
		}
		result, err := r.judge(ctx, dirs[0], Unmutated, unchanged, 10*r.Timeout) // with an empty cache, everything is compiled
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !result.Survived():
			return fmt.Errorf("the stage %s fails without a change, so it can judge none: %w", result.Stage, err)
		}
		record(result)
	}
	for _, dir := range dirs {
		jobs.Go(func() {
			for mutant := range queue {
				contract, err := mutant.Apply(r.Contract)
				if err != nil {
					fail(err)
					return
				}
				if result, _ := r.judge(ctx, dir, mutant.ID, contract, r.Timeout); ctx.Err() == nil {
					record(result)
				}
			}
		})
	}
	for _, mutant := range r.Mutants {
		if ctx.Err() != nil || !r.Until.IsZero() && time.Now().After(r.Until) {
			break
		}
		select {
		case queue <- mutant:
		case <-ctx.Done():
		}
	}
	close(queue)
	jobs.Wait()
	return context.Cause(ctx)
}

// judge returns what became of a changed contract, and why.
func (r Run) judge(ctx context.Context, dir, id string, contract []byte, timeout time.Duration) (Result, error) {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result := Result{Mutant: id}
	err := os.WriteFile(filepath.Join(dir, "openapi.yaml"), contract, 0o600)
	if err != nil {
		result.Stage = "writing"
	}
	for _, stage := range r.Stages {
		if err != nil {
			break
		}
		if err = stage.Run(ctx, dir); err != nil {
			result.Stage = stage.Name
			result.Hung = errors.Is(ctx.Err(), context.DeadlineExceeded)
			var failed *FailedError
			if errors.As(err, &failed) {
				result.By = failed.Test()
			}
		}
	}
	result.Seconds = time.Since(begin).Round(10 * time.Millisecond).Seconds()
	return result, err
}
