// Package mutate is the mutation test of the contract. It makes every small change to openapi.yaml that matters, each in a
// copy of the repository where the code is generated anew, and runs the tests: a change that no test notices survives, and
// says which test is missing.
//
// The program is in the folder cmd, and `make mutate` runs it.
package mutate
