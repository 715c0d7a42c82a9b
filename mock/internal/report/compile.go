package main

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"strings"
)

var compileError = regexp.MustCompile(`(?m)^\S+\.go:\d+:\d+: .*$`)

// compileErrors returns what does not compile below a folder, a line for each place. What Go does not name is an error.
func compileErrors(ctx context.Context, root string) ([]string, error) {
	build := exec.CommandContext(ctx, "go", "build", "./...")
	build.Dir = root
	output, err := build.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &exit):
		return nil, err
	}
	places := compileError.FindAllString(string(output), -1)
	if len(places) == 0 {
		return nil, errors.New("go build ./... fails: " + strings.TrimSpace(string(output)))
	}
	return places, nil
}
