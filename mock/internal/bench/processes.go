package main

import (
	"context"
	"fmt"
	"time"
)

// tolerance is by how much the mock's memory after all requests may exceed that after half of them: the garbage collector keeps more
// at one time than at another.
const tolerance = 1.05

// processRows compares picket-mock with Prism.
func processRows(ctx context.Context, p plan, dir string) ([]row, error) {
	p.line.Show("building picket-mock", 0, 0)
	program, err := buildMock(ctx, dir)
	if err != nil {
		return nil, err
	}
	mock, prism := &contender{program: program}, &contender{}
	prism.program, prism.absent = findPrism(ctx, p)
	for round := range p.rounds {
		p.line.Show("starts", round, p.rounds)
		for _, c := range []*contender{mock, prism} {
			if err := c.timeStart(ctx); err != nil {
				return nil, err
			}
		}
	}
	defer mock.end()
	defer prism.end()
	half, err := measureMemory(ctx, p, mock, prism)
	if err != nil {
		return nil, err
	}
	if err := takeTurns(ctx, p, "nonces of the mock and Prism", mock, prism); err != nil {
		return nil, err
	}
	return compare(mock, prism, half, p.requests), nil
}

// measureMemory starts the mock and Prism and measures their memory, idle and after requests for nonces. It returns the mock's after
// half of them, too. Prism gets as many requests as the mock, but takes at most two seconds for each round.
func measureMemory(ctx context.Context, p plan, mock, prism *contender) (half []float64, err error) {
	for _, c := range []*contender{mock, prism} {
		if err := c.begin(ctx); err != nil {
			return nil, err
		}
		c.measureIdle()
		if err := c.prepare(func(*connection) (call, error) { return c.first, nil }); err != nil {
			return nil, err
		}
		if err := c.connect(clients); err != nil {
			return nil, err
		}
	}
	for _, requests := range []int{p.requests / 2, p.requests - p.requests/2} {
		half = mock.loaded
		if err := mock.measureLoaded(ctx, p, requests, 5*time.Minute); err != nil {
			return nil, err
		}
		if mock.loadedWith < requests {
			return nil, fmt.Errorf("%s answered only %d of %d requests in 5 minutes; -requests sets fewer", mock.name, mock.loadedWith, requests)
		}
	}
	return half, prism.measureLoaded(ctx, p, p.requests, time.Duration(p.rounds)*2*time.Second)
}

// onlyLinux is why figures are missing.
const onlyLinux = "only Linux says"

// compare makes the rows of what was measured. The half is the mock's memory after half of the requests.
func compare(mock, prism *contender, half []float64, requests int) []row {
	beside := func(c comparison, ours, yardstick []float64, of *contender) row {
		switch {
		case of.absent != nil:
			return c.missing(ours, of.absent.Error())
		case len(ours) == 0 || len(yardstick) == 0:
			return c.missing(nil, onlyLinux)
		}
		return c.row(ours, yardstick)
	}
	loaded := "mock: memory after requests, compared with Prism"
	if prism.absent == nil {
		loaded = fmt.Sprintf("mock: memory after %d requests, compared with Prism after %d", requests, prism.loadedWith)
	}
	growth := fmt.Sprintf("mock: memory after %d requests, compared with that after %d", requests, requests/2)
	return []row{
		besideWithRates(comparison{"mock: a nonce, compared with Prism", microseconds, less, 20}, mock, prism),
		beside(comparison{"mock: from the start of the program to the first answer, compared with Prism", nanoseconds, less, 20}, mock.starts, prism.starts, prism),
		comparison{"mock: from the start of the program to the first answer", nanoseconds, absolute, 50e6}.row(mock.starts, nil),
		beside(comparison{"mock: memory idle, compared with Prism", size, less, 5}, mock.idle, prism.idle, prism),
		beside(comparison{loaded, size, less, 5}, mock.loaded, prism.loaded, prism),
		beside(comparison{growth, size, atMost, tolerance}, mock.loaded, half, mock),
	}
}

// besideWithRates compares processor time, and tells beside it how many calls a second there were.
func besideWithRates(c comparison, ours, yardstick *contender) row {
	if yardstick.absent != nil {
		return c.missing(ours.cpu, yardstick.absent.Error())
	}
	r := c.missing(nil, onlyLinux)
	if len(ours.cpu) > 0 {
		r = c.row(ours.cpu, yardstick.cpu)
		r.ours += " of processor time, " + perSecond(median(ours.rates))
		r.yardstick += ", " + perSecond(median(yardstick.rates))
	}
	return r
}
