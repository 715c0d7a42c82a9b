package main

import (
	"context"
	"fmt"
	"math"
	"time"
)

// tolerance is how far the mock's memory after all requests may lie above that after half of them: what the garbage collector
// happens to hold differs by that much.
const tolerance = 1.05

// The figures of whole processes, of each round. Prism's are empty when it is not there.
type processFigures struct {
	started, prismStarted   []float64 // nanoseconds
	rate, prismRate         []float64 // answers a second
	bareRate                []float64 // that of a handler that does nothing else
	idle, prismIdle         []float64 // bytes; empty where the system does not say
	half, loaded            []float64
	prismLoaded             []float64
	requests, prismRequests int
}

// processRows compares picket-mock with Prism.
func processRows(ctx context.Context, p plan, dir string) ([]row, error) {
	ours, err := buildMock(ctx, dir)
	if err != nil {
		return nil, err
	}
	bare, err := buildBare(ctx, dir)
	if err != nil {
		return nil, err
	}
	prism, missing := findPrism(ctx)
	f := processFigures{requests: p.requests}
	for round := range p.rounds {
		progress("starts: round %d of %d", round+1, p.rounds)
		if f.started, err = timeStart(ctx, ours, f.started); err != nil {
			return nil, err
		}
		if missing == nil {
			if f.prismStarted, err = timeStart(ctx, prism, f.prismStarted); err != nil {
				return nil, err
			}
		}
	}
	server, _, err := ours.start(ctx)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	if err := f.loadMock(ctx, server); err != nil {
		return nil, err
	}
	var prismServer *process
	if missing == nil {
		if prismServer, _, err = prism.start(ctx); err != nil {
			return nil, err
		}
		defer prismServer.stop()
		if err := f.loadPrism(ctx, prismServer, p); err != nil {
			return nil, err
		}
	}
	bareServer, _, err := bare.start(ctx)
	if err != nil {
		return nil, err
	}
	defer bareServer.stop()
	for round := range p.rounds { // the mock and Prism are warm by now
		progress("requests: round %d of %d", round+1, p.rounds)
		if f.rate, err = timeLoad(ctx, server, f.rate); err != nil {
			return nil, err
		}
		if f.bareRate, err = timeLoad(ctx, bareServer, f.bareRate); err != nil {
			return nil, err
		}
		if missing == nil {
			if f.prismRate, err = timeLoad(ctx, prismServer, f.prismRate); err != nil {
				return nil, err
			}
		}
	}
	return f.rows(missing), nil
}

func timeStart(ctx context.Context, p program, earlier []float64) ([]float64, error) {
	server, took, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	server.stop()
	return append(earlier, float64(took)), nil
}

func timeLoad(ctx context.Context, server *process, earlier []float64) ([]float64, error) {
	answered, took, err := load(ctx, server.address, server.requests, math.MaxInt, time.Second)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", server.name, err)
	}
	return append(earlier, float64(answered)/took.Seconds()), nil
}

// settle is how long a process is left alone before its memory is read as that of an idle one.
const settle = time.Second

func (f *processFigures) loadMock(ctx context.Context, server *process) error {
	time.Sleep(settle)
	f.idle = memory(server)
	for _, part := range []struct {
		requests int
		memory   *[]float64
	}{{f.requests / 2, &f.half}, {f.requests - f.requests/2, &f.loaded}} {
		progress("memory: %d requests", part.requests)
		answered, _, err := load(ctx, server.address, server.requests, part.requests, 5*time.Minute)
		if err != nil {
			return fmt.Errorf("%s: %w", server.name, err)
		}
		if answered < part.requests {
			return fmt.Errorf("%s answered only %d of %d requests in time; -requests sets fewer", server.name, answered, part.requests)
		}
		*part.memory = memory(server)
	}
	return nil
}

// loadPrism gives Prism as many requests, but two seconds a round at most.
func (f *processFigures) loadPrism(ctx context.Context, server *process, p plan) error {
	time.Sleep(settle)
	f.prismIdle = memory(server)
	progress("memory: Prism")
	var err error
	f.prismRequests, _, err = load(ctx, server.address, server.requests, f.requests, time.Duration(p.rounds)*2*time.Second)
	if err != nil {
		return fmt.Errorf("%s: %w", server.name, err)
	}
	f.prismLoaded = memory(server)
	return nil
}

// memory returns nothing where the system does not say.
func memory(server *process) []float64 {
	bytes, err := server.resident()
	if err != nil {
		return nil
	}
	return []float64{bytes}
}

// onlyLinux is why there are no figures of memory.
const onlyLinux = "only Linux tells"

func (f *processFigures) rows(missing error) []row {
	against := func(c comparison, ours, yardstick []float64) row {
		switch {
		case missing != nil:
			return c.missing(ours, missing.Error())
		case len(ours) == 0:
			return c.missing(nil, onlyLinux)
		}
		return c.row(ours, yardstick)
	}
	growth := comparison{fmt.Sprintf("mock: memory after %d requests, against after %d", f.requests, f.requests/2), size, atMost, tolerance}
	grown := growth.missing(nil, onlyLinux)
	if len(f.half) > 0 && len(f.loaded) > 0 {
		grown = growth.row(f.loaded, f.half)
	}
	loaded := "mock: memory after requests, against Prism"
	if missing == nil {
		loaded = fmt.Sprintf("mock: memory after %d requests, against Prism after %d", f.requests, f.prismRequests)
	}
	return []row{
		against(comparison{"mock: POST /auth/nonce, against Prism", perSecond, atLeast, 15}, f.rate, f.prismRate),
		against(comparison{"a bare handler, against Prism", perSecond, none, 0}, f.bareRate, f.prismRate),
		against(comparison{"mock: exec to first answer, against Prism", nanoseconds, atMost, 1.0 / 20}, f.started, f.prismStarted),
		comparison{"mock: exec to first answer", nanoseconds, alone, 50e6}.row(f.started, nil),
		against(comparison{"mock: memory idle, against Prism", size, atMost, 1.0 / 5}, f.idle, f.prismIdle),
		against(comparison{loaded, size, atMost, 1.0 / 5}, f.loaded, f.prismLoaded),
		grown,
	}
}
