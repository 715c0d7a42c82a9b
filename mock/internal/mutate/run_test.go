package mutate_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-a13ee279/picket/mock/internal/mutate"
)

// refuse is a stage that notices a change of the contract by what it says.
func refuse(name string, texts ...string) mutate.Stage {
	return mutate.Stage{Name: name, Run: func(_ context.Context, dir string) error {
		contract, err := os.ReadFile(filepath.Join(dir, "openapi.yaml"))
		if err != nil {
			return err
		}
		for _, text := range texts {
			if strings.Contains(string(contract), text) {
				return &mutate.FailedError{Command: "test", Output: "--- FAIL: Test" + name + " (0.1s)\n", Err: errors.New(text)}
			}
		}
		return nil
	}}
}

// run judges the mutants whose IDs hold one of the texts.
func run(t *testing.T, ctx context.Context, r mutate.Run, texts ...string) (map[string]mutate.Result, error) {
	t.Helper()
	for _, m := range mutantsOf(t, toy) {
		for _, text := range texts {
			if strings.Contains(m.ID, text) {
				r.Mutants = append(r.Mutants, m)
			}
		}
	}
	results := map[string]mutate.Result{}
	record := r.Record
	begun := map[string]bool{}
	r.Begin = func(mutant string) { begun[mutant] = true }
	r.Contract, r.Copy = []byte(toy), func(context.Context, string) error { return nil }
	r.Record = func(result mutate.Result) error {
		results[result.Mutant] = result
		if !begun[result.Mutant] {
			t.Errorf("%s has a result, and was not begun", result.Mutant)
		}
		if record != nil {
			return record(result)
		}
		return nil
	}
	if r.Jobs == 0 {
		r.Jobs = 2
	}
	if r.Timeout == 0 {
		r.Timeout = time.Minute
	}
	err := r.Do(ctx)
	return results, err
}

func TestTheFirstStageThatNoticesAChangeKillsIt(t *testing.T) {
	r := mutate.Run{Stages: []mutate.Stage{refuse("Names", "nameX:"), refuse("Kinds", "kindX:", "nameX:")}}
	results, err := run(t, t.Context(), r, "name: renamed", "kind: renamed", "sizes: renamed")
	want := map[string]mutate.Result{
		mutate.Unmutated:                        {Mutant: mutate.Unmutated},
		"schemas.Toy.properties.name: renamed":  {Mutant: "schemas.Toy.properties.name: renamed", Stage: "Names", By: "TestNames"},
		"schemas.Toy.properties.kind: renamed":  {Mutant: "schemas.Toy.properties.kind: renamed", Stage: "Kinds", By: "TestKinds"},
		"schemas.Toy.properties.sizes: renamed": {Mutant: "schemas.Toy.properties.sizes: renamed"},
	}
	if diff := cmp.Diff(want, results, cmpopts.IgnoreFields(mutate.Result{}, "Seconds")); err != nil || diff != "" {
		t.Errorf("%v, and the results (-want +got):\n%s", err, diff)
	}
}

func TestAMutantThatHangsIsKilledAsSuch(t *testing.T) {
	hangs := mutate.Stage{Name: "Hangs", Run: func(ctx context.Context, dir string) error {
		if refuse("", "nameX:").Run(ctx, dir) == nil {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}}
	results, err := run(t, t.Context(), mutate.Run{Stages: []mutate.Stage{hangs}, Timeout: 50 * time.Millisecond}, "name: renamed")
	if got := results["schemas.Toy.properties.name: renamed"]; err != nil || got.Stage != "Hangs" || !got.Hung {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAStageThatFailsWithoutAChangeJudgesNothing(t *testing.T) {
	results, err := run(t, t.Context(), mutate.Run{Stages: []mutate.Stage{refuse("Toys", "Toys")}}, "renamed")
	if err == nil || !strings.Contains(err.Error(), "the stage Toys fails without a change") || len(results) > 0 {
		t.Errorf("the error is %v, with %d results", err, len(results))
	}
}

func TestAnInterruptedRunKeepsWhatIsKnownAndGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "results")
	open := func(content string) *mutate.State {
		state, err := mutate.OpenState(file, content)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = state.Close() })
		return state
	}
	state := open("this")
	ctx, interrupt := context.WithCancel(t.Context())
	var once sync.Once
	_, err := run(t, ctx, mutate.Run{Jobs: 1, Stages: []mutate.Stage{refuse("Names", "nameX:")}, Record: func(result mutate.Result) error {
		if result.Mutant != mutate.Unmutated {
			once.Do(interrupt)
		}
		return state.Record(result)
	}}, "renamed")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	known := state.Results()
	if len(known) != 2 { // the run without a change, and one mutant
		t.Errorf("it knows %v", known)
	}
	// The process died while it wrote.
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, `{"mutant":"cut o`...), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open("this")
	if diff := cmp.Diff(known, again.Results()); diff != "" {
		t.Errorf("read again (-written +read):\n%s", diff)
	}
	if err := again.Record(mutate.Result{Mutant: "another"}); err != nil {
		t.Fatal(err)
	}
	if got := open("this").Results(); len(got) != 3 {
		t.Errorf("after a further result it knows %v", got)
	}
	if got := open("that").Results(); len(got) != 0 {
		t.Errorf("of another content it knows %v", got)
	}
}

