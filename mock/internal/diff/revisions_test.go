package diff_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
)

func TestBeforeTheFirstReleaseNothingIsCompared(t *testing.T) {
	r := newRepository(t, "v1.0.0-rc.1")
	r.replace("picket/picket.go", "func Ignored() {}\n", "")
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "nothing was released yet") {
		t.Errorf("it says %v and %s", err, out)
	}
	if out, err := r.compare("HEAD"); err != nil || !strings.Contains(out, "Since HEAD: breaking") || !strings.Contains(out, "nothing needs an announcement") {
		t.Errorf("compared with HEAD, it says %v and\n%s", err, out)
	}
}

func TestWhatBreaksSinceAnyRevisionIsMeasuredByTheReleaseBeforeIt(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("picket/picket.go", "func Ignored", "func New() {}\n\nfunc Ignored")
	r.git("commit", "--quiet", "-am", "Add New")
	r.git("branch", "some-branch")
	r.replace("picket/picket.go", "func New() {}\n\n", "")
	var unannounced *diff.UnannouncedError
	if _, err := r.compare("some-branch"); !errors.As(err, &unannounced) || unannounced.Version.String() != "2.0.0" {
		t.Errorf("the error is %v", err)
	}
	if out, err := r.compare(""); err != nil || !strings.Contains(out, "Since v1.4.2: no change") {
		t.Errorf("since the release, it says %v and\n%s", err, out)
	}
}

func TestABaseThatIsNotARevisionIsAClearError(t *testing.T) {
	r := newRepository(t)
	for _, base := range []string{"v9.9.9", "--output=x", "nonsense"} {
		if _, err := r.compare(base); err == nil || !strings.Contains(err.Error(), base) || !strings.Contains(err.Error(), "give a tag, branch or commit") {
			t.Errorf("%s: the error is %v", base, err)
		}
	}
}

func TestAShallowCloneDoesNotCountAsOneWithoutReleases(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.git("commit", "--quiet", "--allow-empty", "-m", "Go on")
	shallow := repository{t, t.TempDir()}
	shallow.git("clone", "--quiet", "--depth=1", "file://"+r.root, ".")
	if _, err := shallow.compare(""); err == nil || !strings.Contains(err.Error(), "git fetch --unshallow --tags") {
		t.Errorf("the error is %v", err)
	}
	shallow.git("fetch", "--quiet", "--unshallow", "--tags")
	if out, err := shallow.compare(""); err != nil || !strings.Contains(out, "Since v1.4.2") {
		t.Errorf("with everything fetched, it says %v and %s", err, out)
	}
}

func TestCodeThatDoesNotCompileSaysWhereAndWhatToDo(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("picket/types/types.go", "type Toy struct", "type Toys struct")
	r.replace("openapi.yaml", "colour: {type: string}", "colour: {type: integer}")
	out, err := r.compare("")
	var compile *diff.CompileError
	want := diff.CompileError{Problems: []string{"picket/picket.go:5:18: undefined: types.Toy"}}
	if !errors.As(err, &compile) || cmp.Diff(want, *compile) != "" {
		t.Errorf("the error is %v", err)
	}
	const message = "the Go API cannot be compared, because the code does not compile: picket/picket.go:5:18: undefined: types.Toy; " +
		"run make generate, correct the code, and run make diff again"
	if compile.Error() != message {
		t.Errorf("it says %q", compile)
	}
	var unannounced *diff.UnannouncedError
	if !errors.As(err, &unannounced) || !slices.Equal(unannounced.Names, []string{"POST /toys"}) {
		t.Errorf("of the contract, the error is %v", err)
	}
	if !strings.Contains(out, "Since v1.4.2, without the Go API: breaking\n\nopenapi.yaml, still version 1.0.0: breaking\n  breaking    POST /toys: ") {
		t.Errorf("of the contract, it says\n%s", out)
	}
}

func TestAnOldRevisionThatDoesNotCompileIsNamed(t *testing.T) {
	r := newRepository(t)
	r.replace("mock/mock.go", "URL string", "URL strin")
	r.commit("v1.4.2")
	r.replace("mock/mock.go", "URL strin", "URL string")
	_, err := r.compare("")
	const want = "the Go API cannot be compared with that of v1.4.2, whose code does not compile with this version of Go: " +
		"mock/mock.go:3:25: undefined: strin; compare with another revision: make diff BASE=revision"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v", err)
	}
}

func TestAContractThatCannotBeReadIsNamed(t *testing.T) {
	r := newRepository(t, "v1.4.2")
	r.replace("openapi.yaml", "#/components/schemas/Toy", "#/components/schemas/Toys")
	if _, err := r.compare(""); err == nil || !strings.HasPrefix(err.Error(), "openapi.yaml cannot be compared: ") || strings.Contains(err.Error(), r.root) {
		t.Errorf("the error is %v", err)
	}
	r.commit("v1.5.0")
	r.replace("openapi.yaml", "#/components/schemas/Toys", "#/components/schemas/Toy")
	if _, err := r.compare(""); err == nil || !strings.HasPrefix(err.Error(), "openapi.yaml of v1.5.0 cannot be compared: ") {
		t.Errorf("the error is %v", err)
	}
}

const control = `openapi: 3.0.3
info: {title: Control, version: 1.0.0}
servers: [{url: /_mock}]
paths:
  /reset:
    post:
      operationId: reset
      responses:
        '204': {description: It is reset.}
`
