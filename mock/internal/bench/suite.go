package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// A suiteRun is the tests of package suite with one of its servers, and their figures, one for each round.
type suiteRun struct {
	server, binary string

	wall, cpu   []float64 // nanoseconds
	allocations []float64
	build       float64 // nanoseconds of processor time, when everything but the test binary is built
	size        float64 // bytes
}

// suiteRows compares a suite of tests that uses the mock with one that uses a server with canned answers.
func suiteRows(ctx context.Context, p plan, dir string) ([]row, error) {
	var rows []row
	for _, variant := range []struct {
		name  string
		flags []string
	}{{"", nil}, {", with -race", []string{"-race"}}} {
		mocked, canned := &suiteRun{server: "mocked"}, &suiteRun{server: "canned"}
		what := "a suite of tests" + variant.name
		p.line.Show("building "+what, 0, 0)
		for _, s := range []*suiteRun{mocked, canned} {
			for range 2 { // the first time fills caches
				if err := s.compile(ctx, dir, variant.flags); err != nil {
					return rows, err
				}
			}
		}
		for round := range p.rounds {
			p.line.Show(what, round, p.rounds)
			for _, s := range []*suiteRun{mocked, canned} {
				if err := s.run(ctx); err != nil {
					return rows, err
				}
			}
		}
		a := "a suite of 100 tests" + variant.name + ": "
		rows = append(rows,
			comparison{a + "time", nanoseconds, atMost, 2}.row(mocked.wall, canned.wall),
			comparison{a + "processor time", nanoseconds, none, 0}.row(mocked.cpu, canned.cpu),
			comparison{a + "allocations", allocations, atMost, 2}.row(mocked.allocations, canned.allocations),
			comparison{a + "processor time of building it once more", nanoseconds, none, 0}.row([]float64{mocked.build}, []float64{canned.build}),
			comparison{a + "size of the binary", size, none, 0}.row([]float64{mocked.size}, []float64{canned.size}))
	}
	return rows, nil
}

// compile builds the test binary. Processor time is that of the compiler and the linker, too.
func (s *suiteRun) compile(ctx context.Context, dir string, flags []string) error {
	s.binary = filepath.Join(dir, s.server+".test")
	command := exec.CommandContext(ctx, "go", append(append([]string{"test", "-c", "-o", s.binary}, flags...), "./mock/internal/bench/suite/"+s.server)...)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building the suite %s: %w: %s", s.server, err, out)
	}
	s.build = float64(command.ProcessState.UserTime() + command.ProcessState.SystemTime())
	file, err := os.Stat(s.binary)
	if err != nil {
		return err
	}
	s.size = float64(file.Size())
	return nil
}

func (s *suiteRun) run(ctx context.Context) error {
	command := exec.CommandContext(ctx, s.binary)
	began := time.Now()
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("the suite %s: %w: %s", s.server, err, out)
	}
	s.wall = append(s.wall, float64(time.Since(began)))
	s.cpu = append(s.cpu, float64(command.ProcessState.UserTime()+command.ProcessState.SystemTime()))
	_, rest, _ := bytes.Cut(out, []byte("allocations: "))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	count, err := strconv.ParseFloat(string(line), 64)
	if err != nil {
		return fmt.Errorf("the suite %s printed no number of allocations: %w", s.server, err)
	}
	s.allocations = append(s.allocations, count)
	return nil
}
