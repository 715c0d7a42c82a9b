package stubs

import (
	"maps"

	"github.com/seed-a13ee279/picket/mock/internal/counted"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Stubs are those of one project. They are safe for concurrent use.
type Stubs struct {
	contract *spec.Contract
	list     *counted.List[Stub]
}

// New returns no stubs yet, whose room is taken from the account. Answers are checked against the contract.
func New(account *limits.Account, contract *spec.Contract) *Stubs {
	return &Stubs{contract, counted.New[Stub](account)}
}

// Add adds a stub.
func (s *Stubs) Add(stub Stub) error {
	if err := stub.check(s.contract); err != nil {
		return err
	}
	stub.Headers = maps.Clone(stub.Headers)
	texts := []string{stub.Body}
	for name, value := range stub.Headers {
		texts = append(texts, name, value)
	}
	return s.list.Add(stub, stub.Count, texts...)
}

// All returns the stubs that can still answer a request. The Count of one that had a Count is what is left of it.
func (s *Stubs) All() []Stub {
	list := []Stub{}
	s.list.Each(func(stub Stub, left int) {
		stub.Count, stub.Headers = left, maps.Clone(stub.Headers)
		list = append(list, stub)
	})
	return list
}

// Clear removes all stubs.
func (s *Stubs) Clear() { s.list.Clear() }

// Take returns the first stub that answers a request for an operation, and counts the request.
func (s *Stubs) Take(operation string) (Stub, bool) {
	return s.list.Take(func(stub Stub) bool { return stub.Operation == operation })
}
