package spec

import (
	"cmp"

	"github.com/getkin/kin-openapi/openapi3"
)

// documented is a response of an operation, and where the description has it.
type documented struct {
	response *openapi3.Response
	place    string
}

// documentedResponses returns the responses of an operation at a place by their keys, such as "200", "4XX" and "default".
func documentedResponses(op *openapi3.Operation, place string) map[string]documented {
	all := map[string]documented{}
	for key, ref := range op.Responses.Map() {
		all[key] = documented{ref.Value, cmp.Or(ref.Ref, place+"/responses/"+key)}
	}
	return all
}
