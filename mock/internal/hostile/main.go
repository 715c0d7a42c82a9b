// Command hostile builds picket-mock, runs it and lets clients loose on it that mean it harm, one kind after another, while
// honest clients go on logging in. It prints how these fare and how much memory the process has, and fails when more than a few
// honest logins fail, when an answer is not what it has to be, or when the memory is above a bound.
//
//	make hostile HOSTILEFLAGS='-time=30s -attack=idle'
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// maxMemory is how much resident memory the process may have, in KiB, whatever is done to it.
const maxMemory = 512 << 10

func main() {
	each := flag.Duration("time", 8*time.Second, "how long each kind of client goes on")
	only := flag.String("attack", "", "the `name` of the one kind to try; by default all are")
	flag.Parse()
	if err := run(*each, *only); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func run(each time.Duration, only string) (err error) {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	target, err := start(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.end()) }()
	key, err := addProject(target.base, `{}`)
	if err != nil {
		return err
	}
	honest, err := newHonest(target.base, key)
	if err != nil {
		return err
	}

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "clients\twhat came of it\tlogins\tfailed\tmedian\tp99\tmemory before\tat its peak\tafter\t")
	var wrong []error
	peace := func(*siege) (string, error) { return "", nil }
	for _, a := range slices.Concat([]attack{{"honest ones alone", peace}}, attacks, []attack{{"honest ones alone, afterwards", peace}}) {
		if only != "" && a.name != only {
			continue
		}
		_, _ = fmt.Fprintln(os.Stderr, a.name)
		before := target.memory()
		target.peak.Store(before)
		honest.begin()
		outcome, err := newSiege(target, each).lay(a)
		got := honest.end()
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", a.name, err))
		}
		// A connection may have to make room before its request has come, so one of many may fail.
		if got.failed > 2+got.logins/100 {
			wrong = append(wrong, fmt.Errorf("%s: %d of %d honest logins failed", a.name, got.failed, got.logins))
		}
		if peak := target.peak.Load(); peak > maxMemory {
			wrong = append(wrong, fmt.Errorf("%s: the process took %s", a.name, mebibytes(peak)))
		}
		_, _ = fmt.Fprintln(table, strings.Join([]string{
			a.name, outcome, fmt.Sprint(got.logins), fmt.Sprint(got.failed), milliseconds(got.median), milliseconds(got.p99),
			mebibytes(before), mebibytes(target.peak.Load()), mebibytes(target.memory()), "",
		}, "\t"))
	}
	return errors.Join(append(wrong, table.Flush())...)
}

func mebibytes(kib int64) string          { return fmt.Sprintf("%d MiB", kib>>10) }
func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
