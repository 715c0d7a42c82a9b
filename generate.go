// Package contract is the contract of the Picket API v1, openapi.yaml: the one place where the API is
// written down. Everything else in this module is generated from it, checked against it, or a thin layer
// over what was generated.
//
// Programs that talk to the API import the package picket below this one; tests of such programs import
// the package mock.
package contract

import _ "embed"

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-codegen -config generated/client/oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-codegen -config generated/server/oapi-codegen.yaml openapi.yaml

//go:embed openapi.yaml
var openAPI string

// OpenAPI returns the text of openapi.yaml: an OpenAPI 3.0.3 description, in YAML.
func OpenAPI() []byte { return []byte(openAPI) }
