package main

import (
	"context"
	"debug/buildinfo"
	"os"
	"path/filepath"
	"strconv"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// sizeRows compares a program that imports only the client with one that makes the same call by hand.
func sizeRows(ctx context.Context, p plan, dir string) ([]row, error) {
	p.line.Show("the size of programs", 0, 0)
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

// buildSized returns the size of a program in bytes, and how many modules it contains beside this one and the standard library, as
// go version -m lists them.
func buildSized(ctx context.Context, dir, name string) (bytes float64, modules int, err error) {
	binary := filepath.Join(dir, name)
	if err := harness.Build(ctx, ".", "./mock/internal/bench/size/"+name, binary); err != nil {
		return 0, 0, err
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