func TestNoMutantIsBegunWhenTimeIsUp(t *testing.T) {
	results, err := run(t, t.Context(), mutate.Run{Trusted: true, Until: time.Now().Add(-time.Second)}, "renamed")
	if err != nil || len(results) > 0 {
		t.Errorf("%v, with %d results", err, len(results))
	}
}

func TestTheReportListsSurvivorsByTheirReasons(t *testing.T) {
	reasons, err := mutate.ReadReasons([]byte("- mutants: '.*\\.(kind|sizes): renamed'\n  reason: nobody asks for it\n"))
	if err != nil {
		t.Fatal(err)
	}
	stages := []mutate.Stage{{Name: "names"}, {Name: "kinds"}}
	results := map[string]mutate.Result{}
	for _, result := range []mutate.Result{
		{Mutant: "schemas.Toy.properties.name: renamed", Stage: "names", Seconds: 1},
		{Mutant: "schemas.Toy.properties.name: dropped", Stage: "names", Hung: true, Seconds: 2},
		{Mutant: "schemas.Toy.properties.kind: renamed", Seconds: 3},
		{Mutant: "schemas.Toy.properties.sizes: renamed", Stage: "kinds", Seconds: 2},
		{Mutant: "schemas.Toy.properties.sizes: dropped", Seconds: 2},
	} {
		results[result.Mutant] = result
	}
	var out bytes.Buffer
	unexplained := mutate.Report(&out, mutantsOf(t, toy), stages, results, reasons)
	want := `
5 of 69 mutants judged, 2.0 s each
killed: 3 of 5, 60.0 %
      2 by names
      1 by kinds
      1 of them hung
survived, and cannot matter: nobody asks for it
  schemas.Toy.properties.kind: renamed
killed, though mock/internal/mutate/survivors.yaml says that they survive; remove their reason: nobody asks for it
  schemas.Toy.properties.sizes: renamed
survived without a reason; write the test that notices the change, or the reason into mock/internal/mutate/survivors.yaml:
  schemas.Toy.properties.sizes: dropped
`
	if diff := cmp.Diff(want, out.String()); diff != "" || unexplained != 1 {
		t.Errorf("%d, and the report (-want +got):\n%s", unexplained, diff)
	}
}

func TestReasonsOutOfFormAreRefused(t *testing.T) {
	for _, text := range []string{"- mutants: x\n", "- reason: x\n", "- mutants: '('\n  reason: x\n", "- mutant: x\n  reason: x\n", "mutants: x\n"} {
		if _, err := mutate.ReadReasons([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestTheContentOfARepositoryIsWhatGitTracks(t *testing.T) {
	repository, err := mutate.OpenRepository("../../..")
	if err != nil {
		t.Skipf("this is no Git work tree: %v", err)
	}
	dir := t.TempDir()
	if err := repository.Copy(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"openapi.yaml", "go.mod", "picket/client.go"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		want, _ := os.ReadFile(filepath.Join("../../..", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s was not copied: %v", name, err)
		}
	}
	whole, err := repository.Hash()
	if err != nil {
		t.Fatal(err)
	}
	part, err := repository.Hash("openapi.yaml")
	if err != nil || part == whole || len(whole) != 64 {
		t.Errorf("the hashes are %s and, without openapi.yaml, %s (%v)", whole, part, err)
	}
}
