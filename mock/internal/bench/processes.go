package main

import (
	"context"
	"fmt"
	"time"
)

// tolerance is by how much the mock's memory after all requests may exceed that after half of them: the garbage collector keeps more
// at one time than at another.
const tolerance = 1.05

// processRows compares picket-mock with Prism, and with a handler that does no more than it must.
func processRows(ctx context.Context, p plan, dir string) ([]row, error) {
	mock, bare, prism, err := findContenders(ctx, p, dir)
	if err != nil {
		return nil, err
	}
	for round := range p.rounds {
		p.line.Show("starts", round, p.rounds)
		if err := inTurn(ctx, (*contender).timeStart, mock, prism); err != nil {
			return nil, err
		}
	}
	for _, c := range []*contender{mock, prism, bare} {
		defer c.end()
	}
	half, err := measureMemory(ctx, p, mock, prism)
	if err != nil {
		return nil, err
	}
	if err := bare.begin(ctx); err != nil {
		return nil, err
	}
	for round := range p.rounds { // the mock and Prism are warm by now
		p.line.Show("requests", round, p.rounds)
		if err := inTurn(ctx, (*contender).timeLoad, mock, bare, prism); err != nil {
			return nil, err
		}
	}
	return compare(mock, bare, prism, half, p.requests), nil
}

func findContenders(ctx context.Context, p plan, dir string) (mock, bare, prism *contender, err error) {
	mock, bare, prism = new(contender), new(contender), new(contender)
	p.line.Show("building picket-mock", 0, 0)
	if mock.program, err = buildMock(ctx, dir); err != nil {
		return nil, nil, nil, err
	}
	if bare.program, err = buildBare(ctx, dir); err != nil {
		return nil, nil, nil, err
	}
	prism.program, prism.absent = findPrism(ctx, p)
	return mock, bare, prism, nil
}

func inTurn(ctx context.Context, measure func(*contender, context.Context) error, contenders ...*contender) error {
	for _, c := range contenders {
		if err := measure(c, ctx); err != nil {
			return err
		}
	}
	return nil
}

// measureMemory starts the mock and Prism and measures their memory, idle and after requests. It returns the mock's after half of
// them, too. Prism gets as many requests as the mock, but takes at most two seconds for each round.
func measureMemory(ctx context.Context, p plan, mock, prism *contender) (half []float64, err error) {
	if err := mock.begin(ctx); err != nil {
		return nil, err
	}
	mock.measureIdle()
	for _, requests := range []int{p.requests / 2, p.requests - p.requests/2} {
		half = mock.loaded
		if err := mock.measureLoaded(ctx, p, requests, 5*time.Minute); err != nil {
			return nil, err
		}
		if mock.loadedWith < requests {
			return nil, fmt.Errorf("%s answered only %d of %d requests in 5 minutes; -requests sets fewer", mock.name, mock.loadedWith, requests)
		}
	}
	if err := prism.begin(ctx); err != nil {
		return nil, err
	}
	prism.measureIdle()
	return half, prism.measureLoaded(ctx, p, p.requests, time.Duration(p.rounds)*2*time.Second)
}

// onlyLinux is why figures are missing.
const onlyLinux = "only Linux says"

// compare makes the rows of what was measured. The half is the mock's memory after half of the requests.
func compare(mock, bare, prism *contender, half []float64, requests int) []row {
	beside := func(c comparison, ours, yardstick []float64, of *contender) row {
		switch {
		case of.absent != nil:
			return c.missing(ours, of.absent.Error())
		case len(ours) == 0 || len(yardstick) == 0:
			return c.missing(nil, onlyLinux)
		}
		return c.row(ours, yardstick)
	}
	loaded := "mock: memory after requests, against Prism"
	if prism.absent == nil {
		loaded = fmt.Sprintf("mock: memory after %d requests, against Prism after %d", requests, prism.loadedWith)
	}
	growth := fmt.Sprintf("mock: memory after %d requests, against after %d", requests, requests/2)
	return []row{
		beside(comparison{"mock: POST /auth/nonce, against Prism", perSecond, atLeast, 15}, mock.rates, prism.rates, prism),
		beside(comparison{"a bare handler, against Prism", perSecond, none, 0}, bare.rates, prism.rates, prism),
		beside(comparison{"mock: CPU time for a POST /auth/nonce, against Prism", microseconds, none, 0}, mock.cpu, prism.cpu, prism),
		beside(comparison{"mock: CPU time for a POST /auth/nonce, against a bare handler", microseconds, none, 0}, mock.cpu, bare.cpu, bare),
		beside(comparison{"mock: exec to first answer, against Prism", nanoseconds, atMost, 1.0 / 20}, mock.starts, prism.starts, prism),
		comparison{"mock: exec to first answer", nanoseconds, absolute, 50e6}.row(mock.starts, nil),
		beside(comparison{"mock: memory idle, against Prism", size, atMost, 1.0 / 5}, mock.idle, prism.idle, prism),
		beside(comparison{loaded, size, atMost, 1.0 / 5}, mock.loaded, prism.loaded, prism),
		beside(comparison{growth, size, atMost, tolerance}, mock.loaded, half, mock),
	}
}
