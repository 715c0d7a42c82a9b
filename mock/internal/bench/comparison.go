package main

import (
	"strconv"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A row is a comparison with its figures.
type row struct{ what, ours, yardstick, result, goal, verdict string }

// A comparison is what a row compares, and the goal.
type comparison struct {
	what     string
	unit     unit
	relation relation
	goal     float64
}

// A unit writes a measure.
type unit func(float64) string

func nanoseconds(x float64) string {
	switch {
	case x < 10e3:
		return decimal(x, 0) + " ns"
	case x < 10e6:
		return decimal(x/1e3, 0) + " µs"
	}
	return decimal(x/1e6, 0) + " ms"
}

func microseconds(x float64) string { return decimal(x/1e3, 0) + " µs" }

func size(x float64) string {
	if x < 100e3 {
		return decimal(x, 0) + " B"
	}
	return decimal(x/1e6, 1) + " MB"
}

func allocations(x float64) string { return decimal(x, 0) + " allocations" }

func perSecond(x float64) string { return decimal(x, 0) + "/s" }

func decimal(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }

// A relation says what a goal bounds: the ratio to the yardstick or of the yardstick, the difference to the yardstick, or the figure
// itself. A figure without a goal is printed for information.
type relation int

const (
	atMost relation = iota
	less            // than the yardstick, by a factor
	onTop
	absolute
	none
)

// row compares what was measured, round by round where both have rounds.
func (c comparison) row(ours, yardstick []float64) row {
	r := row{what: c.what, ours: c.unit(median(ours))}
	switch {
	case len(yardstick) == 0 && c.relation == none:
		return r
	case c.relation == absolute:
		r.result, r.goal, r.verdict = r.ours, "≤ "+c.unit(c.goal), verdict(median(ours) <= c.goal)
		return r
	}
	r.yardstick = c.unit(median(yardstick))
	compared := make([]float64, min(len(ours), len(yardstick)))
	for i := range compared {
		switch c.relation {
		case onTop:
			compared[i] = ours[i] - yardstick[i]
		case less:
			compared[i] = yardstick[i] / ours[i]
		default:
			compared[i] = ours[i] / yardstick[i]
		}
	}
	result := median(compared)
	times := func(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) + "×" }
	switch c.relation {
	case none:
		r.result = times(result)
	case onTop:
		r.result, r.goal, r.verdict = "+"+c.unit(result), "≤ +"+c.unit(c.goal), verdict(result <= c.goal)
	case less:
		r.result, r.goal, r.verdict = times(result)+" less", "≥ "+times(c.goal)+" less", verdict(result >= c.goal)
	default:
		r.result, r.goal, r.verdict = times(result), "≤ "+times(c.goal), verdict(result <= c.goal)
	}
	return r
}

// missing is the row of a comparison that lacks the figures of its yardstick, or all.
func (c comparison) missing(ours []float64, why string) row {
	r := row{what: c.what, yardstick: why, verdict: "not measured"}
	if len(ours) > 0 {
		r.ours = c.unit(median(ours))
	}
	return r
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "not met"
}

func median(values []float64) float64 { return harness.Quantile(values, 0.5) }
