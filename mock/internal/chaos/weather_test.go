package chaos_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

var faultKinds = []mock.FaultKind{
	"delay", mock.FaultStatus, mock.FaultReset, mock.FaultEmpty, mock.FaultTruncate, mock.FaultMalformed, mock.FaultContentType, mock.FaultDrip,
}

// statuses are those of failures. A 400 or 403 would be a refusal, and the model could not tell it from a real one.
var statuses = []int{401, 404, 409, 424, 429, 500, 502, 503, 504}

func isFault(status int) bool { return slices.Contains(statuses, status) }

// weather decides which faults and which keys there are. Both change after every hundred calls, and time goes on.
type weather struct {
	mu     sync.Mutex
	random *rand.Rand
	turns  int
	seen   int // the number of the last exchange of the journal whose fault was counted
}

const callsOfOneWeather = 100

func (w *world) turn() {
	if w.turns.Add(1)%callsOfOneWeather != 1 {
		return
	}
	weather := &w.weather
	weather.mu.Lock()
	defer weather.mu.Unlock()
	for _, exchange := range w.api.Journal() {
		if exchange.Number > weather.seen && exchange.Fault != "" {
			w.tally.countFault(string(exchange.Fault))
		}
		weather.seen = max(weather.seen, exchange.Number)
	}
	w.api.ClearFaults()
	weather.turns++
	switch weather.turns % 15 {
	case 3, 8:
		w.keys.rotate(w.t, publishedKeys)
		w.tally.countEvent("rotation")
	case 13: // the older ones were compromised
		w.keys.rotate(w.t, 1)
		w.tally.countEvent("withdrawal of keys")
	}
	switch n := weather.random.IntN(100); {
	case weather.turns%6 == 2 && w.walk():
	case n < 2:
		w.now.advance(13 * time.Hour) // all tokens expire
	case n < 10:
		w.now.advance(keyLifetime + time.Minute) // all keys do
	default:
		w.now.advance(weather.duration(20 * time.Second))
	}
	switch n := weather.random.IntN(10); {
	case n < 2: // calm
	case n < 4:
		for _, operation := range []string{"openIDConfiguration", "jwks"} {
			fault := weather.fault(faultKinds[1+weather.random.IntN(len(faultKinds)-1)])
			fault.Operation, fault.Probability = operation, 1
			w.api.InjectFault(fault)
		}
	default:
		for _, kind := range faultKinds {
			w.api.InjectFault(weather.fault(kind))
		}
	}
}

// walk moves the time to about where the next token expires, and reports whether there is one. The steps after it are small.
func (w *world) walk() bool {
	offsets := []time.Duration{-leeway, -time.Second, 0, time.Second, leeway - time.Second, leeway, leeway + time.Second}
	offset := offsets[w.weather.random.IntN(len(offsets))]
	now := w.now.now()
	var wait time.Duration
	w.tokensMu.Lock()
	for _, k := range w.tokens {
		if left := k.claims.ExpiresAt.Time().Add(offset).Sub(now); !k.bad && left > 0 && (wait == 0 || left < wait) {
			wait = left
		}
	}
	w.tokensMu.Unlock()
	if wait > 0 {
		w.now.advance(wait)
		w.tally.countEvent("walk to an expiry")
	}
	return wait > 0
}

func (w *weather) fault(kind mock.FaultKind) mock.Fault {
	fault := mock.Fault{Kind: kind, Probability: 0.001 + w.random.Float64()/10, Performed: w.random.IntN(2) == 0}
	switch kind {
	case "delay":
		fault.Kind, fault.Delay = mock.FaultDelay, w.duration(5*time.Millisecond)
	case mock.FaultStatus:
		fault.Status = statuses[w.random.IntN(len(statuses))]
		fault.RetryAfter = []mock.RetryAfter{"", "0", "1", "soon"}[w.random.IntN(4)]
	case mock.FaultDrip:
		if w.random.IntN(4) == 0 { // it takes long: a timer for each byte
			fault.Interval = w.duration(20 * time.Microsecond)
		}
	}
	return fault
}

func (w *weather) duration(most time.Duration) time.Duration {
	return 1 + time.Duration(w.random.Int64N(int64(most)))
}
