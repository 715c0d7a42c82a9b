package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A benchmark is a Go benchmark of a package, and how often to run it so that it takes about half a second.
type benchmark struct {
	pkg, name string
	times     int
}

var (
	hit      = benchmark{"./picket/middleware", "BenchmarkBalances/gate,_1", 200_000}
	hitAsked = benchmark{"./picket/middleware", "BenchmarkMiddleware/gate,_hit", 300_000}
	call     = benchmark{"./picket/middleware", "BenchmarkRemote/answered", 20_000}
	refused  = benchmark{"./picket/middleware", "BenchmarkRemote/refused", 5000}
	verify   = benchmark{"./picket/accesstoken", "BenchmarkVerify/picket", 4000}
)

// binaries builds the tests of packages once.
type binaries struct {
	dir   string
	built map[string]string
}

func (b binaries) test(ctx context.Context, pkg string) (string, error) {
	if file, ok := b.built[pkg]; ok {
		return file, nil
	}
	file := filepath.Join(b.dir, filepath.Base(pkg)+".test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", file, pkg).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	b.built[pkg] = file
	return file, nil
}

// cost returns how much processor time a benchmark takes each time, which is the same however busy the machine is.
func (b binaries) cost(ctx context.Context, m benchmark, rounds int) (time.Duration, error) {
	progress("%s %s", m.pkg, m.name)
	file, err := b.test(ctx, m.pkg)
	if err != nil {
		return 0, err
	}
	took := func(times int) (time.Duration, error) {
		pattern := "^" + strings.ReplaceAll(m.name, "/", "$/^") + "$"
		command := exec.CommandContext(ctx, file, "-test.run=^$", "-test.bench="+pattern, "-test.cpu=1", fmt.Sprintf("-test.benchtime=%dx", times))
		command.Dir = m.pkg
		out, err := command.CombinedOutput()
		if err == nil && !strings.Contains(string(out), m.name) {
			err = fmt.Errorf("there is no such benchmark")
		}
		if err != nil {
			return 0, fmt.Errorf("%s in %s: %w: %s", m.name, m.pkg, err, out)
		}
		return command.ProcessState.UserTime() + command.ProcessState.SystemTime(), nil
	}
	var costs []time.Duration
	for range rounds {
		starting, err := took(1)
		if err != nil {
			return 0, err
		}
		all, err := took(m.times)
		if err != nil {
			return 0, err
		}
		costs = append(costs, (all-starting)/time.Duration(m.times))
	}
	return harness.Quantile(costs, 0.5), nil
}

// costsTables say what a server spends on checks of tokens, and what a request with a known token costs.
func costsTables(ctx context.Context, p plan) ([]figures.Table, error) {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b := binaries{dir, map[string]string{}}
	costs := map[benchmark]time.Duration{}
	for _, m := range []benchmark{hit, hitAsked, call, refused, verify} {
		if costs[m], err = b.cost(ctx, m, p.rounds); err != nil {
			return nil, err
		}
	}
	known, err := knownTable(ctx, b, p)
	if err != nil {
		return nil, err
	}
	return []figures.Table{serverTable(costs), known}, nil
}

// serverTable says what a server of the fleet spends. A cached answer lives for 54 seconds in the mean.
func serverTable(costs map[benchmark]time.Duration) figures.Table {
	const checks = fleetUsers / 54.0 // in a second
	hits := 0.9*costs[hit].Seconds() + 0.1*costs[hitAsked].Seconds()
	row := func(what string, verifications, calls, hitShare float64, memory string) []string {
		cores := fleetUsers*hitShare*hits + verifications*costs[verify].Seconds() + calls*costs[call].Seconds()
		return []string{what, number(verifications), number(calls), percent(cores), memory}
	}
	const none = "0 MB"
	megabytes := fmt.Sprintf("%.0f MB", float64(cacheBytes())/1e6)
	return figures.Table{
		Name:    "server",
		Columns: []string{"one server with 10,000 users, who send a request a second each", "verifications in a second", "calls in a second", "of a processor", "memory"},
		Rows: [][]string{
			row("local", checks, 0, 1, megabytes),
			row("Incremental", checks, 0.1*checks, 1, megabytes),
			row("Remote", 0, checks, 1, megabytes),
			row("accesstoken by itself, without a cache", fleetUsers, 0, 0, none),
			row("`WithCacheLifetime(0)` and Remote", 0, fleetUsers, 0, none),
			{"Remote, while the API refuses connections", "0", number(fleetUsers), percent(fleetUsers * costs[refused].Seconds()), none},
		},
	}
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// knownTable says what a request with a known token costs, depending on how many balances the token has and on the gate.
func knownTable(ctx context.Context, b binaries, p plan) (figures.Table, error) {
	t := figures.Table{Name: "known", Columns: []string{"a request with a known token", "processor time"}}
	for _, r := range []struct {
		what, benchmark string
		times           int
	}{
		{"`Required`, a token with 1 balance", "BenchmarkBalances/required,_1", 300_000},
		{"`Required`, a token with 10 balances", "BenchmarkBalances/required,_10", 200_000},
		{"`Required`, a token with 50 balances", "BenchmarkBalances/required,_50", 100_000},
		{"`Required`, a token with 300 balances", "BenchmarkBalances/required,_300", 30_000},
		{"a gate that the token proves, with 1 balance", "BenchmarkBalances/gate,_1", 200_000},
		{"a gate that the token proves, with 10 balances", "BenchmarkBalances/gate,_10", 100_000},
		{"a gate that the token proves, with 50 balances", "BenchmarkBalances/gate,_50", 30_000},
		{"a gate that the token proves, with 300 balances", "BenchmarkBalances/gate,_300", 5000},
		{"a gate for 1 wallet", "BenchmarkList/listed,_1", 200_000},
		{"a gate for 100 wallets", "BenchmarkList/listed,_100", 200_000},
		{"a gate for 10,000 wallets", "BenchmarkList/listed,_10000", 200_000},
		{"a gate for 10,000 wallets that refuses", "BenchmarkList/not_listed,_10000", 50_000},
	} {
		cost, err := b.cost(ctx, benchmark{"./picket/middleware", r.benchmark, r.times}, p.rounds)
		if err != nil {
			return figures.Table{}, err
		}
		t.Rows = append(t.Rows, []string{r.what, fmt.Sprintf("%.1f µs", float64(cost)/1e3)})
	}
	return t, nil
}
