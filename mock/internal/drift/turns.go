package drift

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/bits"
	"strconv"
	"sync"
)

// Turns counts how often each choice was made. Every project has its own, so that tests that run in parallel do not change each other's
// answers. The zero value has made none; it is safe for concurrent use.
type Turns struct {
	mu   sync.Mutex
	made map[uint64]uint64
}

// Reset goes back to the first turn of every choice.
func (t *Turns) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made = nil
}

// Made returns how often each choice was made, by 16 hexadecimal digits that stand for the choice.
func (t *Turns) Made() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.made) == 0 {
		return nil
	}
	made := map[string]int64{}
	for choice, times := range t.made {
		made[fmt.Sprintf("%016x", choice)] = int64(times)
	}
	return made
}

// GoOn takes the turns from where Made says that others stood.
func (t *Turns) GoOn(made map[string]int64) error {
	goOn := map[uint64]uint64{}
	for digits, times := range made {
		choice, err := strconv.ParseUint(digits, 16, 64)
		if err != nil || len(digits) != 16 || times < 0 {
			return errors.New("it is not what an export writes")
		}
		goOn[choice] = uint64(times)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made = goOn
	return nil
}

func (t *Turns) next(choice uint64) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made == nil {
		t.made = map[uint64]uint64{}
	}
	turn := t.made[choice]
	t.made[choice]++
	return turn
}

// golden is 2^64 divided by the golden ratio. Its multiples are spread more evenly than random numbers, so that what is seen in a tenth
// of all answers comes about every ten answers.
const golden = 0x9E3779B97F4A7C15

// chooser makes the choices of one answer.
type chooser struct {
	seed   uint64
	stream uint64 // of the request: what is made up for the same request is the same
	turns  *Turns
}

// among returns the index of one of some things that have weights, in turn, so that each has its share of the total; or -1 for none of
// them.
func (c chooser) among(at spot, what string, weights []int64, total int64) int {
	var sum int64
	for _, weight := range weights {
		sum += weight
	}
	if sum == 0 {
		return -1
	}
	choice := hash(at.choice, what)
	drawn, _ := bits.Mul64(hash(choice, strconv.FormatUint(c.seed, 16))+c.turns.next(choice)*golden, uint64(max(sum, total)))
	left := int64(drawn)
	for i, weight := range weights {
		if left < weight {
			return i
		}
		left -= weight
	}
	return -1
}

// happens reports, in turn, whether something happens that did so count of total times.
func (c chooser) happens(at spot, what string, count, total int64) bool {
	return c.among(at, what, []int64{count}, total) == 0
}

// spot is a place in an answer. All items of a list make the same choices, in turn, and have values of their own.
type spot struct{ choice, value uint64 }

func (s spot) below(name string) spot { return spot{hash(s.choice, name), hash(s.value, name)} }

func (s spot) item(i int) spot { return spot{hash(s.choice, "[]"), hash(s.value, strconv.Itoa(i))} }

func hash(before uint64, text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendUint(nil, before, 16)) // it cannot fail
	_, _ = h.Write([]byte("/" + text))
	return h.Sum64()
}
