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
	"time"
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

// Stages returns what a copy of this repository has to pass, for mutants that may take as long as timeout.
//
// The tests of the contract come first, because they need neither the generated code nor the mock, and because they kill
// most. The test that generated/ is what openapi.yaml makes is none of them: it would notice every change, and says nothing
// about whether the change matters. Neither are others of that package that look at the repository as a whole.
func Stages(root string, timeout time.Duration) ([]Stage, error) {
	var contractTests []string
	for _, file := range []string{"contract_test.go", "facts_test.go"} {
		text, err := os.ReadFile(filepath.Join(root, "mock/internal/repository", file))
		if err != nil {
			return nil, err
		}
		for _, match := range regexp.MustCompile(`(?m)^func (Test\w+)`).FindAllStringSubmatch(string(text), -1) {
			contractTests = append(contractTests, match[1])
		}
	}
	test := func(name string, args ...string) Stage {
		return command(name, append([]string{"test", "-failfast", "-vet=off", "-timeout=" + timeout.String()}, args...)...)
	}
	return []Stage{
		command("generation", "generate", "."),
		test("the tests of the contract", "-run=^("+strings.Join(contractTests, "|")+")$", "./mock/internal/repository"),
		command("the compiler", "build", "./generated", "./picket/...", "./mock/..."),
		test("the tests of picket", "./picket/..."),
		test("the tests of mock", "./mock"),
		{"the tests around mock", func(ctx context.Context, dir string) error {
			packages, err := goCommand(ctx, dir, "list", "./mock/...")
			if err != nil {
				return err
			}
			args := []string{"test", "-failfast", "-vet=off", "-timeout=" + timeout.String()}
			for _, name := range strings.Fields(packages) {
				if !strings.HasSuffix(name, "/mock") && !strings.Contains(name, "/internal/") {
					args = append(args, name)
				}
			}
			_, err = goCommand(ctx, dir, args...)
			return err
		}},
	}, nil
}

func command(name string, args ...string) Stage {
	return Stage{name, func(ctx context.Context, dir string) error {
		_, err := goCommand(ctx, dir, args...)
		return err
	}}
}

func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second // a test that hangs keeps the output open
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	if err == nil {
		return output.String(), nil
	}
	failed := &FailedError{strings.Join(append([]string{"go"}, args...), " "), output.String(), err}
	if strings.Contains(failed.Output, "panic: test timed out after") {
		failed.Err = fmt.Errorf("%w: %w", ErrHung, err)
	}
	return "", failed
}
