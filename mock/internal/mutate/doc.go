// Package mutate is the mutation test of the contract. It makes every small change to openapi.yaml that matters, each in a copy of
// the repository, generates the code again and runs the tests. A change that no test notices survives, and shows which test is
// missing.
//
// The program is in the folder cmd, and `make mutate` runs it.
package mutate
