// Package wire holds the few types of the Picket API that JSON has no single form for: numbers that are also sent
// as strings, lists that are also sent as one string, and secrets that must not be printed.
//
// Each of them reads every form that the API or one of its SDKs is known to send, and writes one. The generated
// code uses them, and package picket gives them names of its own; there is rarely a reason to import this package.
package wire
