// Package rules compiles the schemas of JSON bodies, so that a body that matches is accepted without decoding it. Its contract is one
// sentence: a rule says yes, or leaves it to the validator.
//
// It may not refuse a body, explain what is wrong with one, or accept one that the validator of package spec would refuse. A keyword
// that it does not know makes a rule that accepts nothing.
package rules
