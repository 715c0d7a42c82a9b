// Package jitter keeps servers that started at the same moment from doing everything else at the same moment, too.
package jitter

import "time"

// most is the part of a duration by which it is shortened at most.
const most = 1.0 / 5

// Shorten returns d less a part of a fifth, from 0 for none to 1 for all of it. Whatever the part is, the result is not longer than d.
func Shorten(d time.Duration, part float64) time.Duration {
	if !(part < 1) { // also if it is not a number
		part = 1
	}
	return d - time.Duration(max(part, 0)*most*float64(d))
}
