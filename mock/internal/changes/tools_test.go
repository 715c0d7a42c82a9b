package changes_test

import (
	"os"
	"os/exec"
	"strings"
)

// keep keeps the copy as it is as a revision, with which diff compares what is changed afterwards.
func (w workshop) keep() {
	w.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "before"}} {
		git := exec.CommandContext(w.Context(), "git", args...)
		git.Dir = w.dir
		if out, err := git.CombinedOutput(); err != nil {
			w.Fatalf("git %s: %v %s", strings.Join(args, " "), err, out)
		}
	}
}

// checkDiff checks that make diff finds nothing in the contract that breaks since keep, and names what is new. In Go, a struct that gets a
// list can no longer be compared, which diff calls breaking.
func (w workshop) checkDiff(news ...string) {
	w.Helper()
	out := w.run("-C", "mock/internal/diff", "run", "./cmd", "-root", w.dir, "-base", "HEAD")
	if !strings.Contains(out, "\nopenapi.yaml: compatible\n") || !strings.Contains(out, "\ncontrol.yaml: no change\n") {
		w.Errorf("the diff of additions is %s", out)
	}
	for _, what := range news {
		if !strings.Contains(out, what) {
			w.Errorf("the diff does not have %s: %s", what, out)
		}
	}
}

// checkVerify checks that picket-mock verify finds nothing wrong with a mock of the changed contract.
func (w workshop) checkVerify(base string) {
	w.Helper()
	verify := exec.CommandContext(w.Context(), "go", "run", "./mock/cmd/picket-mock", "verify", "-base-url", base)
	verify.Dir = w.dir
	verify.Env = append(os.Environ(), "GOFLAGS=-trimpath "+os.Getenv("GOFLAGS"), "PICKET_API_KEY="+secretKey)
	if out, err := verify.CombinedOutput(); err != nil {
		w.Errorf("picket-mock verify: %v\n%s", err, out)
	}
}
