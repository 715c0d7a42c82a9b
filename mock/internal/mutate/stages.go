package mutate

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A FailedError is a command that failed.
type FailedError struct {
	Command string
	Output  string
	Err     error
}

func (e *FailedError) Error() string { return fmt.Sprintf("%s: %v\n%s", e.Command, e.Err, e.Output) }
func (e *FailedError) Unwrap() error { return e.Err }

var failedTest = regexp.MustCompile(`(?m)^--- FAIL: (\S+)`)

// Test returns the first test that failed, or "".
func (e *FailedError) Test() string {
	if match := failedTest.FindStringSubmatch(e.Output); match != nil {
		return match[1]
	}
	return ""
}

// repositoryTests is the folder of the tests of the contract, and contractTests is the program that Prepare builds from them.
const repositoryTests, contractTests = "mock/internal/repository", "contract.test"

// Prepare builds the tests of the contract in a copy. They read the contract when they run, so it may be changed afterwards.
func Prepare(ctx context.Context, dir string) error {
	_, err := run(ctx, dir, "go", "test", "-c", "-o", filepath.Join(repositoryTests, contractTests), "./"+repositoryTests)
	return err
}

// Stages returns what a copy of this repository has to pass.
//
// The tests of the contract come first, because they need neither the generated code nor the mock, and because they kill most
// mutants. The test that compares the generated code with openapi.yaml is not among them: it would notice every change, whether it
// matters or not. The tests of that package that look at the repository as a whole are not among them either.
func Stages(root string) ([]Stage, error) {
	var tests []string
	for _, file := range []string{"contract_test.go", "links_test.go", "operation_facts_test.go", "schema_facts_test.go"} {
		text, err := os.ReadFile(filepath.Join(root, repositoryTests, file))
		if err != nil {
			return nil, err
		}
		for _, match := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllStringSubmatch(string(text), -1) {
			tests = append(tests, match[1])
		}
	}
	pattern := "-test.run=^(" + strings.Join(tests, "|") + ")$"
	test := func(name, packages string) Stage {
		return command(name, "go", "test", "-failfast", "-vet=off", packages)
	}
	return []Stage{
		{"the tests of the contract", func(ctx context.Context, dir string) error {
			dir = filepath.Join(dir, repositoryTests)
			_, err := run(ctx, dir, filepath.Join(dir, contractTests), "-test.failfast", pattern)
			return err
		}},
		// Only what is generated from the contract: the mock's control API stays as it is.
		command("generation", "go", "generate", `-run=\bopenapi\.yaml`, "./..."),
		command("the compiler", "go", "build", "./generated/...", "./picket/...", "./mock/..."),
		test("the tests of picket", "./picket/..."),
		test("the tests of mock", "./mock"),
		// Internal packages are tested by those that use them, and the tests of the repository as a whole would make copies of it.
		{"the tests around mock", func(ctx context.Context, dir string) error {
			packages, err := run(ctx, dir, "go", "list", "./mock/...")
			if err != nil {
				return err
			}
			args := []string{"go", "test", "-failfast", "-vet=off"}
			for _, name := range strings.Fields(packages) {
				if !strings.HasSuffix(name, "/mock") && judgesContract(name) {
					args = append(args, name)
				}
			}
			_, err = run(ctx, dir, args...)
			return err
		}},
	}, nil
}

// judgesContract reports whether the tests of a package around mock can tell a good contract from a bad one. Of the internal packages,
// those are spec and rules, which read the contract themselves.
func judgesContract(name string) bool {
	_, internal, isInternal := strings.Cut(name, "/internal/")
	return !isInternal || internal == "spec" || internal == "rules"
}

func command(name string, args ...string) Stage {
	return Stage{name, func(ctx context.Context, dir string) error {
		_, err := run(ctx, dir, args...)
		return err
	}}
}

// run returns what a command printed.
func run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	harness.OwnGroup(cmd) // so that an interrupted test does not count as one that failed
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return "", &FailedError{strings.Join(args, " "), output.String(), err}
	}
	return output.String(), nil
}
