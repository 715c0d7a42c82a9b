package faults

import (
	"cmp"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/counted"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// Faults are those of one project. They are safe for concurrent use.
type Faults struct {
	known func(operation string) bool
	list  *counted.List[Fault]

	mu     sync.Mutex
	chance *rand.PCG // nil before the first draw
}

// New returns no faults yet, whose room is taken from the account. The function tells which operations there are.
func New(account *limits.Account, known func(operation string) bool) *Faults {
	return &Faults{known: known, list: counted.New[Fault](account)}
}

// Add adds a fault.
func (f *Faults) Add(fault Fault) error {
	fault.Kind = cmp.Or(fault.Kind, Delay)
	if err := fault.check(f.known); err != nil {
		return err
	}
	return f.list.Add(fault, fault.Count, string(fault.Code), fault.RetryAfter)
}

// All returns the faults that can still hit a request. The Count of one that had a Count is what is left of it.
func (f *Faults) All() []Fault {
	list := []Fault{}
	f.list.Each(func(fault Fault, left int) {
		fault.Count = left
		list = append(list, fault)
	})
	return list
}

// Clear removes all faults.
func (f *Faults) Clear() {
	f.list.Clear()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chance = nil
}

// Choose returns the first fault that hits a request for an operation, and counts the hit.
func (f *Faults) Choose(operation string) (Fault, bool) {
	return f.list.Take(func(fault Fault) bool {
		return (fault.Operation == "" || fault.Operation == operation) && f.hits(fault.Probability)
	})
}

// hits draws whether a fault with a probability hits; 0 stands for 1. The draws are the same in every run.
func (f *Faults) hits(probability float64) bool {
	if probability == 0 || probability == 1 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.chance == nil {
		f.chance = rand.NewPCG(1, 2)
	}
	return rand.New(f.chance).Float64() < probability
}

// Chance returns where the draws stand, as hexadecimal digits, or "" before the first one.
func (f *Faults) Chance() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.chance == nil {
		return "", nil
	}
	state, err := f.chance.MarshalBinary()
	return hex.EncodeToString(state), err
}

// SetChance makes the draws go on from where those of others stood.
func (f *Faults) SetChance(digits string) error {
	if digits == "" {
		return nil
	}
	state, err := hex.DecodeString(digits)
	chance := &rand.PCG{}
	if err == nil {
		err = chance.UnmarshalBinary(state)
	}
	if err != nil {
		return errors.New("it is not what an export writes")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.chance = chance
	return nil
}
