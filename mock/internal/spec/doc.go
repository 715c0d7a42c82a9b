// Package spec reads an OpenAPI description, above all openapi.yaml, the contract of the Picket API. It finds the operation that a request
// is for, and says in words how a request or a response breaks the contract, where in the message, and by which part of the contract.
//
// It only looks: it sends nothing, authenticates nobody and never changes a message. It names properties, parameters and headers, but
// never shows a value, because a value may be a key, a token or a signature.
package spec
