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
	p.line.Show("building programs with an empty cache", 0, 0)
	picket, err := buildSized(ctx, p, dir, "picket")
	if err != nil {
		return nil, err
	}
	bare, err := buildSized(ctx, p, dir, "nethttp")
	if err != nil {
		return nil, err
	}
	rows := []row{
		comparison{"a program with the client: size", size, atMost, 1.06}.row([]float64{picket.size}, []float64{bare.size}),
		{what: "a program with the client: modules it depends on", ours: strconv.Itoa(picket.modules), yardstick: strconv.Itoa(bare.modules)},
	}
	if p.cold {
		rows = append(rows, comparison{"a program with the client: processor time of building it and the standard library", nanoseconds, none, 0}.row([]float64{picket.build}, []float64{bare.build}))
	}
	return rows, nil
}

// A sized is what a program costs before it runs.
type sized struct {
	size    float64 // bytes
	modules int     // beside this one and the standard library, as go version -m lists them
	build   float64 // nanoseconds of processor time, including the compiler and the linker
}

func buildSized(ctx context.Context, p plan, dir, name string) (sized, error) {
	binary := filepath.Join(dir, name)
	var environment []string
	if p.cold {
		cache, err := os.MkdirTemp(dir, "cache")
		if err != nil {
			return sized{}, err
		}
		environment = []string{"GOCACHE=" + cache}
	}
	build, err := harness.BuildIn(ctx, environment, ".", "./mock/internal/bench/size/"+name, binary)
	if err != nil {
		return sized{}, err
	}
	file, err := os.Stat(binary)
	if err != nil {
		return sized{}, err
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return sized{}, err
	}
	return sized{
		size:    float64(file.Size()),
		modules: len(info.Deps),
		build:   float64(build),
	}, nil
}
