package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
)

// A row of the table.
type row struct{ what, ours, yardstick, result, goal, verdict string }

func printTable(w io.Writer, rows []row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "what\tours\tyardstick\tresult\tgoal\t")
	for _, r := range rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", r.what, r.ours, r.yardstick, r.result, r.goal, r.verdict)
	}
	return table.Flush()
}

// A comparison is what a row compares, and what is wanted of it.
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

func size(x float64) string {
	if x < 100e3 {
		return decimal(x, 0) + " B"
	}
	return decimal(x/1e6, 1) + " MB"
}

func allocations(x float64) string { return decimal(x, 0) + " allocations" }

func perSecond(x float64) string { return decimal(x, 0) + "/s" }

func decimal(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }

// A relation is how a goal is set: as a ratio to the yardstick that is not to be exceeded, or to be reached, as what comes on top
// of the yardstick, or alone. A figure without a goal is there to be known.
type relation int

const (
	atMost relation = iota
	atLeast
	onTop
	alone
	none
)

// row compares what was measured, round by round where there are rounds of both.
func (c comparison) row(ours, yardstick []float64) row {
	r := row{what: c.what, ours: c.unit(median(ours))}
	switch {
	case len(yardstick) == 0 && c.relation == none:
		return r
	case c.relation == alone:
		r.result, r.goal, r.verdict = r.ours, "≤ "+c.unit(c.goal), verdict(median(ours) <= c.goal)
		return r
	}
	r.yardstick = c.unit(median(yardstick))
	compared := make([]float64, min(len(ours), len(yardstick)))
	for i := range compared {
		if c.relation == onTop {
			compared[i] = ours[i] - yardstick[i]
		} else {
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
	case atLeast:
		r.result, r.goal, r.verdict = times(result), "≥ "+times(c.goal), verdict(result >= c.goal)
	default:
		r.result, r.goal, r.verdict = times(result), "≤ "+times(c.goal), verdict(result <= c.goal)
	}
	return r
}

// missing is the row of a comparison whose yardstick could not be measured, or nothing of it.
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

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
