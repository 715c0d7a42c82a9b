// Command hostile tests that picket-mock stays usable while it is attacked. It builds the program, starts it, and attacks it in one
// way after another, while honest clients go on logging in. It prints how the honest clients fared and what the process cost, and, when
// no flag is given, writes that into mock/FIGURES.md. It fails when more than a few honest logins fail, when an attack gets an answer
// that it must not get, or when the process takes more memory than its bound.
//
//	make hostile HOSTILEFLAGS='-time=30s -attack=nonces'
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

// maxMemory is how much resident memory the process may have under any attack, in bytes.
const maxMemory = 512 << 20

func main() {
	each := flag.Duration("time", 8*time.Second, "how long each attack goes on")
	only := flag.String("attack", "", "the `name` of the only attack to make (default all)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *each, *only, flag.NFlag() == 0)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

// run makes the attacks, and writes what came of them into the document, if that is wanted and nothing went wrong.
func run(ctx context.Context, each time.Duration, only string, write bool) (err error) {
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	target, err := start(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.end()) }()
	project, err := target.addProject(`{}`)
	if err != nil {
		return err
	}
	honest, err := newHonest(target.base, project)
	if err != nil {
		return err
	}
	table := figures.Table{
		Name:    "attacks",
		Columns: []string{"attack", "what came of it", "honest logins", "failed", "median", "p99", "processor time", "memory before", "at its peak", "after"},
	}
	var wrong []error
	for _, a := range chosen {
		if ctx.Err() != nil {
			break
		}
		_, _ = fmt.Fprintln(os.Stderr, a.name)
		row, err := endure(ctx, target, honest, a, each)
		table.Rows, wrong = append(table.Rows, row), append(wrong, err)
	}
	err = errors.Join(append(wrong, context.Cause(ctx), table.Print(os.Stdout))...)
	if err != nil || !write {
		return err
	}
	return figures.Write(figures.Document, "make hostile", []figures.Table{table}, figures.Recorded(time.Now())+".")
}

// choose returns the attacks to make: the one with a name, or all, with a while without any before and after them.
func choose(only string) ([]attack, error) {
	peace := func(*siege) (string, error) { return "", nil }
	all := slices.Concat([]attack{{"none", peace}}, attacks, []attack{{"none, afterwards", peace}})
	if only == "" {
		return all, nil
	}
	var names []string
	for _, a := range all {
		if a.name == only {
			return []attack{a}, nil
		}
		names = append(names, a.name)
	}
	return nil, fmt.Errorf("there is no attack %q; give one of: %s", only, strings.Join(names, "; "))
}

// endure makes an attack while the honest clients log in, and returns its row of the table and what went wrong.
func endure(ctx context.Context, target *target, honest *honest, a attack, each time.Duration) ([]string, error) {
	before := target.usage()
	target.peak.Store(before.Resident)
	honest.begin()
	outcome, err := newSiege(ctx, target, each).lay(a)
	got := honest.end()
	after, peak := target.usage(), target.peak.Load()
	var wrong []error
	if err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", a.name, err))
	}
	// A connection may have to make room before its request has come, so one of many may fail.
	if got.failed > 2+got.logins/100 {
		wrong = append(wrong, fmt.Errorf("%s: %d of %d honest logins failed", a.name, got.failed, got.logins))
	}
	if peak > maxMemory {
		wrong = append(wrong, fmt.Errorf("%s: the process took %s of memory, more than %s", a.name, mebibytes(peak), mebibytes(maxMemory)))
	}
	row := []string{a.name, outcome, strconv.Itoa(got.logins), strconv.Itoa(got.failed), milliseconds(got.median), milliseconds(got.p99),
		fmt.Sprintf("%.1f s", (after.CPU - before.CPU).Seconds()), mebibytes(before.Resident), mebibytes(peak), mebibytes(after.Resident)}
	return row, errors.Join(wrong...)
}

func mebibytes(bytes int64) string        { return fmt.Sprintf("%d MiB", bytes>>20) }
func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
