package main

import (
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/progress"
)

// A plan says how much is measured.
type plan struct {
	rounds    int            // how often each figure is taken
	benchTime time.Duration  // how long a Go benchmark runs in a round
	requests  int            // how many requests to send before the memory is measured
	cold      bool           // whether programs are built with an empty cache, which takes the compiler a minute for each
	raw       string         // the file for what the Go benchmarks print, if it is wanted
	line      *progress.Line // says what is measured now
}
