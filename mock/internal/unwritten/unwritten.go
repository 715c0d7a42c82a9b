// Package unwritten has a method for every operation of openapi.yaml, so that the mock compiles, and can answer from the
// contract, before anyone writes how an operation behaves.
package unwritten

// Error is what every method of Operations returns.
type Error struct{}

func (Error) Error() string { return "the operation has no behaviour in the mock" }
