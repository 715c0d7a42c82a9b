// Package contract checks HTTP messages against openapi.yaml, the contract of the Picket API, while they pass between a client and a
// server. It says in words how a request or a response breaks the contract, where in the message, and by which part of the contract.
//
// It reports, and never interferes: every message of the API is passed on as it came. It shows names, but never values, because a value may be a
// key, a token or a signature.
//
// A Transport checks inside a program or a test, between a client and the network:
//
//	transport := contract.NewTransport(nil)
//	client, err := picket.New(key, picket.WithHTTPClient(&http.Client{Transport: transport}))
//	…
//	for _, violation := range transport.Findings().Violations {
//		t.Error(violation) // response nonce /format: format must be simple or siwe (openapi.yaml#/components/…)
//	}
//
// A Proxy checks between a server and programs in any language; the command "picket-mock proxy" runs one. The package verify beside
// this one calls every operation of a server and checks the answers against the contract.
package contract
