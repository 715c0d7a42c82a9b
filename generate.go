// Package openapi holds the contract of the Picket API v1, openapi.yaml. It is the only place where the API is written down:
// everything else in this module is generated from it, checked against it, or makes what was generated pleasant to use.
//
// Few programs need this package. Those that call the API import package picket, in the folder of that name, and their tests
// import package mock. Spec is for programs that read the contract itself, such as one that serves its documentation:
//
//	import openapi "github.com/seed-a13ee279/picket"
package openapi

import _ "embed"

// The first command also refuses a contract that the mock would check only in part.
//
//go:generate go run ./mock/internal/asjson openapi.yaml mock/internal/spec/openapi.json
//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-codegen -config generated/client/oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-codegen -config generated/server/oapi-codegen.yaml openapi.yaml
//go:generate go run ./mock/internal/aliases picket/types/types.gen.go picket picket/types.gen.go generated/client generated/server

//go:embed openapi.yaml
var spec string

// Spec returns the text of openapi.yaml, an OpenAPI 3.0.3 description in YAML.
func Spec() []byte { return []byte(spec) }
