package main

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// sizeRows compares a program that imports nothing but the client with one that makes the same call by hand.
func sizeRows(ctx context.Context, _ plan, dir string) ([]row, error) {
	progress("size of programs")
	picket, picketModules, err := buildSized(ctx, dir, "picket")
	if err != nil {
		return nil, err
	}
	bare, bareModules, err := buildSized(ctx, dir, "nethttp")
	if err != nil {
		return nil, err
	}
	return []row{
		comparison{"a program with the client: size", size, atMost, 1.10}.row([]float64{picket}, []float64{bare}),
		{what: "a program with the client: modules it depends on", ours: strconv.Itoa(picketModules), yardstick: strconv.Itoa(bareModules)},
	}, nil
}

// buildSized returns the size of a program in bytes, and how many modules it is made of beside this one and the standard library,
// as go version -m tells them.
func buildSized(ctx context.Context, dir, name string) (bytes float64, modules int, err error) {
	binary := filepath.Join(dir, name)
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./mock/internal/bench/size/"+name).CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("%w: %s", err, out)
	}
	file, err := os.Stat(binary)
	if err != nil {
		return 0, 0, err
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return 0, 0, err
	}
	return float64(file.Size()), len(info.Deps), nil
}
