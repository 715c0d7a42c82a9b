// Package contract holds HTTP messages against openapi.yaml, the contract of the Picket API: it finds the operation that a
// request is for, and says in words how a request or a response breaks the contract, where in the message, and by which part
// of the contract. It tells names, never values, because a value may be a key, a token or a signature.
package contract
