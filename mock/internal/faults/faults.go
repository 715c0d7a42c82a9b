package faults

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// Faults are those of one project. They are safe for concurrent use.
type Faults struct {
	account *limits.Account
	known   func(operation string) bool

	mu     sync.Mutex
	list   []*live
	chance *rand.Rand
}

type live struct {
	Fault

	left int   // how many requests it will still hit; meaningless when Count is 0
	size int64 // what it takes of the account, in bytes
}

// New returns no faults yet, whose room is taken from the account. The function tells which operations there are.
func New(account *limits.Account, known func(operation string) bool) *Faults {
	return &Faults{account: account, known: known}
}

// Add adds a fault.
func (f *Faults) Add(fault Fault) error {
	fault.Kind = cmp.Or(fault.Kind, Delay)
	if err := fault.check(f.known); err != nil {
		return err
	}
	return f.account.MakingRoom(func() error {
		size, err := f.account.Take(string(fault.Code), fault.RetryAfter)
		if err != nil {
			return err
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.list = append(f.list, &live{fault, fault.Count, size})
		return nil
	})
}

// All returns the faults that can still hit a request. The Count of one that had a Count is what is left of it.
func (f *Faults) All() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []Fault{}
	for _, one := range f.list {
		fault := one.Fault
		fault.Count = one.left
		list = append(list, fault)
	}
	return list
}

// Clear removes all faults.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range f.list {
		f.account.Give(one.size)
	}
	f.list = nil
	f.chance = nil
}

// Choose returns the first fault that hits a request for an operation, and counts the hit.
func (f *Faults) Choose(operation string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, one := range f.list {
		if one.Operation != "" && one.Operation != operation || !f.hits(one.Probability) {
			continue
		}
		if one.Count > 0 {
			if one.left--; one.left == 0 {
				f.list = slices.Delete(f.list, i, i+1)
				f.account.Give(one.size)
			}
		}
		return one.Fault, true
	}
	return Fault{}, false
}

// hits draws whether a fault with a probability hits; 0 stands for 1. The draws are the same in every run.
func (f *Faults) hits(probability float64) bool {
	if probability == 0 || probability == 1 {
		return true
	}
	if f.chance == nil {
		f.chance = rand.New(rand.NewPCG(1, 2))
	}
	return f.chance.Float64() < probability
}
