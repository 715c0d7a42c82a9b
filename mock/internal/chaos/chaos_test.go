// Package chaos_test lets many users at once call the client, the middleware and the local verification of tokens, while
// the mock fails in every way that it can and callers give up, one at random or hundreds at once. Users are logged in on several
// chains, where the same contract address is another token; tokens expire, the API changes its keys, and forged tokens come all
// the while. Whatever succeeds is compared with what a plain model knows: a success that should not be one, or a refusal that
// nobody caused, fails the test.
//
// A short run with a fixed seed is part of go test; make chaos is a long one:
//
//	make chaos CHAOSFLAGS='-calls=500000 -seed=7'
//
// The seed says who calls what, which faults there are and who gives up after how long. How these meet is up to the
// scheduler, so a failure may take more than one run with its seed to come back.
package chaos_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"go.uber.org/goleak"
)

var (
	seed    = flag.Uint64("seed", 1, "what the run is made from; 0 is a random one")
	calls   = flag.Int64("calls", 2000, "how many calls to make")
	workers = flag.Int("workers", 32, "how many users call at the same time")
)

func TestNoFaultMakesAWrongSuccess(t *testing.T) {
	seed := *seed
	for seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-seed=%d -calls=%d -workers=%d", seed, *calls, *workers)
	others := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, others) })

	w := newWorld(t, seed)
	started := time.Now()
	half := w.run(*calls / 2)
	end := w.run(*calls - *calls/2)
	took := time.Since(started)

	w.client.CloseIdleConnections()
	if open := w.bodies.open.Load(); open != 0 {
		t.Errorf("%d response bodies were not closed", open)
	}
	// What is kept is bounded, and was full at half time; what is left is the noise of small heaps.
	if end > half+half/4+4<<20 {
		t.Errorf("the heap grew from %d to %d KiB between half of the calls and all", half>>10, end>>10)
	}
	w.tally.check(t)
	w.tally.print(t)
	fmt.Fprintf(t.Output(), "heap after half of the calls %d KiB, after all %d KiB; %d responses, all closed; %.0f calls/s\n",
		half>>10, end>>10, w.bodies.all.Load(), float64(*calls)/took.Seconds())
}

// run makes calls and returns the size of the heap after them, in bytes.
func (w *world) run(calls int64) uint64 {
	var left atomic.Int64
	left.Store(calls)
	var users sync.WaitGroup
	for i := range *workers {
		user := w.newUser(uint64(i), uint64(calls))
		users.Go(func() {
			for left.Add(-1) >= 0 {
				w.turn()
				user.act()
			}
		})
	}
	users.Wait()
	runtime.GC()
	runtime.GC() // a pool is emptied by the second
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// tally counts what came of the calls, and the faults that there were.
type tally struct {
	mu       sync.Mutex
	outcomes map[string]*[2]int // by call: how many succeeded, and how many did not
	faults   map[string]int     // by kind
	events   map[string]int     // by kind
}

func (t *tally) count(call string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.outcomes[call] == nil {
		t.outcomes[call] = &[2]int{}
	}
	if err == nil {
		t.outcomes[call][0]++
	} else {
		t.outcomes[call][1]++
	}
}

func (t *tally) countFault(kind string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults[kind]++
}

func (t *tally) countEvent(kind string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events[kind]++
}

// check fails the test when the run was no test: when there is a call that never succeeded or never failed, or a fault that
// never came.
func (t *tally) check(test *testing.T) {
	for _, call := range []string{
		"nonce", "auth", "auth again", "authz", "validate", "tokenOwnership", "chains", "chain", "token",
		"Verify", "Validate", "remote required", "remote optional", "remote gate", "incremental required", "incremental optional", "incremental gate",
		"local required", "local optional", "local gate",
	} {
		count := t.outcomes[call]
		switch {
		case count == nil:
			test.Errorf("%s was never called", call)
		case call == "auth again": // never succeeds: w.again sees to that
		case count[0] == 0 || count[1] == 0:
			test.Errorf("%s succeeded %d times and failed %d times", call, count[0], count[1])
		}
	}
	for _, kind := range faultKinds {
		if t.faults[string(kind)] == 0 {
			test.Errorf("there was no fault of the kind %q", kind)
		}
	}
	for _, kind := range []string{"rotation", "withdrawal of keys", "walk to an expiry", "crowd"} {
		if t.events[kind] == 0 {
			test.Errorf("there was no %s", kind)
		}
	}
}

func (t *tally) print(test *testing.T) {
	table := tabwriter.NewWriter(test.Output(), 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "call\tsucceeded\trefused or failed\t")
	for _, call := range slices.Sorted(maps.Keys(t.outcomes)) {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t\n", call, t.outcomes[call][0], t.outcomes[call][1])
	}
	_, _ = fmt.Fprintln(table, "fault\trequests hit, as far as the journal has them\t\t")
	for _, kind := range slices.Sorted(maps.Keys(t.faults)) {
		_, _ = fmt.Fprintf(table, "%s\t%d\t\t\n", kind, t.faults[kind])
	}
	_, _ = fmt.Fprintln(table, "event\thow often\t\t")
	for _, kind := range slices.Sorted(maps.Keys(t.events)) {
		_, _ = fmt.Fprintf(table, "%s\t%d\t\t\n", kind, t.events[kind])
	}
	_ = table.Flush()
}
