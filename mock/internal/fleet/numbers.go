package main

import (
	"math"
	"strconv"
)

// number writes a count with two significant digits and commas between thousands.
func number(x float64) string {
	if x >= 100 {
		unit := math.Pow(10, math.Floor(math.Log10(x))-1)
		x = math.Round(x/unit) * unit
	}
	digits := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// fraction is number for small counts.
func fraction(x float64) string {
	if x >= 10 || x == 0 {
		return number(x)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}
