package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/tools/benchmark/parse"
)

// A goFigure is what a row compares of Go benchmarks.
type goFigure struct {
	comparison
	runs      benchmarks
	ours      string
	yardstick string // empty when the goal is an absolute one
	of        measure
}

// benchmarks are benchmarks of a package that run in one process.
type benchmarks struct {
	pkg     string
	pattern string
	once    bool // run each a single time, and keep it from benchstat
}

// A measure is one of the figures that a benchmark has.
type measure func(*parse.Benchmark) float64

func elapsed(b *parse.Benchmark) float64   { return b.NsPerOp }
func allocated(b *parse.Benchmark) float64 { return float64(b.AllocedBytesPerOp) }
func allocs(b *parse.Benchmark) float64    { return float64(b.AllocsPerOp) }

func goFigures() []goFigure {
	var (
		client     = benchmarks{pkg: "./picket", pattern: "."}
		tokens     = benchmarks{pkg: "./picket/accesstoken", pattern: "."}
		middleware = benchmarks{pkg: "./picket/middleware", pattern: "."}
		server     = benchmarks{pkg: "./mock", pattern: "^BenchmarkStart$"}
		firstStart = benchmarks{pkg: "./mock", pattern: "^BenchmarkStart$", once: true}
	)
	return []goFigure{
		{comparison{"a call of the client (Nonce): time", nanoseconds, atMost, 1.25}, client, "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", elapsed},
		{comparison{"a call of the client (Nonce): memory", size, atMost, 1.25}, client, "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", allocated},
		{comparison{"a call of the client (Nonce): allocations", allocations, atMost, 1.25}, client, "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", allocs},
		{comparison{"local verification of a token: time", nanoseconds, atMost, 1.15}, tokens, "BenchmarkVerify/picket", "BenchmarkVerify/yardstick", elapsed},
		{comparison{"a verification from the cache: time", nanoseconds, absolute, 1000}, middleware, "BenchmarkCache/hit", "", elapsed},
		{comparison{"a verification from the cache: allocations", allocations, absolute, 2}, middleware, "BenchmarkCache/hit", "", allocs},
		{comparison{"the middleware on a cache hit, on top of the handler: time", nanoseconds, onTop, 2000}, middleware, "BenchmarkMiddleware/hit", "BenchmarkMiddleware/bare", elapsed},
		{comparison{"mock in a test: Start to first answer", nanoseconds, absolute, 2e6}, server, "BenchmarkStart", "", elapsed},
		{comparison{"mock in a test: the same, first of the process", nanoseconds, absolute, 10e6}, firstStart, "BenchmarkStart", "", elapsed},
	}
}

// goRows runs the Go benchmarks and keeps what they print, if that is wanted.
func goRows(ctx context.Context, p plan, dir string) ([]row, error) {
	var raw bytes.Buffer
	measured := map[benchmarks]parse.Set{}
	var rows []row
	for _, f := range goFigures() {
		if measured[f.runs] == nil {
			output, err := f.runs.run(ctx, p, dir)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.runs.pkg, err)
			}
			if !f.runs.once {
				raw.Write(output)
			}
			if measured[f.runs], err = parse.ParseSet(bytes.NewReader(output)); err != nil {
				return nil, fmt.Errorf("%s: %w", f.runs.pkg, err)
			}
		}
		ours, err := f.values(measured[f.runs], f.ours)
		if err != nil {
			return nil, err
		}
		var yardstick []float64
		if f.yardstick != "" {
			if yardstick, err = f.values(measured[f.runs], f.yardstick); err != nil {
				return nil, err
			}
		}
		rows = append(rows, f.row(ours, yardstick))
	}
	if p.raw != "" {
		return rows, os.WriteFile(p.raw, raw.Bytes(), 0o666)
	}
	return rows, nil
}

// run runs all of the benchmarks in turn, in each round, so that ours and the yardstick meet the same noise.
func (b benchmarks) run(ctx context.Context, p plan, dir string) ([]byte, error) {
	binary := filepath.Join(dir, "bench.test")
	p.line.Show("building the benchmarks of "+b.pkg, 0, 0)
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, b.pkg).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	benchTime := p.benchTime.String()
	if b.once {
		benchTime = "1x"
	}
	var output bytes.Buffer
	for round := range p.rounds {
		p.line.Show("the benchmarks of "+b.pkg, round, p.rounds)
		command := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.bench="+b.pattern, "-test.benchmem", "-test.cpu=1", "-test.benchtime="+benchTime)
		command.Dir = b.pkg
		out, err := command.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, out)
		}
		output.Write(out)
	}
	return output.Bytes(), nil
}

// values returns what a benchmark took in each round.
func (f goFigure) values(set parse.Set, name string) ([]float64, error) {
	runs := set[name]
	if len(runs) == 0 {
		return nil, fmt.Errorf("there is no benchmark %s in %s", name, f.runs.pkg)
	}
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = f.of(run)
	}
	return values, nil
}
