// Package contract holds HTTP messages against openapi.yaml, the contract of the Picket API: it finds the operation that a
// request is for, and says in words how a request or a response breaks the contract, where in the message, and by which part
// of the contract. It tells names, never values, because a value may be a key, a token or a signature.
//
// A Transport does so inside a program or a test, between a client and the network:
//
//	transport := contract.NewTransport(nil)
//	client, err := picket.New(key, picket.WithHTTPClient(&http.Client{Transport: transport}))
//	…
//	for _, violation := range transport.Findings().Violations {
//		t.Error(violation) // response nonce /format: format must be simple or siwe (openapi.yaml#/components/…)
//	}
//
// A Proxy does so between programs in any language and a server; the command "picket-mock proxy" runs one. The package verify
// beside this one calls every operation of a server and holds the answers against the contract.
package contract
