package main

import (
	"os"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

// circumstances returns a sentence about when and on what a measurement begins. On Linux it tells how many threads of others there are
// to run, as an average of the last minute: when there are some, only processor time can be relied on.
func circumstances() string {
	text := figures.Recorded(time.Now())
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		minute, _, _ := strings.Cut(string(load), " ")
		text += ", which had a load of " + minute + " from other programs before"
	}
	return text + "."
}
