// Package wire has the types of the Picket API that need code of their own: numbers that are also sent as strings, lists that are
// also sent as one string, and secrets that must not be printed.
//
// Each of them reads every form that the API or one of its SDKs is known to send, and writes one. The generated types use them,
// and package picket has them under the same names, so there is rarely a reason to import this package. Marshal is for programs
// that store or send Secrets themselves.
package wire
