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

// Survived reports whether no stage noticed the change.
func (r Result) Survived() bool { return r.Stage == "" }

// A Run judges mutants.
type Run struct {
	Contract []byte
	Mutants  []Mutant
	Stages   []Stage // the fastest first; the first that fails judges the mutant
	// Copy makes a copy of the repository in an empty folder. Each job has one for all of its mutants.
	Copy func(ctx context.Context, dir string) error
	Jobs int
	// Timeout is how long a mutant may take. One that takes longer is stopped and counts as hung.
	Timeout time.Duration
	// Until is the time after which no mutant is begun; the zero value is no limit.
	Until time.Time
	// Begin is called with the ID of each mutant before it is judged, or with Unmutated.
	Begin func(mutant string)
	// Record is called with each result. An error ends the run. One job at a time calls it or Begin.
	Record func(Result) error
	// Trusted says that the stages are known to pass without a change.
	Trusted bool
}

// Unmutated is the name of the result that says that the stages pass without a change.
const Unmutated = "(no change)"

// Do judges the mutants until none is left, the time is up or ctx is done. It first makes sure that every stage passes
// without a change: a stage that fails anyway would kill everything and prove nothing.
func (r Run) Do(ctx context.Context) error {
	if r.Jobs < 1 {
		return fmt.Errorf("there must be 1 job or more, not %d", r.Jobs)
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
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
		if err := r.judgeUnmutated(ctx, dirs[0]); err != nil {
			return err
		}
	}
	queue := make(chan Mutant)
	var jobs sync.WaitGroup
	var calling sync.Mutex
	for _, dir := range dirs {
		jobs.Go(func() {
			for mutant := range queue {
				if err := r.judgeMutant(ctx, dir, mutant, &calling); err != nil {
					fail(err)
					return
				}
			}
		})
	}
	r.enqueue(ctx, queue)
	close(queue)
	jobs.Wait()
	return context.Cause(ctx)
}

// judgeUnmutated makes sure that the contract passes all stages as it is: only then does a failure say something about a mutant.
func (r Run) judgeUnmutated(ctx context.Context, dir string) error {
	unchanged, err := Unchanged(r.Contract)
	if err != nil {
		return err
	}
	r.Begin(Unmutated)
	result, err := r.judge(ctx, dir, Unmutated, unchanged, 10*r.Timeout) // with an empty cache, everything is compiled
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !result.Survived():
		return fmt.Errorf("the stage %s fails without a change, so it cannot judge one: %w", result.Stage, err)
	}
	return r.Record(result)
}

// judgeMutant judges a mutant and records the result, unless the context ended meanwhile.
func (r Run) judgeMutant(ctx context.Context, dir string, mutant Mutant, calling *sync.Mutex) error {
	contract, err := mutant.Apply(r.Contract)
	if err != nil {
		return err
	}
	calling.Lock()
	r.Begin(mutant.ID)
	calling.Unlock()
	result, _ := r.judge(ctx, dir, mutant.ID, contract, r.Timeout)
	if ctx.Err() != nil {
		return nil
	}
	calling.Lock()
	defer calling.Unlock()
	return r.Record(result)
}

// enqueue hands the mutants out until the time is up or the context ends.
func (r Run) enqueue(ctx context.Context, queue chan<- Mutant) {
	for _, mutant := range r.Mutants {
		if ctx.Err() != nil || !r.Until.IsZero() && time.Now().After(r.Until) {
			return
		}
		select {
		case queue <- mutant:
		case <-ctx.Done():
		}
	}
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
