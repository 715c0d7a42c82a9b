// Package unwritten has a method for every operation of openapi.yaml, so the mock compiles, and answers from the contract, before
// anyone writes how an operation behaves. The methods do nothing but say that they are not written.
package unwritten

// Error is what every method of Operations returns.
type Error struct{}

func (Error) Error() string { return "the operation has no behaviour in the mock" }
