// Command bench measures what a call, a check of a token and the mock cost, each beside a yardstick that does the same work in
// the same run, and prints one table. It fails when a benchmark does, not when a goal is missed: machines are noisy.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"text/tabwriter"

	"golang.org/x/tools/benchmark/parse"
)

// A figure is what a row of the table compares.
type figure struct {
	what      string
	pkg       string // the package whose benchmarks these are
	ours      string
	yardstick string // empty when the goal is an absolute one
	unit      unit
	relation  relation
	goal      float64
}

// A unit reads one measure of a benchmark.
type unit struct {
	name string
	of   func(*parse.Benchmark) float64
}

var (
	nanoseconds = unit{"ns", func(b *parse.Benchmark) float64 { return b.NsPerOp }}
	bytesPerOp  = unit{"B", func(b *parse.Benchmark) float64 { return float64(b.AllocedBytesPerOp) }}
	allocations = unit{"allocations", func(b *parse.Benchmark) float64 { return float64(b.AllocsPerOp) }}
)

// A relation is how a goal is set: as a ratio to the yardstick, as what comes on top of it, or alone.
type relation int

const (
	ratio relation = iota
	onTop
	alone
)

var figures = []figure{
	{"a call of the client (Nonce): time", "./picket", "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", nanoseconds, ratio, 1.25},
	{"a call of the client (Nonce): memory", "./picket", "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", bytesPerOp, ratio, 1.25},
	{"a call of the client (Nonce): allocations", "./picket", "BenchmarkNonce/picket", "BenchmarkNonce/yardstick", allocations, ratio, 1.25},
	{"local verification of a token: time", "./picket/accesstoken", "BenchmarkVerify/picket", "BenchmarkVerify/yardstick", nanoseconds, ratio, 1.15},
	{"a verification from the cache: time", "./picket/middleware", "BenchmarkCache/hit", "", nanoseconds, alone, 1000},
	{"a verification from the cache: allocations", "./picket/middleware", "BenchmarkCache/hit", "", allocations, alone, 2},
	{"the middleware on a cache hit, on top of the handler: time", "./picket/middleware", "BenchmarkMiddleware/hit", "BenchmarkMiddleware/bare", nanoseconds, onTop, 2000},
}

func main() {
	rounds := flag.Int("rounds", 8, "how often each benchmark runs; the table has the medians")
	benchTime := flag.String("time", "300ms", "how long each runs each time")
	flag.Parse()
	if err := run(*rounds, *benchTime); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, benchTime string) error {
	measured := map[string]parse.Set{}
	for _, f := range figures {
		if measured[f.pkg] != nil {
			continue
		}
		set, err := measure(f.pkg, rounds, benchTime)
		if err != nil {
			return fmt.Errorf("%s: %w", f.pkg, err)
		}
		measured[f.pkg] = set
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "what\tours\tyardstick\tresult\tgoal\t")
	for _, f := range figures {
		line, err := f.line(measured[f.pkg])
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(table, line)
	}
	return table.Flush()
}

// measure runs all benchmarks of a package in turn, and again in each round, so that ours and the yardstick meet the same
// noise.
func measure(pkg string, rounds int, benchTime string) (parse.Set, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "bench.test")
	if out, err := exec.Command("go", "test", "-c", "-o", binary, pkg).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var output bytes.Buffer
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "%s: round %d of %d\n", pkg, round+1, rounds)
		command := exec.Command(binary, "-test.run=^$", "-test.bench=.", "-test.benchmem", "-test.cpu=1", "-test.benchtime="+benchTime)
		command.Dir = pkg
		out, err := command.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, out)
		}
		output.Write(out)
	}
	return parse.ParseSet(&output)
}

func (f figure) line(set parse.Set) (string, error) {
	ours, err := f.values(set, f.ours)
	if err != nil {
		return "", err
	}
	show := func(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) + " " + f.unit.name }
	if f.relation == alone {
		return fmt.Sprintf("%s\t%s\t\t%s\t≤ %s\t%s", f.what, show(median(ours)), show(median(ours)), show(f.goal), verdict(median(ours), f.goal)), nil
	}
	yardstick, err := f.values(set, f.yardstick)
	if err != nil {
		return "", err
	}
	compared := make([]float64, len(ours)) // round by round
	for i := range ours {
		if f.relation == ratio {
			compared[i] = ours[i] / yardstick[i]
		} else {
			compared[i] = ours[i] - yardstick[i]
		}
	}
	result := median(compared)
	shown, goal := fmt.Sprintf("%.2f×", result), fmt.Sprintf("≤ %.2f×", f.goal)
	if f.relation == onTop {
		shown, goal = "+"+show(result), "≤ +"+show(f.goal)
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", f.what, show(median(ours)), show(median(yardstick)), shown, goal, verdict(result, f.goal)), nil
}

// values returns what a benchmark took in each round.
func (f figure) values(set parse.Set, name string) ([]float64, error) {
	runs := set[name]
	if len(runs) == 0 {
		return nil, fmt.Errorf("there is no benchmark %s", name)
	}
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = f.unit.of(run)
	}
	return values, nil
}

func verdict(result, goal float64) string {
	if result <= goal {
		return "met"
	}
	return "not met"
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
