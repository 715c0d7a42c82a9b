package harness

import "slices"

// Quantile returns the value that a share of all values is at most: the median for 0.5, the slowest hundredth's bound for 0.99. It
// interpolates between two values and returns 0 when there are none.
func Quantile[N ~int64 | ~float64](values []N, share float64) N {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	at := share * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + N((at-float64(below))*float64(sorted[above]-sorted[below]))
}
