// Package chaos_test lets many users at once call the client, the middleware and the local verification of tokens, while the mock
// fails in every way that it can, and callers give up, one at random or hundreds at once. Users are logged in on several chains,
// where the same contract address is a different token; tokens expire, the API changes its keys, and forged tokens keep coming.
// Every success is compared with a plain model: a success that should not be one, or a refusal without a cause, fails the test.
//
// A short run with a fixed seed is part of go test; make chaos is a long one:
//
//	make chaos CHAOSFLAGS='-calls=500000 -seed=7'
//
// The seed decides who calls what, which faults there are, and who gives up after how long. How these meet is up to the scheduler,
// so it may take more than one run with the same seed to see a failure again.
package chaos_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

var (
	seed    = flag.Uint64("seed", 1, "what decides the course of the run; 0 for a random seed")
	calls   = flag.Int("calls", 2000, "how many calls to make")
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
	// On a busy machine more callers give up, and a short run may not get to what is rare.
	for range 10 {
		if len(w.tally.missing()) == 0 {
			break
		}
		w.run(*calls / 2)
	}

	w.client.CloseIdleConnections()
	if open := w.bodies.open.Load(); open != 0 {
		t.Errorf("%d response bodies were not closed", open)
	}
	// What is kept is bounded and was full after half of the calls, so only the noise of small heaps may be added.
	if end > half+half/4+4<<20 {
		t.Errorf("the heap grew from %d to %d KiB between half of the calls and all", half>>10, end>>10)
	}
	for _, missing := range w.tally.missing() {
		t.Error(missing)
	}
	w.tally.print(t)
	fmt.Fprintf(t.Output(), "heap after half of the calls %d KiB, after all %d KiB; %d responses, all closed; %.0f calls/s\n",
		half>>10, end>>10, w.bodies.all.Load(), float64(*calls)/took.Seconds())
}

// run makes calls and returns the size of the heap after them, in bytes.
func (w *world) run(calls int) uint64 {
	users := make([]*user, *workers)
	for i := range users {
		users[i] = w.newUser(uint64(i), uint64(calls))
	}
	_, _ = harness.Drive(context.Background(), *workers, calls, func(client, _ int) error {
		w.turn()
		users[client].act()
		return nil
	})
	runtime.GC()
	runtime.GC() // a pool is emptied by the second
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// tally counts how the calls ended, and the faults and events that there were.
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

// missing says what the run did not test yet: calls that never succeeded or never failed, and faults that never came.
func (t *tally) missing() (missing []string) {
	for _, call := range []string{
		"nonce", "auth", "auth again", "authz", "validate", "tokenOwnership", "chains", "chain", "token",
		"Verify", "Validate", "remote required", "remote optional", "remote gate", "incremental required", "incremental optional", "incremental gate",
		"local required", "local optional", "local gate",
	} {
		count := t.outcomes[call]
		switch {
		case count == nil:
			missing = append(missing, fmt.Sprintf("%s was never called", call))
		case call == "auth again": // must never succeed, which login checks
		case count[0] == 0 || count[1] == 0:
			missing = append(missing, fmt.Sprintf("%s succeeded %d times and failed %d times", call, count[0], count[1]))
		}
	}
	for _, kind := range faultKinds {
		if t.faults[string(kind)] == 0 {
			missing = append(missing, fmt.Sprintf("there was no fault of the kind %q", kind))
		}
	}
	for _, kind := range []string{"rotation", "withdrawal of keys", "walk to an expiry", "crowd"} {
		if t.events[kind] == 0 {
			missing = append(missing, fmt.Sprintf("there was no %s", kind))
		}
	}
	return missing
}

func (t *tally) print(test *testing.T) {
	table := harness.NewTable(test.Output(), "call", "succeeded", "refused or failed")
	for _, call := range slices.Sorted(maps.Keys(t.outcomes)) {
		table.Row(call, t.outcomes[call][0], t.outcomes[call][1])
	}
	table.Row("fault", "requests hit, of those that the journal still has", "")
	for _, kind := range slices.Sorted(maps.Keys(t.faults)) {
		table.Row(kind, t.faults[kind], "")
	}
	table.Row("event", "how often", "")
	for _, kind := range slices.Sorted(maps.Keys(t.events)) {
		table.Row(kind, t.events[kind], "")
	}
	_ = table.Flush()
}
