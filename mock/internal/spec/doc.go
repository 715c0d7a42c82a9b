// Package spec reads an OpenAPI description, above all openapi.yaml, the contract of the Picket API. It finds the operation that a request
// is for, and says in words how a request or a response breaks the contract, where in the message, and by which part of the contract.
//
// It sends nothing and authenticates nobody. It changes no message either; asked for it, it returns a copy of a request in which what
// has a superseded name is at its present place, and one of a response that has every spelling. It names properties, parameters and headers, but
// never shows a value, because a value may be a key, a token or a signature.
package spec
