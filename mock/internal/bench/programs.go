package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// buildMock builds picket-mock, and runs it with flags.
func buildMock(ctx context.Context, dir string, flags ...string) (program, error) {
	return buildProgram(ctx, dir, "picket-mock", "./mock/cmd/picket-mock", func(address string) []string { return append([]string{"-addr", address}, flags...) })
}

// buildBare builds the server of package bare.
func buildBare(ctx context.Context, dir string) (program, error) {
	return buildProgram(ctx, dir, "package bare", "./mock/internal/bench/bare/server", func(address string) []string { return []string{address, mock.DefaultSecretKey} })
}

func buildProgram(ctx context.Context, dir, name, pkg string, args func(address string) []string) (program, error) {
	binary := filepath.Join(dir, filepath.Base(pkg))
	if err := harness.Build(ctx, ".", pkg, binary); err != nil {
		return program{}, err
	}
	return program{
		name: name,
		command: func(ctx context.Context, port string) *exec.Cmd {
			return exec.CommandContext(ctx, binary, args("127.0.0.1:"+port)...)
		},
		first: nonces(base + "/auth/nonce"),
	}, nil
}

// findPrism returns Prism in the version that mock/conformance pins, and installs it when it is not installed. The text of its
// errors stands in the table.
func findPrism(ctx context.Context, p plan) (program, error) {
	const suite = "mock/conformance/prism"
	node, err := exec.LookPath("node")
	if err != nil {
		return program{}, errors.New("no Node.js for Prism")
	}
	if !newer(suite+"/node_modules/.package-lock.json", suite+"/package-lock.json") {
		npm, err := exec.LookPath("npm")
		if err != nil {
			return program{}, errors.New("no npm for Prism")
		}
		p.line.Show("installing Prism", 0, 0)
		install := exec.CommandContext(ctx, npm, "ci", "--prefix", suite, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
		if out, err := install.CombinedOutput(); err != nil {
			_, _ = fmt.Fprintf(p.line.Writer(os.Stderr), "npm: %v: %s\n", err, out)
			return program{}, errors.New("npm cannot install Prism")
		}
	}
	return program{
		name: "Prism",
		command: func(ctx context.Context, port string) *exec.Cmd {
			return exec.CommandContext(ctx, node, suite+"/node_modules/@stoplight/prism-cli/dist/index.js",
				"mock", "openapi.yaml", "--host", "127.0.0.1", "--port", port, "--verboseLevel", "silent")
		},
		first: nonces("/auth/nonce"),
	}, nil
}

// newer reports whether a file exists and was written after another.
func newer(file, than string) bool {
	a, err := os.Stat(file)
	if err != nil {
		return false
	}
	b, err := os.Stat(than)
	return err == nil && a.ModTime().After(b.ModTime())
}
