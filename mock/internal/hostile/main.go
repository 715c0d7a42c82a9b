// Command hostile tests that picket-mock stays usable while it is attacked. It builds the program, starts it, and attacks it in one
// way after another, while honest clients go on logging in. It prints how the honest clients fared and what the process cost, and
// fails when more than a few honest logins fail, when an attack gets an answer that it must not get, or when the process takes more
// memory than its bound.
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
	"strings"
	"syscall"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// maxMemory is how much resident memory the process may have under any attack, in bytes.
const maxMemory = 512 << 20

func main() {
	each := flag.Duration("time", 8*time.Second, "how long each attack goes on")
	only := flag.String("attack", "", "the `name` of the only attack to make (default all)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *each, *only)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, each time.Duration, only string) (err error) {
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
	table := harness.NewTable(os.Stdout, "attack", "what came of it", "logins", "failed", "median", "p99", "CPU", "memory before", "at its peak", "after")
	var wrong []error
	for _, a := range chosen {
		if ctx.Err() != nil {
			break
		}
		_, _ = fmt.Fprintln(os.Stderr, a.name)
		wrong = append(wrong, endure(ctx, target, honest, a, each, table))
	}
	return errors.Join(append(wrong, context.Cause(ctx), table.Flush())...)
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

// endure makes an attack while the honest clients log in, adds a row to the table and returns what went wrong.
func endure(ctx context.Context, target *target, honest *honest, a attack, each time.Duration, table harness.Table) error {
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
	table.Row(a.name, outcome, got.logins, got.failed, milliseconds(got.median), milliseconds(got.p99),
		fmt.Sprintf("%.1f s", (after.CPU-before.CPU).Seconds()), mebibytes(before.Resident), mebibytes(peak), mebibytes(after.Resident))
	return errors.Join(wrong...)
}

func mebibytes(bytes int64) string        { return fmt.Sprintf("%d MiB", bytes>>20) }
func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
