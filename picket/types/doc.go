// Package types holds the models of the Picket API: a type for each schema in openapi.yaml, with the descriptions written
// there as comments. All of it is generated, and a field added to the contract appears here as soon as the code is generated
// again.
//
// Package picket has the types that its users handle under the same names, so most programs import that one only. Import
// package types for the others: the errors as the API sends them, and the parameters of GET /oauth2/authorize. Package wire
// has the types behind Decimal, AccessToken and the like.
//
// Optional fields are no pointers: the zero value is left out of what is sent, and a nil list differs from an empty one.
// The exceptions are objects whose absence means something of its own, such as the Requirements of an AuthRequest.
package types
