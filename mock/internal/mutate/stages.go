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

// repositoryTests is the folder of the tests of the contract, and contractTests the program that Prepare makes of them.
const repositoryTests, contractTests = "mock/internal/repository", "contract.test"

// Prepare builds, in a copy whose contract is not changed yet, the tests of the contract: they read it when they run.
func Prepare(ctx context.Context, dir string) error {
	_, err := run(ctx, dir, "go", "test", "-c", "-o", filepath.Join(repositoryTests, contractTests), "./"+repositoryTests)
	return err
}

// Stages returns what a copy of this repository has to pass.
//
// The tests of the contract come first, because they need neither the generated code nor the mock, and because they kill
// most. The test that generated/ is what openapi.yaml makes is none of them: it would notice every change, and says nothing
// about whether the change matters. Neither are others of that package that look at the repository as a whole.
func Stages(root string) ([]Stage, error) {
	var tests []string
	for _, file := range []string{"contract_test.go", "operation_facts_test.go", "schema_facts_test.go"} {
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
		// The packages that are internal are tested by those that use them, and that of the repository as a whole makes copies of it.
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
	ownGroup(cmd)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return "", &FailedError{strings.Join(args, " "), output.String(), err}
	}
	return output.String(), nil
}
